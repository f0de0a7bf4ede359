#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace designer {

class ActivitiesPanel;
class DebugRun;
class Workbench;

// The tab "Output" below the canvas: the last debug run of the pipeline, live, with what its activities gave back.
class DebugOutput final : public QWidget
{
    Q_OBJECT

public:
    DebugOutput(Workbench &workbench, DebugRun &run, QWidget *parent = nullptr); // the run outlives it
    ~DebugOutput() override;

signals:
    void debugRequested();
    void selected(const QString &activity); // by the path of its record

private:
    void showWatch();
    void showState();

    Workbench &m_workbench;
    DebugRun &m_run;
    QStackedWidget *m_stack;
    QLabel *m_empty;
    QPushButton *m_start;
    QLabel *m_icon;
    QLabel *m_state;
    QPushButton *m_cancel;
    QPushButton *m_open;
    QPushButton *m_forget;
    QTimer m_ticks; // the duration, while it runs
    ActivitiesPanel *m_activities;
};

} // namespace designer
