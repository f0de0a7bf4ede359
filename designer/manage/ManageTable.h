#pragma once

#include <QSortFilterProxyModel>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace designer {

class EmptyState;
class TableHabits;
class Workbench;

// A section of Manage that is a table: its title, a search field and tools above it, and words where there is nothing.
// Sortable, columns can be chosen, rows are copied as text or CSV; the state is remembered. GUI thread.
class ManageTable final : public QWidget
{
    Q_OBJECT

public:
    // What a model sorts by where it is not the text.
    static constexpr int sortRole = Qt::UserRole + 1;
    // A StatusLook, where a cell shows a state.
    static constexpr int lookRole = Qt::UserRole + 2;

    struct Names
    {
        QString id; // object names and settings: "linkedServices"
        QString title;
        QString search; // the placeholder
    };

    // `model` outlives the table.
    ManageTable(Workbench &workbench, QAbstractItemModel &model, const Names &names);

    QTableView *view() const { return m_view; }
    EmptyState *empty() const { return m_empty; } // what it says while the model has no rows
    // For a table that the engine fills: while that is away, the table says so and offers to start or restart it.
    // `what` it is needed for, as a sentence: "It keeps the secrets." False: it is there, say something else.
    bool sayIfEngineIsAway(const QString &iconName, const QString &what);
    void addTool(QWidget *tool); // at the end of the title line
    QList<int> selectedRows() const; // of the model
    int currentRow() const; // of the model; -1 = none
    void select(int row); // of the model
    void addMenuActions(const QList<QAction *> &actions) { m_menuActions += actions; }

signals:
    void emptyActed(); // the button of empty(), unless it starts the engine
    void activated(int row); // Enter or a double click; row of the model
    void selectionChanged();

private:
    void buildView(Workbench &workbench, const QString &id);
    void showWhatIsThere();

    Workbench &m_workbench;
    QAbstractItemModel &m_model;
    QSortFilterProxyModel *m_proxy;
    QTableView *m_view;
    TableHabits *m_habits = nullptr;
    EmptyState *m_empty;
    EmptyState *m_noMatch;
    QLabel *m_title;
    QLabel *m_count;
    QLineEdit *m_search;
    QHBoxLayout *m_tools;
    QStackedWidget *m_stack;
    bool m_engineIsAway = false; // as empty() has it
    QList<QAction *> m_menuActions;
};

} // namespace designer
