#pragma once

#include "designer/monitor/RunWatch.h"

#include <QWidget>

class QPushButton;
class QStackedWidget;

namespace designer {

class EmptyState;
class ErrorCard;
class RunTabs;
class Workbench;

// One run: what failed first, then the run on its canvas, in time, as a list, by its parameters. GUI thread.
class RunPage final : public QWidget
{
    Q_OBJECT

public:
    explicit RunPage(Workbench &workbench, QWidget *parent = nullptr);

    void setRun(const RunWatch *run); // borrowed; nullptr shows nothing
    QString errorReport() const;

signals:
    void opened(const QString &activity, int cell);
    void rerunRequested();

private:
    void showState();
    void showError();

    Workbench &m_workbench;
    const RunWatch *m_run = nullptr;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    ErrorCard *m_error;
    QWidget *m_errorPlace = nullptr; // around it
    QPushButton *m_open;
    RunTabs *m_tabs;
};

QString productText(Workbench &workbench); // "Slipway 0.1.0"

} // namespace designer
