#include "engine/notebook/NotebookJob.h"

#include "engine/base/OutputForms.h"
#include "engine/base/PostTo.h"
#include "engine/notebook/CellRunner.h"
#include "engine/notebook/JsonWriter.h"
#include "engine/notebook/NotebookOutputs.h"
#include "engine/notebook/NotebookPlan.h"
#include "engine/notebook/NotebookWriter.h"
#include "engine/notebook/Traceback.h"

#include <QHash>
#include <QJsonDocument>

namespace engine {

namespace {

constexpr Millis outputInterval{100};
constexpr Millis sampleInterval{1000};
constexpr qint64 exitValueLimit = 5 * 1024 * 1024;

// Why no further cell may run, although the kernel could.
enum class Stop { None, Cancel, Timeout };

QString shownSource(const NotebookRequest &request, const NotebookCell &cell)
{
    if (!request.hidesParameters || !cell.hasTag(QStringLiteral("injected-parameters")))
        return cell.source();
    return cell.source().startsWith(u"--") ? QStringLiteral("-- secureInput") : QStringLiteral("# secureInput");
}

CellRecord recordOf(const NotebookRequest &request, const NotebookCell &cell, int index, const QString &language)
{
    CellRecord record;
    record.run = request.run;
    record.activityRun = request.activityRun;
    record.attempt = request.attempt;
    record.index = index;
    record.cellId = cell.id();
    record.kind = cell.kind();
    record.title = cell.title();
    record.language = cell.isCode() ? language : QString();
    record.source = shownSource(request, cell);
    return record;
}

void putText(Json &json, const char *key, const QString &value)
{
    if (!value.isEmpty())
        json[key] = toStdString(value);
}

} // namespace

class NotebookJob::Private
{
    Q_DISABLE_COPY_MOVE(Private)

public:
    Private(NotebookJob *job, NotebookRequest asked, const NotebookEnvironment &given, Clock &time)
        : q(job)
        , request(std::move(asked))
        , environment(given)
        , clock(time)
    {
    }
    ~Private() = default;

    void begin();
    void stop(Stop why);

private:
    void startKernel();
    void onReady(const QJsonObject &info);
    void onStartFailed(const QString &reason);
    void onReceived(const JupyterMessage &message);
    void answer(const JupyterMessage &question);
    void onPrinted(KernelProcess::Pipe pipe, const QByteArray &text);
    void onEnded(const KernelExit &exit);
    bool isInCell() const { return current >= 0 && current < cells.size(); }
    void runNext();
    void onCellFinished(const CellResult &result);
    void conclude(CellRecord &cell, const CellResult &result);
    void failCell(const CellRecord &cell, const CellResult &result);
    void setStatus(int index, CellStatus status);
    void endRest(CellStatus status);
    void refuse(const Error &error);
    void outcomeOfStop();
    void leave();
    void complete();
    void tick();
    void sampleLater();
    void flush();
    QByteArray executedCopy();
    void readExitValue();

    NotebookJob *const q;
    const NotebookRequest request;
    const NotebookEnvironment environment;
    Clock &clock;

    NotebookPlan plan;
    QList<CellRecord> cells;
    QList<CellResult> results; // of cells, for their metadata
    std::unique_ptr<RunFolder> folder;
    std::unique_ptr<KernelSession> session;
    std::unique_ptr<CellRunner> runner;
    std::unique_ptr<NotebookOutputs> outputs;
    QHash<QString, int> cellOfRequest;
    int current = -1; // the cell that runs or ran last; the number of cells when all have run
    Stop stopping = Stop::None;
    bool isLeaving = false; // the outcome is decided, the kernel ends
    bool isDone = false;
    NotebookOutcome outcome;
};

void NotebookJob::Private::begin()
{
    if (isDone)
        return;
    Result<NotebookPlan> planned = planNotebook(request, environment);
    if (!planned) {
        refuse(planned.error());
        return;
    }
    plan = *std::move(planned);
    outcome.warnings = plan.warnings;
    outcome.kernelName = plan.spec.name;
    for (int index = 0; index < plan.notebook.cells.size(); ++index) {
        cells += recordOf(request, plan.notebook.cells.at(index), index, plan.spec.language);
        results += CellResult();
    }
    outputs = std::make_unique<NotebookOutputs>(int(cells.size()), environment.outputLimit);
    for (const CellRecord &cell : std::as_const(cells))
        emit q->cellChanged(cell);
    if (stopping != Stop::None) {
        outcomeOfStop();
        leave();
        return;
    }
    startKernel();
}

void NotebookJob::Private::startKernel()
{
    Result<std::unique_ptr<RunFolder>> made = RunFolder::make(environment.runtimeFolder);
    if (!made) {
        refuse(made.error());
        return;
    }
    folder = *std::move(made);
    const Result<KernelConnection> connection = folder->writeConnection(plan.spec.name);
    if (!connection) {
        refuse(connection.error());
        return;
    }
    Result<KernelSetup> setup =
        setUpKernel(request, environment, plan.spec, *folder, &outcome.warnings, &outcome.sandbox);
    if (!setup) {
        refuse(setup.error());
        return;
    }
    session = std::make_unique<KernelSession>(*std::move(setup), *folder, *connection, clock);
    runner = std::make_unique<CellRunner>(*session, clock, environment.interruptStep);
    QObject::connect(session.get(), &KernelSession::ready, q, [this](const QJsonObject &info) { onReady(info); });
    QObject::connect(
        session.get(), &KernelSession::startFailed, q, [this](const QString &reason) { onStartFailed(reason); });
    QObject::connect(
        session.get(), &KernelSession::received, q, [this](const JupyterMessage &message) { onReceived(message); });
    QObject::connect(session.get(),
                     &KernelSession::printed,
                     q,
                     [this](KernelProcess::Pipe pipe, const QByteArray &text) { onPrinted(pipe, text); });
    QObject::connect(session.get(), &KernelSession::ended, q, [this](const KernelExit &exit) { onEnded(exit); });
    QObject::connect(
        runner.get(), &CellRunner::finished, q, [this](const CellResult &result) { onCellFinished(result); });
    if (request.timeout > Millis(0))
        clock.after(request.timeout, q, [this] { stop(Stop::Timeout); });
    tick();
    sampleLater();
    session->start(environment.startTimeout);
}

void NotebookJob::Private::onReady(const QJsonObject &info)
{
    if (isLeaving)
        return;
    Json &metadata = plan.notebook.metadata;
    if (const QJsonObject language = info.value(QStringLiteral("language_info")).toObject(); !language.isEmpty()) {
        const Result<Json> read = parseJson(QJsonDocument(language).toJson(QJsonDocument::Compact), plan.spec.name);
        if (read)
            metadata["language_info"] = *read;
    }
    runNext();
}

void NotebookJob::Private::onStartFailed(const QString &reason)
{
    if (!isLeaving) {
        outcome.status = NotebookOutcome::Status::Failed;
        outcome.transient = true;
        outcome.error.errorCode = QStringLiteral("NotebookKernelStartFailed");
        outcome.error.failureType = QStringLiteral("SystemError");
        outcome.error.message = reason;
        putText(outcome.error.details, "stderr", session->process().errorTail());
        endRest(CellStatus::NotRun);
        isLeaving = true;
    }
    postTo(q, [this] { complete(); }); // not inside the session's own call
}

// A kernel of ours asks for the password of a database that the notebook may connect to; it answers nothing else.
void NotebookJob::Private::answer(const JupyterMessage &question)
{
    const QString service = question.content.value(QStringLiteral("prompt")).toString();
    const Json &connection = memberAt(request.connections, service.toUtf8().constData());
    Json answer = {{"error", toStdString(NotebookJob::tr("There is nobody to answer \"%1\".").arg(service))}};
    if (stringAt(connection, "password") == u"engine" && request.password) {
        const Result<QString> password = request.password(service);
        answer = password ? Json{{"password", toStdString(*password)}}
                          : Json{{"error", toStdString(password.error().message)}};
    }
    session->answer(question, QString::fromUtf8(toCompact(answer)));
}

void NotebookJob::Private::onReceived(const JupyterMessage &message)
{
    if (message.channel == JupyterChannel::Stdin) {
        if (message.type == u"input_request")
            answer(message);
        return;
    }
    if (message.channel == JupyterChannel::Iopub) {
        const auto cell = cellOfRequest.constFind(message.parent);
        if (cell != cellOfRequest.cend()) {
            if (*cell == current && runner->isRunning())
                session->process().drain(); // what native code wrote before comes before
            outputs->apply(*cell, message);
        }
    }
    runner->handle(message);
}

void NotebookJob::Private::onPrinted(KernelProcess::Pipe pipe, const QByteArray &text)
{
    if (!isInCell() || cells.at(current).status != CellStatus::Running)
        return; // a kernel may also print while it starts and while it ends
    outputs->print(
        current, pipe == KernelProcess::Pipe::Output ? QStringLiteral("stdout") : QStringLiteral("stderr"), text);
}

void NotebookJob::Private::onEnded(const KernelExit &exit)
{
    if (isLeaving) {
        postTo(q, [this] { complete(); });
        return;
    }
    if (runner->isRunning()) {
        runner->kernelEnded(exit);
        return;
    }
    // Between two cells: the next one finds no kernel, in runNext().
    CellResult result;
    result.exit = exit;
    if (isInCell())
        results[current].exit = exit;
}

void NotebookJob::Private::runNext()
{
    while (++current < cells.size()) {
        const NotebookCell &cell = plan.notebook.cells.at(current);
        if (!cell.isCode() || cell.hasTag(QStringLiteral("skip-execution")) || cell.source().trimmed().isEmpty()) {
            setStatus(current, CellStatus::Skipped);
            if (isLeaving || isDone)
                return; // whoever heard of it stopped the notebook
            continue;
        }
        cells[current].start = clock.now();
        setStatus(current, CellStatus::Running);
        if (isLeaving || isDone)
            return;
        if (session->isEnded() || !session->process().isRunning()) {
            CellResult result;
            if (current > 0)
                result.exit = results.at(current - 1).exit;
            onCellFinished(result);
            return;
        }
        cellOfRequest.insert(runner->run(cell.source()), current);
        if (stopping != Stop::None)
            runner->stop();
        return;
    }
    outcome.status = NotebookOutcome::Status::Succeeded;
    leave();
}

void NotebookJob::Private::onCellFinished(const CellResult &result)
{
    results[current] = result;
    CellRecord &cell = cells[current];
    if (result.end == CellResult::End::Exit && stopping == Stop::None)
        outputs->dropErrors(current);
    outputs->finishCell(current);
    cell.end = clock.now();
    cell.executionCount = result.executionCount;
    cell.warning = result.warning;
    if (const qint64 dropped = outputs->dropped(current); dropped > 0) {
        const QString text = NotebookJob::tr("%1 bytes of this cell's output were not kept.").arg(dropped);
        cell.warning = cell.warning.isEmpty() ? text : cell.warning + u' ' + text;
    }
    if (!cell.warning.isEmpty())
        outcome.warnings += NotebookJob::tr("Cell %1: %2").arg(current + 1).arg(cell.warning);
    flush();
    conclude(cell, result);
}

void NotebookJob::Private::conclude(CellRecord &cell, const CellResult &result)
{
    // A stop that was asked for beats the reply: an interrupted os.system() answers "ok".
    if (stopping != Stop::None) {
        setStatus(current, stopping == Stop::Cancel ? CellStatus::Cancelled : CellStatus::TimedOut);
        outcomeOfStop();
        leave();
        return;
    }
    switch (result.end) {
    case CellResult::End::Ok:
        setStatus(current, CellStatus::Succeeded);
        if (!isLeaving)
            runNext();
        return;
    case CellResult::End::Exit:
        setStatus(current, CellStatus::Succeeded);
        endRest(CellStatus::Skipped);
        readExitValue();
        outcome.status = NotebookOutcome::Status::Succeeded;
        break;
    case CellResult::End::Error:
        cell.ename = result.ename;
        cell.evalue = withoutAnsi(result.evalue);
        cell.traceback = withoutAnsi(result.traceback.join(u'\n'));
        cell.errorLine = errorLine(result.traceback, cell.source, result.executionCount.value_or(0));
        if (plan.notebook.cells.at(current).hasTag(QStringLiteral("raises-exception"))) {
            setStatus(current, CellStatus::FailedAllowed);
            if (!isLeaving)
                runNext();
            return;
        }
        setStatus(current, CellStatus::Failed);
        failCell(cell, result);
        break;
    case CellResult::End::KernelDied:
        cell.ename = QStringLiteral("KernelDied");
        cell.evalue = NotebookJob::tr("the kernel %1").arg(result.exit.text());
        cell.traceback = session->process().errorTail();
        setStatus(current, CellStatus::KernelDied);
        failCell(cell, result);
        break;
    }
    if (!isLeaving)
        leave();
}

void NotebookJob::Private::failCell(const CellRecord &cell, const CellResult &result)
{
    const bool died = result.end == CellResult::End::KernelDied;
    QString message = NotebookJob::tr("Cell %1 failed: ").arg(cell.index + 1);
    if (died)
        message += cell.evalue;
    else
        message += cell.evalue.isEmpty() ? cell.ename : cell.ename + QStringLiteral(": ") + cell.evalue;
    if (cell.errorLine > 0)
        message += NotebookJob::tr(" (line %1)").arg(cell.errorLine);
    Json details = {{"cell", cell.index + 1}, {"cellId", toStdString(cell.cellId)}};
    putText(details, "title", cell.title);
    if (cell.errorLine > 0)
        details["line"] = cell.errorLine;
    putText(details, "ename", cell.ename);
    putText(details, "evalue", cell.evalue);
    putText(details, "traceback", cell.traceback);
    if (died) {
        details["exitCode"] = result.exit.code;
        details["signal"] = result.exit.signal;
        details["outOfMemory"] = result.exit.outOfMemory;
    }
    outcome.status = NotebookOutcome::Status::Failed;
    outcome.transient = died;
    outcome.error.errorCode =
        died ? QStringLiteral("NotebookKernelDied") : QStringLiteral("UserErrorNotebookCellFailed");
    outcome.error.failureType = died ? QStringLiteral("SystemError") : QStringLiteral("UserError");
    outcome.error.message = message;
    outcome.error.details = std::move(details);
    endRest(CellStatus::NotRun);
}

void NotebookJob::Private::setStatus(int index, CellStatus status)
{
    cells[index].status = status;
    const CellRecord changed = cells.at(index);
    emit q->cellChanged(changed);
}

void NotebookJob::Private::endRest(CellStatus status)
{
    for (int index = 0; index < cells.size(); ++index) {
        if (cells.at(index).status == CellStatus::Pending)
            setStatus(index, status);
    }
}

// The notebook cannot be run at all, and trying again would not help.
void NotebookJob::Private::refuse(const Error &error)
{
    outcome.status = NotebookOutcome::Status::Failed;
    outcome.error.errorCode = error.code == ErrorCode::Io ? QStringLiteral("NotebookStartFailed")
                                                          : QStringLiteral("UserErrorNotebookInvalid");
    outcome.error.failureType =
        error.code == ErrorCode::Io ? QStringLiteral("SystemError") : QStringLiteral("UserError");
    outcome.error.message = error.message;
    putText(outcome.error.details, "where", error.where);
    endRest(CellStatus::NotRun);
    isLeaving = true;
    complete();
}

void NotebookJob::Private::stop(Stop why)
{
    if (isDone || isLeaving || stopping != Stop::None)
        return;
    stopping = why;
    if (!outputs)
        return; // begin() sees it
    if (runner && runner->isRunning()) {
        runner->stop();
    } else if (session && current < 0) { // the kernel is still starting
        outcomeOfStop();
        isLeaving = true;
        session->kill();
        postTo(q, [this] { complete(); });
    }
    // Between two cells: runNext() or conclude() sees it.
}

void NotebookJob::Private::outcomeOfStop()
{
    const bool cancelled = stopping == Stop::Cancel;
    const bool inCell = isInCell();
    outcome.status = cancelled ? NotebookOutcome::Status::Cancelled : NotebookOutcome::Status::TimedOut;
    outcome.error.errorCode = cancelled ? QStringLiteral("Cancelled") : QStringLiteral("NotebookTimeout");
    outcome.error.failureType = QStringLiteral("UserError");
    if (cancelled)
        outcome.error.message = inCell ? NotebookJob::tr("The notebook was cancelled in cell %1.").arg(current + 1)
                                       : NotebookJob::tr("The notebook was cancelled before its first cell ran.");
    else
        outcome.error.message =
            (inCell ? NotebookJob::tr("The notebook did not finish within %1 seconds; it was stopped in cell %2.")
                    : NotebookJob::tr("The notebook did not finish within %1 seconds; its kernel was still starting."))
                .arg(double(request.timeout.count()) / 1000);
    if (!cancelled && inCell)
        outcome.error.message = outcome.error.message.arg(current + 1);
    if (inCell) {
        outcome.error.details["cell"] = current + 1;
        putText(outcome.error.details, "cellId", cells.at(current).cellId);
        putText(outcome.error.details, "title", cells.at(current).title);
    }
    endRest(CellStatus::NotRun);
}

void NotebookJob::Private::leave()
{
    if (isLeaving)
        return;
    isLeaving = true;
    if (!session || session->isEnded())
        postTo(q, [this] { complete(); });
    else
        session->shutdown();
}

void NotebookJob::Private::complete()
{
    if (std::exchange(isDone, true))
        return;
    if (session) {
        outcome.resources = {{"peakRss", session->process().peakRss()},
                             {"cpuSeconds", session->process().cpuSeconds()}};
        session->disconnect(q);
    }
    flush();
    outcome.error.target = outcome.error.isEmpty() ? QString() : request.activity;
    if (outputs)
        outcome.executed = executedCopy();
    if (outputs)
        outcome.drift = outputs->inForm(driftForm);
    runner.reset();
    session.reset();
    folder.reset();
    outputs.reset();
    const NotebookOutcome result = std::move(outcome);
    emit q->finished(result);
}

void NotebookJob::Private::tick()
{
    clock.after(outputInterval, q, [this] {
        if (isDone)
            return;
        flush();
        tick();
    });
}

void NotebookJob::Private::sampleLater()
{
    clock.after(sampleInterval, q, [this] {
        if (isDone)
            return;
        session->process().sample();
        sampleLater();
    });
}

void NotebookJob::Private::flush()
{
    if (!outputs || !outputs->hasChanges())
        return;
    const QList<NotebookOutputs::Change> changes = outputs->takeChanges();
    for (const NotebookOutputs::Change &change : changes) {
        const CellOutput output{
            request.activityRun, request.attempt, change.cell, change.change, change.position, change.output};
        emit q->outputChanged(output);
    }
}

QByteArray NotebookJob::Private::executedCopy()
{
    Notebook executed = plan.notebook;
    executed.metadata["kernelspec"] = {{"display_name", toStdString(plan.spec.displayName)},
                                       {"language", toStdString(plan.spec.language)},
                                       {"name", toStdString(plan.spec.name)}};
    executed.metadata["slipway"] = {{"activityRun", toStdString(request.activityRun.text())},
                                    {"attempt", request.attempt},
                                    {"run", toStdString(request.run.text())}};
    for (int index = 0; index < cells.size(); ++index) {
        const CellRecord &record = cells.at(index);
        NotebookCell &cell = executed.cells[index];
        if (request.hidesParameters)
            cell.setMember("source", Json(toStdString(shownSource(request, cell))));
        Json notes = {{"status", toStdString(toString(record.status))}};
        if (record.start)
            notes["start"] = toStdString(toIso(*record.start));
        if (record.end)
            notes["end"] = toStdString(toIso(*record.end));
        putText(notes, "ename", record.ename);
        putText(notes, "evalue", record.evalue);
        if (record.errorLine > 0)
            notes["errorLine"] = record.errorLine;
        putText(notes, "warning", record.warning);
        cell.metadata()["slipway"] = std::move(notes);
        if (!cell.isCode())
            continue;
        cell.setMember("execution_count", record.executionCount ? Json(*record.executionCount) : Json());
        Json times = Json::object();
        const QMap<QString, Instant> &known = results.at(index).times;
        for (auto time = known.begin(); time != known.end(); ++time)
            times[toStdString(time.key())] = toStdString(toIso(time.value()));
        if (!times.empty())
            cell.metadata()["execution"] = std::move(times);
    }
    const auto write = [this](int index, JsonWriter &writer) {
        outputs->write(index, writer);
        return true;
    };
    // Lines get quotes, a comma and their indent: about an eighth more for lines of a usual length.
    return writeNotebook(executed, write, request.content.size() + outputs->size() / 8 * 9);
}

void NotebookJob::Private::readExitValue()
{
    const std::optional<QByteArray> text = folder->read(QString::fromUtf16(exitValueFile), exitValueLimit);
    if (!text)
        return;
    const Result<Json> value = parseJson(*text, QStringLiteral("slipway.exit"));
    if (value)
        outcome.runOutput = *value;
    else
        outcome.warnings +=
            NotebookJob::tr("The value the notebook ended with cannot be read: %1").arg(value.error().message);
}

NotebookJob::NotebookJob(NotebookRequest request, const NotebookEnvironment &environment, Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(request), environment, clock))
{
}

NotebookJob::~NotebookJob() = default;

void NotebookJob::start()
{
    postTo(this, [this] { d->begin(); });
}

void NotebookJob::cancel() { d->stop(Stop::Cancel); }

} // namespace engine

#include "moc_NotebookJob.cpp"
