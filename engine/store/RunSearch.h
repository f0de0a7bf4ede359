#pragma once

#include "engine/records/Records.h"

#include <QMap>
#include <QStringList>

namespace engine {

// Debug runs are pinned to a draft (a version below 0) and never among the others.
enum class RunKind { Production, Debug, All };

// What a list of runs shows. Every condition that is set must hold.
struct RunSearch
{
    FactoryId factory = {}; // empty = all
    RunKind kind = RunKind::Production;
    // Part of the pipeline's name, the run's id or the first 2,000 characters of its message, whatever the case.
    QString text = {};
    QStringList pipelines = {}; // any of these; so the next two
    QList<RunStatus> statuses = {};
    QStringList triggeredBy = {}; // "Manual" or names of triggers
    std::optional<Instant> after = {}; // started (while waiting: queued) at or after
    std::optional<Instant> before = {}; // at or before
    enum class Key { Start, Duration, Pipeline, Status, Version, TriggeredBy } orderBy = Key::Start;
    enum class Direction { Ascending, Descending } order = Direction::Descending; // equal ones: the newest first
    int offset = 0;
    int limit = 200; // 0 = only the numbers
    Instant now = {}; // up to when a run that has not ended has taken time
};

struct RunPage
{
    QList<RunRecord> runs;
    int total = 0; // that match, listed or not
    QMap<RunStatus, int> counts; // of those that match, by status; none is 0
};

// What RunSearch::text is looked for in: lines, case-folded.
QString searchTextOf(const RunRecord &run);

} // namespace engine
