#include "designer/monitor/CopyRunPage.h"

#include "designer/charts/ChartWidget.h"
#include "designer/monitor/ActivityTableModel.h"
#include "designer/monitor/CopiedFilesModel.h"
#include "designer/monitor/CopyCards.h"
#include "designer/monitor/CopyMappingModel.h"
#include "designer/monitor/MonitorTable.h"
#include "designer/monitor/Now.h"
#include "designer/monitor/RecordText.h"
#include "designer/monitor/RejectsPanel.h"
#include "designer/monitor/RunCommands.h"
#include "designer/monitor/RunPage.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/ErrorCard.h"
#include "designer/widgets/ErrorReport.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/TableHabits.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QTabWidget>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

constexpr int showMs = 100;
constexpr int leastTabs = 340; // pixels
enum Tab { RejectsTab, FilesTab, MappingTab, OutputTab, ErrorTab };
const QString none = QStringLiteral("—");

QString figure(const std::optional<qint64> &count) { return count ? countText(*count) : none; }

QFrame *card(QVBoxLayout *&column, const QString &title, const QString &unit)
{
    auto *const frame = new QFrame;
    setLook(frame, "card");
    column = new QVBoxLayout(frame);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(10);
    auto *const row = new QHBoxLayout;
    row->setSpacing(5);
    QLabel *const name = label(title);
    name->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    row->addWidget(name);
    if (!unit.isEmpty())
        row->addWidget(label(unit, "secondary"));
    row->addStretch();
    column->addLayout(row);
    return frame;
}

} // namespace

CopyRunPage::CopyRunPage(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_error(new ErrorCard)
    , m_flow(new CopyFlow)
    , m_figures(new FigureStrip)
    , m_phases(new PhaseBar)
    , m_noPhases(label({}, "secondary"))
    , m_chart(new ChartWidget)
    , m_noChart(label({}, "secondary"))
    , m_tabs(new QTabWidget)
    , m_rejects(new RejectsPanel(workbench))
    , m_files(new CopiedFilesModel(this))
    , m_filesStack(new QStackedWidget)
    , m_noFiles(label({}, "secondary"))
    , m_mapping(new CopyMappingModel(this))
    , m_mappingStack(new QStackedWidget)
    , m_byName(label({}, "secondary"))
    , m_output(new RecordText(QStringLiteral("copyOutput"), tr("Output JSON")))
    , m_errorText(new RecordText(QStringLiteral("copyRunError"), tr("Error")))
{
    setObjectName(QStringLiteral("copyRunPage"));
    QPushButton *const rerun =
        m_error->addPrimaryButton(QStringLiteral("rerunCopy"),
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
        return ErrorReport{productText(m_workbench), m_run->run(), activity(), nullptr, m_workbench.zone()}.toString();
    });
    auto *const content = new QWidget;
    auto *const cards = new QVBoxLayout(content);
    cards->setContentsMargins(16, 16, 16, 16);
    cards->setSpacing(14);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_error, m_flow, m_figures, makePhases(), makeChart()})
        cards->addWidget(widget);
    cards->addWidget(makeTabs(), 1);
    auto *const scroll = new QScrollArea;
    scroll->setObjectName(QStringLiteral("copyScroll"));
    scroll->setFocusPolicy(Qt::NoFocus); // its parts have it
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(scroll);
    m_soon.setSingleShot(true);
    m_soon.setInterval(showMs);
    connect(&m_soon, &QTimer::timeout, this, &CopyRunPage::showCopy);
}

QWidget *CopyRunPage::makePhases()
{
    QVBoxLayout *column = nullptr;
    QFrame *const frame = card(column, tr("Where the time went"), {});
    m_noPhases->setWordWrap(true);
    column->addWidget(m_phases);
    column->addWidget(m_noPhases);
    return frame;
}

QWidget *CopyRunPage::makeChart()
{
    QVBoxLayout *column = nullptr;
    QFrame *const frame = card(column, tr("Throughput"), tr("rows per second"));
    m_chart->setObjectName(QStringLiteral("throughput"));
    m_chart->setToolTip(tr("Rows per second over the time of the copy; ← and → read its points"));
    m_chart->setWords(
        tr("Rows per second"),
        [](double value) { return value > 0 ? rateText(value) : QStringLiteral("0"); },
        [](double seconds) { return seconds > 0 ? durationText(Millis(qint64(seconds * 1000))) : tr("0 s"); });
    m_noChart->setWordWrap(true);
    column->addWidget(m_chart);
    column->addWidget(m_noChart);
    return frame;
}

QWidget *CopyRunPage::makeMapping()
{
    auto *const sorted = new QSortFilterProxyModel(m_mapping);
    sorted->setSourceModel(m_mapping);
    auto *const table = new QTableView;
    name(table,
         QStringLiteral("copyMapping"),
         tr("Mapping of the copy"),
         tr("Which column of the source went into which of the sink"));
    table->setModel(sorted);
    dressTable(table, Qt::UserRole, {});
    table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as it was written
    table->setSortingEnabled(true);
    for (const int column : {CopyMappingModel::Source, CopyMappingModel::SourceType, CopyMappingModel::Sink})
        table->horizontalHeader()->resizeSection(column, scaled(column == CopyMappingModel::SourceType ? 160 : 260));
    new TableHabits(table, m_workbench.settings(), QStringLiteral("monitor/mapping")); // the table owns it
    m_byName->setWordWrap(true);
    m_byName->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_byName->setContentsMargins(12, 12, 12, 12);
    m_mappingStack->addWidget(table);
    m_mappingStack->addWidget(m_byName);
    return m_mappingStack;
}

QWidget *CopyRunPage::makeFiles()
{
    auto *const sorted = new QSortFilterProxyModel(m_files);
    sorted->setSourceModel(m_files);
    sorted->setSortRole(CopiedFilesModel::sortRole);
    auto *const table = new QTableView;
    name(
        table, QStringLiteral("copyFiles"), tr("Files of the copy"), tr("The files that were read, as they were then"));
    table->setModel(sorted);
    dressTable(table, Qt::UserRole + 1, {});
    table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // as they were read
    table->setSortingEnabled(true);
    table->horizontalHeader()->resizeSection(CopiedFilesModel::Path, scaled(560));
    table->horizontalHeader()->resizeSection(CopiedFilesModel::Size, scaled(120));
    new TableHabits(table, m_workbench.settings(), QStringLiteral("monitor/files")); // the table owns it
    m_noFiles->setWordWrap(true);
    m_noFiles->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_noFiles->setContentsMargins(12, 12, 12, 12);
    m_filesStack->addWidget(table);
    m_filesStack->addWidget(m_noFiles);
    return m_filesStack;
}

QWidget *CopyRunPage::makeTabs()
{
    auto *const frame = new QFrame;
    setLook(frame, "card");
    nameTabs(m_tabs,
             QStringLiteral("copyTabs"),
             tr("Rejected rows, files, mapping, output and error of the copy"),
             tr("Choose what is shown of the copy"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_rejects, tr("Rejected rows"));
    m_tabs->addTab(makeFiles(), tr("Files"));
    m_tabs->addTab(makeMapping(), tr("Mapping"));
    m_tabs->addTab(m_output, tr("Output JSON"));
    m_tabs->addTab(m_errorText, tr("Error"));
    m_tabs->setMinimumHeight(scaled(leastTabs));
    connect(m_rejects, &RejectsPanel::countChanged, this, [this](qint64 count) {
        m_tabs->setTabText(RejectsTab,
                           count > 0 ? tr("Rejected rows (%1)").arg(countText(count)) : tr("Rejected rows"));
        m_tabs->setTabIcon(RejectsTab, count > 0 ? icon(QStringLiteral("triangle-alert"), IconRole::Warn) : QIcon());
    });
    auto *const column = new QVBoxLayout(frame);
    column->setContentsMargins(6, 4, 6, 6);
    column->addWidget(m_tabs);
    return frame;
}

void CopyRunPage::setActivity(const RunWatch *run, const ActivityRunId &activity)
{
    if (m_run)
        disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_id = activity;
    m_samples.clear();
    m_chart->setPoints({});
    if (!run) {
        m_rejects->setCopy({}, {}, {});
        return;
    }
    connect(run, &RunWatch::progressed, this, [this](const ActivityRunId &id) {
        if (id == m_id)
            sampled();
    });
    connect(run, &RunWatch::activityChanged, this, &CopyRunPage::showSoon);
    connect(run, &RunWatch::runChanged, this, &CopyRunPage::showSoon);
    connect(run, &RunWatch::pipelineLoaded, this, &CopyRunPage::showSoon);
    connect(run, &QObject::destroyed, this, [this] { m_run = nullptr; });
    askForHistory();
    showCopy();
    const ActivityRecord *const copy = this->activity();
    m_tabs->setCurrentIndex(copy && copy->status == ActivityStatus::Failed       ? ErrorTab
                                : copy && intAt(copy->output, "rowsSkipped") > 0 ? RejectsTab
                                : m_tabs->currentIndex() == ErrorTab && copy && copy->error.isEmpty()
                                ? OutputTab
                                : m_tabs->currentIndex());
}

const ActivityRecord *CopyRunPage::activity() const { return m_run ? m_run->activity(m_id) : nullptr; }

void CopyRunPage::askForHistory()
{
    const QString route = runRoute(m_run->id(), "/progress?activityRun=") + encodedPath(m_id.text());
    m_workbench.engine().get(route, this, [this, id = m_id](const Result<Json> &answer) {
        if (!answer || id != m_id)
            return; // the chart says that there is nothing to draw
        QList<CopySample> samples;
        int attempt = 0;
        const Json &list = memberAt(*answer, "value");
        for (const Json &point : list) {
            const auto at = instantFromIso(stringAt(point, "at"));
            if (!at || !point.contains("rowsCopied"))
                continue;
            if (intAt(point, "attempt", 1) != attempt) // only the last attempt wrote what is there
                samples.clear();
            attempt = int(intAt(point, "attempt", 1));
            samples.append({*at, intAt(point, "rowsCopied")});
        }
        for (const CopySample &sample : std::as_const(m_samples)) { // heard of while the answer came
            if (samples.isEmpty() || sample.at > samples.last().at)
                samples.append(sample);
        }
        m_samples = samples;
        showSoon();
    });
}

void CopyRunPage::sampled()
{
    const CopyProgress &progress = m_run->progress(m_id);
    if (!m_samples.isEmpty() && progress.rows() < m_samples.last().rows)
        m_samples.clear(); // another attempt
    m_samples.append({now(), progress.rows()});
    showSoon();
}

void CopyRunPage::showSoon()
{
    if (!m_soon.isActive())
        m_soon.start();
}

void CopyRunPage::showCopy()
{
    const ActivityRecord *const copy = activity();
    if (!copy)
        return;
    const bool isRunning = !isTerminal(copy->status);
    const CopySummary summary = copySummary(*m_run, *copy);
    m_flow->show(summary, isRunning);
    showFigures(summary, *copy);
    showError(*copy);
    m_phases->show(summary);
    m_phases->setVisible(!summary.phases.isEmpty());
    m_noPhases->setVisible(summary.phases.isEmpty());
    m_noPhases->setText(isRunning
                            ? (summary.phase.isEmpty() ? tr("The copy waits to begin.")
                                                       : tr("%1 … The shares are known at the end.").arg(summary.phase))
                            : tr("Nothing was measured: the copy did not begin."));
    const QList<QPointF> points = throughput(m_samples);
    m_chart->setPoints(points);
    m_chart->setVisible(points.size() > 1);
    m_noChart->setVisible(points.size() <= 1);
    m_noChart->setText(isRunning ? tr("The first figures come within a second.")
                                 : tr("The copy was too short to measure its course."));
    const Json &translator = memberAt(memberAt(m_run->definition(copy->name), "typeProperties"), "translator");
    const QList<MappedColumn> columns = mappedColumns(translator);
    m_mapping->setColumns(columns);
    m_mappingStack->setCurrentIndex(columns.isEmpty() ? 1 : 0);
    m_byName->setText(m_run->pipeline().is_null()
                          ? tr("The published version of this run is not there any more.")
                          : tr("No mapping was written: columns with the same name were mapped to each other."));
    m_output->setJson(copy->output, isRunning ? tr("The output is there at the end.") : tr("The copy gave no output."));
    m_errorText->setText(errorText(copy->error), tr("The copy has no error."));
    showRejects(summary, *copy);
    m_tabs->setTabIcon(ErrorTab, copy->error.isEmpty() ? QIcon() : icon(QStringLiteral("octagon-x"), IconRole::Bad));
    if (isRunning)
        showSoon(); // its duration grows
}

void CopyRunPage::showRejects(const CopySummary &summary, const ActivityRecord &copy)
{
    const bool isRunning = !isTerminal(copy.status);
    const Json &typed = memberAt(m_run->definition(copy.name), "typeProperties");
    m_rejects->setHint(isRunning ? tr("They are here when the copy has ended.")
                           : boolAt(typed, "enableSkipIncompatibleRow")
                           ? tr("Every row that was read was written.")
                           : tr("The first bad row fails this copy. With “Skip bad rows” in its settings they are left "
                                "out and kept here."));
    // While it runs there is nothing to ask for; what is asked for then would be old at its end.
    if (isRunning)
        m_rejects->setCopy({}, {}, {});
    else
        m_rejects->setCopy(m_run->id(), copy.id, summary.sink.name);
    const QList<CopiedFile> files = copiedFiles(copy.output);
    m_files->setFiles(files, m_workbench.zone());
    m_filesStack->setCurrentIndex(files.isEmpty() ? 1 : 0);
    m_noFiles->setText(isRunning ? tr("The files are listed at the end.")
                                 : tr("The source is no file, or the copy did not come to reading it."));
}

void CopyRunPage::showFigures(const CopySummary &summary, const ActivityRecord &copy)
{
    const bool isSkipping = summary.rowsSkipped.value_or(0) > 0;
    QList<FigureStrip::Figure> figures{
        {tr("Rows read"), figure(summary.rowsRead)},
        {tr("Rows written"), figure(summary.rowsWritten)},
        {tr("Rows rejected"), figure(summary.rowsSkipped), isSkipping ? "warn" : nullptr},
    };
    FigureStrip::Figure balance{tr("Read = written + rejected"), none};
    if (summary.isAlreadyLoaded) {
        balance.value = tr("loaded before");
        balance.toolTip = tr("An earlier attempt had loaded these rows; they were not loaded twice.");
    } else if (summary.balance == CopySummary::Balance::Balanced) {
        balance.value = tr("✓ balanced");
        balance.look = "ok";
        balance.toolTip = tr("Every row that was read was written or rejected.");
    } else if (summary.balance == CopySummary::Balance::Off) {
        balance.value = tr("✗ off by %1").arg(countText(summary.difference));
        balance.look = "bad";
        balance.toolTip = tr("Some rows that were read were neither written nor rejected, or the other way round.");
    }
    figures.append(balance);
    figures.append({tr("Duration"), copy.start ? durationText(durationOf(copy, now())) : none});
    if (summary.peakMemory)
        figures.append({tr("Peak memory"), bytesText(*summary.peakMemory)});
    m_figures->setFigures(figures);
}

void CopyRunPage::showError(const ActivityRecord &copy)
{
    const bool isFailed = copy.status == ActivityStatus::Failed;
    m_error->setVisible(isFailed);
    if (!isFailed)
        return;
    m_error->setTitle(tr("%1 failed: %2").arg(copy.name, copy.error.message));
    const Json &details = copy.error.details;
    QStringList place;
    if (const QString file = stringAt(details, "file"); !file.isEmpty())
        place.append(tr("File %1").arg(file));
    if (const qint64 row = intAt(details, "row"); row > 0)
        place.append(tr("row %1").arg(countText(row)));
    if (const QString column = stringAt(details, "column"); !column.isEmpty())
        place.append(tr("column %1").arg(column));
    if (const QString value = stringAt(details, "value"); !value.isEmpty())
        place.append(tr("value “%1”").arg(value.left(200)));
    m_error->setText(place.join(QStringLiteral(", ")));
}

} // namespace designer

#include "moc_CopyRunPage.cpp"
