#pragma once

#include "designer/document/Entity.h"
#include "engine/model/ActivityDescriptor.h"

#include <QWidget>

#include <functional>

class QLabel;
class QStackedWidget;
class QTabBar;

namespace designer {

class EditScope;
class Field;
class MappingEditor;
class PropertyForm;
class Workbench;

// The panel below the canvas: the properties of the chosen activity, or of the pipeline. Every edit is one undo step of
// the document; an activity this build does not know is edited as JSON. GUI thread.
class PropertyPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit PropertyPanel(Workbench &workbench, QWidget *parent = nullptr);
    ~PropertyPanel() override;

    void showActivity(const EntityRef &pipeline, const QString &activity);
    void showPipeline(const EntityRef &pipeline);
    void clear(); // shows nothing
    // A property, relative to what is shown or with "activities[n]." before it: opens its tab, sets the focus.
    bool reveal(const QString &path); // false when no field shows it
    void flush(); // writes what is typed and not written yet

    // One more tab of a pipeline, made when it is first shown: "Output".
    void setOutput(std::function<QWidget *()> make);

    QString currentTab() const; // "General", "Mapping" …
    void setCurrentTab(const QString &tab);

signals:
    void activityRenamed(const QString &from, const QString &to); // by the user here, or by undo

private:
    struct Page
    {
        QString tab;
        QWidget *widget = nullptr; // made when first shown
        PropertyForm *form = nullptr;
        QLabel *badge = nullptr;
    };

    struct Condition // a row that is shown only at times
    {
        PropertyForm *form;
        Field *field;
        engine::PropertyDescriptor property;
    };

    void rebuild(const QString &kind, const QStringList &tabs);
    void makePage(int index);
    QWidget *makeActivityPage(Page &page);
    QWidget *makePipelinePage(Page &page);
    QWidget *makeJsonPage(Page &page);
    void addActivityRow(PropertyForm &form, const engine::ActivityDescriptor &descriptor, int property);
    PropertyForm *newForm(Page &page);
    void scopeChanged();
    void showConditions();
    void countMapped();
    void showBadges();
    QString tabOf(const QString &path) const;

    Workbench &m_workbench;
    EditScope *m_scope;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QLabel *m_gone;
    QList<Page> m_pages;
    QList<Condition> m_conditions;
    QString m_kind; // "pipeline", a descriptor's type, or "json:Type": what the pages are made for
    std::function<QWidget *()> m_makeOutput;
    QString m_wantedTab;
    QString m_mapped; // "10/10"
};

} // namespace designer
