#include "designer/monitor/ActivityPage.h"

#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/RecordText.h"
#include "designer/monitor/RunCommands.h"
#include "designer/monitor/RunPage.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ErrorCard.h"
#include "designer/widgets/ErrorReport.h"

#include <QFrame>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

ActivityPage::ActivityPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_error(new ErrorCard)
    , m_tabs(new QTabWidget)
    , m_input(new RecordText(QStringLiteral("input"), tr("Input")))
    , m_output(new RecordText(QStringLiteral("output"), tr("Output")))
    , m_errorText(new RecordText(QStringLiteral("error"), tr("Error")))
{
    setObjectName(QStringLiteral("activityPage"));
    QPushButton *const rerun =
        m_error->addPrimaryButton(QStringLiteral("rerunActivity"),
                                  tr("Rerun from start"),
                                  QStringLiteral("rotate-cw"),
                                  tr("Run the published pipeline again with the same parameters"));
    connect(rerun, &QPushButton::clicked, this, [this] {
        if (m_run)
            rerunRuns(m_workbench, {m_run->run()});
    });
    m_error->setReport([this] {
        if (!m_run)
            return QString();
        const ErrorReport report{
            productText(m_workbench), m_run->run(), m_run->activity(m_id), nullptr, m_workbench.zone()};
        return report.toString();
    });
    nameTabs(m_tabs,
             QStringLiteral("activityTabs"),
             tr("Input, output and error of the activity"),
             tr("Choose what is shown of the activity"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_input, tr("Input"));
    m_tabs->addTab(m_output, tr("Output"));
    m_tabs->addTab(m_errorText, tr("Error"));
    auto *const frame = new QFrame;
    setLook(frame, "card");
    auto *const inner = new QVBoxLayout(frame);
    inner->setContentsMargins(6, 4, 6, 6);
    inner->addWidget(m_tabs);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(14);
    column->addWidget(m_error);
    column->addWidget(frame, 1);
}

void ActivityPage::setActivity(const RunWatch *run, const ActivityRunId &activity)
{
    if (m_run)
        disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_id = activity;
    if (!run)
        return;
    connect(run, &RunWatch::activityChanged, this, &ActivityPage::showActivity);
    connect(run, &QObject::destroyed, this, [this] { m_run = nullptr; });
    showActivity();
    const ActivityRecord *const shown = run->activity(m_id);
    m_tabs->setCurrentIndex(shown && !shown->error.isEmpty() ? 2 : 1);
}

void ActivityPage::showActivity()
{
    const ActivityRecord *const activity = m_run->activity(m_id);
    if (!activity)
        return;
    m_error->setVisible(activity->status == ActivityStatus::Failed);
    m_error->setTitle(tr("%1 failed: %2").arg(activity->name, activity->error.message));
    m_input->setJson(activity->input, tr("%1 was given no input.").arg(activity->name));
    m_output->setJson(activity->output,
                      isTerminal(activity->status) ? tr("%1 gave no output.").arg(activity->name)
                                                   : tr("The output is there at the end."));
    m_errorText->setText(errorText(activity->error), tr("%1 has no error.").arg(activity->name));
}

} // namespace designer

#include "moc_ActivityPage.cpp"
