#include "designer/manage/TriggerModel.h"

#include "designer/document/FactoryDocument.h"
#include "designer/manage/ManageTable.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/Moment.h"
#include "designer/widgets/StatusLook.h"

#include <QSize>

#include <limits>

namespace designer {

using namespace engine;

namespace {

constexpr qsizetype nextShown = 3;

QString outcomeText(const QString &outcome)
{
    if (outcome == u"Fired")
        return TriggerModel::tr("Fired");
    if (outcome == u"Coalesced")
        return TriggerModel::tr("Taken together with a later one");
    if (outcome == u"SkippedMisfire")
        return TriggerModel::tr("Skipped: the engine was not running");
    if (outcome == u"SkippedConcurrency")
        return TriggerModel::tr("Skipped: the run before was still under way");
    if (outcome == u"DeferredDegraded")
        return TriggerModel::tr("Put off: the store could not be written");
    return outcome;
}

TriggerRow rowFrom(const Json &json)
{
    TriggerRow row;
    row.factory = stringAt(json, "factory");
    row.factoryName = stringAt(json, "factoryName");
    row.name = stringAt(json, "name");
    row.key = row.factory + u'/' + row.name;
    for (const Json &pipeline : memberAt(json, "pipelines")) {
        if (pipeline.is_string())
            row.pipelines.append(toQString(pipeline.get<std::string>()));
    }
    row.sentence = stringAt(json, "sentence");
    row.problem = stringAt(json, "problem");
    row.state = stringAt(json, "runtimeState") == u"Started" ? TriggerRow::State::Started : TriggerRow::State::Stopped;
    for (const Json &occurrence : memberAt(json, "next")) {
        if (const std::optional<Instant> at = instantFromIso(stringAt(occurrence, "at")))
            row.next.append(*at);
    }
    const Json &last = memberAt(json, "last");
    if (last.is_object()) {
        row.lastAt = instantFromIso(stringAt(last, "triggerRunTimestamp"));
        row.lastText = outcomeText(stringAt(memberAt(last, "slipway"), "outcome", stringAt(last, "status")));
    }
    return row;
}

StatusLook lookOf(TriggerRow::State state)
{
    switch (state) {
    case TriggerRow::State::Started:
        return {TriggerModel::tr("Started"), QStringLiteral("circle-play"), IconRole::Ok};
    case TriggerRow::State::Stopped:
        return {TriggerModel::tr("Stopped"), QStringLiteral("circle-stop"), IconRole::Idle};
    case TriggerRow::State::Unpublished:
        return {TriggerModel::tr("Not published"), QStringLiteral("circle-dashed"), IconRole::Idle};
    }
    return {};
}

QString lastText(const TriggerRow &row) { return row.lastStatus ? statusLook(*row.lastStatus).word : row.lastText; }

QString joined(const QStringList &parts) { return parts.join(QStringLiteral(", ")); }

} // namespace

QList<TriggerRow> triggerRows(const Json &answer, const FactoryDocument *draft, const QString &openFactory)
{
    QList<TriggerRow> rows;
    QStringList published; // of the open factory
    for (const Json &json : memberAt(answer, "value")) {
        rows.append(rowFrom(json));
        if (rows.last().factory == openFactory)
            published.append(rows.last().name);
    }
    if (!draft)
        return rows;
    for (const EntityRef &ref : draft->entities(EntityKind::Trigger)) {
        if (published.contains(ref.name, Qt::CaseInsensitive))
            continue;
        TriggerRow row;
        row.name = ref.name;
        row.key = u'/' + ref.name;
        row.factoryName = draft->name();
        row.state = TriggerRow::State::Unpublished;
        for (const TriggeredPipeline &each : draft->factory().triggers.value(ref.name).pipelines)
            row.pipelines.append(each.pipeline);
        rows.append(row);
    }
    return rows;
}

QString TriggerModel::text(const TriggerRow &row, int column) const
{
    switch (column) {
    case Name:
        return row.name;
    case Pipelines:
        return joined(row.pipelines);
    case Schedule:
        return row.problem.isEmpty() ? row.sentence : row.problem;
    case State:
        return lookOf(row.state).word;
    case Next: {
        QStringList times;
        for (const Instant at : row.next.mid(0, nextShown))
            times.append(momentText(at, presentInstant(), m_zone));
        return row.state == TriggerRow::State::Started ? joined(times) : QString();
    }
    case Last:
        return row.lastAt ? tr("%1, %2", "Fired, yesterday 22:00")
                                .arg(lastText(row), momentText(*row.lastAt, presentInstant(), m_zone))
                          : QString();
    case FactoryName:
        return row.factoryName;
    default:
        return {};
    }
}

QString TriggerModel::toolTip(const TriggerRow &row, int column) const
{
    QStringList lines;
    if (column == Next && row.state == TriggerRow::State::Started) {
        for (const Instant at : row.next)
            lines.append(exactTimeText(at, m_zone));
        return lines.join(u'\n');
    }
    if (column == Last && row.lastAt)
        return lastText(row) + u'\n' + exactTimeText(*row.lastAt, m_zone);
    if (column == State && row.state == TriggerRow::State::Unpublished)
        return tr("It is in the draft only: publish the factory, then start it.");
    return text(row, column);
}

QVariant TriggerModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TriggerRow &line = row(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(line, index.column());
    case Qt::ToolTipRole:
        return toolTip(line, index.column());
    case ManageTable::lookRole:
        return index.column() == State ? QVariant::fromValue(lookOf(line.state)) : QVariant();
    case ManageTable::sortRole: {
        const qint64 never = std::numeric_limits<qint64>::max();
        if (index.column() == Next)
            return line.next.isEmpty() || line.state != TriggerRow::State::Started
                ? never
                : qint64(line.next.first().time_since_epoch().count());
        if (index.column() == Last)
            return line.lastAt ? qint64(line.lastAt->time_since_epoch().count()) : qint64(0);
        return text(line, index.column());
    }
    case Qt::DecorationRole:
        if (index.column() == Name)
            return icon(iconOf(EntityKind::Trigger), IconRole::Accent);
        if (index.column() == Last && line.lastStatus)
            return icon(statusLook(*line.lastStatus).icon, statusLook(*line.lastStatus).role);
        return index.column() == Schedule && !line.problem.isEmpty()
            ? QVariant(icon(QStringLiteral("triangle-alert"), IconRole::Warn))
            : QVariant();
    default:
        return {};
    }
}

QVariant TriggerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::SizeHintRole) {
        const int widths[] = {200, 180, 270, 140, 330, 200, 120};
        return QSize(scaled(widths[section]), 28);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Pipelines:
        return tr("Pipelines");
    case Schedule:
        return tr("Schedule");
    case State:
        return tr("State");
    case Next:
        return tr("Next");
    case Last:
        return tr("Last result");
    case FactoryName:
        return tr("Factory");
    default:
        return {};
    }
}

void TriggerModel::setZone(const QTimeZone &zone)
{
    m_zone = zone;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void addLastRuns(QList<TriggerRow> &rows, const Json &runs)
{
    for (const Json &json : memberAt(runs, "value")) {
        const RunRecord run = runRecordFromJson(json);
        for (TriggerRow &row : rows) {
            if (row.name != run.invokedBy.name || row.factory != run.factory.text())
                continue;
            const Instant at = run.start.value_or(run.queuedAt);
            if (!row.lastRun.isEmpty() || (row.lastAt && at < *row.lastAt - std::chrono::seconds(60)))
                continue; // a later occurrence was skipped: that is the last result
            row.lastRun = run.id.text();
            row.lastStatus = run.status;
            row.lastAt = at;
        }
    }
}

void TriggerModel::setChanging(const QString &key, bool isChanging)
{
    const int at = rowOf(key);
    if (at < 0)
        return;
    TriggerRow changed = row(at);
    changed.isChanging = isChanging;
    setRow(at, changed);
}

} // namespace designer

#include "moc_TriggerModel.cpp"
