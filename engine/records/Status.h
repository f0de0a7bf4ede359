#pragma once

#include <QString>

#include <optional>

namespace engine {

// Names as Data Factory writes them. The legal ways between them are engine/run/Transitions.h.
enum class RunStatus { Queued, InProgress, Canceling, Succeeded, Failed, Cancelled };
enum class ActivityStatus { Pending, Queued, InProgress, Succeeded, Failed, Cancelled, Skipped, Inactive };
enum class AttemptStatus {
    Starting,
    Running,
    Committing,
    Succeeded,
    Failed,
    TimedOut,
    Cancelled,
    Interrupted, // the engine went away
    OutcomeUnknown // the sink went away during COMMIT
};
enum class CellStatus {
    Pending,
    Running,
    Succeeded,
    Failed,
    FailedAllowed, // tag raises-exception
    TimedOut,
    Cancelled,
    KernelDied, // the kernel went away
    Interrupted, // the engine went away
    Skipped, // tag skip-execution, empty, or after a successful exit
    NotRun // an earlier cell stopped the notebook
};

QString toString(RunStatus status);
QString toString(ActivityStatus status);
QString toString(AttemptStatus status);
QString toString(CellStatus status);

// The inverse of toString; nothing for an unknown word. Instantiated for the four enums above.
template <typename Status> std::optional<Status> statusFromString(const QString &text);

bool isTerminal(RunStatus status);
bool isTerminal(ActivityStatus status);
bool isTerminal(AttemptStatus status);
bool isTerminal(CellStatus status);

} // namespace engine
