#pragma once

#include "engine/records/Status.h"

#include <array>
#include <optional>

namespace engine {

// The legal ways between states, as data (semantics.md §1.2). What is not in a table is illegal: nothing leads out of a
// terminal state. D1 = journaled before anyone sees it; D2 = may be lost with the last second.
enum class Durability { D1, D2 };

template <typename Status, typename Input> struct Transition
{
    Status from;
    Input input;
    Status to;
    Durability durability = Durability::D1;
};

enum class RunInput {
    SlotFree, // the pipeline's concurrency allows it
    Refused, // its plan cannot be made
    CancelRequested,
    ActivitiesSucceeded, // all terminal, good by the leaf rule
    ActivitiesFailed,
    ActivitiesStopped // all terminal after a cancel
};

inline constexpr std::array runTransitions{
    Transition{RunStatus::Queued, RunInput::SlotFree, RunStatus::InProgress},
    Transition{RunStatus::Queued, RunInput::CancelRequested, RunStatus::Cancelled},
    Transition{RunStatus::Queued, RunInput::Refused, RunStatus::Failed},
    Transition{
        RunStatus::InProgress, RunInput::Refused, RunStatus::Failed}, // after a restart, when its version is gone
    Transition{RunStatus::InProgress, RunInput::CancelRequested, RunStatus::Canceling},
    Transition{RunStatus::InProgress, RunInput::ActivitiesSucceeded, RunStatus::Succeeded},
    Transition{RunStatus::InProgress, RunInput::ActivitiesFailed, RunStatus::Failed},
    Transition{RunStatus::Canceling, RunInput::Refused, RunStatus::Cancelled},
    Transition{RunStatus::Canceling, RunInput::ActivitiesStopped, RunStatus::Cancelled},
};

enum class ActivityInput {
    DependenciesMet,
    DependenciesUnmet,
    SwitchedOff, // state: Inactive
    AttemptStarted,
    RetryScheduled,
    AttemptSucceeded,
    AttemptFailed, // and no retry is left
    Cancelled
};

inline constexpr std::array activityTransitions{
    Transition{ActivityStatus::Pending, ActivityInput::DependenciesMet, ActivityStatus::Queued},
    Transition{ActivityStatus::Pending, ActivityInput::DependenciesUnmet, ActivityStatus::Skipped},
    Transition{ActivityStatus::Pending, ActivityInput::SwitchedOff, ActivityStatus::Inactive},
    Transition{ActivityStatus::Pending, ActivityInput::Cancelled, ActivityStatus::Cancelled},
    Transition{ActivityStatus::Queued, ActivityInput::AttemptStarted, ActivityStatus::InProgress},
    Transition{ActivityStatus::Queued, ActivityInput::Cancelled, ActivityStatus::Cancelled},
    Transition{ActivityStatus::InProgress, ActivityInput::AttemptStarted, ActivityStatus::InProgress}, // a retry
    Transition{ActivityStatus::InProgress, ActivityInput::RetryScheduled, ActivityStatus::InProgress},
    Transition{ActivityStatus::InProgress, ActivityInput::AttemptSucceeded, ActivityStatus::Succeeded},
    Transition{ActivityStatus::InProgress, ActivityInput::AttemptFailed, ActivityStatus::Failed},
    Transition{ActivityStatus::InProgress, ActivityInput::Cancelled, ActivityStatus::Cancelled},
};

enum class AttemptInput {
    WorkerLive,
    CommitIntended, // journaled before COMMIT is sent
    Succeeded, // of a transactional load only from Committing: COMMIT acknowledged or the ledger row found
    Failed,
    TimedOut,
    Cancelled,
    EngineLost, // recovery only
    SinkLost // unreachable during COMMIT
};

inline constexpr std::array attemptTransitions{
    Transition{AttemptStatus::Starting, AttemptInput::WorkerLive, AttemptStatus::Running, Durability::D2},
    Transition{AttemptStatus::Starting, AttemptInput::Failed, AttemptStatus::Failed},
    Transition{AttemptStatus::Starting, AttemptInput::TimedOut, AttemptStatus::TimedOut},
    Transition{AttemptStatus::Starting, AttemptInput::Cancelled, AttemptStatus::Cancelled},
    Transition{AttemptStatus::Starting, AttemptInput::EngineLost, AttemptStatus::Interrupted},
    Transition{AttemptStatus::Running, AttemptInput::CommitIntended, AttemptStatus::Committing},
    Transition{AttemptStatus::Running, AttemptInput::Succeeded, AttemptStatus::Succeeded}, // no transactional load
    Transition{AttemptStatus::Running, AttemptInput::Failed, AttemptStatus::Failed},
    Transition{AttemptStatus::Running, AttemptInput::TimedOut, AttemptStatus::TimedOut},
    Transition{AttemptStatus::Running, AttemptInput::Cancelled, AttemptStatus::Cancelled},
    Transition{AttemptStatus::Running, AttemptInput::EngineLost, AttemptStatus::Interrupted},
    Transition{AttemptStatus::Committing, AttemptInput::Succeeded, AttemptStatus::Succeeded},
    Transition{AttemptStatus::Committing, AttemptInput::Failed, AttemptStatus::Failed}, // ledger row proven absent
    Transition{AttemptStatus::Committing, AttemptInput::TimedOut, AttemptStatus::TimedOut}, // rolled back
    Transition{AttemptStatus::Committing, AttemptInput::Cancelled, AttemptStatus::Cancelled}, // rolled back
    Transition{AttemptStatus::Committing, AttemptInput::EngineLost, AttemptStatus::Interrupted}, // ledger row absent
    Transition{AttemptStatus::Committing, AttemptInput::SinkLost, AttemptStatus::OutcomeUnknown},
    Transition{AttemptStatus::OutcomeUnknown, AttemptInput::Succeeded, AttemptStatus::Succeeded},
    Transition{AttemptStatus::OutcomeUnknown, AttemptInput::Failed, AttemptStatus::Failed},
    Transition{
        AttemptStatus::OutcomeUnknown, AttemptInput::EngineLost, AttemptStatus::Interrupted}, // ledger row absent
};

// The state after `input`; nothing when the table does not allow it.
template <typename Status, typename Input, size_t N>
constexpr std::optional<Status> after(const std::array<Transition<Status, Input>, N> &table, Status from, Input input)
{
    for (const auto &transition : table) {
        if (transition.from == from && transition.input == input)
            return transition.to;
    }
    return std::nullopt;
}

constexpr std::optional<RunStatus> after(RunStatus from, RunInput input) { return after(runTransitions, from, input); }
constexpr std::optional<ActivityStatus> after(ActivityStatus from, ActivityInput input)
{
    return after(activityTransitions, from, input);
}
constexpr std::optional<AttemptStatus> after(AttemptStatus from, AttemptInput input)
{
    return after(attemptTransitions, from, input);
}

} // namespace engine
