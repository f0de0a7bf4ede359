#pragma once

#include "engine/copy/CopyJob.h"

#include <chrono>
#include <optional>

namespace engine {

// What a copy measured; the durations that never began stay 0.
struct CopyTimes
{
    Instant start; // wall clock, for the report only
    std::chrono::nanoseconds connecting{0}; // until source and sink are open and their columns match
    std::chrono::nanoseconds firstByte{0}; // from the start until the first rows were read
    std::chrono::nanoseconds script{0};
    std::chrono::nanoseconds transfer{0};
    std::chrono::nanoseconds reading{0}; // inside the source, on its own thread
    std::chrono::nanoseconds writing{0}; // the sink at work, not waiting for rows
    std::chrono::nanoseconds committing{0};
    std::chrono::nanoseconds total{0};
};

struct CopyFacts
{
    CopyTimes times;
    qint64 scriptRows = -1; // changed by the pre-copy script; -1 = not known
    qint64 filesWritten = -1; // -1 = the sink has no files
    qint64 filesLeftOut = 0; // that were written, but not as the source has them
    bool isVerified = false; // what was written was read again, and is right
    int readers = 1; // of the source, at once
    qint64 peakMemory = 0; // bytes: the largest resident memory of the whole process seen while the copy ran
    bool hasScript = false;
    bool alreadyLoaded = false; // the ledger had the load: nothing was copied again
    QStringList ignoredColumns;
    Json source; // fingerprint
    Json rejected; // RejectedRows::summary(); null = no row was left out
    QString logPath; // below the root of the log's store
    int filesDeleted = -1; // of the source, after the commit; -1 = none were to be
    QStringList warnings; // of a copy that succeeded
};

// Data Factory's output of a Copy activity (format.md §3.3); durations are in seconds. What is ours alone stands under
// "slipway".
Json copyOutput(const CopyPlan &plan, const CopyOutcome &outcome, const CopyFacts &facts);

} // namespace engine
