#include "designer/monitor/RunTabs.h"

#include "designer/canvas/PipelineCanvas.h"
#include "designer/monitor/ActivitiesPanel.h"
#include "designer/monitor/ActivityTableModel.h"
#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/ParameterModel.h"
#include "designer/monitor/RunStates.h"
#include "designer/monitor/TimelineView.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/TableHabits.h"

#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QTabBar>
#include <QTableView>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int stateMs = 200;

QTableView *parameterTable(Workbench &workbench, ParameterModel *model)
{
    auto *const sorted = new QSortFilterProxyModel(model);
    sorted->setSourceModel(model);
    auto *const table = new QTableView;
    name(table,
         QStringLiteral("parameterTable"),
         RunTabs::tr("Parameters of the run"),
         RunTabs::tr("What the run was started with; Ctrl+C copies the chosen rows"));
    table->setModel(sorted);
    dressTable(table, Qt::UserRole, {ParameterModel::Value});
    table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as it was written
    table->setSortingEnabled(true);
    table->horizontalHeader()->resizeSection(ParameterModel::Name, scaled(260));
    table->horizontalHeader()->resizeSection(ParameterModel::Value, scaled(520));
    new TableHabits(table, workbench.settings(), QStringLiteral("monitor/parameters")); // the table owns it
    return table;
}

QHash<QString, QPointF> placesIn(const Json &layout)
{
    QHash<QString, QPointF> places;
    const Json &nodes = memberAt(layout, "nodes");
    if (!nodes.is_object())
        return places;
    for (const auto &item : nodes.items()) {
        const Json &x = memberAt(item.value(), "x");
        const Json &y = memberAt(item.value(), "y");
        if (x.is_number() && y.is_number())
            places.insert(toQString(item.key()), {x.get<double>(), y.get<double>()});
    }
    return places;
}

} // namespace

RunTabs::RunTabs(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_tabs(new QTabWidget)
    , m_corner(label({}, "secondary"))
    , m_canvas(new PipelineCanvas(workbench))
    , m_timeline(new TimelineView(workbench))
    , m_activities(new ActivitiesPanel(workbench))
    , m_parameters(new ParameterModel(this))
    , m_states(new QTimer(this))
{
    setObjectName(QStringLiteral("runTabs"));
    setAttribute(Qt::WA_StyledBackground);
    setLook(this, "panel");
    m_tabs->setDocumentMode(true);
    nameTabs(m_tabs, QStringLiteral("runViews"), tr("Views of the run"), tr("Choose how the run is shown"));
    m_tabs->addTab(m_canvas, tr("Canvas"));
    m_tabs->addTab(m_timeline, tr("Timeline"));
    m_tabs->addTab(m_activities, tr("Activities"));
    m_tabs->addTab(parameterTable(workbench, m_parameters), tr("Parameters"));
    m_corner->setContentsMargins(8, 0, 14, 10);
    m_tabs->setCornerWidget(m_corner);
    m_tabs->setCurrentIndex(Timeline);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_tabs);
    m_states->setInterval(stateMs);
    connect(m_states, &QTimer::timeout, this, &RunTabs::showStates);
    connect(m_canvas, &PipelineCanvas::activityActivated, this, [this](const QString &activity) {
        const QString path = m_canvas->recordPath(activity);
        if (m_run && m_run->activityAt(path))
            emit opened(path, 0);
    });
    connect(m_canvas, &PipelineCanvas::selectionChanged, this, [this](const QStringList &names) {
        if (names.size() == 1)
            selected(m_canvas->recordPath(names.first()));
    });
    connect(m_canvas, &PipelineCanvas::shownChanged, this, &RunTabs::showStates);
    connect(m_timeline, &TimelineView::opened, this, &RunTabs::opened);
    connect(m_timeline, &TimelineView::selected, this, [this](const QString &activity) { selected(activity); });
    connect(m_activities, &ActivitiesPanel::selected, this, &RunTabs::selected);
    connect(
        m_activities, &ActivitiesPanel::opened, this, [this](const QString &activity) { emit opened(activity, 0); });
}

void RunTabs::setRun(const RunWatch *run)
{
    if (m_run)
        disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_timeline->setRun(run);
    m_activities->setRun(run);
    m_parameters->setRun(run ? run->run() : RunRecord());
    if (!run) {
        m_states->stop();
        return;
    }
    connect(run, &RunWatch::pipelineLoaded, this, &RunTabs::showPipeline);
    connect(run, &RunWatch::runChanged, this, [this] {
        m_parameters->setRun(m_run->run());
        showStates();
    });
    connect(run, &RunWatch::activityAdded, this, &RunTabs::showStates);
    connect(run, &RunWatch::activityChanged, this, &RunTabs::showStates);
    connect(run, &RunWatch::progressed, this, &RunTabs::showStates);
    connect(run, &QObject::destroyed, this, [this] {
        m_run = nullptr;
        m_states->stop();
    });
    showPipeline();
}

void RunTabs::setCornerText(const QString &text) { m_corner->setText(text); }

void RunTabs::showTab(Tab tab) { m_tabs->setCurrentIndex(tab); }

void RunTabs::showPipeline()
{
    const Json &pipeline = memberAt(m_run->pipeline(), "pipeline");
    m_canvas->setPipeline(pipeline.is_null() ? Json::object() : pipeline,
                          placesIn(memberAt(m_run->pipeline(), "layout")));
    showStates();
}

void RunTabs::showStates()
{
    if (!m_run)
        return;
    const RunStates states = statesOf(*m_run, *m_canvas);
    m_canvas->setIterations(states.iterations, states.failed);
    m_canvas->setStates(states.byName);
    const bool isRunning = m_run->run().start && !isTerminal(m_run->run().status);
    if (isRunning && !m_states->isActive())
        m_states->start();
    else if (!isRunning)
        m_states->stop();
}

void RunTabs::selected(const QString &activity)
{
    // Each of them says nothing when it is told what it shows already.
    const TimelineRow *const row = m_timeline->selectedRow();
    if (!row || row->activity != activity) // a cell of it stays selected
        m_timeline->select(activity);
    m_activities->select(activity);
    const QStringList shown = m_canvas->selection();
    if (shown.size() != 1 || m_canvas->recordPath(shown.first()) != activity)
        m_canvas->reveal(activity);
}

} // namespace designer

#include "moc_RunTabs.cpp"
