#include "designer/monitor/RunCommands.h"

#include "designer/shell/Workbench.h"

#include <QCoreApplication>

#include <memory>

namespace designer {

using namespace engine;

namespace {

struct CommandText
{
    Q_DECLARE_TR_FUNCTIONS(designer::RunCommands)
};

// What came of one command to several runs.
struct Outcome
{
    int asked = 0;
    int answered = 0;
    QStringList refusals;
    QString newRun; // of the last rerun
};

QString detailOf(const Outcome &outcome) { return outcome.refusals.join(u'\n'); }

void tellRerun(Workbench &workbench, const Outcome &outcome)
{
    Message message{.about = QStringLiteral("monitor/rerun")};
    const int started = outcome.asked - int(outcome.refusals.size());
    if (started > 0) {
        message.level = outcome.refusals.isEmpty() ? Message::Level::Done : Message::Level::Warning;
        message.text = CommandText::tr("%Ln run(s) started again.", nullptr, started);
    } else {
        message.level = Message::Level::Error;
        message.text = outcome.asked == 1 ? outcome.refusals.value(0)
                                          : CommandText::tr("None of the runs could be started again.");
    }
    message.detail = detailOf(outcome);
    if (started == 1) {
        message.action = CommandText::tr("Open the new run");
        message.act = [&workbench, run = outcome.newRun] { workbench.go(runLink(run)); };
    }
    workbench.tell(message);
}

void tellCancel(Workbench &workbench, const Outcome &outcome)
{
    Message message{.about = QStringLiteral("monitor/cancel")};
    if (outcome.refusals.isEmpty()) {
        message.level = Message::Level::Done;
        message.text = CommandText::tr("%Ln run(s) are being cancelled.", nullptr, outcome.asked);
    } else {
        message.level = Message::Level::Error;
        message.text = outcome.asked == 1
            ? outcome.refusals.first()
            : CommandText::tr("%Ln run(s) could not be cancelled.", nullptr, int(outcome.refusals.size()));
        message.detail = detailOf(outcome);
    }
    workbench.tell(message);
}

void askForAll(Workbench &workbench,
               const QList<RunRecord> &runs,
               const char *what,
               void (*tell)(Workbench &, const Outcome &))
{
    const auto outcome = std::make_shared<Outcome>();
    outcome->asked = int(runs.size());
    for (const RunRecord &run : runs) {
        workbench.engine().post(runRoute(run.id, what),
                                Json::object(),
                                &workbench,
                                [&workbench, outcome, tell, name = run.pipeline](const Result<Json> &answer) {
                                    if (answer)
                                        outcome->newRun = stringAt(*answer, "runId");
                                    else
                                        outcome->refusals.append(
                                            QStringLiteral("%1: %2").arg(name, answer.error().message));
                                    if (++outcome->answered == outcome->asked)
                                        tell(workbench, *outcome);
                                });
    }
}

} // namespace

QString runRoute(const RunId &run, const char *what)
{
    return QStringLiteral("/slipway/v1/runs/") + encodedPath(run.text()) + QLatin1String(what);
}

bool canCancel(const RunRecord &run) { return !isTerminal(run.status) && run.status != RunStatus::Canceling; }

void cancelRuns(Workbench &workbench, const QList<RunRecord> &runs)
{
    QList<RunRecord> open;
    for (const RunRecord &run : runs) {
        if (canCancel(run))
            open.append(run);
    }
    askForAll(workbench, open, "/cancel", tellCancel);
}

void rerunRuns(Workbench &workbench, const QList<RunRecord> &runs) { askForAll(workbench, runs, "/rerun", tellRerun); }

} // namespace designer
