#include "designer/monitor/MonitorPage.h"

#include "designer/monitor/ActivityPage.h"
#include "designer/monitor/ActivityTableModel.h"
#include "designer/monitor/CopyRunPage.h"
#include "designer/monitor/MonitorHeader.h"
#include "designer/monitor/Now.h"
#include "designer/monitor/RunCommands.h"
#include "designer/monitor/RunListPage.h"
#include "designer/monitor/RunPage.h"
#include "designer/notebook/NotebookRunPage.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"
#include "designer/widgets/Format.h"

#include <QFrame>
#include <QMouseEvent>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

namespace designer {

using namespace engine;

namespace {

constexpr int tickMs = 200;
constexpr int mostBack = 50; // places

Link listLink()
{
    Link link;
    link.kind = Link::Kind::Monitor;
    return link;
}

QString joined(QStringList parts)
{
    parts.removeAll(QString());
    return parts.join(QStringLiteral(" · "));
}

} // namespace

MonitorPage::MonitorPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_place(listLink())
    , m_header(new MonitorHeader(workbench))
    , m_headerLine(lineAcross())
    , m_pages(new QStackedWidget)
    , m_empty(new EmptyState)
{
    setObjectName(QStringLiteral("monitorPage"));
    m_pages->addWidget(m_empty);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_headerLine);
    column->addWidget(m_pages, 1);
    m_ticks.setInterval(tickMs);
    connect(&m_ticks, &QTimer::timeout, this, &MonitorPage::showHeader);
    connect(m_header, &MonitorHeader::rerunRequested, this, &MonitorPage::rerun);
    connect(m_header, &MonitorHeader::cancelRequested, this, [this] {
        if (m_run)
            cancelRuns(m_workbench, {m_run->run()});
    });
    connect(m_header, &MonitorHeader::went, this, &MonitorPage::go);
    connect(m_header, &MonitorHeader::backRequested, this, &MonitorPage::back);
    connect(m_empty, &EmptyState::acted, this, [this] { go(runLink(m_place.run)); });
    connect(&workbench, &Workbench::zoneChanged, this, &MonitorPage::showHeader);
    const auto shortcut = [this](const QKeySequence &keys, auto slot) {
        auto *const made = new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(made, &QShortcut::activated, this, slot);
    };
    shortcut(QKeySequence(Qt::ALT | Qt::Key_Left), [this] { back(); });
}

MonitorPage::~MonitorPage() = default;

// Pages are made when somebody goes there: all at once would hold the window up.
template <typename Page> Page *MonitorPage::made(Page *&page)
{
    if (page == nullptr) {
        page = new Page(m_workbench);
        m_pages->addWidget(page);
    }
    return page;
}

RunListPage *MonitorPage::list()
{
    if (m_list == nullptr) {
        made(m_list);
        connect(m_list, &RunListPage::opened, this, [this](const QString &run) { go(runLink(run)); });
        connect(
            m_list, &RunListPage::activityOpened, this, [this](const QString &run, const QString &activity, int cell) {
                go(activityLink(run, activity, cell));
            });
    }
    return m_list;
}

RunPage *MonitorPage::runPage()
{
    if (m_runPage == nullptr) {
        made(m_runPage);
        connect(m_runPage, &RunPage::opened, this, [this](const QString &activity, int cell) {
            go(activityLink(m_place.run, activity, cell));
        });
        connect(m_runPage, &RunPage::rerunRequested, this, &MonitorPage::rerun);
    }
    return m_runPage;
}

void MonitorPage::rerun()
{
    if (m_run)
        rerunRuns(m_workbench, {m_run->run()});
}

void MonitorPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_pages->currentWidget() == m_empty && m_place.kind == Link::Kind::Monitor)
        showPlace();
}

void MonitorPage::go(const Link &link)
{
    const bool isOurs =
        link.kind == Link::Kind::Monitor || link.kind == Link::Kind::Run || link.kind == Link::Kind::ActivityRun;
    if (!isOurs)
        return;
    if (link != m_place) {
        m_before.append(m_place);
        if (m_before.size() > mostBack)
            m_before.removeFirst();
    }
    m_place = link;
    showPlace();
}

void MonitorPage::back()
{
    if (m_before.isEmpty()) {
        if (m_place.kind == Link::Kind::Monitor)
            return;
        m_place = m_place.kind == Link::Kind::ActivityRun ? runLink(m_place.run) : listLink(); // up
    } else {
        m_place = m_before.takeLast();
    }
    showPlace();
}

void MonitorPage::setFilter(const RunListFilter &filter)
{
    list()->setFilter(filter);
    go(listLink());
}

void MonitorPage::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::BackButton)
        back();
    else
        QWidget::mousePressEvent(event);
}

void MonitorPage::showPlace()
{
    const bool isList = m_place.kind == Link::Kind::Monitor;
    m_header->setVisible(!isList);
    m_headerLine->setVisible(!isList);
    if (isList) {
        m_pages->setCurrentWidget(list());
        m_ticks.stop();
        return;
    }
    watchRun(m_place.run);
    m_activity = {};
    if (m_place.kind == Link::Kind::Run) {
        if (!std::exchange(m_isRunShown, true))
            runPage()->setRun(m_run.get());
        m_pages->setCurrentWidget(m_runPage);
    } else {
        showActivity();
    }
    showHeader();
}

void MonitorPage::watchRun(const QString &run)
{
    if (m_run && m_run->id().text() == run)
        return;
    if (m_copyPage != nullptr)
        m_copyPage->setActivity(nullptr, {});
    if (m_activityPage != nullptr)
        m_activityPage->setActivity(nullptr, {});
    if (m_runPage != nullptr)
        m_runPage->setRun(nullptr);
    m_isRunShown = false;
    m_run = std::make_unique<RunWatch>(m_workbench, engine::RunId(run));
    const auto changed = [this] {
        if (m_place.kind == Link::Kind::ActivityRun && m_activity.isEmpty())
            showActivity();
        showHeader();
    };
    connect(m_run.get(), &RunWatch::stateChanged, this, changed);
    connect(m_run.get(), &RunWatch::runChanged, this, changed);
    connect(m_run.get(), &RunWatch::activityAdded, this, changed);
    connect(m_run.get(), &RunWatch::activityChanged, this, changed);
}

void MonitorPage::showActivity()
{
    const ActivityRecord *const activity = m_run->activityAt(m_place.activity);
    if (!activity) {
        const bool isLoading = m_run->state() == RunWatch::State::Loading;
        const bool isFailed = m_run->state() == RunWatch::State::Failed;
        m_empty->say(isLoading ? QStringLiteral("hourglass") : QStringLiteral("circle-dashed"),
                     isLoading      ? tr("Asking the engine…")
                         : isFailed ? tr("The run could not be read")
                                    : tr("%1 has not run").arg(m_place.activity),
                     isFailed ? m_run->error().message
                         : isLoading
                         ? QString()
                         : tr("This run did not start an activity of that name, or has not come to it yet."),
                     isLoading ? QString() : tr("Show the run"));
        m_pages->setCurrentWidget(m_empty);
        return;
    }
    m_activity = activity->id;
    if (activity->type == u"Copy") {
        made(m_copyPage)->setActivity(m_run.get(), m_activity);
        m_pages->setCurrentWidget(m_copyPage);
    } else if (activity->type.contains(QStringLiteral("Notebook")) || !m_run->cells(activity->id).isEmpty()) {
        made(m_notebookPage)->show(m_run->run(), *activity, m_place.cell);
        m_pages->setCurrentWidget(m_notebookPage);
    } else {
        made(m_activityPage)->setActivity(m_run.get(), m_activity);
        m_pages->setCurrentWidget(m_activityPage);
    }
}

void MonitorPage::showHeader()
{
    if (!m_run || m_place.kind == Link::Kind::Monitor)
        return;
    const RunRecord &run = m_run->run();
    const bool isKnown = m_run->state() == RunWatch::State::Ready;
    QList<MonitorHeader::Crumb> crumbs{{tr("Runs"), listLink()}};
    const QString runText = isKnown
        ? QStringLiteral("%1 · %2").arg(run.pipeline, timeText(timeOf(run), m_workbench.zone()))
        : tr("Run %1").arg(m_place.run.left(8));
    crumbs.append({runText, runLink(m_place.run)});
    const ActivityRecord *const activity =
        m_place.kind == Link::Kind::ActivityRun ? m_run->activityAt(m_place.activity) : nullptr;
    if (m_place.kind == Link::Kind::ActivityRun)
        crumbs.append({m_place.activity, m_place});
    m_header->setCrumbs(crumbs);
    if (activity)
        m_header->setState(lookOf(*activity), factsOf(*activity));
    else if (isKnown && m_place.kind == Link::Kind::Run)
        m_header->setState(lookOf(run), factsOf(run));
    else
        m_header->setState({}, {});
    m_header->setActions(isKnown && canCancel(run), isKnown);
    const bool isRunning = isKnown && !isTerminal(run.status);
    if (isRunning && !m_ticks.isActive())
        m_ticks.start();
    else if (!isRunning)
        m_ticks.stop();
}

QString MonitorPage::factsOf(const RunRecord &run) const
{
    const QString by =
        run.invokedBy.name == u"Manual" ? tr("started by hand") : tr("triggered by %1").arg(run.invokedBy.name);
    return joined({run.version > 0 ? QStringLiteral("v%1").arg(run.version) : QString(),
                   run.start ? durationText(durationOf(run, now())) : run.reason,
                   by,
                   run.rerunOf.isEmpty() ? QString() : tr("rerun of %1").arg(run.rerunOf.text().left(8))});
}

QString MonitorPage::factsOf(const ActivityRecord &activity) const
{
    const RunRecord &run = m_run->run();
    return joined(
        {activity.attempts > 0 ? tr("attempt %1").arg(activity.attempts) : QString(),
         activity.start ? durationText(durationOf(activity, now())) : activity.reason,
         run.invokedBy.name == u"Manual" ? tr("started by hand") : tr("triggered by %1").arg(run.invokedBy.name)});
}

} // namespace designer

#include "moc_MonitorPage.cpp"
