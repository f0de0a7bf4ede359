#pragma once

#include "designer/monitor/CopySummary.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTabWidget;

namespace designer {

class ChartWidget;
class CopiedFilesModel;
class CopyFlow;
class CopyMappingModel;
class ErrorCard;
class FigureStrip;
class PhaseBar;
class RecordText;
class RejectsPanel;
class Workbench;

// A copy of a run: what flows from where to where, whether the counts balance, where the time went and how fast it was.
// Follows the copy while it runs. GUI thread.
class CopyRunPage final : public QWidget
{
    Q_OBJECT

public:
    explicit CopyRunPage(Workbench &workbench, QWidget *parent = nullptr);

    // `run` is borrowed until it is destroyed or another is set.
    void setActivity(const RunWatch *run, const engine::ActivityRunId &activity);
    const ChartWidget &chart() const { return *m_chart; }

private:
    QWidget *makePhases();
    QWidget *makeChart();
    QWidget *makeTabs();
    QWidget *makeMapping();
    QWidget *makeFiles();
    void showRejects(const CopySummary &summary, const engine::ActivityRecord &activity);
    void askForHistory();
    void showCopy();
    void showSoon();
    void showFigures(const CopySummary &summary, const engine::ActivityRecord &activity);
    void showError(const engine::ActivityRecord &activity);
    void sampled();
    const engine::ActivityRecord *activity() const;

    Workbench &m_workbench;
    const RunWatch *m_run = nullptr;
    engine::ActivityRunId m_id;
    QList<CopySample> m_samples;
    ErrorCard *m_error;
    CopyFlow *m_flow;
    FigureStrip *m_figures;
    PhaseBar *m_phases;
    QLabel *m_noPhases;
    ChartWidget *m_chart;
    QLabel *m_noChart;
    QTabWidget *m_tabs;
    RejectsPanel *m_rejects;
    CopiedFilesModel *m_files;
    QStackedWidget *m_filesStack;
    QLabel *m_noFiles;
    CopyMappingModel *m_mapping;
    QStackedWidget *m_mappingStack;
    QLabel *m_byName;
    RecordText *m_output;
    RecordText *m_errorText;
    QTimer m_soon; // many events, one look; a running copy's duration grows
};

} // namespace designer
