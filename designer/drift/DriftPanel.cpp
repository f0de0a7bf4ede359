#include "designer/drift/DriftPanel.h"

#include "designer/charts/CurveChart.h"
#include "designer/drift/DriftModel.h"
#include "designer/drift/StabilityBar.h"
#include "designer/monitor/MonitorTable.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/EmptyState.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/IconLabel.h"
#include "designer/widgets/SortHeader.h"
#include "designer/widgets/StatusPill.h"
#include "designer/widgets/TableHabits.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace designer {

using namespace engine;

namespace {

enum Page { Content, Empty };
constexpr int trendHeight = 230;

QString modelText(const ScoringDrift &scoring)
{
    if (scoring.model.isEmpty())
        return DriftPanel::tr("the model");
    return scoring.version > 0 ? QStringLiteral("%1/%2").arg(scoring.model).arg(scoring.version) : scoring.model;
}

QString titleText(const ScoringDrift &scoring)
{
    qsizetype far = 0;
    qsizetype moved = 0;
    for (const FeatureDrift &drift : scoring.features) {
        far += drift.level == DriftLevel::Alarm ? 1 : 0;
        moved += drift.level == DriftLevel::Warning ? 1 : 0;
    }
    QStringList parts;
    if (far > 0)
        parts += DriftPanel::tr("%n of %1 moved far from training", nullptr, int(far)).arg(scoring.features.size());
    if (moved > 0)
        parts += far > 0
            ? DriftPanel::tr("%n moved", nullptr, int(moved))
            : DriftPanel::tr("%n of %1 moved from training", nullptr, int(moved)).arg(scoring.features.size());
    if (!parts.isEmpty())
        return parts.join(QStringLiteral(", "));
    const bool mayBeChance = std::any_of(
        scoring.features.begin(), scoring.features.end(), [](const FeatureDrift &drift) { return drift.mayBeChance; });
    return mayBeChance ? DriftPanel::tr("Too few rows to tell") : DriftPanel::tr("The rows are as in training");
}

// The largest of all scorings of a run; nothing when none has it.
std::optional<double> largest(const Json &point, const char *key)
{
    std::optional<double> found;
    for (const Json &scoring : memberAt(point, "scorings")) {
        const Json &value = memberAt(scoring, key);
        if (value.is_number())
            found = std::max(found.value_or(0), value.get<double>());
    }
    return found;
}

// The longest pill, and room around it.
int levelWidth()
{
    FeatureDrift chance;
    chance.mayBeChance = true;
    int width = 0;
    for (const StatusLook &look : {driftLook(DriftLevel::None), driftLook(DriftLevel::Alarm), driftLook(chance)})
        width = std::max(width, StatusPill::widthOf(look, themeFont(TypeSize::Label)));
    return width + 2 * SortHeader::padding + 4;
}

} // namespace

DriftPanel::DriftPanel(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState)
    , m_icon(new IconLabel({}, IconRole::Ok, 20))
    , m_title(label({}))
    , m_text(label({}, "secondary"))
    , m_picker(new QComboBox)
    , m_model(new DriftModel(this))
    , m_table(new QTableView)
    , m_trend(new CurveChart(workbench, QStringLiteral("driftTrend")))
{
    setObjectName(QStringLiteral("driftPanel"));
    m_stack->addWidget(makeContent());
    m_stack->addWidget(m_empty);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    connect(m_empty, &EmptyState::acted, this, &DriftPanel::ask);
    connect(&workbench, &Workbench::zoneChanged, this, &DriftPanel::showHistory);
    connect(m_picker, &QComboBox::currentIndexChanged, this, &DriftPanel::showScoring);
}

QWidget *DriftPanel::makeContent()
{
    auto *const content = new QWidget;
    auto *const column = new QVBoxLayout(content);
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(10);
    m_title->setObjectName(QStringLiteral("driftTitle"));
    m_title->setFont(themeFont(TypeSize::Body, QFont::DemiBold));
    m_text->setObjectName(QStringLiteral("driftText"));
    m_text->setWordWrap(true);
    name(m_picker, QStringLiteral("driftPicker"), tr("Scoring"), tr("Which scoring of the notebook is shown"));
    auto *const words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    auto *const head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(m_icon, 0, Qt::AlignTop);
    head->addLayout(words, 1);
    head->addWidget(m_picker, 0, Qt::AlignTop);
    column->addLayout(head);

    auto *const sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_model);
    sorted->setSortRole(DriftModel::SortRole);
    name(m_table,
         QStringLiteral("driftTable"),
         tr("Drift of the score and of each feature"),
         tr("PSI below 0.1: as in training; from 0.1: moved; from 0.25: moved far"));
    m_table->setModel(sorted);
    dressTable(m_table, DriftModel::LookRole, {DriftModel::News});
    m_table->setItemDelegateForColumn(DriftModel::Stability, new StabilityBar(m_table));
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // what moved farthest first
    m_table->setSortingEnabled(true);
    const QList<std::pair<int, int>> widths{{DriftModel::Feature, 220},
                                            {DriftModel::Stability, 210},
                                            {DriftModel::Missing, 84},
                                            {DriftModel::TrainingMissing, 96}};
    for (const auto &[section, width] : widths)
        m_table->horizontalHeader()->resizeSection(section, scaled(width));
    m_table->horizontalHeader()->resizeSection(DriftModel::Level, levelWidth());
    new TableHabits(m_table, m_workbench.settings(), QStringLiteral("monitor/drift")); // the table owns it
    column->addWidget(m_table, 1);
    m_trend->setFixedHeight(scaled(trendHeight));
    column->addWidget(m_trend);
    return content;
}

void DriftPanel::setActivity(const RunRecord &run, const ActivityRecord &activity)
{
    const QString report = stringAt(memberAt(memberAt(activity.output, "slipway"), "drift"), "report");
    const bool isSame = m_activity == activity.id && m_report == report;
    m_run = run.id;
    m_activity = activity.id;
    if (isSame && !report.isEmpty())
        return; // it is there, or on its way
    m_report = report;
    ++m_asked;
    m_scorings.clear();
    if (!report.isEmpty()) {
        ask();
        return;
    }
    m_stack->setCurrentIndex(Empty);
    if (!isTerminal(activity.status))
        m_empty->say(QStringLiteral("git-compare"),
                     tr("Drift is told at the end"),
                     tr("When the notebook has ended, the rows it scored are compared with those of training."));
    else
        m_empty->say(QStringLiteral("git-compare"),
                     tr("No rows were compared"),
                     tr("ML.PREDICT compares the rows it scores with those of training when the model has a card: "
                        "models that are kept have one, a file has it beside it (titanic.pmml.card.json)."));
}

void DriftPanel::ask()
{
    m_stack->setCurrentIndex(Empty);
    m_empty->say(QStringLiteral("hourglass"), tr("Reading what is known of the drift…"), {});
    const QString route = QStringLiteral("/slipway/v1/runs/%1/activities/%2/drift")
                              .arg(encodedPath(m_run.text()), encodedPath(m_activity.text()));
    m_workbench.engine().get(route, this, [this, asked = ++m_asked](const Result<Json> &answer) {
        if (asked != m_asked)
            return;
        if (answer)
            take(*answer);
        else
            m_empty->say(QStringLiteral("circle-alert"),
                         tr("The drift could not be read"),
                         answer.error().message,
                         tr("Try again"));
    });
}

void DriftPanel::take(const Json &answer)
{
    m_scorings.clear();
    for (const Json &scoring : memberAt(answer, "scorings"))
        m_scorings.append(scoringDriftFromJson(scoring));
    m_history = memberAt(answer, "history");
    if (m_scorings.isEmpty()) {
        m_empty->say(QStringLiteral("git-compare"), tr("No rows were compared"), {});
        return;
    }
    qsizetype worst = 0;
    const QSignalBlocker quiet(m_picker);
    m_picker->clear();
    for (qsizetype i = 0; i < m_scorings.size(); ++i) {
        const ScoringDrift &scoring = m_scorings.at(i);
        const StatusLook look = driftLook(scoring.worst);
        m_picker->addItem(
            icon(look.icon, look.role),
            tr("Cell %1, %2: %3 rows")
                .arg(scoring.cell)
                .arg(fontMetrics().elidedText(modelText(scoring), Qt::ElideMiddle, 200), countText(scoring.rows)));
        if (scoring.worst > m_scorings.at(worst).worst)
            worst = i;
    }
    m_picker->setVisible(m_scorings.size() > 1);
    m_picker->setCurrentIndex(int(worst));
    m_stack->setCurrentIndex(Content);
    showScoring(int(worst));
    showHistory();
}

void DriftPanel::showScoring(int index)
{
    if (index < 0 || index >= m_scorings.size())
        return;
    const ScoringDrift &scoring = m_scorings.at(index);
    const StatusLook look = driftLook(scoring.worst);
    m_icon->setIcon(look.icon, look.role);
    m_title->setText(titleText(scoring));
    m_text->setText(tr("%1 rows that cell %2 scored, beside those %3 was trained with.")
                        .arg(countText(scoring.rows))
                        .arg(scoring.cell)
                        .arg(modelText(scoring)));
    m_model->setFeatures(scoring.features);
}

void DriftPanel::showHistory()
{
    PlotSeries score{.name = tr("score"), .points = {}};
    PlotSeries most{.name = tr("farthest feature"), .points = {}};
    QStringList starts;
    double highest = 0.3;
    for (const Json &point : m_history) {
        const double x = double(starts.size());
        const auto at = instantFromIso(stringAt(point, "start"));
        starts += at ? timeText(*at, m_workbench.zone()) : QString();
        for (const auto &[series, key] : {std::pair(&score, "score"), std::pair(&most, "most")}) {
            if (const std::optional<double> value = largest(point, key)) {
                series->points.append({x, *value});
                highest = std::max(highest, *value);
            }
        }
    }
    m_trend->setVisible(starts.size() > 1);
    if (starts.size() < 2)
        return;
    const double last = double(starts.size() - 1);
    const auto number = [](double value) { return stabilityText(value); };
    CurveChart::Content content;
    content.title = tr("The last runs");
    content.summary = tr("PSI in %n runs of this activity; 0.1: moved, 0.25: moved far", nullptr, int(starts.size()));
    content.x = {.title = tr("Run"), .low = 0, .high = last, .words = [starts](double value) {
                     const auto place = qsizetype(value + 0.5);
                     return place >= 0 && place < starts.size() && std::abs(value - double(place)) < 0.01
                         ? starts.at(place)
                         : QString();
                 }};
    content.y = {.title = tr("PSI"), .low = 0, .high = highest * 1.05, .words = number};
    for (const PlotSeries &series : {score, most}) {
        if (!series.points.isEmpty())
            content.series.append(series);
    }
    for (const double threshold : {0.1, 0.25})
        content.series.append({.name = stabilityText(threshold),
                               .points = {{0, threshold}, {last, threshold}},
                               .kind = PlotSeries::Kind::Reference});
    m_trend->setContent(content);
}

} // namespace designer

#include "moc_DriftPanel.cpp"
