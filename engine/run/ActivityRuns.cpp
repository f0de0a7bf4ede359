#include "engine/run/PipelineRun.h"

#include "engine/base/PostTo.h"
#include "engine/model/ActivityReader.h"
#include "engine/records/DriftRecords.h"

#include <QCoreApplication>
#include <QUuid>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ActivityRunText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRun)
};

// The same for every attempt of one activity run, and for every engine that works on it.
LoadId loadIdOf(const QString &storeId, const RunId &run, const QString &path)
{
    const QUuid store(storeId);
    return LoadId(
        QUuid::createUuidV5(store, run.text() + u'/' + path + QStringLiteral("/0")).toString(QUuid::WithoutBraces));
}

const Json &hiddenOutput()
{
    static const Json hidden = {{"secureOutput", true}};
    return hidden;
}

// "Loop[3]/Load" is "Loop/Load".
QString withoutIterations(const QString &path)
{
    QString plain;
    plain.reserve(path.size());
    bool isInside = false;
    for (const QChar c : path) {
        if (c == u'[')
            isInside = true;
        if (!isInside)
            plain.append(c);
        if (c == u']')
            isInside = false;
    }
    return plain;
}

} // namespace

// --- what it is told -----------------------------------------------------------------------------------------------

bool PipelineRun::resolve(Node &node, Bodies &bodies)
{
    static const QStringList asWritten = {
        QStringLiteral("name"), QStringLiteral("type"), QStringLiteral("description"), QStringLiteral("dependsOn")};
    if (node.resolved)
        return true;
    const QString place = QStringLiteral("%1: %2").arg(m_plan->definition().file, node.record.path);
    if (const auto constant = m_constant.constFind(node.written); constant != m_constant.constEnd()) {
        node.resolved = *constant;
        return true;
    }
    const auto refuse = [&](const Error &why) {
        begin(node);
        fail(node, expressionError(why), bodies);
        return false;
    };
    Error error{};
    const PreparedValue *const value = prepared(node.written->json, place, error, asWritten);
    if (!value)
        return refuse(error);
    ActivityValues values(m_values, *node.scope, node.record.start.value_or(m_clock.now()));
    const Result<Json> evaluated = value->evaluate(values);
    node.readsHidden = node.readsHidden || values.readsHidden();
    if (!evaluated)
        return refuse(evaluated.error());
    auto activity = std::make_shared<Activity>(readActivity(*evaluated, Content::Evaluated));
    for (auto it = activity->userProperties.constBegin(); it != activity->userProperties.constEnd(); ++it)
        node.record.userProperties[toStdString(it.key())] =
            values.readsHidden() && node.written->userProperties.value(it.key()).isExpression ? Json("***")
                                                                                              : it->literal;
    node.resolved = std::move(activity);
    if (value->isConstant())
        m_constant.insert(node.written, node.resolved);
    return true;
}

const PreparedValue *
PipelineRun::prepared(const Json &value, const QString &place, Error &error, const QStringList &asWritten)
{
    if (const auto known = m_prepared.constFind(&value); known != m_prepared.constEnd())
        return &*known;
    Result<PreparedValue> made = PreparedValue::make(value, place, asWritten);
    if (!made) {
        error = made.error();
        return nullptr;
    }
    return &*m_prepared.insert(&value, *std::move(made));
}

RunError PipelineRun::expressionError(const Error &error)
{
    return {.errorCode = QStringLiteral("InvalidTemplate"),
            .message = error.message,
            .failureType = QStringLiteral("UserError"),
            .target = {},
            .details = {{"where", toStdString(error.where)}}};
}

bool PipelineRun::takeMock(Node &node, Bodies &bodies)
{
    if (!m_record.debug)
        return false;
    const Json &mocks = m_record.debug->mocks;
    const Json *mock = &memberAt(mocks, node.record.path.toUtf8().constData());
    if (mock->is_null())
        mock = &memberAt(mocks, withoutIterations(node.record.path).toUtf8().constData());
    if (!mock->is_object())
        return false;
    begin(node);
    node.record.isMocked = true;
    const Json &output = memberAt(*mock, "output");
    RunError error = runErrorFromJson(memberAt(*mock, "error"));
    const QString status = stringAt(*mock, "status", QStringLiteral("Succeeded"));
    if (status == toString(ActivityStatus::Failed)) {
        if (error.message.isEmpty())
            error.message = ActivityRunText::tr("This failure was given to the debug run; the activity did not run.");
        if (error.errorCode.isEmpty())
            error.errorCode = QStringLiteral("Mocked");
        finishActivity(node, ActivityInput::AttemptFailed, output.is_null() ? Json::object() : output, error, bodies);
    } else {
        finishActivity(node, ActivityInput::AttemptSucceeded, output.is_null() ? Json::object() : output, {}, bodies);
    }
    advance(*node.scope, bodies);
    return true;
}

void PipelineRun::begin(Node &node)
{
    node.record.status = *after(node.record.status, ActivityInput::AttemptStarted);
    node.record.substate.clear();
    node.record.reason.clear();
    if (!node.record.start)
        node.record.start = m_clock.now();
}

void PipelineRun::fail(Node &node, const RunError &error, Bodies &bodies)
{
    finishActivity(node, ActivityInput::AttemptFailed, Json::object(), error, bodies);
    advance(*node.scope, bodies);
}

// --- attempts ------------------------------------------------------------------------------------------------------

ActivityTask PipelineRun::task(const Node &node) const
{
    return {.plan = m_plan,
            .activity = node.resolved ? node.resolved : std::shared_ptr<const Activity>(m_plan, node.written),
            .path = node.record.path,
            .run = m_record.id,
            .record = std::make_shared<const RunRecord>(m_record),
            .activityRun = node.record.id,
            .attempt = node.attempt ? node.attempt->number : 1,
            .userAttempt = 1 + node.userRetries,
            .load = loadIdOf(m_journal.storeId(), m_record.id, node.record.path),
            .hidesInput = node.hidesInput(),
            .begun = node.record.start.value_or(m_clock.now())};
}

ActivityRunner *PipelineRun::runner(const Node &node) const { return m_runners.find(node.written->type); }

void PipelineRun::acquire(Node &node)
{
    ActivityRunner *const found = runner(node);
    Q_ASSERT_X(found, "PipelineRun", "control flow needs no place");
    const std::weak_ptr<Node> weak = node.weak_from_this();
    found->acquire(
        this,
        [this, weak](ActivityRunner::Lease lease) {
            const auto waiting = weak.lock();
            if (!waiting
                || (waiting->record.status != ActivityStatus::Queued
                    && waiting->record.status != ActivityStatus::InProgress))
                return; // cancelled meanwhile; the lease goes back
            waiting->lease = std::move(lease);
            beginAttempt(*waiting, waiting->attempt && waiting->attempt->status == AttemptStatus::Interrupted);
        },
        [this, weak](const QString &reason) {
            if (const auto waiting = weak.lock()) {
                waiting->record.reason = reason;
                record({waiting->record});
            }
        });
}

void PipelineRun::beginAttempt(Node &node, bool systemRetry)
{
    Bodies failed;
    if (!node.record.start)
        node.record.start = m_clock.now();
    if (!resolve(node, failed)) {
        node.lease.reset();
        proceed(std::move(failed));
        return;
    }
    AttemptRecord attempt;
    attempt.activityRun = node.record.id;
    attempt.run = m_record.id;
    attempt.number = ++node.record.attempts;
    attempt.epoch = m_journal.epoch();
    attempt.load = loadIdOf(m_journal.storeId(), m_record.id, node.record.path);
    attempt.systemRetry = systemRetry;
    attempt.start = m_clock.now();
    if (!m_constant.contains(node.written)) {
        if (node.hidesInput())
            hide(node, "activity", node.activity().json);
        else
            attempt.activity = node.activity().json;
    }
    node.attempt = attempt;

    node.record.status = *after(node.record.status, ActivityInput::AttemptStarted);
    node.record.substate.clear();
    node.record.reason.clear();
    node.record.dueAt.reset();
    node.record.error = {};
    setInput(node, runner(node)->input(task(node)));
    record({node.record, *node.attempt}, [this, weak = node.weak_from_this()] {
        if (const auto starting = weak.lock())
            launch(*starting);
    });
}

void PipelineRun::launch(Node &node)
{
    if (node.attempt->status != AttemptStatus::Starting)
        return; // cancelled while its start was being recorded
    node.execution = runner(node)->make(task(node));
    connectExecution(node);
    node.execution->start();
}

// An execution never outlives its node, so that its signals may name it.
void PipelineRun::connectExecution(Node &node)
{
    ActivityExecution *const execution = node.execution.get();
    Node *const running = &node;
    connect(execution, &ActivityExecution::started, this, [this, running] {
        running->attempt->status =
            after(running->attempt->status, AttemptInput::WorkerLive).value_or(running->attempt->status);
        record({*running->attempt});
    });
    connect(execution, &ActivityExecution::happened, this, [this](const RunEvent::Body &body) {
        RunEvent event{.at = m_clock.now(), .factory = m_record.factory, .run = m_record.id, .body = body};
        if (event.isDurable())
            appendUntilRecorded({event}, {});
        else
            m_telemetry.append(event);
    });
    connect(execution,
            &ActivityExecution::committing,
            this,
            [this, running](const Json &intent, const ActivityExecution::Proceed &go) {
                commitIntended(*running, intent, go);
            });
    connect(execution, &ActivityExecution::sinkLost, this, [this, running](const RunError &error) {
        running->attempt->error = error;
        running->attempt->status = *after(running->attempt->status, AttemptInput::SinkLost);
        running->record.substate = toString(AttemptStatus::OutcomeUnknown);
        running->record.reason = error.message;
        record({running->record, *running->attempt});
    });
    connect(execution, &ActivityExecution::finished, this, [this, running](const ActivityOutcome &outcome) {
        running->execution.release()->deleteLater(); // it is still on the stack
        running->lease.reset();
        attemptEnded(*running, withoutSecrets(outcome));
    });
}

void PipelineRun::commitIntended(Node &node, const Json &intent, const ActivityExecution::Proceed &go)
{
    if (isStopping()) {
        go(Error{ErrorCode::Cancelled,
                 ActivityRunText::tr("The run was cancelled before the load was committed."),
                 node.record.path});
        return;
    }
    if (node.attempt->status == AttemptStatus::Starting)
        node.attempt->status = AttemptStatus::Running;
    node.attempt->status = *after(node.attempt->status, AttemptInput::CommitIntended);
    node.attempt->commitIntent = intent;
    record({*node.attempt}, [go] { go({}); });
}

void PipelineRun::finishAttempt(Node &node, AttemptInput input, const RunError &error, Bodies &bodies)
{
    const AttemptStatus from = node.attempt->status == AttemptStatus::Starting && input == AttemptInput::Succeeded
        ? AttemptStatus::Running
        : node.attempt->status;
    const std::optional<AttemptStatus> next = after(from, input);
    Q_ASSERT(next);
    node.attempt->status = *next;
    node.attempt->error = error;
    node.attempt->end = m_clock.now();
    bodies.append(*node.attempt);
}

void PipelineRun::finishActivity(
    Node &node, ActivityInput input, const Json &output, const RunError &error, Bodies &bodies)
{
    node.record.status = *after(node.record.status, input);
    node.record.substate.clear();
    node.record.reason.clear();
    node.record.dueAt.reset();
    node.output = output;
    const bool isHidden = node.hidesOutput();
    node.record.output = isHidden ? hiddenOutput() : output;
    if (isHidden)
        hide(node, "output", output);
    node.record.error = error;
    if (!node.record.error.isEmpty())
        node.record.error.target = node.record.name;
    node.record.end = m_clock.now();
    bodies.append(node.record);
    noteDrift(node.record);
}

void PipelineRun::noteDrift(const ActivityRecord &activity)
{
    if (m_drifted.isEmpty() && driftOf(activity.output) == DriftLevel::Alarm)
        m_drifted = activity.name;
}

void PipelineRun::succeed(Node &node, const Json &output, Bodies &bodies)
{
    finishAttempt(node, AttemptInput::Succeeded, {}, bodies);
    finishActivity(node, ActivityInput::AttemptSucceeded, output, {}, bodies);
}

// A server may send back the secret it was sent; neither history nor later activities get to see it.
ActivityOutcome PipelineRun::withoutSecrets(ActivityOutcome outcome) const
{
    const auto redactor = m_secrets ? m_secrets->redactor() : nullptr;
    if (!redactor || redactor->isEmpty())
        return outcome;
    outcome.output = redactor->redacted(std::move(outcome.output));
    outcome.error.message = redactor->redacted(outcome.error.message);
    outcome.error.details = redactor->redacted(std::move(outcome.error.details));
    return outcome;
}

void PipelineRun::attemptEnded(Node &node, const ActivityOutcome &outcome)
{
    Bodies bodies;
    switch (outcome.status) {
    case ActivityOutcome::Status::Succeeded:
        succeed(node, outcome.output, bodies);
        break;
    case ActivityOutcome::Status::Cancelled:
        finishAttempt(node, AttemptInput::Cancelled, outcome.error, bodies);
        finishActivity(node, ActivityInput::Cancelled, outcome.output, outcome.error, bodies);
        break;
    case ActivityOutcome::Status::OutcomeUnknown: // the attempt stays as it is: nobody knows
        finishActivity(node, ActivityInput::AttemptFailed, outcome.output, outcome.error, bodies);
        break;
    case ActivityOutcome::Status::Failed:
    case ActivityOutcome::Status::TimedOut: {
        finishAttempt(node,
                      outcome.status == ActivityOutcome::Status::TimedOut ? AttemptInput::TimedOut
                                                                          : AttemptInput::Failed,
                      outcome.error,
                      bodies);
        if (outcome.retryable && !isStopping() && node.userRetries < node.activity().policy.retry) {
            ++node.userRetries;
            node.record.output = node.hidesOutput() ? hiddenOutput() : outcome.output;
            node.record.error = outcome.error;
            node.record.error.target = node.record.name;
            node.record.status = *after(node.record.status, ActivityInput::RetryScheduled);
            node.record.substate = QStringLiteral("WaitingRetry");
            node.record.dueAt = m_clock.now() + node.activity().policy.retryInterval;
            bodies.append(node.record);
            record(std::move(bodies), [this, weak = node.weak_from_this()] {
                if (const auto retried = weak.lock())
                    scheduleRetry(*retried, retried->activity().policy.retryInterval);
            });
            return;
        }
        finishActivity(node, ActivityInput::AttemptFailed, outcome.output, outcome.error, bodies);
        break;
    }
    }
    advance(*node.scope, bodies);
    proceed(std::move(bodies));
}

void PipelineRun::scheduleRetry(Node &node, Millis delay)
{
    if (isStopping())
        return; // cancel() has settled it, or will
    node.timer = m_clock.after(delay, this, [this, weak = node.weak_from_this()] {
        if (const auto retried = weak.lock()) {
            retried->timer = 0;
            acquire(*retried);
        }
    });
}

} // namespace engine
