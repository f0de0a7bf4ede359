#include "designer/widgets/StatusLook.h"

#include "designer/shell/Theme.h"

#include <QCoreApplication>

#include <climits>

namespace designer {

namespace {

struct StatusText
{
    Q_DECLARE_TR_FUNCTIONS(designer::StatusLook)
};

StatusLook look(const QString &word, const char16_t *icon, IconRole role)
{
    return {word, QString::fromUtf16(icon), role};
}

StatusLook succeeded() { return look(StatusText::tr("Succeeded"), u"circle-check", IconRole::Ok); }
StatusLook failed() { return look(StatusText::tr("Failed"), u"octagon-x", IconRole::Bad); }
StatusLook running() { return look(StatusText::tr("Running"), u"circle-play", IconRole::Run); }
StatusLook queued() { return look(StatusText::tr("Queued"), u"clock", IconRole::Idle); }
StatusLook cancelled() { return look(StatusText::tr("Cancelled"), u"circle-stop", IconRole::Idle); }
StatusLook skipped() { return look(StatusText::tr("Skipped"), u"circle-slash", IconRole::Idle); }
StatusLook timedOut() { return look(StatusText::tr("Timed out"), u"clock-alert", IconRole::Bad); }
StatusLook interrupted() { return look(StatusText::tr("Interrupted"), u"unplug", IconRole::Warn); }

} // namespace

QColor StatusLook::tint() const
{
    const Theme &theme = Theme::current();
    switch (role) {
    case IconRole::Ok:
        return theme.okBg;
    case IconRole::Bad:
        return theme.badBg;
    case IconRole::Run:
        return theme.runBg;
    case IconRole::Warn:
        return theme.warnBg;
    case IconRole::Accent:
    case IconRole::Held:
        return theme.accentBg;
    default:
        return theme.idleBg;
    }
}

StatusLook statusLook(engine::RunStatus status)
{
    switch (status) {
    case engine::RunStatus::Queued:
        return queued();
    case engine::RunStatus::InProgress:
        return running();
    case engine::RunStatus::Canceling:
        return look(StatusText::tr("Cancelling"), u"circle-stop", IconRole::Warn);
    case engine::RunStatus::Succeeded:
        return succeeded();
    case engine::RunStatus::Failed:
        return failed();
    case engine::RunStatus::Cancelled:
        return cancelled();
    }
    return queued();
}

StatusLook statusLook(engine::ActivityStatus status)
{
    switch (status) {
    case engine::ActivityStatus::Pending:
        return look(StatusText::tr("Not started"), u"circle-dashed", IconRole::Idle);
    case engine::ActivityStatus::Queued:
        return queued();
    case engine::ActivityStatus::InProgress:
        return running();
    case engine::ActivityStatus::Succeeded:
        return succeeded();
    case engine::ActivityStatus::Failed:
        return failed();
    case engine::ActivityStatus::Cancelled:
        return cancelled();
    case engine::ActivityStatus::Skipped:
        return skipped();
    case engine::ActivityStatus::Inactive:
        return look(StatusText::tr("Inactive"), u"power-off", IconRole::Idle);
    }
    return queued();
}

StatusLook statusLook(engine::AttemptStatus status)
{
    switch (status) {
    case engine::AttemptStatus::Starting:
        return look(StatusText::tr("Starting"), u"loader-circle", IconRole::Run);
    case engine::AttemptStatus::Running:
        return running();
    case engine::AttemptStatus::Committing:
        return look(StatusText::tr("Committing"), u"loader-circle", IconRole::Run);
    case engine::AttemptStatus::Succeeded:
        return succeeded();
    case engine::AttemptStatus::Failed:
        return failed();
    case engine::AttemptStatus::TimedOut:
        return timedOut();
    case engine::AttemptStatus::Cancelled:
        return cancelled();
    case engine::AttemptStatus::Interrupted:
        return interrupted();
    case engine::AttemptStatus::OutcomeUnknown:
        return look(StatusText::tr("Outcome unknown"), u"circle-help", IconRole::Warn);
    }
    return running();
}

StatusLook statusLook(engine::CellStatus status)
{
    switch (status) {
    case engine::CellStatus::Pending:
        return look(StatusText::tr("Waiting"), u"circle-dashed", IconRole::Idle);
    case engine::CellStatus::Running:
        return running();
    case engine::CellStatus::Succeeded:
        return succeeded();
    case engine::CellStatus::Failed:
        return failed();
    case engine::CellStatus::FailedAllowed:
        return look(StatusText::tr("Failed, allowed"), u"triangle-alert", IconRole::Warn);
    case engine::CellStatus::TimedOut:
        return timedOut();
    case engine::CellStatus::Cancelled:
        return cancelled();
    case engine::CellStatus::KernelDied:
        return look(StatusText::tr("Kernel died"), u"octagon-x", IconRole::Bad);
    case engine::CellStatus::Interrupted:
        return interrupted();
    case engine::CellStatus::Skipped:
        return skipped();
    case engine::CellStatus::NotRun:
        return look(StatusText::tr("Not run"), u"circle-dashed", IconRole::Idle);
    }
    return queued();
}

StatusLook rejectedLook(qint64 rows)
{
    return look(StatusText::tr("Succeeded, %n row(s) rejected", nullptr, int(qMin<qint64>(rows, INT_MAX))),
                u"triangle-alert",
                IconRole::Warn);
}

StatusLook retryingLook() { return look(StatusText::tr("Retrying"), u"rotate-cw", IconRole::Warn); }

} // namespace designer
