#include "engine/run/PipelineRun.h"

#include "engine/base/Log.h"
#include "engine/base/PostTo.h"

#include <QCoreApplication>
#include <QPointer>
#include <QUuid>

namespace engine {

namespace {

constexpr int maximumSystemRetries = 3;
constexpr Millis recordAgainAfter{2000};
constexpr Millis askSinkAgainAfter{5000};

// The context of this file's texts for translators.
struct PipelineRunText {
  Q_DECLARE_TR_FUNCTIONS(engine::PipelineRun)
};

// The same for every attempt of one activity run, and for every engine that
// works on it.
LoadId loadIdOf(const QString &storeId, const RunId &run, const QString &path) {
  const QUuid store(storeId);
  return LoadId(QUuid::createUuidV5(store, run.text() + u'/' + path +
                                               QStringLiteral("/0"))
                    .toString(QUuid::WithoutBraces));
}

Json shownOutput(const Activity &activity, const Json &output) {
  return activity.policy.secureOutput ? Json::object({{"secureOutput", true}})
                                      : output;
}

} // namespace

struct PipelineRun::Node {
  const Activity *activity = nullptr;
  ActivityRecord record;
  std::optional<AttemptRecord> attempt; // the last one
  int userRetries = 0; // attempts that the policy's retry paid for
  int systemRetries = 0;
  ActivityRunner::Lease lease;
  std::unique_ptr<ActivityExecution> execution;
  Clock::TimerId timer = 0;
  bool resolving = false; // the sink is being asked
};

PipelineRun::PipelineRun(RunRecord record, std::shared_ptr<const RunPlan> plan,
                         const Parts &parts, QObject *parent)
    : QObject(parent), m_record(std::move(record)), m_plan(std::move(plan)),
      m_runners(parts.runners), m_journal(parts.journal),
      m_telemetry(parts.telemetry), m_clock(parts.clock) {
  for (const Activity &activity : m_plan->definition().activities) {
    auto node = std::make_unique<Node>();
    node->activity = &activity;
    node->record.id = ActivityRunId::create();
    node->record.run = m_record.id;
    node->record.pipeline = m_record.pipeline;
    node->record.name = activity.name;
    node->record.path = activity.name;
    node->record.type = activity.type;
    node->record.linkedService = activity.linkedService;
    for (auto it = activity.userProperties.constBegin();
         it != activity.userProperties.constEnd(); ++it)
      node->record.userProperties[toStdString(it.key())] = it->literal;
    m_nodes.emplace(activity.name, std::move(node));
  }
}

PipelineRun::~PipelineRun() {
  for (const auto &[name, node] : m_nodes)
    m_clock.cancel(node->timer);
}

void PipelineRun::start() {
  setRun(RunInput::SlotFree);
  m_record.start = m_clock.now();
  m_record.reason.clear();
  Bodies bodies{m_record};
  for (const Activity &activity : m_plan->definition().activities)
    bodies.append(m_nodes.at(activity.name)->record);
  recordAndStart(std::move(bodies));
}

void PipelineRun::cancel() {
  if (m_record.status != RunStatus::InProgress)
    return;
  setRun(RunInput::CancelRequested);
  record({m_record}, [this] {
    if (isTerminal(m_record.status))
      return; // everything had ended by itself meanwhile
    Bodies bodies;
    for (const auto &[name, node] : m_nodes)
      stopNode(*node, bodies);
    recordAndStart(std::move(bodies));
  });
}

// --- recording
// -----------------------------------------------------------------------------------------------------

void PipelineRun::record(Bodies bodies, std::function<void()> then) {
  QList<RunEvent> events;
  const Instant now = m_clock.now();
  for (RunEvent::Body &body : bodies) {
    if (auto *run = std::get_if<RunRecord>(&body))
      run->lastUpdated = now;
    events.append({.at = now,
                   .factory = m_record.factory,
                   .run = m_record.id,
                   .body = std::move(body)});
  }
  if (events.isEmpty()) {
    if (then)
      then();
    return;
  }
  appendUntilRecorded(std::move(events), std::move(then));
}

void PipelineRun::appendUntilRecorded(QList<RunEvent> events,
                                      std::function<void()> then) {
  const QPointer<PipelineRun> self(this);
  m_journal.append(events, [self, events,
                            then = std::move(then)](const Result<> &recorded) {
    if (!self)
      return;
    if (recorded) {
      if (then)
        then();
      return;
    }
    const ErrorCode code = recorded.error().code;
    if (code == ErrorCode::Conflict || code == ErrorCode::InvalidInput) {
      // Another engine has the store now, or the run has ended in it: whatever
      // is recorded there is the truth.
      qCCritical(logRun).noquote() << "Run" << self->m_record.id.text()
                                   << "stops here:" << recorded.error().message;
      return;
    }
    qCWarning(logRun).noquote()
        << "Run" << self->m_record.id.text()
        << "waits for the store:" << recorded.error().message;
    self->m_clock.after(recordAgainAfter, self, [self, events, then] {
      self->appendUntilRecorded(events, then);
    });
  });
}

void PipelineRun::recordAndStart(Bodies bodies) {
  const QList<Node *> ready = advance(bodies);
  const bool ended = isTerminal(m_record.status);
  record(std::move(bodies), [this, ready, ended] {
    if (ended) {
      emit finished(m_record.status);
      return;
    }
    for (Node *node : ready) {
      if (node->record.status == ActivityStatus::Queued)
        acquire(*node);
    }
  });
}

// --- deciding
// ------------------------------------------------------------------------------------------------------

void PipelineRun::setRun(RunInput input) {
  const std::optional<RunStatus> next = after(m_record.status, input);
  Q_ASSERT(next);
  m_record.status = *next;
}

QMap<QString, ActivityStatus> PipelineRun::statusByName() const {
  QMap<QString, ActivityStatus> statuses;
  for (const auto &[name, node] : m_nodes)
    statuses.insert(name, node->record.status == ActivityStatus::Inactive
                              ? markedAs(*node->activity)
                              : node->record.status);
  return statuses;
}

QList<PipelineRun::Node *> PipelineRun::advance(Bodies &bodies) {
  QList<Node *> ready;
  for (bool changed = true; changed && !isStopping();) {
    changed = false;
    const QMap<QString, ActivityStatus> statuses = statusByName();
    for (const auto &[name, node] : m_nodes) {
      if (node->record.status != ActivityStatus::Pending)
        continue;
      const Readiness state = readiness(*node->activity, statuses);
      if (state == Readiness::Waiting)
        continue;
      const ActivityInput input =
          state == Readiness::Unmet  ? ActivityInput::DependenciesUnmet
          : node->activity->inactive ? ActivityInput::SwitchedOff
                                     : ActivityInput::DependenciesMet;
      node->record.status = *after(node->record.status, input);
      if (input == ActivityInput::DependenciesMet)
        ready.append(node.get());
      else
        node->record.end = m_clock.now();
      bodies.append(node->record);
      changed = true;
    }
  }
  const bool allDone =
      std::all_of(m_nodes.begin(), m_nodes.end(), [](const auto &entry) {
        return isTerminal(entry.second->record.status);
      });
  if (!allDone || isTerminal(m_record.status))
    return ready;

  const bool good =
      succeedsByLeafRule(m_plan->definition().activities, statusByName());
  for (const Activity &activity : m_plan->definition().activities) {
    const ActivityRecord &record = m_nodes.at(activity.name)->record;
    if (record.status != ActivityStatus::Failed)
      continue;
    m_record.failedActivities = true;
    if (!good && m_record.message.isEmpty())
      m_record.message =
          PipelineRunText::tr("Operation on target %1 failed: %2")
              .arg(record.name, record.error.message);
  }
  setRun(isStopping() ? RunInput::ActivitiesStopped
         : good       ? RunInput::ActivitiesSucceeded
                      : RunInput::ActivitiesFailed);
  m_record.end = m_clock.now();
  bodies.append(m_record);
  return ready;
}

// --- one activity
// --------------------------------------------------------------------------------------------------

ActivityTask PipelineRun::task(const Node &node) const {
  return {.plan = m_plan,
          .activity = std::shared_ptr<const Activity>(m_plan, node.activity),
          .path = node.record.path,
          .run = m_record.id,
          .activityRun = node.record.id,
          .attempt = node.attempt ? node.attempt->number : 1,
          .load = loadIdOf(m_journal.storeId(), m_record.id, node.record.path)};
}

ActivityRunner *PipelineRun::runner(const Node &node) const {
  return m_runners.find(node.activity->type);
}

void PipelineRun::acquire(Node &node) {
  ActivityRunner *found = runner(node);
  Q_ASSERT_X(found, "PipelineRun", "the plan refuses types without a runner");
  Node *const waiting = &node;
  found->acquire(
      this,
      [this, waiting](ActivityRunner::Lease lease) {
        if (waiting->record.status != ActivityStatus::Queued &&
            waiting->record.status != ActivityStatus::InProgress)
          return; // cancelled meanwhile; the lease goes back
        waiting->lease = std::move(lease);
        beginAttempt(*waiting,
                     waiting->attempt && waiting->attempt->status ==
                                             AttemptStatus::Interrupted);
      },
      [this, waiting](const QString &reason) {
        waiting->record.reason = reason;
        record({waiting->record});
      });
}

void PipelineRun::beginAttempt(Node &node, bool systemRetry) {
  AttemptRecord attempt;
  attempt.activityRun = node.record.id;
  attempt.run = m_record.id;
  attempt.number = ++node.record.attempts;
  attempt.epoch = m_journal.epoch();
  attempt.load = loadIdOf(m_journal.storeId(), m_record.id, node.record.path);
  attempt.systemRetry = systemRetry;
  attempt.start = m_clock.now();
  node.attempt = attempt;

  node.record.status =
      *after(node.record.status, ActivityInput::AttemptStarted);
  node.record.substate.clear();
  node.record.reason.clear();
  node.record.dueAt.reset();
  if (!node.record.start)
    node.record.start = attempt.start;
  node.record.error = {};
  node.record.input = node.activity->policy.secureInput
                          ? Json::object({{"secureInput", true}})
                          : runner(node)->input(task(node));
  Node *const starting = &node;
  record({node.record, *node.attempt}, [this, starting] { launch(*starting); });
}

void PipelineRun::launch(Node &node) {
  if (node.attempt->status != AttemptStatus::Starting)
    return; // cancelled while its start was being recorded
  node.execution = runner(node)->make(task(node));
  ActivityExecution *execution = node.execution.get();
  Node *const running = &node;
  connect(execution, &ActivityExecution::started, this, [this, running] {
    running->attempt->status =
        after(running->attempt->status, AttemptInput::WorkerLive)
            .value_or(running->attempt->status);
    record({*running->attempt});
  });
  connect(execution, &ActivityExecution::happened, this,
          [this](const RunEvent::Body &body) {
            RunEvent event{.at = m_clock.now(),
                           .factory = m_record.factory,
                           .run = m_record.id,
                           .body = body};
            if (event.isDurable())
              appendUntilRecorded({event}, {});
            else
              m_telemetry.append(event);
          });
  connect(execution, &ActivityExecution::committing, this,
          [this, running](const Json &intent,
                          const ActivityExecution::Proceed &proceed) {
            commitIntended(*running, intent, proceed);
          });
  connect(execution, &ActivityExecution::sinkLost, this,
          [this, running](const RunError &error) {
            running->attempt->error = error;
            running->attempt->status =
                *after(running->attempt->status, AttemptInput::SinkLost);
            running->record.substate = toString(AttemptStatus::OutcomeUnknown);
            running->record.reason = error.message;
            record({running->record, *running->attempt});
          });
  connect(
      execution, &ActivityExecution::finished, this,
      [this, running](const ActivityOutcome &outcome) {
        running->execution.release()->deleteLater(); // it is still on the stack
        running->lease.reset();
        attemptEnded(*running, outcome);
      });
  execution->start();
}

void PipelineRun::commitIntended(Node &node, const Json &intent,
                                 const ActivityExecution::Proceed &proceed) {
  if (isStopping()) {
    proceed(Error{ErrorCode::Cancelled,
                  PipelineRunText::tr(
                      "The run was cancelled before the load was committed."),
                  node.record.path});
    return;
  }
  if (node.attempt->status == AttemptStatus::Starting)
    node.attempt->status = AttemptStatus::Running;
  node.attempt->status =
      *after(node.attempt->status, AttemptInput::CommitIntended);
  node.attempt->commitIntent = intent;
  record({*node.attempt}, [proceed] { proceed({}); });
}

void PipelineRun::finishAttempt(Node &node, AttemptInput input,
                                const RunError &error, Bodies &bodies) {
  const AttemptStatus from = node.attempt->status == AttemptStatus::Starting &&
                                     input == AttemptInput::Succeeded
                                 ? AttemptStatus::Running
                                 : node.attempt->status;
  const std::optional<AttemptStatus> next = after(from, input);
  Q_ASSERT(next);
  node.attempt->status = *next;
  node.attempt->error = error;
  node.attempt->end = m_clock.now();
  bodies.append(*node.attempt);
}

void PipelineRun::finishActivity(Node &node, ActivityInput input,
                                 const Json &output, const RunError &error,
                                 Bodies &bodies) {
  node.record.status = *after(node.record.status, input);
  node.record.substate.clear();
  node.record.reason.clear();
  node.record.dueAt.reset();
  node.record.output = shownOutput(*node.activity, output);
  node.record.error = error;
  if (!node.record.error.isEmpty())
    node.record.error.target = node.record.name;
  node.record.end = m_clock.now();
  bodies.append(node.record);
}

void PipelineRun::succeed(Node &node, const Json &output, Bodies &bodies) {
  finishAttempt(node, AttemptInput::Succeeded, {}, bodies);
  finishActivity(node, ActivityInput::AttemptSucceeded, output, {}, bodies);
}

void PipelineRun::attemptEnded(Node &node, const ActivityOutcome &outcome) {
  Bodies bodies;
  switch (outcome.status) {
  case ActivityOutcome::Status::Succeeded:
    succeed(node, outcome.output, bodies);
    break;
  case ActivityOutcome::Status::Cancelled:
    finishAttempt(node, AttemptInput::Cancelled, outcome.error, bodies);
    finishActivity(node, ActivityInput::Cancelled, outcome.output,
                   outcome.error, bodies);
    break;
  case ActivityOutcome::Status::OutcomeUnknown: // the attempt stays as it is:
                                                // nobody knows
    finishActivity(node, ActivityInput::AttemptFailed, outcome.output,
                   outcome.error, bodies);
    break;
  case ActivityOutcome::Status::Failed:
  case ActivityOutcome::Status::TimedOut: {
    finishAttempt(node,
                  outcome.status == ActivityOutcome::Status::TimedOut
                      ? AttemptInput::TimedOut
                      : AttemptInput::Failed,
                  outcome.error, bodies);
    if (outcome.retryable && !isStopping() &&
        node.userRetries < node.activity->policy.retry) {
      ++node.userRetries;
      node.record.output = shownOutput(*node.activity, outcome.output);
      node.record.error = outcome.error;
      node.record.error.target = node.record.name;
      node.record.status =
          *after(node.record.status, ActivityInput::RetryScheduled);
      node.record.substate = QStringLiteral("WaitingRetry");
      node.record.dueAt = m_clock.now() + node.activity->policy.retryInterval;
      bodies.append(node.record);
      Node *const retried = &node;
      record(std::move(bodies), [this, retried] {
        scheduleRetry(*retried, retried->activity->policy.retryInterval);
      });
      return;
    }
    finishActivity(node, ActivityInput::AttemptFailed, outcome.output,
                   outcome.error, bodies);
    break;
  }
  }
  recordAndStart(std::move(bodies));
}

void PipelineRun::scheduleRetry(Node &node, Millis delay) {
  if (isStopping())
    return; // cancel() has settled it, or will
  Node *const retried = &node;
  node.timer = m_clock.after(delay, this, [this, retried] {
    retried->timer = 0;
    acquire(*retried);
  });
}

void PipelineRun::stopNode(Node &node, Bodies &bodies) {
  if (isTerminal(node.record.status) || node.resolving)
    return;
  if (node.execution) {
    node.execution->cancel(); // its finished() settles the rest
    return;
  }
  m_clock.cancel(std::exchange(node.timer, 0));
  if (node.attempt && node.attempt->status == AttemptStatus::Starting)
    finishAttempt(node, AttemptInput::Cancelled, {}, bodies);
  node.lease.reset();
  finishActivity(node, ActivityInput::Cancelled, node.record.output,
                 node.record.error, bodies);
}

// --- after a restart
// -----------------------------------------------------------------------------------------------

void PipelineRun::resume(const RunHistory &history) {
  for (const ActivityRecord &activity : history.activities) {
    if (const auto found = m_nodes.find(activity.name); found != m_nodes.end())
      found->second->record = activity;
  }
  for (const AttemptRecord &attempt : history.attempts) {
    for (const auto &[name, node] : m_nodes) {
      if (node->record.id != attempt.activityRun)
        continue;
      node->attempt = attempt;
      if (attempt.number > 1)
        ++(attempt.systemRetry ? node->systemRetries : node->userRetries);
    }
  }
  Bodies bodies;
  for (const auto &[name, node] : m_nodes)
    resumeNode(*node, history, bodies);
  recordAndStart(std::move(bodies));
}

void PipelineRun::resumeNode(Node &node, const RunHistory &history,
                             Bodies &bodies) {
  for (const CellRecord &cell : history.cells) {
    if (cell.activityRun != node.record.id || isTerminal(cell.status))
      continue;
    CellRecord ended = cell;
    ended.status = cell.status == CellStatus::Running ? CellStatus::Interrupted
                                                      : CellStatus::NotRun;
    if (ended.status == CellStatus::Interrupted)
      ended.end = m_clock.now();
    bodies.append(ended);
  }
  if (isTerminal(node.record.status) ||
      node.record.status == ActivityStatus::Pending) {
    if (isStopping() && node.record.status == ActivityStatus::Pending)
      stopNode(node, bodies);
    return;
  }
  Node *const resumed = &node;
  if (node.record.status == ActivityStatus::Queued) {
    if (isStopping())
      stopNode(node, bodies);
    else
      postTo(this, [this, resumed] { acquire(*resumed); });
    return;
  }
  if (!node.attempt || isTerminal(node.attempt->status)) { // between attempts
    if (isStopping()) {
      stopNode(node, bodies);
    } else {
      const Millis wait =
          node.record.dueAt ? *node.record.dueAt - m_clock.now() : Millis(0);
      scheduleRetry(node,
                    std::clamp(wait, Millis(0),
                               Millis(node.activity->policy.retryInterval)));
    }
    return;
  }
  if (node.attempt->status == AttemptStatus::Committing ||
      node.attempt->status == AttemptStatus::OutcomeUnknown) {
    node.resolving = true;
    postTo(this, [this, resumed] { resolveCommit(*resumed); });
    return;
  }
  settleInterrupted(node, bodies);
}

// The attempt is known to have left nothing behind (or to be of a kind that
// cannot be asked): again, or failed.
void PipelineRun::settleInterrupted(Node &node, Bodies &bodies) {
  RunError error{.errorCode = QStringLiteral("EngineInterrupted"),
                 .message = PipelineRunText::tr(
                     "The engine stopped while this activity was running."),
                 .failureType = QStringLiteral("SystemError"),
                 .target = node.record.name};
  finishAttempt(node, AttemptInput::EngineLost, error, bodies);
  if (isStopping()) {
    finishActivity(node, ActivityInput::Cancelled, node.record.output, {},
                   bodies);
    return;
  }
  const bool again = runner(node)->onEngineRestart(task(node)) ==
                     ActivityRunner::Restart::Again;
  if (again && node.systemRetries < maximumSystemRetries) {
    ++node.systemRetries;
    node.record.substate = QStringLiteral("WaitingRetry");
    node.record.reason = error.message;
    node.record.dueAt = m_clock.now();
    bodies.append(node.record);
    scheduleRetry(node, Millis(0));
    return;
  }
  error.message +=
      u' ' +
      (again ? PipelineRunText::tr(
                   "It was started again %1 times and interrupted each time.")
                   .arg(maximumSystemRetries)
             : PipelineRunText::tr(
                   "What it had done by then is not known, so it is not "
                   "started again by itself; check, then run "
                   "the pipeline again."));
  finishActivity(node, ActivityInput::AttemptFailed, node.record.output, error,
                 bodies);
}

void PipelineRun::resolveCommit(Node &node) {
  Node *const asked = &node;
  runner(node)->resolve(
      task(node), *node.attempt, this,
      [this, asked](const Result<std::optional<Json>> &answer) {
        if (!answer) {
          asked->record.substate = toString(AttemptStatus::OutcomeUnknown);
          asked->record.reason = answer.error().message;
          Bodies bodies;
          if (asked->attempt->status == AttemptStatus::Committing) {
            asked->attempt->status =
                *after(asked->attempt->status, AttemptInput::SinkLost);
            bodies.append(*asked->attempt);
          }
          bodies.append(asked->record);
          record(std::move(bodies));
          m_clock.after(askSinkAgainAfter, this,
                        [this, asked] { resolveCommit(*asked); });
          return;
        }
        asked->resolving = false;
        Bodies bodies;
        if (*answer)
          succeed(*asked, **answer, bodies);
        else
          settleInterrupted(*asked, bodies);
        recordAndStart(std::move(bodies));
      });
}

} // namespace engine

#include "moc_PipelineRun.cpp"
