#pragma once

#include "designer/monitor/RunListFilter.h"

#include <QWidget>

#include <functional>

class QLabel;
class QMenu;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace designer {

class EmptyState;
class RunFilterBar;
class RunPreview;
class RunTableModel;
class RunTableView;
class TableHabits;
class Workbench;

// Monitor's first page: the runs, live, with filters above and what can be done with several at once. GUI thread.
class RunListPage final : public QWidget
{
    Q_OBJECT

public:
    explicit RunListPage(Workbench &workbench, QWidget *parent = nullptr);
    ~RunListPage() override;

    RunTableModel *model() const { return m_model; }
    void setFilter(const RunListFilter &filter); // "failed since yesterday", from elsewhere

signals:
    void opened(const QString &run);
    void activityOpened(const QString &run, const QString &activity, int cell);

private:
    QWidget *makeTitle();
    QWidget *makeTools();
    QWidget *makeBulkBar();
    void makeTable();
    void makePreview();
    void restoreFilter();
    void filterChosen();
    void factoryChanged();
    void sortChosen(int column, Qt::SortOrder order);
    void showCounts();
    void showState();
    void showBulkBar();
    void lookForAnyRun();
    void findPipelines();
    void act();
    void fillContextMenu(QMenu *menu);
    void prepareCopy(const QList<int> &rows, const std::function<void()> &copy);

    Workbench &m_workbench;
    RunTableModel *m_model;
    RunFilterBar *m_filters;
    RunTableView *m_table;
    TableHabits *m_habits;
    QStackedWidget *m_stack;
    RunPreview *m_preview;
    QSplitter *m_splitter;
    EmptyState *m_empty;
    QLabel *m_summary;
    QLabel *m_selected;
    QToolButton *m_cancel;
    QWidget *m_bulkBar;
    bool m_isAllFactories = false;
    bool m_isAnyRun = true; // whatever the filter
    enum class Offer { StartEngine, TryAgain, ClearFilters, Author } m_offer = Offer::Author;
};

} // namespace designer
