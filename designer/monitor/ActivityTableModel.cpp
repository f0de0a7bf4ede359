#include "designer/monitor/ActivityTableModel.h"

#include "designer/drift/DriftModel.h"
#include "designer/monitor/Now.h"
#include "designer/monitor/TimelineRows.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Format.h"
#include "engine/model/ActivityDescriptor.h"

namespace designer {

using namespace engine;

namespace {

constexpr int tickMs = 200;

} // namespace

ActivityTableModel::ActivityTableModel(Workbench &workbench, QObject *parent)
    : QAbstractTableModel(parent)
    , m_workbench(workbench)
{
    m_ticks.setInterval(tickMs);
    connect(&m_ticks, &QTimer::timeout, this, &ActivityTableModel::tick);
    connect(&workbench, &Workbench::zoneChanged, this, [this] {
        for (int row = 0; row < m_count; ++row)
            changed(row);
    });
}

void ActivityTableModel::setRun(const RunWatch *run)
{
    beginResetModel(); // another run
    if (m_run)
        disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_count = run ? int(run->activities().size()) : 0;
    endResetModel();
    if (!run)
        return;
    connect(run, &RunWatch::activityAdded, this, [this](int index) {
        beginInsertRows({}, index, index);
        ++m_count;
        endInsertRows();
        m_ticks.start();
    });
    connect(run, &RunWatch::activityChanged, this, [this](int index) {
        changed(index);
        m_ticks.start();
    });
    connect(run, &RunWatch::progressed, this, [this](const ActivityRunId &id) {
        for (int row = 0; row < m_count; ++row) {
            if (at(row)->id == id)
                emit dataChanged(index(row, What), index(row, What));
        }
    });
    connect(run, &QObject::destroyed, this, [this] {
        m_run = nullptr;
        setRun(nullptr);
    });
    m_ticks.start();
}

const ActivityRecord *ActivityTableModel::at(int row) const
{
    return m_run && row >= 0 && row < m_count ? &m_run->activities().at(row) : nullptr;
}

void ActivityTableModel::changed(int row) { emit dataChanged(index(row, 0), index(row, columns - 1)); }

void ActivityTableModel::tick()
{
    bool isAny = false;
    for (int row = 0; row < m_count; ++row) {
        if (at(row)->status != ActivityStatus::InProgress)
            continue;
        isAny = true;
        emit dataChanged(index(row, Duration), index(row, Duration));
    }
    if (!isAny)
        m_ticks.stop();
}

QVariant ActivityTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const ActivityRecord &activity = *at(index.row());
    const int column = index.column();
    const bool isRight = column == Start || column == Duration || column == Attempts;
    switch (role) {
    case Qt::DisplayRole:
        return display(activity, column);
    case Qt::AccessibleTextRole:
        return column == Details ? partsText(activity) : display(activity, column);
    case Qt::ToolTipRole:
        if (column == Details)
            return partsText(activity);
        if (column == Start && activity.start)
            return exactTimeText(*activity.start, m_workbench.zone());
        return column == Name ? activity.path : display(activity, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (isRight ? Qt::AlignRight : Qt::AlignLeft)));
    case Qt::FontRole:
        return column == Name ? QVariant(themeFont(TypeSize::Body, QFont::DemiBold)) : QVariant();
    case Qt::ForegroundRole:
        if (column == What)
            return activity.status == ActivityStatus::Failed ? Theme::current().bad : Theme::current().text2;
        return column == Type ? QVariant(Theme::current().text2) : QVariant();
    case LookRole:
        return column == Status ? QVariant::fromValue(lookOf(activity)) : QVariant();
    case PathRole:
        return activity.path;
    case PartsRole:
        return column == Details ? QVariant(partsOf(activity)) : QVariant();
    case SortRole:
        return sortValue(activity, column);
    default:
        return {};
    }
}

int ActivityTableModel::partsOf(const ActivityRecord &activity)
{
    const auto isThere = [](const Json &json) { return json.is_structured() ? !json.empty() : !json.is_null(); };
    return (isThere(activity.input) ? Input : 0) | (isThere(activity.output) ? Output : 0)
        | (activity.error.isEmpty() ? 0 : Error);
}

QString ActivityTableModel::partsText(const ActivityRecord &activity)
{
    const int parts = partsOf(activity);
    QStringList words;
    if (parts & Input)
        words.append(tr("input"));
    if (parts & Output)
        words.append(tr("output"));
    if (parts & Error)
        words.append(tr("error"));
    return words.isEmpty() ? tr("Nothing to read") : tr("Read: %1").arg(words.join(QStringLiteral(", ")));
}

QVariant ActivityTableModel::display(const ActivityRecord &activity, int column) const
{
    switch (column) {
    case Name:
        return activity.path;
    case Type:
        return typeTitle(activity.type);
    case Status:
        return lookOf(activity).word;
    case Attempts:
        return activity.attempts > 0 ? QString::number(activity.attempts) : QStringLiteral("—");
    case Start:
        return activity.start ? timeText(*activity.start, m_workbench.zone()) : QStringLiteral("—");
    case Duration:
        return activity.start ? durationText(durationOf(activity, now())) : QStringLiteral("—");
    case What:
        return whatHappened(activity).simplified();
    default:
        return {};
    }
}

QVariant ActivityTableModel::sortValue(const ActivityRecord &activity, int column) const
{
    if (column == Start)
        return activity.start ? qint64(activity.start->time_since_epoch().count()) : 0;
    if (column == Duration)
        return qint64(durationOf(activity, now()).count());
    if (column == Details)
        return partsOf(activity);
    return column == Attempts ? QVariant(activity.attempts) : display(activity, column);
}

QString ActivityTableModel::whatHappened(const ActivityRecord &activity) const
{
    if (!activity.error.message.isEmpty())
        return activity.error.message;
    if (!activity.reason.isEmpty())
        return activity.reason;
    if (activity.isMocked)
        return tr("did not run: its outcome was given to the debug run");
    if (activity.substate == u"WaitingRetry" && activity.dueAt)
        return tr("next attempt at %1").arg(timeText(*activity.dueAt, m_workbench.zone()));
    if (activity.status == ActivityStatus::Skipped)
        return whyNotStarted(*m_run, activity.name);
    if (activity.status == ActivityStatus::InProgress)
        return m_run->progress(activity.id).text();
    if (activity.output.contains("rowsCopied"))
        return rowsText(intAt(activity.output, "rowsCopied"));
    if (const std::optional<DriftLevel> drift = driftOf(activity.output); drift == DriftLevel::Alarm)
        return tr("scored rows that moved far from those of training");
    else if (drift == DriftLevel::Warning)
        return tr("scored rows that moved from those of training");
    return {};
}

QVariant ActivityTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isRight = section == Start || section == Duration || section == Attempts;
        return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (isRight ? Qt::AlignRight : Qt::AlignLeft)));
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Activity");
    case Details:
        return tr("Details");
    case Type:
        return tr("Type");
    case Status:
        return tr("Status");
    case Attempts:
        return tr("Attempts");
    case Start:
        return tr("Start");
    case Duration:
        return tr("Duration");
    default:
        return tr("What happened");
    }
}

StatusLook lookOf(const RunRecord &run)
{
    if (run.status != RunStatus::Succeeded || run.message.isEmpty())
        return statusLook(run.status);
    return {ActivityTableModel::tr("Succeeded, drift"), QStringLiteral("triangle-alert"), IconRole::Warn};
}

StatusLook lookOf(const ActivityRecord &activity)
{
    if (activity.substate == u"WaitingRetry")
        return retryingLook();
    const qint64 rejected = activity.type == u"Copy" ? intAt(activity.output, "rowsSkipped") : 0;
    if (activity.status != ActivityStatus::Succeeded)
        return statusLook(activity.status);
    if (driftOf(activity.output) == DriftLevel::Alarm)
        return driftedLook();
    return rejected > 0 ? rejectedLook(rejected) : statusLook(activity.status);
}

Millis durationOf(const ActivityRecord &activity, Instant now)
{
    return activity.start ? activity.end.value_or(now) - *activity.start : Millis(0);
}

QString typeTitle(const QString &type)
{
    const ActivityDescriptor *const descriptor = activityDescriptor(type);
    return descriptor ? descriptor->title : type;
}

} // namespace designer

#include "moc_ActivityTableModel.cpp"
