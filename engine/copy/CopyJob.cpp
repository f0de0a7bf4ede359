#include "engine/copy/CopyJob.h"

#include "engine/copy/CopyRun.h"
#include "engine/copy/Endpoints.h"

#include <chrono>
#include <thread>

namespace engine {

QString toString(CopyPhase phase)
{
    switch (phase) {
    case CopyPhase::Connecting:
        return QStringLiteral("Connecting");
    case CopyPhase::PreCopyScript:
        return QStringLiteral("PreCopyScript");
    case CopyPhase::Transferring:
        return QStringLiteral("Transferring");
    case CopyPhase::Committing:
        return QStringLiteral("Committing");
    case CopyPhase::Done:
        break;
    }
    return QStringLiteral("Done");
}

// False: cancelled.
static bool waitUnlessCancelled(std::chrono::milliseconds wait, const CancelToken &cancel)
{
    constexpr std::chrono::milliseconds pollInterval(50);
    const auto end = std::chrono::steady_clock::now() + wait;
    while (!cancel.isCancelled()) {
        const auto left = end - std::chrono::steady_clock::now();
        if (left <= left.zero())
            return true;
        std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(left, pollInterval));
    }
    return false;
}

CopyOutcome
runCopy(const CopyPlan &plan, const LoadIdentity &identity, const CopyHooks &hooks, const CancelToken &cancel)
{
    for (int retriesLeft = plan.retry.count;; --retriesLeft) {
        CopyRun run(makeSource(plan, cancel), makeSink(plan.sink), plan, identity, hooks, cancel);
        CopyOutcome outcome = run.execute();
        const bool mayHelp = outcome.status == CopyOutcome::Status::Failed && outcome.transient;
        if (!mayHelp || retriesLeft <= 0 || !waitUnlessCancelled(plan.retry.wait, cancel))
            return outcome;
    }
}

Result<LoadLookup> lookUpLoad(const CopySink &sink, const LoadId &load)
{
    const auto found = makeSink(sink)->findLoad(load);
    if (!found)
        return found.error();
    if (!*found)
        return LoadLookup{};
    return LoadLookup{true, (*found)->rowsWritten, (*found)->checksum};
}

} // namespace engine
