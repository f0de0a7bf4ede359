#pragma once

#include "designer/notebook/CellCard.h"
#include "engine/records/Records.h"

#include <QSet>
#include <QWidget>

class QLabel;
class QTabWidget;
class QTimer;

namespace designer {

class CellList;
class CellOutline;
class DriftPanel;
struct OutlineRow;
class NotebookRun;
class RunFacts;
class Workbench;

// A notebook activity of a run, down to the line that failed: outline with durations, what went wrong in words, cells
// with source, outputs and traceback; of one that scored rows, how they differ from those of training. Follows the run
// while it is shown. Keys: n and p go to the next and previous problem, F5 asks again. GUI thread.
class NotebookRunPage final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotebookRunPage)

public:
    explicit NotebookRunPage(Workbench &workbench, QWidget *parent = nullptr);
    ~NotebookRunPage() override;

    // `cell` is 1-based; 0 = the one that failed, else the one that runs, else the first.
    void show(const engine::RunRecord &run, const engine::ActivityRecord &activity, int cell);
    using QWidget::show;

    const NotebookRun &run() const { return *m_run; }
    void goToCell(int number); // 1-based; to its marked line when it has one
    void goToProblem(int step); // +1 next, -1 previous, around the end
    QString errorReport() const; // what Copy error copies

private:
    QWidget *makeLeft();
    void addKeys();
    void connectRun();
    ShownCell shownCell(int index) const;
    OutlineRow outlineRow(int index) const;
    void showAll();
    void showCell(int index);
    void showHead();
    void showDrift(); // its tab is there when there is something to say
    void goToDrift();
    void showOutline();
    void refreshSoon(int cell);
    void refreshNow();
    QWidget *makeHeader();
    QWidget *makeRight();
    void setHead(QWidget *card); // nullptr: nothing is to be told
    void goToFirst();
    void rerun();

    Workbench &m_workbench;
    NotebookRun *const m_run;
    CellOutline *m_outline;
    QLabel *m_summary;
    RunFacts *m_facts;
    CellList *m_list;
    QTabWidget *m_tabs; // cells, drift
    DriftPanel *m_drift;
    QTimer *m_ticker; // while something runs: bars and durations grow
    QTimer *m_refresh; // events of the same moment are shown at once
    QSet<int> m_changed; // cells
    QWidget *m_head; // above the cells
    QWidget *m_headCard = nullptr;
    bool m_headChanged = false;
    QString m_headerKey; // what the header shows
    int m_wantedCell = 0;
    bool m_hasGone = false; // to the wanted cell
    bool m_isAskingRerun = false;
};

} // namespace designer
