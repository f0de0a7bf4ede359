#pragma once

#include "designer/monitor/RunWatch.h"

#include <QWidget>

class QTabWidget;

namespace designer {

class ErrorCard;
class RecordText;
class Workbench;

// An activity of a run that has no page of its own: what went in, what came out, what went wrong. GUI thread.
class ActivityPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ActivityPage(Workbench &workbench, QWidget *parent = nullptr);

    // `run` is borrowed until it is destroyed or another is set.
    void setActivity(const RunWatch *run, const engine::ActivityRunId &activity);

private:
    void showActivity();

    Workbench &m_workbench;
    const RunWatch *m_run = nullptr;
    engine::ActivityRunId m_id;
    ErrorCard *m_error;
    QTabWidget *m_tabs;
    RecordText *m_input;
    RecordText *m_output;
    RecordText *m_errorText;
};

} // namespace designer
