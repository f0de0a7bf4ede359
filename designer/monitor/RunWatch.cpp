#include "designer/monitor/RunWatch.h"

#include "designer/monitor/RunCommands.h"
#include "designer/shell/Workbench.h"

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

template <typename Record> QList<Record> recordsIn(const Json &answer, Record (*read)(const Json &))
{
    QList<Record> records;
    const Json &list = memberAt(answer, "value");
    for (const Json &json : list)
        records.append(read(json));
    return records;
}

bool isFailed(const ActivityRecord &activity) { return activity.status == ActivityStatus::Failed; }

} // namespace

RunWatch::RunWatch(Workbench &workbench, RunId run, QObject *parent)
    : QObject(parent)
    , m_workbench(workbench)
    , m_id(std::move(run))
{
    m_run.id = m_id;
    connect(&workbench.engine(), &EngineConnection::happened, this, &RunWatch::happened);
    connect(&workbench.engine(), &EngineConnection::caughtUp, this, &RunWatch::reload);
    reload();
}

// --- Loading ---------------------------------------------------------------------------------------------------------

void RunWatch::reload()
{
    const auto parts = std::make_shared<Parts>();
    m_loading = parts;
    m_meanwhile.clear();
    ask(parts, "/record", [](Parts &p, const Json &answer) {
        p.run = runRecordFromJson(answer);
        p.factoryName = stringAt(answer, "factoryName");
    });
    ask(parts, "/activityrecords", [](Parts &p, const Json &answer) {
        p.activities = recordsIn(answer, activityRecordFromJson);
    });
    ask(parts, "/attempts", [](Parts &p, const Json &answer) {
        p.attempts = recordsIn(answer, attemptRecordFromJson);
    });
    ask(parts, "/cells?outputs=none", [](Parts &p, const Json &answer) {
        p.cells = recordsIn(answer, cellRecordFromJson);
    });
}

void RunWatch::ask(const std::shared_ptr<Parts> &parts, const char *what, void (*read)(Parts &, const Json &))
{
    m_workbench.engine().get(runRoute(m_id, what), this, [this, parts, read](const Result<Json> &answer) {
        if (answer)
            read(*parts, *answer);
        else
            parts->error = answer.error();
        if (--parts->missing == 0 && parts == m_loading)
            arrived(parts);
    });
}

void RunWatch::arrived(const std::shared_ptr<Parts> &parts)
{
    m_loading.reset();
    if (parts->error) {
        setState(State::Failed, *parts->error);
        return;
    }
    const bool isFirst = m_state != State::Ready;
    m_factoryName = parts->factoryName;
    m_state = State::Ready; // so that what is announced now is read as it is
    m_error = {};
    for (const AttemptRecord &attempt : std::as_const(parts->attempts))
        take(attempt);
    for (const CellRecord &cell : std::as_const(parts->cells))
        m_cells[cell.activityRun].insert({cell.attempt, cell.index}, cell);
    for (const ActivityRecord &activity : std::as_const(parts->activities))
        take(activity);
    take(parts->run);
    for (const RunEvent &event : std::exchange(m_meanwhile, {}))
        happened(event);
    if (isFirst)
        emit stateChanged();
    emit runChanged();
    for (const CellRecord &cell : std::as_const(parts->cells)) {
        if (cell.index == 0)
            emit cellsChanged(cell.activityRun);
    }
    if (m_pipeline.is_null())
        askForPipeline();
}

void RunWatch::askForPipeline()
{
    m_workbench.engine().get(runRoute(m_id, "/pipeline"), this, [this](const Result<Json> &answer) {
        if (!answer)
            return; // a version that is gone: the page shows what was recorded
        m_pipeline = *answer;
        emit pipelineLoaded();
    });
}

void RunWatch::setState(State state, const Error &error)
{
    if (m_state == State::Ready && state == State::Failed)
        return; // what is shown stays; the live mark says that it is old
    m_state = state;
    m_error = error;
    emit stateChanged();
}

// --- Events ----------------------------------------------------------------------------------------------------------

void RunWatch::happened(const RunEvent &event)
{
    if (event.run != m_id)
        return;
    if (m_loading)
        m_meanwhile.append(event);
    if (m_state != State::Ready)
        return;
    if (const auto *const run = std::get_if<RunRecord>(&event.body)) {
        take(*run);
        emit runChanged();
    } else if (const auto *const activity = std::get_if<ActivityRecord>(&event.body)) {
        take(*activity);
    } else if (const auto *const cell = std::get_if<CellRecord>(&event.body)) {
        take(*cell);
    } else if (const auto *const attempt = std::get_if<AttemptRecord>(&event.body)) {
        take(*attempt);
    } else if (const auto *const progress = std::get_if<ActivityProgress>(&event.body)) {
        m_progress[progress->activityRun].add(event.at, *progress);
        emit progressed(progress->activityRun);
    }
}

void RunWatch::take(const RunRecord &run)
{
    if (m_run.lastUpdated <= run.lastUpdated) // an answer may be older than an event that overtook it
        m_run = run;
}

// A record never goes back from an end, and the engine sends whole states: the later one counts.
void RunWatch::take(const ActivityRecord &activity)
{
    for (int i = 0; i < m_activities.size(); ++i) {
        ActivityRecord &known = m_activities[i];
        if (known.id != activity.id)
            continue;
        if (known == activity || (isTerminal(known.status) && !isTerminal(activity.status)))
            return;
        known = activity;
        emit activityChanged(i);
        return;
    }
    m_activities.append(activity);
    emit activityAdded(int(m_activities.size()) - 1);
}

void RunWatch::take(const CellRecord &cell)
{
    m_cells[cell.activityRun].insert({cell.attempt, cell.index}, cell);
    emit cellsChanged(cell.activityRun);
}

void RunWatch::take(const AttemptRecord &attempt) { m_attempts[attempt.activityRun].insert(attempt.number, attempt); }

// --- Reading ---------------------------------------------------------------------------------------------------------

const ActivityRecord *RunWatch::activity(const ActivityRunId &id) const
{
    const auto found = std::find_if(m_activities.cbegin(), m_activities.cend(), [&id](const ActivityRecord &activity) {
        return activity.id == id;
    });
    return found == m_activities.cend() ? nullptr : &*found;
}

const ActivityRecord *RunWatch::activityAt(const QString &path) const
{
    for (auto activity = m_activities.crbegin(); activity != m_activities.crend(); ++activity) {
        if (activity->path == path)
            return &*activity;
    }
    return nullptr;
}

const ActivityRecord *RunWatch::firstFailure() const
{
    const ActivityRecord *first = nullptr;
    for (const ActivityRecord &activity : m_activities) {
        if (isFailed(activity) && (!first || (activity.end && first->end && *activity.end < *first->end)))
            first = &activity;
    }
    return first;
}

QList<CellRecord> RunWatch::cells(const ActivityRunId &activity) const
{
    const auto all = m_cells.value(activity);
    QList<CellRecord> cells;
    if (all.isEmpty())
        return cells;
    const int last = all.lastKey().first;
    for (auto cell = all.lowerBound({last, 0}); cell != all.cend(); ++cell)
        cells.append(*cell);
    return cells;
}

QList<AttemptRecord> RunWatch::attempts(const ActivityRunId &activity) const
{
    return m_attempts.value(activity).values();
}

const Json &RunWatch::definitions() const
{
    return memberAt(memberAt(memberAt(m_pipeline, "pipeline"), "properties"), "activities");
}

const Json &RunWatch::definition(const QString &activity) const
{
    for (const Json &definition : definitions()) {
        if (stringAt(definition, "name") == activity)
            return definition;
    }
    return memberAt(m_pipeline, ""); // a null
}

const CopyProgress &RunWatch::progress(const ActivityRunId &activity) const
{
    static const CopyProgress none;
    const auto found = m_progress.constFind(activity);
    return found == m_progress.cend() ? none : *found;
}

} // namespace designer

#include "moc_RunWatch.cpp"
