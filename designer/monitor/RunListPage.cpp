#include "designer/monitor/RunListPage.h"

#include "designer/monitor/LiveMark.h"
#include "designer/monitor/RunCommands.h"
#include "designer/monitor/RunFilterBar.h"
#include "designer/monitor/RunPreview.h"
#include "designer/monitor/RunTableModel.h"
#include "designer/monitor/RunTableView.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"
#include "designer/widgets/TableHabits.h"
#include "engine/model/EntityFile.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

const QString spanKey = QStringLiteral("monitor/span");
const QString previewKey = QStringLiteral("monitor/preview");
const QString splitterKey = QStringLiteral("monitor/listSplitter");
const QString scopeKey = QStringLiteral("monitor/allFactories");
constexpr int titleHeight = 48;

QList<int> hiddenAtFirst() { return {RunTableModel::RunId, RunTableModel::Parameters, RunTableModel::Factory}; }

} // namespace

RunListPage::RunListPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_model(new RunTableModel(workbench, this))
    , m_filters(new RunFilterBar(workbench))
    , m_table(new RunTableView(m_model))
    , m_habits(new TableHabits(m_table, workbench.settings(), QStringLiteral("monitor/runs"), hiddenAtFirst()))
    , m_stack(new QStackedWidget)
    , m_preview(new RunPreview(workbench))
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_empty(new EmptyState)
    , m_summary(label({}, "secondary"))
    , m_selected(label({}, "accent"))
    , m_cancel(toolButton(QStringLiteral("cancelSelected"),
                          tr("Cancel"),
                          QStringLiteral("circle-stop"),
                          tr("Cancel the selected runs that have not ended")))
    , m_bulkBar(makeBulkBar())
{
    setObjectName(QStringLiteral("runListPage"));
    setAttribute(Qt::WA_StyledBackground);
    setLook(this, "panel");
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_empty);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTitle());
    column->addWidget(lineAcross());
    column->addWidget(makeTools());
    column->addWidget(m_bulkBar);
    column->addWidget(m_splitter, 1);
    makeTable();
    makePreview();
    connect(m_filters, &RunFilterBar::filterChanged, this, &RunListPage::filterChosen);
    connect(m_filters, &RunFilterBar::pipelinesWanted, this, &RunListPage::findPipelines);
    connect(m_empty, &EmptyState::acted, this, &RunListPage::act);
    connect(m_model, &RunTableModel::countsChanged, this, &RunListPage::showCounts);
    connect(m_model, &RunTableModel::countsChanged, this, &RunListPage::showState);
    connect(m_model, &RunTableModel::stateChanged, this, &RunListPage::showState);
    connect(m_model, &RunTableModel::checksChanged, this, &RunListPage::showBulkBar);
    connect(m_model, &RunTableModel::dataChanged, this, &RunListPage::showBulkBar);
    connect(&workbench, &Workbench::factoryChanged, this, &RunListPage::factoryChanged);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &RunListPage::showState);
    const auto shortcut = [this](const QKeySequence &keys, auto slot) {
        auto *const made = new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(made, &QShortcut::activated, this, slot);
    };
    shortcut(QKeySequence(Qt::Key_F5), [this] { m_model->refresh(); });
    shortcut(QKeySequence::Find, [this] { m_filters->searchField()->setFocus(Qt::ShortcutFocusReason); });
    restoreFilter();
    showCounts();
    showState();
    showBulkBar();
}

RunListPage::~RunListPage() = default;

QWidget *RunListPage::makeTitle()
{
    auto *const bar = new QWidget;
    bar->setFixedHeight(titleHeight);
    auto *const row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 0, 16, 0);
    row->setSpacing(12);
    row->addWidget(titleLabel(tr("Runs")));
    m_summary->setObjectName(QStringLiteral("runSummary"));
    row->addWidget(m_summary);
    row->addStretch();
    row->addWidget(new LiveMark(m_workbench));
    return bar;
}

QWidget *RunListPage::makeTools()
{
    auto *const bar = new QWidget;
    auto *const row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 10, 0);
    row->setSpacing(4);
    row->addWidget(m_filters, 1);
    auto *const columns =
        iconButton(QStringLiteral("runColumns"), QStringLiteral("columns-3"), tr("Choose and order the columns"));
    columns->setPopupMode(QToolButton::InstantPopup);
    auto *const menu = new QMenu(columns);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        m_habits->fillColumnMenu(menu);
    });
    columns->setMenu(menu);
    auto *const again =
        iconButton(QStringLiteral("refreshRuns"), QStringLiteral("refresh-cw"), tr("Ask the engine again (F5)"));
    connect(again, &QToolButton::clicked, this, [this] { m_model->refresh(); });
    auto *const below = iconButton(QStringLiteral("showPreview"),
                                   QStringLiteral("panel-bottom"),
                                   tr("Show the course of the selected run below the list"));
    below->setCheckable(true);
    below->setChecked(m_workbench.settings().value(previewKey, true).toBool());
    connect(below, &QToolButton::toggled, this, [this](bool isOn) {
        m_preview->setVisible(isOn);
        m_workbench.settings().setValue(previewKey, isOn);
    });
    row->addWidget(below);
    row->addWidget(columns);
    row->addWidget(again);
    return bar;
}

QWidget *RunListPage::makeBulkBar()
{
    auto *const bar = new QWidget;
    bar->setObjectName(QStringLiteral("bulkBar"));
    bar->setAttribute(Qt::WA_StyledBackground);
    setLook(bar, "bulk");
    auto *const rerun = toolButton(QStringLiteral("rerunSelected"),
                                   tr("Rerun"),
                                   QStringLiteral("rotate-cw"),
                                   tr("Run the selected runs again from the start, with the same parameters"));
    auto *const clear =
        toolButton(QStringLiteral("clearSelected"), tr("Clear selection"), QStringLiteral("x"), tr("Select no run"));
    auto *const row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 5, 10, 5);
    row->setSpacing(8);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_selected, rerun, m_cancel, clear})
        row->addWidget(widget);
    row->addStretch();
    connect(rerun, &QToolButton::clicked, this, [this] { rerunRuns(m_workbench, m_model->checkedRuns()); });
    connect(m_cancel, &QToolButton::clicked, this, [this] { cancelRuns(m_workbench, m_model->checkedRuns()); });
    connect(clear, &QToolButton::clicked, m_model, &RunTableModel::clearChecks);
    return bar;
}

void RunListPage::makeTable()
{
    QHeaderView *const header = m_table->horizontalHeader();
    header->setSortIndicatorShown(true);
    const auto key = RunTableModel::keyOf(header->sortIndicatorSection());
    if (!key)
        header->setSortIndicator(RunTableModel::Start, Qt::DescendingOrder);
    connect(header, &QHeaderView::sortIndicatorChanged, this, &RunListPage::sortChosen);
    connect(m_table, &RunTableView::opened, this, &RunListPage::opened);
    m_habits->prepareCopies([this](const QList<int> &rows, std::function<void()> copy) { prepareCopy(rows, copy); });
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &at) {
        QMenu menu(m_table);
        fillContextMenu(&menu);
        if (!menu.isEmpty())
            menu.exec(m_table->viewport()->mapToGlobal(at));
    });
}

void RunListPage::makePreview()
{
    m_splitter->addWidget(m_stack);
    m_splitter->addWidget(m_preview);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setCollapsible(0, false);
    const auto firstSizes = [this] { m_splitter->setSizes({540, 300}); };
    firstSizes();
    connect(&m_workbench, &Workbench::layoutReset, this, firstSizes);
    m_splitter->restoreState(m_workbench.settings().value(splitterKey).toByteArray());
    m_preview->setVisible(m_workbench.settings().value(previewKey, true).toBool());
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        m_workbench.settings().setValue(splitterKey, m_splitter->saveState());
    });
    connect(m_table, &RunTableView::currentRunChanged, m_preview, &RunPreview::setRun);
    connect(m_preview, &RunPreview::opened, this, &RunListPage::activityOpened);
}

void RunListPage::fillContextMenu(QMenu *menu)
{
    QList<RunRecord> runs;
    bool isAnyOpen = false;
    for (const int row : m_habits->selectedRows()) {
        if (const RunRecord *const run = m_model->runAt(row)) {
            runs.append(*run);
            isAnyOpen = isAnyOpen || canCancel(*run);
        }
    }
    if (runs.isEmpty())
        return;
    const QString first = runs.first().id.text();
    if (runs.size() == 1) {
        connect(menu->addAction(tr("Open")), &QAction::triggered, this, [this, first] { emit opened(first); });
        menu->addSeparator();
    }
    connect(menu->addAction(icon(QStringLiteral("rotate-cw"), IconRole::Text), tr("Rerun")),
            &QAction::triggered,
            this,
            [this, runs] { rerunRuns(m_workbench, runs); });
    QAction *const cancel = menu->addAction(icon(QStringLiteral("circle-stop"), IconRole::Text), tr("Cancel"));
    cancel->setEnabled(isAnyOpen);
    connect(cancel, &QAction::triggered, this, [this, runs] { cancelRuns(m_workbench, runs); });
    menu->addSeparator();
    m_habits->addCopyActions(menu);
    if (runs.size() == 1) {
        connect(menu->addAction(tr("Copy link")), &QAction::triggered, this, [first] {
            QApplication::clipboard()->setText(runLink(first).toString());
        });
        connect(menu->addAction(tr("Copy run id")), &QAction::triggered, this, [first] {
            QApplication::clipboard()->setText(first);
        });
    }
}

// The list holds what is looked at; what is selected beyond it is fetched first.
void RunListPage::prepareCopy(const QList<int> &rows, const std::function<void()> &copy)
{
    const bool areHeld = std::all_of(rows.begin(), rows.end(), [this](int row) { return m_model->runAt(row); });
    if (rows.isEmpty() || areHeld) {
        copy();
        return;
    }
    const QString about = QStringLiteral("monitor/copy");
    if (rows.last() - rows.first() >= RunTableModel::held) {
        m_workbench.tell({.level = Message::Level::Hint,
                          .text = tr("%L1 runs can be copied at a time; select fewer.").arg(RunTableModel::held),
                          .about = about});
        return;
    }
    m_model->hold(rows.first(), rows.last(), [this, copy, about, count = rows.size()](bool isThere) {
        if (isThere)
            copy();
        m_workbench.tell({.level = isThere ? Message::Level::Done : Message::Level::Error,
                          .text = isThere ? tr("%Ln run(s) copied.", nullptr, int(count))
                                          : tr("The runs could not be copied: the list changed. Copy again."),
                          .about = about});
    });
}

void RunListPage::restoreFilter()
{
    RunListFilter filter;
    filter.span = spanFromString(m_workbench.settings().value(spanKey).toString());
    m_isAllFactories = m_workbench.settings().value(scopeKey).toBool();
    if (!m_isAllFactories)
        filter.factory = m_workbench.factory();
    const QHeaderView *const header = m_table->horizontalHeader();
    if (const auto key = RunTableModel::keyOf(header->sortIndicatorSection())) {
        filter.orderBy = *key;
        filter.order = header->sortIndicatorOrder();
    }
    m_filters->setFilter(filter);
    m_model->setFilter(filter);
}

void RunListPage::setFilter(const RunListFilter &filter)
{
    m_filters->setFilter(filter);
    filterChosen();
}

void RunListPage::filterChosen()
{
    RunListFilter filter = m_filters->filter();
    filter.orderBy = m_model->filter().orderBy;
    filter.order = m_model->filter().order;
    QSettings &settings = m_workbench.settings();
    if (filter.span != RunListFilter::Span::Custom)
        settings.setValue(spanKey, toString(filter.span));
    if (!m_workbench.factory().isEmpty()) {
        m_isAllFactories = filter.factory.isEmpty();
        settings.setValue(scopeKey, m_isAllFactories);
    }
    m_model->setFilter(filter);
}

void RunListPage::factoryChanged()
{
    const FactoryId factory = m_isAllFactories ? FactoryId() : m_workbench.factory();
    RunListFilter filter = m_filters->filter();
    if (filter.factory == factory)
        return;
    filter.factory = factory;
    filter.pipelines.clear(); // of the other factory
    m_filters->setFilter(filter);
    filter.orderBy = m_model->filter().orderBy;
    filter.order = m_model->filter().order;
    m_model->setFilter(filter);
}

void RunListPage::sortChosen(int column, Qt::SortOrder order)
{
    QHeaderView *const header = m_table->horizontalHeader();
    if (RunTableModel::keyOf(column)) {
        m_model->sort(column, order);
        return;
    }
    const QSignalBlocker quiet(header); // what cannot be sorted by keeps its order
    header->setSortIndicator(RunTableModel::columnOf(m_model->filter().orderBy), m_model->filter().order);
}

void RunListPage::showCounts()
{
    QStringList parts{tr("%Ln run(s)", nullptr, m_model->total())};
    const auto add = [&parts](int count, const QString &text) {
        if (count > 0)
            parts.append(text);
    };
    const int failed = m_model->count(RunStatus::Failed);
    const int running = m_model->count(RunStatus::InProgress) + m_model->count(RunStatus::Canceling);
    const int queued = m_model->count(RunStatus::Queued);
    add(failed, tr("%Ln failed", nullptr, failed));
    add(running, tr("%Ln running", nullptr, running));
    add(queued, tr("%Ln queued", nullptr, queued));
    m_summary->setText(parts.join(QStringLiteral(" · ")));
}

void RunListPage::showBulkBar()
{
    const QList<RunRecord> runs = m_model->checkedRuns();
    m_bulkBar->setVisible(!runs.isEmpty());
    if (runs.isEmpty())
        return;
    m_selected->setText(tr("%Ln selected", nullptr, int(runs.size())));
    m_cancel->setEnabled(std::any_of(runs.begin(), runs.end(), canCancel));
}

void RunListPage::showState()
{
    const EngineConnection &engine = m_workbench.engine();
    const bool isEmpty = m_model->total() == 0 && m_model->state() != RunTableModel::State::Loading;
    if (!isEmpty) {
        m_stack->setCurrentWidget(m_table);
        return;
    }
    const bool isDown =
        engine.state() == EngineConnection::State::Stopped || engine.state() == EngineConnection::State::Failed;
    if (isDown) {
        m_offer = Offer::StartEngine;
        m_empty->say(QStringLiteral("power-off"),
                     tr("The engine is not running"),
                     engine.state() == EngineConnection::State::Failed
                         ? engine.error().message
                         : tr("Runs are kept by the engine. Start it to see them."),
                     tr("Start the engine"));
    } else if (m_model->state() == RunTableModel::State::Failed) {
        m_offer = Offer::TryAgain;
        m_empty->say(QStringLiteral("circle-alert"),
                     tr("The runs could not be listed"),
                     m_model->error().message,
                     tr("Try again"));
    } else if (m_model->filter().leavesOut() && m_isAnyRun) {
        m_offer = Offer::ClearFilters;
        m_empty->say(QStringLiteral("search"),
                     tr("No run matches"),
                     tr("There are runs, but none that the filters above let through."),
                     tr("Clear filters"));
        lookForAnyRun();
    } else {
        m_offer = Offer::Author;
        m_empty->say(QStringLiteral("activity"),
                     tr("No runs yet"),
                     tr("Publish a pipeline in Author and start it with Trigger now, or let a trigger start it."),
                     tr("Go to Author"));
    }
    m_stack->setCurrentWidget(m_empty);
}

// Nothing matches: is it the filter, or has nothing ever run?
void RunListPage::lookForAnyRun()
{
    Json body = Json::object();
    if (!m_model->filter().factory.isEmpty())
        body["factory"] = toStdString(m_model->filter().factory.text());
    body["limit"] = 0;
    m_workbench.engine().post(QStringLiteral("/slipway/v1/runs/query"), body, this, [this](const Result<Json> &answer) {
        const bool isAny = !answer || intAt(*answer, "total") > 0;
        if (isAny == m_isAnyRun)
            return;
        m_isAnyRun = isAny;
        showState();
    });
}

void RunListPage::act()
{
    switch (m_offer) {
    case Offer::StartEngine:
        m_workbench.engine().start();
        return;
    case Offer::TryAgain:
        m_model->refresh();
        return;
    case Offer::ClearFilters:
        m_filters->clear();
        return;
    case Offer::Author: {
        Link author;
        author.kind = Link::Kind::Author;
        m_workbench.go(author);
        return;
    }
    }
}

// The pipelines that can have run: those of the published version, and those that were seen.
void RunListPage::findPipelines()
{
    m_filters->setPipelines(m_model->knownPipelines());
    const FactoryId factory = m_filters->filter().factory;
    if (factory.isEmpty() || factory != m_workbench.factory() || m_workbench.publishedVersion() == 0)
        return;
    const QString route = QStringLiteral("/slipway/v1/factories/%1/versions/%2")
                              .arg(encodedPath(factory.text()))
                              .arg(m_workbench.publishedVersion());
    m_workbench.engine().get(route, this, [this](const Result<Json> &version) {
        if (!version)
            return; // those seen are offered
        QStringList names = m_model->knownPipelines();
        const Json &files = memberAt(*version, "files");
        for (const auto &file : files.items()) {
            const QString path = toQString(file.key());
            const QString name = entityNameByFile(path);
            if (entityKindOf(path) == EntityKind::Pipeline && !names.contains(name))
                names.append(name);
        }
        names.sort(Qt::CaseInsensitive);
        m_filters->setPipelines(names);
    });
}

} // namespace designer

#include "moc_RunListPage.cpp"
