#pragma once

#include "designer/properties/RecordModel.h"

#include <QWidget>

class QLabel;
class QTableView;
class QToolButton;
class QHBoxLayout;

namespace designer {

class EditScope;

// A RecordModel as a table with New, Delete, Up and Down; keys: Insert, Delete, Alt+Up, Alt+Down, F2.
class RecordTable final : public QWidget
{
    Q_OBJECT

public:
    struct Words
    {
        QString objectName; // prefix: "parameters" → "parametersNew"
        QString title; // accessible name of the table
        QString newText; // "New parameter"
        QString empty; // what to do when there is nothing
        bool canMove = true;
        bool canAdd = true;
    };

    RecordTable(RecordModel *model, const Words &words, QWidget *parent = nullptr); // takes the model

    RecordModel &model() { return *m_model; }
    QTableView *view() { return m_view; }
    QHBoxLayout *toolBar() { return m_toolBar; } // more buttons go before its stretch
    void edit(int row, int column);
    // "Add dynamic content" for the cells of the columns that take expressions: a button above the table, and
    // Alt+Shift+D in it. Does nothing when there are no such columns. The scope outlives the table.
    void offerDynamicContent(EditScope &scope);
    void setFills(bool fills); // takes the height it is given; else that of its rows, up to a dozen

signals:
    void newAsked(); // the owner appends
    void undoAsked();
    void redoAsked();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void updateButtons();
    void fitRows();
    void removeSelected();
    void moveSelected(int by);
    QList<int> selectedRows() const;
    QModelIndex dynamicCell() const; // the current one, else of the first row; in the column that takes them
    void addDynamicContent();

    RecordModel *m_model;
    QTableView *m_view;
    QHBoxLayout *m_toolBar;
    QWidget *m_new = nullptr;
    QToolButton *m_delete;
    QToolButton *m_up;
    QToolButton *m_down;
    QToolButton *m_dynamic = nullptr;
    EditScope *m_scope = nullptr;
    QLabel *m_empty;
    bool m_canMove;
    bool m_fills = false;
};

} // namespace designer
