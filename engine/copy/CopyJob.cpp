#include "engine/copy/CopyJob.h"

#include "engine/copy/CopyRun.h"
#include "engine/copy/Endpoints.h"

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

CopyOutcome
runCopy(const CopyPlan &plan, const LoadIdentity &identity, const CopyHooks &hooks, const CancelToken &cancel)
{
    CopyRun run(makeSource(plan, cancel), makeSink(plan.sink), plan, identity, hooks, cancel);
    return run.execute();
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
