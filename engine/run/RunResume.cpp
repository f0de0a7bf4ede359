#include "engine/run/PipelineRun.h"

#include "engine/base/PostTo.h"
#include "engine/model/ActivityReader.h"
#include "engine/model/TimeSpan.h"

#include <QCoreApplication>

namespace engine {

namespace {

constexpr int maximumSystemRetries = 3;
constexpr Millis askSinkAgainAfter{5000};

// The context of this file's texts for translators.
struct RunResumeText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRun)
};

bool isType(const Activity &activity, QStringView type)
{
    return activity.type.compare(type, Qt::CaseInsensitive) == 0;
}

} // namespace

// What an earlier engine has recorded, by where it belongs.
struct PipelineRun::Past
{
    QHash<QString, const ActivityRecord *> activities; // by path
    QHash<QString, QList<const AttemptRecord *>> attempts; // by activity run
    QHash<QString, QList<const CellRecord *>> cells; // by activity run
    const QHash<QString, Json> &hidden; // by activity run

    explicit Past(const RunHistory &history) : hidden(history.hidden)
    {
        for (const ActivityRecord &activity : history.activities)
            activities.insert(activity.path, &activity);
        for (const AttemptRecord &attempt : history.attempts)
            attempts[attempt.activityRun.text()].append(&attempt);
        for (const CellRecord &cell : history.cells)
            cells[cell.activityRun.text()].append(&cell);
    }

    bool hasBegun(const QString &prefix, const QList<Activity> &list) const
    {
        return std::any_of(list.begin(), list.end(), [&](const Activity &activity) {
            return activities.contains(prefix + activity.name);
        });
    }
};

void PipelineRun::resume(const RunHistory &history)
{
    const Past past(history);
    QList<Json> written;
    for (const ActivityRecord &activity : history.activities) {
        noteDrift(activity);
        if (activity.variable.is_null())
            continue;
        const auto hidden = history.hidden.constFind(activity.id.text());
        const Json whole = hidden == history.hidden.constEnd() ? Json() : memberAt(*hidden, "variable");
        written.append(whole.is_object() ? whole : activity.variable);
    }
    m_values.replay(std::move(written));
    Bodies bodies;
    resumeScope(m_root, past, bodies);
    proceed(std::move(bodies));
}

void PipelineRun::resumeScope(Scope &scope, const Past &past, Bodies &bodies)
{
    for (const auto &node : scope.nodes) { // all of them first: they read each other's outputs
        const ActivityRecord *const known = past.activities.value(node->record.path);
        if (!known)
            continue;
        node->record = *known;
        node->hidden = past.hidden.value(known->id.text(), Json::object());
        node->readsHidden = boolAt(node->hidden, "readsHidden");
        node->output = node->hidden.contains("output") ? node->hidden.at("output") : known->output;
        for (const AttemptRecord *attempt : past.attempts.value(known->id.text())) {
            node->attempt = *attempt;
            if (attempt->number > 1)
                ++(attempt->systemRetry ? node->systemRetries : node->userRetries);
        }
    }
    for (const auto &node : scope.nodes)
        resumeNode(*node, past, bodies);
    advance(scope, bodies);
}

void PipelineRun::resumeNode(Node &node, const Past &past, Bodies &bodies)
{
    for (const CellRecord *cell : past.cells.value(node.record.id.text())) {
        if (isTerminal(cell->status))
            continue;
        CellRecord ended = *cell;
        ended.status = cell->status == CellStatus::Running ? CellStatus::Interrupted : CellStatus::NotRun;
        if (ended.status == CellStatus::Interrupted)
            ended.end = m_clock.now();
        bodies.append(ended);
    }
    if (isTerminal(node.record.status))
        return;
    if (node.isContainer() && node.record.status == ActivityStatus::InProgress) {
        resumeContainer(node, past, bodies);
        return;
    }
    const bool isBetweenAttempts = !node.attempt || isTerminal(node.attempt->status);
    if (isStopping() && (node.record.status != ActivityStatus::InProgress || isBetweenAttempts)) {
        stopNode(node, bodies);
        return;
    }
    if (node.record.status == ActivityStatus::Pending)
        return;
    if (node.record.status == ActivityStatus::Queued) {
        enqueue(node);
        return;
    }
    if (!runner(node)) { // of control flow, only Wait is ever left in progress
        waitUntilDue(node);
        return;
    }
    if (const Json &hidden = memberAt(node.hidden, "activity"); hidden.is_object())
        node.resolved = std::make_shared<const Activity>(readActivity(hidden, Content::Evaluated));
    else if (node.attempt && node.attempt->activity.is_object())
        node.resolved = std::make_shared<const Activity>(readActivity(node.attempt->activity, Content::Evaluated));
    if (!resolve(node, bodies))
        return;
    if (isBetweenAttempts) {
        const Millis wait = node.record.dueAt ? *node.record.dueAt - m_clock.now() : Millis(0);
        scheduleRetry(node, std::clamp(wait, Millis(0), Millis(node.activity().policy.retryInterval)));
        return;
    }
    if (node.attempt->status == AttemptStatus::Committing || node.attempt->status == AttemptStatus::OutcomeUnknown) {
        node.resolving = true;
        postTo(this, [this, weak = node.weak_from_this()] {
            if (const auto asked = weak.lock())
                resolveCommit(*asked);
        });
        return;
    }
    settleInterrupted(node, bodies);
}

void PipelineRun::resumeContainer(Node &node, const Past &past, Bodies &bodies)
{
    const Activity &activity = *node.written;
    const Json &input = node.input();
    node.inside = std::make_unique<ContainerProgress>();
    ContainerProgress &inside = *node.inside;
    const auto prefixOf = [&node](int iteration) {
        return QStringLiteral("%1[%2]/").arg(node.record.path).arg(iteration);
    };
    if (isType(activity, u"ForEach")) {
        inside.items = memberAt(input, "items");
        if (!inside.items.is_array())
            inside.items = Json::array();
        inside.atOnce = int(std::max<qint64>(1, intAt(input, "atOnce", 1)));
        int begun = 0;
        for (int i = 0; i < int(inside.items.size()); ++i) {
            if (past.hasBegun(prefixOf(i), activity.branches[0].activities))
                begun = i + 1;
        }
        for (int i = 0; i < begun; ++i) {
            resumeScope(openScope(node, 0, i), past, bodies);
            closeEndedScopes(node);
        }
    } else if (isType(activity, u"Until")) {
        int begun = 0;
        while (past.hasBegun(prefixOf(begun), activity.branches[0].activities))
            ++begun;
        if (begun > 0)
            resumeScope(openScope(node, 0, begun - 1), past, bodies);
        const QString written = ValueSource::fromJson(memberAt(typePropertiesOf(activity), "timeout")).text();
        const Millis all = parseTimeSpan(written).value_or(std::chrono::hours(7 * 24));
        startUntilTimer(node, std::max(Millis(0), all - (m_clock.now() - *node.record.start)));
    } else {
        Error error{};
        const std::optional<int> branch = nextBranch(node, error);
        if (branch && past.hasBegun(node.record.path + u'/', activity.branches[*branch].activities))
            resumeScope(openScope(node, *branch, 0), past, bodies);
    }
    if (isStopping()) {
        stopNode(node, bodies);
        return;
    }
    enqueue(node);
}

// The attempt is known to have left nothing behind (or to be of a kind that cannot be asked): again, or failed.
void PipelineRun::settleInterrupted(Node &node, Bodies &bodies)
{
    RunError error{.errorCode = QStringLiteral("EngineInterrupted"),
                   .message = RunResumeText::tr("The engine stopped while this activity was running."),
                   .failureType = QStringLiteral("SystemError"),
                   .target = node.record.name};
    finishAttempt(node, AttemptInput::EngineLost, error, bodies);
    if (isStopping()) {
        finishActivity(node, ActivityInput::Cancelled, node.record.output, {}, bodies);
        return;
    }
    const bool again = runner(node)->onEngineRestart(task(node)) == ActivityRunner::Restart::Again;
    if (again && node.systemRetries < maximumSystemRetries) {
        ++node.systemRetries;
        node.record.substate = QStringLiteral("WaitingRetry");
        node.record.reason = error.message;
        node.record.dueAt = m_clock.now();
        bodies.append(node.record);
        scheduleRetry(node, Millis(0));
        return;
    }
    error.message += u' '
        + (again
               ? RunResumeText::tr("It was started again %1 times and interrupted each time.").arg(maximumSystemRetries)
               : RunResumeText::tr(
                   "What it had done by then is not known, so it is not started again by itself; check, then run "
                   "the pipeline again."));
    finishActivity(node, ActivityInput::AttemptFailed, node.record.output, error, bodies);
}

void PipelineRun::resolveCommit(Node &node)
{
    const std::weak_ptr<Node> weak = node.weak_from_this();
    runner(node)->resolve(task(node), *node.attempt, this, [this, weak](const Result<std::optional<Json>> &answer) {
        const auto asked = weak.lock();
        if (!asked)
            return;
        if (!answer) {
            asked->record.substate = toString(AttemptStatus::OutcomeUnknown);
            asked->record.reason = answer.error().message;
            Bodies bodies;
            if (asked->attempt->status == AttemptStatus::Committing) {
                asked->attempt->status = *after(asked->attempt->status, AttemptInput::SinkLost);
                bodies.append(*asked->attempt);
            }
            bodies.append(asked->record);
            record(std::move(bodies));
            m_clock.after(askSinkAgainAfter, this, [this, weak] {
                if (const auto again = weak.lock())
                    resolveCommit(*again);
            });
            return;
        }
        asked->resolving = false;
        Bodies bodies;
        if (*answer)
            succeed(*asked, **answer, bodies);
        else
            settleInterrupted(*asked, bodies);
        advance(*asked->scope, bodies);
        proceed(std::move(bodies));
    });
}

} // namespace engine
