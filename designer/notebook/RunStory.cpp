#include "designer/notebook/RunStory.h"

#include "designer/drift/DriftModel.h"
#include "designer/notebook/NotebookRun.h"
#include "designer/widgets/Format.h"

#include <QCoreApplication>

#include <algorithm>

namespace designer {

using namespace engine;

namespace {

struct RunStoryText
{
    Q_DECLARE_TR_FUNCTIONS(designer::RunStory)
};

QString cellName(const CellRecord &cell)
{
    return cell.title.isEmpty() ? RunStoryText::tr("Cell %1").arg(cell.index + 1)
                                : RunStoryText::tr("Cell %1 “%2”").arg(cell.index + 1).arg(cell.title);
}

QString oneLine(const QString &text)
{
    const QString line = text.trimmed().section(u'\n', 0, 0);
    return line.size() > 240 ? line.left(239) + u'…' : line;
}

// "Cells 5 to 8 were not run."
QString notRunText(const NotebookRun &run)
{
    int first = 0;
    int last = 0;
    int count = 0;
    for (const NotebookRun::Cell &cell : run.cells()) {
        if (cell.record.status != CellStatus::NotRun || cell.record.kind != u"code")
            continue;
        first = first == 0 ? cell.record.index + 1 : first;
        last = cell.record.index + 1;
        ++count;
    }
    if (count == 0)
        return {};
    return count == 1 ? RunStoryText::tr("Cell %1 was not run.").arg(first)
                      : RunStoryText::tr("Cells %1 to %2 were not run.").arg(first).arg(last);
}

// A reason is the end of a sentence: "waiting for a free kernel".
QString capitalised(const QString &text) { return text.left(1).toUpper() + text.mid(1); }

QString placeText(const CellRecord &cell)
{
    if (cell.errorLine <= 0)
        return {};
    const QString source = cell.source.section(u'\n', cell.errorLine - 1, cell.errorLine - 1).trimmed();
    return source.isEmpty() ? RunStoryText::tr("Line %1.").arg(cell.errorLine)
                            : RunStoryText::tr("Line %1: %2").arg(cell.errorLine).arg(oneLine(source));
}

QString joined(const QStringList &sentences)
{
    QStringList said;
    for (const QString &sentence : sentences) {
        if (!sentence.isEmpty())
            said += sentence;
    }
    return said.join(QStringLiteral("  "));
}

RunStory failure(const QString &title, const QString &text)
{
    return {.tone = RunStory::Tone::Failure, .look = {}, .title = title, .text = text, .canRerun = true};
}

RunStory notice(const StatusLook &look, const QString &title, const QString &text)
{
    return {.tone = RunStory::Tone::Notice, .look = look, .title = title, .text = text, .canRerun = false};
}

QString kernelDiedText(const NotebookRun &run)
{
    const Json &details = run.activity().error.details;
    if (boolAt(details, "outOfMemory"))
        return RunStoryText::tr("There was no memory left for it: read less at once, or give the kernel more in the "
                                "binding of its linked service.");
    return RunStoryText::tr("What it printed last stands at its cell. Running again may help when the reason lay "
                            "outside of the notebook.");
}

RunStory ofCell(const NotebookRun &run, const CellRecord &cell)
{
    const QString name = cellName(cell);
    const QString rest = notRunText(run);
    switch (cell.status) {
    case CellStatus::KernelDied:
        return failure(RunStoryText::tr("The kernel died in %1: %2").arg(name, oneLine(cell.evalue)),
                       joined({kernelDiedText(run), rest}));
    case CellStatus::TimedOut:
        return failure(
            RunStoryText::tr("%1 was still running when the activity's time was over").arg(name),
            joined({RunStoryText::tr("Give the activity a longer time-out, or make the cell faster."), rest}));
    case CellStatus::Cancelled: {
        RunStory story =
            notice(statusLook(cell.status), RunStoryText::tr("Cancelled while %1 was running").arg(name), rest);
        story.canRerun = true;
        return story;
    }
    case CellStatus::Interrupted:
        return failure(RunStoryText::tr("The engine went away while %1 was running").arg(name),
                       joined({RunStoryText::tr("What the cell did until then is not undone."), rest}));
    default:
        break;
    }
    const QString said = cell.evalue.isEmpty() ? cell.ename : oneLine(cell.ename + QStringLiteral(": ") + cell.evalue);
    return failure(RunStoryText::tr("%1 failed: %2").arg(name, said), joined({placeText(cell), rest}));
}

RunStory waiting(const NotebookRun &run, const QTimeZone &zone)
{
    const ActivityRecord &activity = run.activity();
    const StatusLook look = statusLook(activity.status);
    if (activity.substate == u"WaitingRetry") {
        const QString when = activity.dueAt ? timeText(*activity.dueAt, zone) : QString();
        return notice(
            retryingLook(),
            when.isEmpty()
                ? RunStoryText::tr("Attempt %1 failed; another one follows").arg(activity.attempts)
                : RunStoryText::tr("Attempt %1 failed; the next one starts at %2").arg(activity.attempts).arg(when),
            oneLine(activity.error.message));
    }
    switch (activity.status) {
    case ActivityStatus::Pending:
        return notice(look,
                      RunStoryText::tr("Not started: activities before it have not ended yet"),
                      RunStoryText::tr("Its cells appear here as soon as it starts."));
    case ActivityStatus::Queued:
        return notice(look,
                      activity.reason.isEmpty() ? RunStoryText::tr("Waiting to start") : capitalised(activity.reason),
                      RunStoryText::tr("Its cells appear here as soon as it starts."));
    case ActivityStatus::Skipped:
        return notice(look,
                      RunStoryText::tr("Not run: skipped, because the activities before it did not end as its "
                                       "dependencies ask for"),
                      activity.reason);
    case ActivityStatus::Inactive:
        return notice(look,
                      RunStoryText::tr("Not run: the activity is inactive"),
                      RunStoryText::tr("Activate it in the pipeline to run it."));
    case ActivityStatus::Cancelled: {
        RunStory story = notice(look, RunStoryText::tr("Cancelled before a cell was running"), notRunText(run));
        story.canRerun = true;
        return story;
    }
    default:
        return {};
    }
}

// It succeeded, and what it wrote may still be worth little: the first line says so.
RunStory drifted(const ActivityRecord &activity)
{
    if (driftOf(activity.output) != DriftLevel::Alarm)
        return {};
    constexpr int mostNamed = 3;
    QStringList named;
    for (const Json &scoring : memberAt(memberAt(memberAt(activity.output, "slipway"), "drift"), "scorings")) {
        for (const Json &moved : memberAt(scoring, "moved")) {
            if (stringAt(moved, "level") == u"alarm" && !named.contains(stringAt(moved, "name")))
                named += stringAt(moved, "name");
        }
    }
    QStringList shown = named.mid(0, mostNamed);
    for (QString &name : shown)
        name = name.size() > 60 ? name.left(29) + u'…' + name.right(29) : name;
    QString text = shown.join(QStringLiteral(", "));
    if (named.size() > mostNamed)
        text = RunStoryText::tr("%1 and %n more", nullptr, int(named.size()) - mostNamed).arg(text);
    RunStory story = notice(driftedLook(),
                            RunStoryText::tr("The rows it scored have moved far from those of training: %1").arg(text),
                            RunStoryText::tr("Predictions may be worse than the model's card says. See what moved; "
                                             "train again when it stays so."));
    story.hasDrift = true;
    return story;
}

} // namespace

RunStory RunStory::of(const NotebookRun &run, const QTimeZone &zone)
{
    const ActivityRecord &activity = run.activity();
    if (const int failed = run.failedCell(); failed >= 0)
        return ofCell(run, run.cells().at(failed).record);
    // An earlier attempt failed before its first cell; or the activity did.
    const AttemptRecord *const attempt = run.attempt();
    const RunError &error = attempt && !attempt->error.isEmpty() ? attempt->error : activity.error;
    const bool attemptFailed = attempt && isTerminal(attempt->status) && attempt->status != AttemptStatus::Succeeded
        && attempt->status != AttemptStatus::Cancelled;
    if (attemptFailed || activity.status == ActivityStatus::Failed) {
        if (attempt && attempt->status == AttemptStatus::Interrupted)
            return failure(RunStoryText::tr("The engine went away while the notebook was running"),
                           oneLine(error.message));
        if (attempt && attempt->status == AttemptStatus::TimedOut)
            return failure(RunStoryText::tr("The activity's time was over before a cell was running"),
                           oneLine(error.message));
        const QString printed = stringAt(error.details, "stderr").trimmed();
        if (error.errorCode == u"NotebookKernelStartFailed")
            return failure(RunStoryText::tr("The kernel did not start: %1").arg(oneLine(error.message)),
                           printed.right(600));
        return failure(error.message.isEmpty() ? RunStoryText::tr("The notebook failed") : oneLine(error.message),
                       joined({printed.right(600), notRunText(run)}));
    }
    if (run.cells().isEmpty() || activity.status == ActivityStatus::Cancelled)
        return waiting(run, zone);
    return drifted(activity);
}

} // namespace designer
