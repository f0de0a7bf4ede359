#include "engine/run/PipelineRun.h"

#include "engine/model/TimeSpan.h"

#include <QCoreApplication>

namespace engine {

namespace {

constexpr size_t mostItems = 100000; // of a ForEach, as Data Factory has it
constexpr int mostRounds = 100000; // of an Until
constexpr int atOnceByDefault = 20; // as Data Factory has it
constexpr int mostAtOnce = 50;

// The context of this file's texts for translators.
struct ContainerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRun)
};

bool isType(const ActivityNode &node, QStringView type)
{
    return node.written->type.compare(type, Qt::CaseInsensitive) == 0;
}

bool isLoop(const ActivityNode &node) { return isType(node, u"ForEach") || isType(node, u"Until"); }

Error wrongValue(const QString &message, const char *property)
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("typeProperties.") + QLatin1String(property)};
}

QString shown(const Json &value) { return QString::fromUtf8(toCompact(value).left(80)); }

Result<bool> truth(const Json &value, const char *property)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_string()) { // as Data Factory does
        const QString text = toQString(value.get_ref<const std::string &>());
        if (text.compare(u"true", Qt::CaseInsensitive) == 0)
            return true;
        if (text.compare(u"false", Qt::CaseInsensitive) == 0)
            return false;
    }
    return wrongValue(ContainerText::tr("The expression is neither true nor false, but %1.").arg(shown(value)),
                      property);
}

// Which branch of a Switch: that of the case, or the last one, "Default".
int caseOf(const Activity &activity, const QString &on)
{
    for (qsizetype i = 0; i + 1 < activity.branches.size(); ++i) {
        if (activity.branches[i].label == on)
            return int(i);
    }
    return int(activity.branches.size()) - 1;
}

RunError innerFailure(const ActivityNode &failed)
{
    return {
        .errorCode = QStringLiteral("ActionFailed"),
        .message =
            ContainerText::tr("An activity inside failed: %1: %2").arg(failed.record.name, failed.record.error.message),
        .failureType =
            failed.record.error.failureType.isEmpty() ? QStringLiteral("UserError") : failed.record.error.failureType,
        .target = {},
        .details = {{"innerActivity", toStdString(failed.record.path)},
                    {"innerErrorCode", toStdString(failed.record.error.errorCode)}}};
}

} // namespace

void PipelineRun::beginContainer(Node &node, Bodies &bodies)
{
    begin(node);
    const Result<> planned = planContainer(node);
    if (!planned) {
        node.inside.reset();
        fail(node, expressionError(planned.error()), bodies);
        return;
    }
    bodies.append(node.record);
    if (isType(node, u"Until")) {
        const QString written = ValueSource::fromJson(memberAt(typePropertiesOf(*node.written), "timeout")).text();
        startUntilTimer(node, parseTimeSpan(written).value_or(std::chrono::hours(7 * 24)));
    }
    enqueue(node);
}

// What the container is going to do, decided once: the record's input keeps it, so that a restart decides the same.
Result<> PipelineRun::planContainer(Node &node)
{
    node.inside = std::make_unique<ContainerProgress>();
    ContainerProgress &inside = *node.inside;
    if (isType(node, u"IfCondition")) {
        const Result<Json> expression = evaluateProperty(node, *node.scope, "expression");
        const Result<bool> value = expression ? truth(*expression, "expression") : Result<bool>(expression.error());
        if (!value)
            return value.error();
        setInput(node, {{"expression", *value}});
        return {};
    }
    if (isType(node, u"Switch")) {
        const Result<Json> on = evaluateProperty(node, *node.scope, "on");
        if (!on)
            return on.error();
        setInput(node, {{"on", toStdString(ValueSource{*on, {}, false}.text())}});
        return {};
    }
    if (isType(node, u"Until"))
        return {};
    const Json &properties = typePropertiesOf(*node.written);
    Result<Json> items = evaluateProperty(node, *node.scope, "items");
    if (!items)
        return items.error();
    if (!items->is_array())
        return wrongValue(ContainerText::tr("What a ForEach goes through is no array: %1.").arg(shown(*items)),
                          "items");
    if (items->size() > mostItems)
        return wrongValue(ContainerText::tr("A ForEach takes at most %1 items; these are %2. Divide the work among "
                                            "several pipelines.")
                              .arg(mostItems)
                              .arg(items->size()),
                          "items");
    inside.items = *std::move(items);
    const qint64 wanted = intAt(properties, "batchCount", atOnceByDefault);
    inside.atOnce = boolAt(properties, "isSequential") ? 1 : int(std::clamp<qint64>(wanted, 1, mostAtOnce));
    setInput(node, {{"items", inside.items}, {"atOnce", inside.atOnce}});
    return {};
}

void PipelineRun::startUntilTimer(Node &node, Millis left)
{
    node.timer = m_clock.after(left, this, [this, weak = node.weak_from_this()] {
        const auto late = weak.lock();
        if (!late || !late->inside)
            return;
        late->timer = 0;
        late->inside->hasTimedOut = true;
        Bodies bodies;
        for (const auto &scope : late->inside->scopes)
            stopScope(*scope, bodies);
        enqueue(*late);
        proceed(std::move(bodies));
    });
}

PipelineRun::Scope &PipelineRun::openScope(Node &node, int branch, int iteration)
{
    const QString prefix =
        isLoop(node) ? QStringLiteral("%1[%2]/").arg(node.record.path).arg(iteration) : node.record.path + u'/';
    auto opened =
        std::make_unique<Scope>(node.written->branches[branch].activities, m_record.id, m_record.pipeline, prefix);
    Scope &scope = *opened;
    scope.container = &node;
    scope.iteration = iteration;
    if (isType(node, u"ForEach"))
        scope.item = node.inside->items[size_t(iteration)];
    node.inside->scopes.push_back(std::move(opened));
    node.inside->next = std::max(node.inside->next, iteration + 1);
    return scope;
}

// Takes what has ended out of the tree: a loop over many items holds no more than what is under way.
void PipelineRun::closeEndedScopes(Node &node)
{
    ContainerProgress &inside = *node.inside;
    const bool keepsLast = isType(node, u"Until");
    std::erase_if(inside.scopes, [&](std::unique_ptr<Scope> &scope) {
        if (!scope->hasEnded())
            return false;
        if (!scope->hasSucceeded()) {
            ++inside.failed;
            if (const ActivityNode *failed = scope->firstFailed(); failed && inside.firstError.isEmpty())
                inside.firstError = innerFailure(*failed);
        }
        std::erase_if(m_queue, [&scope](const Node *queued) { return queued->scope == scope.get(); });
        if (keepsLast)
            inside.lastRound = std::move(scope);
        return true;
    });
}

std::optional<int> PipelineRun::nextBranch(Node &node, Error &error)
{
    ContainerProgress &inside = *node.inside;
    if (isType(node, u"ForEach"))
        return inside.next < int(inside.items.size()) ? std::optional(0) : std::nullopt;
    if (isType(node, u"Until")) {
        if (inside.next == 0)
            return 0;
        const Result<Json> expression = evaluateProperty(node, *inside.lastRound, "expression");
        const Result<bool> isDone = expression ? truth(*expression, "expression") : Result<bool>(expression.error());
        if (!isDone) {
            error = isDone.error();
            return std::nullopt;
        }
        if (*isDone)
            return std::nullopt;
        if (inside.next < mostRounds) {
            inside.failed = 0; // the last round decides
            inside.firstError = {};
            return 0;
        }
        error = wrongValue(ContainerText::tr("The expression was still false after %1 rounds. Put a Wait inside, or "
                                             "correct the expression.")
                               .arg(mostRounds),
                           "expression");
        return std::nullopt;
    }
    if (inside.next > 0)
        return std::nullopt;
    return isType(node, u"IfCondition") ? (boolAt(node.input(), "expression") ? 0 : 1)
                                        : caseOf(*node.written, stringAt(node.input(), "on"));
}

void PipelineRun::stepContainer(Node &node, Bodies &bodies)
{
    ContainerProgress &inside = *node.inside;
    closeEndedScopes(node);
    Error error{};
    const bool isEnding = isStopping() || inside.hasTimedOut;
    while (!isEnding && int(inside.scopes.size()) < inside.atOnce) {
        const std::optional<int> branch = nextBranch(node, error);
        if (!branch)
            break;
        Scope &opened = openScope(node, *branch, inside.next);
        advance(opened, bodies);
        if (isType(node, u"Until"))
            break; // the expression is asked again when this round has ended
    }
    if (!inside.scopes.empty())
        return;
    m_clock.cancel(std::exchange(node.timer, 0));
    if (isStopping()) {
        finishActivity(node, ActivityInput::Cancelled, Json::object(), {}, bodies);
    } else {
        RunError failure = inside.firstError;
        if (inside.hasTimedOut)
            failure = {.errorCode = QStringLiteral("UserErrorActivityTimeout"),
                       .message = ContainerText::tr("The expression did not become true within the timeout."),
                       .failureType = QStringLiteral("UserError"),
                       .target = {}};
        else if (!error.message.isEmpty())
            failure = expressionError(error);
        else if (inside.failed > 0 && isType(node, u"ForEach"))
            failure.details["failedIterations"] = inside.failed;
        const bool hasFailed = inside.failed > 0 || inside.hasTimedOut || !error.message.isEmpty();
        Json output = Json::object();
        if (isLoop(node))
            output["slipway"] = {{"iterations", inside.next}, {"failedIterations", inside.failed}};
        finishActivity(node,
                       hasFailed ? ActivityInput::AttemptFailed : ActivityInput::AttemptSucceeded,
                       output,
                       hasFailed ? failure : RunError(),
                       bodies);
    }
    node.inside.reset();
    advance(*node.scope, bodies);
}

} // namespace engine
