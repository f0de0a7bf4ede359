#include "tests/engine/store/StoreSamples.h"

using namespace engine;

namespace tests {

Instant at(qint64 seconds) { return Instant(Millis(1'767'225'600'000 + seconds * 1000)); }

RunRecord sampleRun(const QString &id, const QString &pipeline)
{
    RunRecord run;
    run.id = RunId(id);
    run.group = RunGroupId(QStringLiteral("group of ") + id);
    run.factory = FactoryId(QStringLiteral("titanic"));
    run.version = 3;
    run.pipeline = pipeline;
    run.parameters = {{"Folder", "data"}, {"Müller", 7}};
    run.queuedAt = at(0);
    run.lastUpdated = at(1);
    return run;
}

ActivityRecord sampleActivity(const QString &run, const QString &name)
{
    ActivityRecord activity;
    activity.id = ActivityRunId(run + u'/' + name);
    activity.run = RunId(run);
    activity.pipeline = QStringLiteral("Load Titanic");
    activity.name = name;
    activity.path = name;
    activity.type = QStringLiteral("Copy");
    activity.status = ActivityStatus::InProgress;
    activity.start = at(2);
    return activity;
}

namespace {

template <typename Record> RunEvent wrap(const Record &record, const RunId &run)
{
    return {.sequence = 0, .at = at(5), .factory = FactoryId(QStringLiteral("titanic")), .run = run, .body = record};
}

} // namespace

RunEvent eventOf(const RunRecord &run) { return wrap(run, run.id); }
RunEvent eventOf(const ActivityRecord &activity) { return wrap(activity, activity.run); }
RunEvent eventOf(const AttemptRecord &attempt) { return wrap(attempt, attempt.run); }
RunEvent eventOf(const CellRecord &cell) { return wrap(cell, cell.run); }

} // namespace tests
