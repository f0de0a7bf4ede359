#pragma once

#include "designer/shell/EntityEditor.h"
#include "designer/shell/Workbench.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace designer {

class JsonEditor;

// The open entities of Author, a tab each: its form or canvas, or its JSON. Tabs follow renames and close with their
// entity; which ones were open is remembered with the factory.
class EditorTabs final : public QFrame
{
    Q_OBJECT

public:
    explicit EditorTabs(Workbench &workbench, QWidget *parent = nullptr);

    void setToolBar(QWidget *bar); // between the tabs and what they show; taken over

    enum class View { Form, Json };
    void open(const EntityRef &ref, View view = View::Form, const QString &property = {});
    EntityRef current() const; // empty when no tab is open
    EntityEditor *currentEditor() const; // the one that is seen; nullptr when no tab is open
    View currentView() const;
    void setCurrentView(View view);
    void closeCurrent();
    void step(int by); // to the next or the tab before, around
    int count() const { return int(m_tabs.size()); }

signals:
    void currentChanged();
    void newPipelineRequested();

private:
    struct Tab
    {
        EntityRef entity;
        QStackedWidget *views = nullptr;
        EntityEditor *form = nullptr; // made when first shown
        JsonEditor *json = nullptr; // made when first shown
    };

    void documentChanged();
    void restore();
    void remember() const;
    void closeAt(int index);
    void showTab(int index);
    void markTabs();
    void rename(const EntityRef &from, const EntityRef &to);
    void showJson(int index);
    bool isUnreadable(const EntityRef &ref) const; // no JSON: it can only be corrected as text
    EntityEditor *makeForm(const EntityRef &ref);
    int indexOf(const EntityRef &ref) const;
    QWidget *makeEmptyState();

    Workbench &m_workbench;
    QTabBar *m_bar;
    QStackedWidget *m_stack;
    QWidget *m_empty;
    QList<Tab> m_tabs; // in the order of the bar
    bool m_isRestoring = false;
};

} // namespace designer
