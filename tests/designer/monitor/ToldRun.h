#pragma once

#include "tests/designer/monitor/RunBook.h"

namespace tests {

// One run as an engine tells it: its records, its pipeline, the course of its copies. Change them, then serve().
class ToldRun
{
public:
    ToldRun(RunBook &book, engine::RunStatus status, engine::Instant start);

    engine::ActivityRecord &activity(const QString &name, const QString &type, engine::ActivityStatus status);
    engine::CellRecord &cell(const QString &activity, engine::CellStatus status, qint64 fromMs, qint64 toMs);
    void define(const QString &activity, const QString &type, const QStringList &after); // in the pipeline
    void serve(); // answers from now on
    void happen(const engine::RunEvent::Body &body);

    engine::Instant at(qint64 ms) const { return run.start.value_or(run.queuedAt) + engine::Millis(ms); }
    engine::ActivityRecord &of(const QString &activity);

    RunBook &book;
    engine::RunRecord run;
    QList<engine::ActivityRecord> activities;
    QList<engine::CellRecord> cells;
    QList<engine::AttemptRecord> attempts;
    engine::Json definitions = engine::Json::array();
    engine::Json datasets = engine::Json::object();
    engine::Json progress = engine::Json::array();
};

// The run of the design's pictures: a notebook that fails in its fourth cell, a copy that does not start.
ToldRun failedTitanic(RunBook &book);
// A copy of 8,100,000 rows with 37 skipped; `status` Succeeded, or InProgress without an end and output.
ToldRun salesCopy(RunBook &book, engine::ActivityStatus status);

} // namespace tests
