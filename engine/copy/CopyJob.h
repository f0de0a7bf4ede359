#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Ids.h"
#include "engine/copy/CopyPlan.h"
#include "engine/copy/rejects/RejectKeeper.h"
#include "engine/records/Records.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace engine {

// Who loads: the row of the load ledger.
struct LoadIdentity
{
    LoadId load; // the same for every attempt of one activity run
    RunId run;
    QString activity; // path
    int attempt = 1;
    QString activityRun = {}; // id; names the folder of the log of rows left out
};

struct CopyCounts
{
    qint64 rowsRead = 0;
    qint64 rowsCopied = 0;
    qint64 rowsSkipped = 0;
    qint64 dataRead = 0; // bytes of the source
    qint64 dataWritten = 0; // bytes sent to the sink
    qint64 sourceSize = 0; // bytes; 0 = not known
    bool operator==(const CopyCounts &) const = default;
};

enum class CopyPhase { Connecting, PreCopyScript, Transferring, Committing, Done };
QString toString(CopyPhase phase);

struct CopyProgress
{
    CopyPhase phase = CopyPhase::Connecting;
    CopyCounts counts;
    double rowsPerSecond = 0; // over the last seconds
    double bytesPerSecond = 0; // of the source
    std::optional<std::chrono::seconds> remaining = {}; // of the transfer; nothing = not known
};

// What is about to be committed: journaled (D1) before COMMIT is sent.
struct CommitIntent
{
    CopyCounts counts;
    QString checksum; // order-free checksum of the rows
    Json source; // fingerprint: path, device, inode, size, mtime
};
Json toJson(const CommitIntent &intent);

// All called on the copy's own thread.
struct CopyHooks
{
    std::function<void(const CopyProgress &)> progress; // at most ten a second
    std::function<Result<>(const CommitIntent &)> beforeCommit; // blocks until recorded; an error rolls back
    std::shared_ptr<RejectKeeper> rejects = {}; // takes the rows left out, when rows may be
};

struct CopyOutcome
{
    enum class Status { Succeeded, Failed, Cancelled, OutcomeUnknown } status = Status::Failed;
    bool transient = false; // of Failed: another attempt may succeed (connection lost, database locked)
    CopyCounts counts;
    Json output = Json::object(); // Data Factory's Copy output (format.md §3.3), also of a failed copy
    RunError error; // errorCode, message, details {file, row, column, value, …}
};

// Runs one copy to its end; blocks, so call it on a pool thread. Memory does not grow with the data. The sink is as it
// was before unless the outcome is Succeeded (or OutcomeUnknown). Polls `cancel` at least every 100 ms.
CopyOutcome
runCopy(const CopyPlan &plan, const LoadIdentity &identity, const CopyHooks &hooks, const CancelToken &cancel);

// Whether a load reached the sink: the load ledger is asked, after any session that may still be committing has ended.
// Errors: Io when the sink cannot be reached. Blocks.
struct LoadLookup
{
    bool committed = false;
    qint64 rowsWritten = 0;
    QString checksum;
};
Result<LoadLookup> lookUpLoad(const CopySink &sink, const LoadId &load);

} // namespace engine
