#pragma once

#include "designer/monitor/RunWatch.h"

#include <QTimer>
#include <QWidget>

class QStackedWidget;

namespace designer {

class RunTabs;
class Workbench;

// The run that is current in the list, below the list: its course at a glance. GUI thread.
class RunPreview final : public QWidget
{
    Q_OBJECT

public:
    explicit RunPreview(Workbench &workbench, QWidget *parent = nullptr);
    ~RunPreview() override;

    void setRun(const QString &run); // empty: none; asked for after a moment, so that it can follow the arrow keys

signals:
    void opened(const QString &run, const QString &activity, int cell);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void take();
    void showCorner();

    Workbench &m_workbench;
    QString m_wanted;
    std::unique_ptr<RunWatch> m_run;
    QStackedWidget *m_stack;
    RunTabs *m_tabs;
    QTimer m_soon;
};

} // namespace designer
