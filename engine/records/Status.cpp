#include "engine/records/Status.h"

#include <array>
#include <utility>

namespace engine {

namespace {

template <typename Status> struct Names;

template <> struct Names<RunStatus>
{
    static constexpr std::array table{
        std::pair{RunStatus::Queued, u"Queued"},
        std::pair{RunStatus::InProgress, u"InProgress"},
        std::pair{RunStatus::Canceling, u"Canceling"},
        std::pair{RunStatus::Succeeded, u"Succeeded"},
        std::pair{RunStatus::Failed, u"Failed"},
        std::pair{RunStatus::Cancelled, u"Cancelled"},
    };
};

template <> struct Names<ActivityStatus>
{
    static constexpr std::array table{
        std::pair{ActivityStatus::Pending, u"Pending"},
        std::pair{ActivityStatus::Queued, u"Queued"},
        std::pair{ActivityStatus::InProgress, u"InProgress"},
        std::pair{ActivityStatus::Succeeded, u"Succeeded"},
        std::pair{ActivityStatus::Failed, u"Failed"},
        std::pair{ActivityStatus::Cancelled, u"Cancelled"},
        std::pair{ActivityStatus::Skipped, u"Skipped"},
        std::pair{ActivityStatus::Inactive, u"Inactive"},
    };
};

template <> struct Names<AttemptStatus>
{
    static constexpr std::array table{
        std::pair{AttemptStatus::Starting, u"Starting"},
        std::pair{AttemptStatus::Running, u"Running"},
        std::pair{AttemptStatus::Committing, u"Committing"},
        std::pair{AttemptStatus::Succeeded, u"Succeeded"},
        std::pair{AttemptStatus::Failed, u"Failed"},
        std::pair{AttemptStatus::TimedOut, u"TimedOut"},
        std::pair{AttemptStatus::Cancelled, u"Cancelled"},
        std::pair{AttemptStatus::Interrupted, u"Interrupted"},
        std::pair{AttemptStatus::OutcomeUnknown, u"OutcomeUnknown"},
    };
};

template <> struct Names<CellStatus>
{
    static constexpr std::array table{
        std::pair{CellStatus::Pending, u"Pending"},
        std::pair{CellStatus::Running, u"Running"},
        std::pair{CellStatus::Succeeded, u"Succeeded"},
        std::pair{CellStatus::Failed, u"Failed"},
        std::pair{CellStatus::FailedAllowed, u"FailedAllowed"},
        std::pair{CellStatus::TimedOut, u"TimedOut"},
        std::pair{CellStatus::Cancelled, u"Cancelled"},
        std::pair{CellStatus::KernelDied, u"KernelDied"},
        std::pair{CellStatus::Interrupted, u"Interrupted"},
        std::pair{CellStatus::Skipped, u"Skipped"},
        std::pair{CellStatus::NotRun, u"NotRun"},
    };
};

template <typename Status> QString nameOf(Status status)
{
    for (const auto &[value, name] : Names<Status>::table) {
        if (value == status)
            return QString::fromUtf16(name);
    }
    Q_UNREACHABLE();
}

} // namespace

QString toString(RunStatus status) { return nameOf(status); }
QString toString(ActivityStatus status) { return nameOf(status); }
QString toString(AttemptStatus status) { return nameOf(status); }
QString toString(CellStatus status) { return nameOf(status); }

template <typename Status> std::optional<Status> statusFromString(const QString &text)
{
    for (const auto &[value, name] : Names<Status>::table) {
        if (text == QStringView(name))
            return value;
    }
    return std::nullopt;
}

template std::optional<RunStatus> statusFromString(const QString &);
template std::optional<ActivityStatus> statusFromString(const QString &);
template std::optional<AttemptStatus> statusFromString(const QString &);
template std::optional<CellStatus> statusFromString(const QString &);

bool isTerminal(RunStatus status)
{
    return status == RunStatus::Succeeded || status == RunStatus::Failed || status == RunStatus::Cancelled;
}

bool isTerminal(ActivityStatus status)
{
    return status != ActivityStatus::Pending && status != ActivityStatus::Queued
        && status != ActivityStatus::InProgress;
}

bool isTerminal(AttemptStatus status)
{
    switch (status) {
    case AttemptStatus::Starting:
    case AttemptStatus::Running:
    case AttemptStatus::Committing:
    case AttemptStatus::OutcomeUnknown: // still to be resolved
        return false;
    default:
        return true;
    }
}

bool isTerminal(CellStatus status) { return status != CellStatus::Pending && status != CellStatus::Running; }

} // namespace engine
