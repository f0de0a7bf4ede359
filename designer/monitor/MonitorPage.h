#pragma once

#include "designer/monitor/RunListFilter.h"
#include "designer/monitor/RunWatch.h"
#include "designer/shell/Link.h"

#include <QTimer>
#include <QWidget>

class QStackedWidget;

namespace designer {

class ActivityPage;
class CopyRunPage;
class EmptyState;
class MonitorHeader;
class NotebookRunPage;
class RunListPage;
class RunPage;
class Workbench;

// Monitor: the run list, a run, an activity of it, with the way there and back. GUI thread.
class MonitorPage final : public QWidget
{
    Q_OBJECT

public:
    explicit MonitorPage(Workbench &workbench, QWidget *parent = nullptr);
    ~MonitorPage() override;

    void go(const Link &link); // Monitor, Run or ActivityRun; others are ignored
    void back(); // does nothing at the beginning
    const Link &place() const { return m_place; }
    void setFilter(const RunListFilter &filter); // shows the list with it

protected:
    void showEvent(QShowEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override; // the mouse's own Back button

private:
    template <typename Page> Page *made(Page *&page);
    RunListPage *list();
    RunPage *runPage();
    void rerun();
    void showPlace();
    void watchRun(const QString &run);
    void showActivity();
    void showHeader();
    QString factsOf(const engine::RunRecord &run) const;
    QString factsOf(const engine::ActivityRecord &activity) const;

    Workbench &m_workbench;
    Link m_place;
    QList<Link> m_before;
    std::unique_ptr<RunWatch> m_run;
    MonitorHeader *m_header;
    QWidget *m_headerLine;
    QStackedWidget *m_pages;
    RunListPage *m_list = nullptr; // pages: nullptr until they are gone to
    RunPage *m_runPage = nullptr;
    CopyRunPage *m_copyPage = nullptr;
    NotebookRunPage *m_notebookPage = nullptr;
    ActivityPage *m_activityPage = nullptr;
    bool m_isRunShown = false; // m_run is on the run page
    EmptyState *m_empty;
    engine::ActivityRunId m_activity; // the one that is shown
    QTimer m_ticks; // durations in the header
};

} // namespace designer
