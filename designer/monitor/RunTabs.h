#pragma once

#include "designer/monitor/RunWatch.h"

#include <QWidget>

class QLabel;
class QTabWidget;
class QTimer;

namespace designer {

class ActivitiesPanel;
class ParameterModel;
class PipelineCanvas;
class TimelineView;
class Workbench;

// One run in four ways: on its canvas, in time, as a list of activities, by its parameters. What is selected in one is
// selected in all. GUI thread.
class RunTabs final : public QWidget
{
    Q_OBJECT

public:
    enum Tab { Canvas, Timeline, Activities, Parameters };

    explicit RunTabs(Workbench &workbench, QWidget *parent = nullptr);

    void setRun(const RunWatch *run); // borrowed; nullptr shows nothing
    void setCornerText(const QString &text); // which run it is, where nothing else says so
    void showTab(Tab tab);

signals:
    void opened(const QString &activity, int cell);

private:
    void showPipeline();
    void showStates();
    void selected(const QString &activity);

    Workbench &m_workbench;
    const RunWatch *m_run = nullptr;
    QTabWidget *m_tabs;
    QLabel *m_corner;
    PipelineCanvas *m_canvas;
    TimelineView *m_timeline;
    ActivitiesPanel *m_activities;
    ParameterModel *m_parameters;
    QTimer *m_states; // durations of running activities grow
};

} // namespace designer
