#pragma once

#include "designer/properties/FieldBinding.h"
#include "engine/model/ActivityDescriptor.h"

#include <QHash>
#include <QScrollArea>

class QGridLayout;
class QLabel;

namespace designer {

class EditScope;
class Field;

// Rows of label and field over an EditScope, with the problems of each property under it; two columns where there is
// room. GUI thread.
class PropertyForm final : public QScrollArea
{
    Q_OBJECT

public:
    explicit PropertyForm(EditScope &scope, QWidget *parent = nullptr);

    Field *add(const engine::PropertyDescriptor &property); // with the field of its kind
    Field *add(const engine::PropertyDescriptor &property, Field *field, FieldAccess access = {});
    void addWidget(QWidget *widget); // across all columns
    void addRow(const QString &title, const QString &help, QWidget *widget); // with a label, bound to nothing
    void addHeading(const QString &text);
    void setSingleColumn(bool single) { m_isSingle = single; }
    void setRowVisible(const Field *field, bool visible); // what is hidden is not looked for by its path
    void setRowsVisible(const QHash<const Field *, bool> &visible); // the same, laid out once
    void setRowVisible(const QString &path, bool visible); // the first with it
    void finish(); // after the last row

    bool hasPlace(const QString &path) const; // a row shows it
    bool reveal(const QString &path); // sets the focus; false when no row shows it
    void flush();
    int problemCount() const { return m_problemCount; }

signals:
    void problemCountChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Row
    {
        QString path;
        FieldBinding *binding = nullptr; // nullptr: a widget of its own
        QWidget *widget = nullptr;
        QLabel *problem = nullptr;
        bool isWide = false;
        bool isHidden = false;
    };

    QWidget *dynamicButton(const engine::PropertyDescriptor &property, FieldBinding *binding);

    void arrange();
    bool isPage() const;
    void showProblems();
    int rowOf(const QString &path) const; // -1 = none

    EditScope &m_scope;
    QWidget *m_content;
    QGridLayout *m_grid;
    QList<Row> m_rows;
    int m_columns = 0;
    int m_problemCount = 0;
    bool m_isSingle = false;
};

} // namespace designer
