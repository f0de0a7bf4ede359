#include "designer/monitor/TimelineRows.h"

#include "designer/monitor/ActivityTableModel.h"

#include <QCoreApplication>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

struct TimelineText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Timeline)
};

bool allows(const Json &dependency, const char *condition)
{
    const Json &conditions = memberAt(dependency, "dependencyConditions");
    return std::any_of(conditions.begin(), conditions.end(), [condition](const Json &given) {
        return given.is_string()
            && QString::compare(toQString(given.get<std::string>()), QLatin1String(condition), Qt::CaseInsensitive)
            == 0;
    });
}

// Since when an activity could have run: the end of the last one it depends on, else the start of the run.
Instant readyAt(const RunWatch &run, const ActivityRecord &activity)
{
    Instant ready = run.run().start.value_or(run.run().queuedAt);
    const Json &dependencies = memberAt(run.definition(activity.name), "dependsOn");
    for (const Json &dependency : dependencies) {
        const ActivityRecord *const before = run.activityAt(stringAt(dependency, "activity"));
        if (before && before->end)
            ready = std::max(ready, *before->end);
    }
    return ready;
}

TimelineRow::Bar bar(Instant waitedFrom, Instant start, const std::optional<Instant> &end, const StatusLook &look)
{
    return {std::min(waitedFrom, start), start, end, look, look.role == IconRole::Bad, 1};
}

QList<TimelineRow::Bar> barsOf(const RunWatch &run, const ActivityRecord &activity)
{
    QList<TimelineRow::Bar> bars;
    Instant waitedFrom = readyAt(run, activity);
    const QList<AttemptRecord> attempts = run.attempts(activity.id);
    for (const AttemptRecord &attempt : attempts) {
        bars.append(bar(waitedFrom, attempt.start, attempt.end, statusLook(attempt.status)));
        bars.last().attempt = attempt.number;
        if (attempt.end)
            waitedFrom = *attempt.end;
    }
    if (bars.isEmpty() && activity.start)
        bars.append(bar(waitedFrom, *activity.start, activity.end, statusLook(activity.status)));
    return bars;
}

TimelineRow activityRow(const RunWatch &run, const ActivityRecord &activity)
{
    TimelineRow row;
    row.activityRun = activity.id;
    row.activity = activity.path;
    row.depth = int(activity.path.count(u'/'));
    row.label = activity.name;
    row.look = lookOf(activity);
    row.bars = barsOf(run, activity);
    if (!row.bars.isEmpty())
        return row;
    if (activity.status == ActivityStatus::Skipped) {
        const QString why = whyNotStarted(run, activity.name);
        row.note = why.isEmpty() ? TimelineText::tr("not started") : TimelineText::tr("not started: %1").arg(why);
    } else {
        row.note = activity.reason.isEmpty() ? row.look.word : activity.reason;
    }
    return row;
}

void appendCells(const RunWatch &run, const ActivityRecord &activity, QList<TimelineRow> &rows)
{
    const QList<AttemptRecord> attempts = run.attempts(activity.id);
    Instant waitedFrom = attempts.isEmpty() ? activity.start.value_or(run.run().queuedAt) : attempts.last().start;
    for (const CellRecord &cell : run.cells(activity.id)) {
        if (cell.kind != u"code" || (!cell.start && cell.status == CellStatus::Skipped))
            continue;
        TimelineRow row;
        row.activityRun = activity.id;
        row.activity = activity.path;
        row.cell = cell.index + 1;
        row.depth = int(activity.path.count(u'/')) + 1;
        row.label = cell.title.isEmpty() ? TimelineText::tr("Cell %1").arg(row.cell)
                                         : TimelineText::tr("Cell %1 %2").arg(row.cell).arg(cell.title);
        row.look = statusLook(cell.status);
        if (cell.start) {
            row.bars.append(bar(waitedFrom, *cell.start, cell.end, row.look));
            waitedFrom = cell.end.value_or(*cell.start);
        } else {
            row.note = row.look.word;
        }
        rows.append(row);
    }
}

} // namespace

QList<TimelineRow> timelineRows(const RunWatch &run, const QStringList &collapsed)
{
    QList<TimelineRow> rows;
    for (const ActivityRecord &activity : run.activities()) {
        rows.append(activityRow(run, activity));
        if (!collapsed.contains(activity.path))
            appendCells(run, activity, rows);
    }
    const Json &activities = run.definitions();
    for (const Json &activity : activities) {
        const QString name = stringAt(activity, "name");
        if (run.activityAt(name))
            continue;
        TimelineRow row;
        row.activity = name;
        row.label = name;
        row.look = statusLook(ActivityStatus::Pending);
        row.note = isTerminal(run.run().status) ? TimelineText::tr("not started") : TimelineText::tr("waiting");
        rows.append(row);
    }
    return rows;
}

QString whyNotStarted(const RunWatch &run, const QString &activity)
{
    const Json &dependencies = memberAt(run.definition(activity), "dependsOn");
    for (const Json &dependency : dependencies) {
        const QString name = stringAt(dependency, "activity");
        const ActivityRecord *const before = run.activityAt(name);
        if (!before)
            continue;
        const bool isCompletedFine = allows(dependency, "Completed");
        if (before->status == ActivityStatus::Failed && !isCompletedFine && !allows(dependency, "Failed"))
            return TimelineText::tr("%1 failed").arg(name);
        if (before->status == ActivityStatus::Succeeded && !isCompletedFine && !allows(dependency, "Succeeded"))
            return TimelineText::tr("%1 succeeded").arg(name);
        if (before->status == ActivityStatus::Skipped && !allows(dependency, "Skipped"))
            return TimelineText::tr("%1 was skipped").arg(name);
        if (before->status == ActivityStatus::Cancelled)
            return TimelineText::tr("%1 was cancelled").arg(name);
    }
    return {};
}

} // namespace designer
