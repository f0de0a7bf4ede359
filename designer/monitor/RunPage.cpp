#include "designer/monitor/RunPage.h"

#include "designer/monitor/RunTabs.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"
#include "designer/widgets/ErrorCard.h"
#include "designer/widgets/ErrorReport.h"

#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

// The cell that made the activity fail; nothing when it was none.
std::optional<CellRecord> failedCell(const RunWatch &run, const ActivityRecord &activity)
{
    for (const CellRecord &cell : run.cells(activity.id)) {
        if (cell.status == CellStatus::Failed || cell.status == CellStatus::KernelDied
            || cell.status == CellStatus::TimedOut)
            return cell;
    }
    return {};
}

} // namespace

RunPage::RunPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState)
    , m_error(new ErrorCard)
    , m_open(m_error->addPrimaryButton(QStringLiteral("openFailed"),
                                       tr("Open"),
                                       QStringLiteral("arrow-right"),
                                       tr("Go to the activity that failed")))
    , m_tabs(new RunTabs(workbench))
{
    setObjectName(QStringLiteral("runPage"));
    m_tabs->showTab(RunTabs::Canvas);
    QPushButton *const rerun = m_error->addButton(QStringLiteral("rerunFailed"),
                                                  tr("Rerun from start"),
                                                  QStringLiteral("rotate-cw"),
                                                  tr("Run the published pipeline again with the same parameters"));
    m_error->setReport([this] { return errorReport(); });
    auto *const content = new QWidget;
    auto *const inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    m_errorPlace = new QWidget;
    auto *const card = new QVBoxLayout(m_errorPlace);
    card->setContentsMargins(16, 16, 16, 16);
    card->addWidget(m_error);
    m_errorPlace->hide();
    inner->addWidget(m_errorPlace);
    inner->addWidget(m_tabs, 1);
    m_stack->addWidget(content);
    m_stack->addWidget(m_empty);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    connect(m_tabs, &RunTabs::opened, this, &RunPage::opened);
    connect(rerun, &QPushButton::clicked, this, &RunPage::rerunRequested);
    connect(m_open, &QPushButton::clicked, this, [this] {
        const ActivityRecord *const failed = m_run ? m_run->firstFailure() : nullptr;
        if (!failed)
            return;
        const std::optional<CellRecord> cell = failedCell(*m_run, *failed);
        emit opened(failed->path, cell ? cell->index + 1 : 0);
    });
    connect(m_empty, &EmptyState::acted, this, [this] {
        Link list;
        list.kind = Link::Kind::Monitor;
        m_workbench.go(list);
    });
}

void RunPage::setRun(const RunWatch *run)
{
    if (m_run)
        disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_tabs->setRun(run);
    if (!run)
        return;
    connect(run, &RunWatch::stateChanged, this, &RunPage::showState);
    connect(run, &RunWatch::runChanged, this, &RunPage::showError);
    connect(run, &RunWatch::activityChanged, this, &RunPage::showError);
    connect(run, &QObject::destroyed, this, [this] { m_run = nullptr; });
    showState();
}

void RunPage::showState()
{
    if (m_run->state() == RunWatch::State::Failed) {
        m_empty->say(QStringLiteral("circle-alert"),
                     tr("The run could not be read"),
                     m_run->error().message,
                     tr("Show all runs"));
        m_stack->setCurrentIndex(1);
        return;
    }
    m_stack->setCurrentIndex(0);
    showError();
}

void RunPage::showError()
{
    const RunRecord &run = m_run->run();
    const ActivityRecord *const failed = m_run->firstFailure();
    const bool isFailed = run.status == RunStatus::Failed;
    m_errorPlace->setVisible(isFailed);
    if (!isFailed)
        return;
    m_open->setVisible(failed != nullptr);
    QString title = run.message;
    if (failed) {
        const QString message = failed->error.message.isEmpty() ? run.message : failed->error.message;
        title = tr("%1 failed: %2").arg(failed->name, message);
        m_open->setText(tr("Open %1").arg(fontMetrics().elidedText(failed->name, Qt::ElideMiddle, 240)));
        m_open->setAccessibleName(tr("Open %1").arg(failed->name));
    }
    m_error->setTitle(title.isEmpty() ? tr("The run failed") : title);
    int notStarted = 0;
    for (const ActivityRecord &activity : m_run->activities())
        notStarted += activity.status == ActivityStatus::Skipped ? 1 : 0;
    m_error->setText(notStarted > 0 ? tr("%Ln activities did not start because of it.", nullptr, notStarted)
                                    : QString());
}

QString RunPage::errorReport() const
{
    if (!m_run)
        return {};
    const ActivityRecord *const failed = m_run->firstFailure();
    const std::optional<CellRecord> cell = failed ? failedCell(*m_run, *failed) : std::nullopt;
    const ErrorReport report{
        productText(m_workbench), m_run->run(), failed, cell ? &*cell : nullptr, m_workbench.zone()};
    return report.toString();
}

QString productText(Workbench &workbench)
{
    const Json &hello = workbench.engine().hello();
    return QStringLiteral("Slipway ") + stringAt(hello, "version");
}

} // namespace designer

#include "moc_RunPage.cpp"
