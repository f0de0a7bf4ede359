#include "designer/monitor/ActivityTableModel.h"
#include "designer/monitor/Now.h"
#include "designer/monitor/RunTableModel.h"
#include "designer/monitor/RunTableRow.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/StatusLook.h"

#include <algorithm>

// What the cells of the run table say; how its rows come and go is in RunTableModel.cpp.
namespace designer {

using namespace engine;

namespace {

constexpr int longestShown = 300; // of an error in a cell; the tooltip has more
constexpr int longestTip = 2000;

QString shortened(const QString &text, int length) { return text.size() > length ? text.left(length) + u'…' : text; }

QString parametersText(const Json &parameters)
{
    QStringList parts;
    for (const auto &item : parameters.items()) {
        const QString value = item.value().is_string() ? toQString(item.value().get<std::string>())
                                                       : QString::fromUtf8(toCompact(item.value()));
        parts.append(toQString(item.key()) + QStringLiteral(" = ") + value);
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace

int RunTableModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : total(); }

int RunTableModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : columns; }

const RunRecord *RunTableModel::runAt(int row) const
{
    return row >= 0 && row < total() && m_rows[size_t(row)] ? &m_rows[size_t(row)]->run : nullptr;
}

QString RunTableModel::factoryNameAt(int row) const
{
    return runAt(row) ? m_rows[size_t(row)]->factoryName : QString();
}

int RunTableModel::rowOf(const engine::RunId &run) const
{
    const Row *const row = m_byId.value(run);
    if (!row)
        return -1;
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [row](const auto &candidate) { return candidate.get() == row; });
    return int(found - m_rows.begin());
}

QStringList RunTableModel::knownPipelines() const
{
    QStringList names = m_pipelines.values();
    names.sort(Qt::CaseInsensitive);
    return names;
}

QVariant RunTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const int column = index.column();
    if (role == Qt::TextAlignmentRole) {
        const bool isRight = column == Start || column == Duration;
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (isRight ? Qt::AlignRight : Qt::AlignLeft)));
    }
    if (!m_rows[size_t(index.row())])
        return role == Qt::DisplayRole && column == Pipeline ? QVariant(QStringLiteral("…")) : QVariant();
    const Row &row = *m_rows[size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return display(row, column);
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::ForegroundRole:
        return foreground(row, column);
    case Qt::FontRole:
        return column == Pipeline ? QVariant(themeFont(TypeSize::Body, QFont::DemiBold)) : QVariant();
    case Qt::CheckStateRole:
        if (column != Check)
            return {};
        return QVariant::fromValue(m_checked.contains(row.run.id) ? Qt::Checked : Qt::Unchecked);
    case Qt::AccessibleTextRole:
        return column == Pipeline ? QVariant(sentence(row)) : QVariant();
    case LookRole:
        return column == Status ? QVariant::fromValue(lookOf(row.run)) : QVariant();
    case RunIdRole:
        return row.run.id.text();
    default:
        return {};
    }
}

QVariant RunTableModel::display(const Row &row, int column) const
{
    const RunRecord &run = row.run;
    switch (column) {
    case Pipeline:
        return run.pipeline;
    case Status:
        return lookOf(run).word;
    case Start:
        return timeText(timeOf(run), m_workbench.zone());
    case Duration:
        return run.start ? durationText(durationOf(run, now())) : QStringLiteral("—");
    case TriggeredBy:
        return run.invokedBy.name == u"Manual" ? tr("Manual") : run.invokedBy.name;
    case Version:
        return run.version > 0 ? QStringLiteral("v%1").arg(run.version) : QString();
    case What:
        return shortened(causeText(whatHappened(row)).simplified(), longestShown);
    case RunId:
        return run.id.text();
    case Parameters:
        return shortened(parametersText(run.parameters).simplified(), longestShown);
    case Factory:
        return row.factoryName;
    default:
        return {};
    }
}

QString RunTableModel::whatHappened(const Row &row) const
{
    const RunRecord &run = row.run;
    if (run.status == RunStatus::Queued)
        return run.reason;
    if (!run.message.isEmpty())
        return run.message;
    if (!isTerminal(run.status))
        return row.progress.text();
    if (run.failedActivities)
        return tr("Some activities failed, and the pipeline handled it.");
    return {};
}

QVariant RunTableModel::foreground(const Row &row, int column) const
{
    const Theme &theme = Theme::current();
    if (column == What)
        return lookOf(row.run).role == IconRole::Warn ? theme.warn
            : row.run.status == RunStatus::Failed     ? theme.bad
                                                      : theme.text2;
    if (column == Version || column == RunId || column == Parameters || column == Factory)
        return theme.text2;
    return {};
}

QVariant RunTableModel::toolTip(const Row &row, int column) const
{
    const RunRecord &run = row.run;
    switch (column) {
    case Check:
        return tr("Select this run to cancel or rerun it together with others");
    case Start: {
        const QString exact = exactTimeText(timeOf(run), m_workbench.zone());
        const QString relative = relativeTimeText(timeOf(run), now());
        const QString text = run.start ? exact : tr("Queued %1").arg(exact);
        return relative.isEmpty() ? text : text + u'\n' + relative;
    }
    case What:
        return shortened(whatHappened(row), longestTip);
    case Parameters:
        return shortened(parametersText(run.parameters), longestTip);
    case TriggeredBy:
        return run.rerunOf.isEmpty() ? run.invokedBy.name
                                     : tr("%1, rerun of %2").arg(run.invokedBy.name, run.rerunOf.text());
    default:
        return display(row, column);
    }
}

QString RunTableModel::sentence(const Row &row) const
{
    const QString what = display(row, What).toString();
    const QString text = tr("%1, %2, %3").arg(row.run.pipeline, lookOf(row.run).word, display(row, Start).toString());
    return what.isEmpty() ? text : text + QStringLiteral(", ") + what;
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isRight = section == Start || section == Duration;
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (isRight ? Qt::AlignRight : Qt::AlignLeft)));
    }
    if (role == Qt::ToolTipRole && section != Check)
        return keyOf(section) ? tr("Click to sort; right-click to choose columns")
                              : tr("Right-click to choose columns");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Pipeline:
        return tr("Pipeline");
    case Status:
        return tr("Status");
    case Start:
        return tr("Start");
    case Duration:
        return tr("Duration");
    case TriggeredBy:
        return tr("Triggered by");
    case Version:
        return tr("Version");
    case What:
        return tr("What happened");
    case RunId:
        return tr("Run id");
    case Parameters:
        return tr("Parameters");
    case Factory:
        return tr("Factory");
    default:
        return QString();
    }
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == Check && runAt(index.row()))
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

// --- Checks ----------------------------------------------------------------------------------------------------------

bool RunTableModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || index.column() != Check || !runAt(index.row()))
        return false;
    const RunRecord &run = *runAt(index.row());
    if (value.value<Qt::CheckState>() == Qt::Checked)
        m_checked.insert(run.id, run);
    else
        m_checked.remove(run.id);
    changed(index.row(), Check, Check);
    emit checksChanged();
    return true;
}

void RunTableModel::toggleCheck(const QList<int> &rows)
{
    const bool areAll = std::all_of(rows.begin(), rows.end(), [this](int row) {
        const RunRecord *const run = runAt(row);
        return !run || m_checked.contains(run->id);
    });
    for (const int row : rows) {
        const RunRecord *const run = runAt(row);
        if (!run)
            continue;
        if (areAll)
            m_checked.remove(run->id);
        else
            m_checked.insert(run->id, *run);
        changed(row, Check, Check);
    }
    emit checksChanged();
}

void RunTableModel::clearChecks()
{
    const QList<engine::RunId> ids = m_checked.keys();
    m_checked.clear();
    for (const engine::RunId &id : ids) {
        if (const int row = rowOf(id); row >= 0)
            changed(row, Check, Check);
    }
    emit checksChanged();
}

QList<RunRecord> RunTableModel::checkedRuns() const
{
    QList<RunRecord> runs = m_checked.values();
    std::sort(runs.begin(), runs.end(), [](const RunRecord &a, const RunRecord &b) { return timeOf(a) > timeOf(b); });
    return runs;
}

// --- Order -----------------------------------------------------------------------------------------------------------

std::optional<RunListFilter::Key> RunTableModel::keyOf(int column)
{
    switch (column) {
    case Pipeline:
        return RunListFilter::Key::Pipeline;
    case Status:
        return RunListFilter::Key::Status;
    case Start:
        return RunListFilter::Key::Start;
    case Duration:
        return RunListFilter::Key::Duration;
    case TriggeredBy:
        return RunListFilter::Key::TriggeredBy;
    case Version:
        return RunListFilter::Key::Version;
    default:
        return {};
    }
}

int RunTableModel::columnOf(RunListFilter::Key key)
{
    for (int column = 0; column < columns; ++column) {
        if (keyOf(column) == key)
            return column;
    }
    return Start;
}

void RunTableModel::sort(int column, Qt::SortOrder order)
{
    const auto key = keyOf(column);
    if (!key || (*key == m_filter.orderBy && order == m_filter.order))
        return;
    RunListFilter filter = m_filter;
    filter.orderBy = *key;
    filter.order = order;
    setFilter(filter);
}

} // namespace designer
