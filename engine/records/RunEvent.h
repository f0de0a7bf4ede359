#pragma once

#include "engine/records/Records.h"

#include <variant>

namespace engine {

// One output of a running cell, or the change of an earlier one.
struct CellOutput
{
    ActivityRunId activityRun;
    int attempt = 1;
    int cell = 0; // index
    enum class Change { Append, Replace, Clear } change = Change::Append;
    int position = 0; // of Append and Replace: index in the cell's list of outputs; a stream that grows is a Replace
    Json output; // nbformat output object
    bool operator==(const CellOutput &) const = default;
};

// Where a running activity stands. Copy: rowsRead, rowsCopied, rowsSkipped, dataRead (bytes), phase. At most ten a
// second.
struct ActivityProgress
{
    ActivityRunId activityRun;
    Json progress = Json::object();
    int attempt = 1;
    bool operator==(const ActivityProgress &) const = default;
};

// The rejected rows of a copy have changed their states: {"activityRun", "rejected", "corrected", "loading", "loaded",
// "kept", "counted", "reload"}. Also long after the run has ended; kept nowhere, the reject store knows.
struct RejectsChange
{
    ActivityRunId activityRun;
    Json change = Json::object();
    bool operator==(const RejectsChange &) const = default;
};

// Everything that happens in a run, as one value type: journaled, streamed, printed. A record in a body is the whole
// new state, so replaying events in order gives the state after the last of them.
struct RunEvent
{
    using Body =
        std::variant<RunRecord, ActivityRecord, AttemptRecord, CellRecord, CellOutput, ActivityProgress, RejectsChange>;

    qint64 sequence = 0; // given by the journal; 0 for what only telemetry keeps
    Instant at;
    FactoryId factory;
    RunId run;
    Body body;

    // D1 (journal, before anyone sees it), or D2 (telemetry) and what is only told.
    bool isDurable() const { return body.index() < 4; }
    QString kind() const; // run | activity | attempt | cell | output | progress | rejects
    bool operator==(const RunEvent &) const = default;
};

Json toJson(const RunEvent &event); // {"seq","at","factory","runId","kind","<kind>":{…}}
Result<RunEvent> runEventFromJson(const Json &json);

} // namespace engine
