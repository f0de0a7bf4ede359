#include "engine/model/ActivityReader.h"
#include "engine/model/Validation.h"

#include "engine/expression/Expression.h"

#include <QRegularExpression>

#include <algorithm>

namespace engine {

// One root that an expression reads, with all that is needed to say something about it.
struct Validation::FoundReference
{
    const ExpressionReference &reference;
    const QString &text; // of the whole expression
    const Place &place;
    const QString &path; // of the text, for a repair
};

namespace {

constexpr qsizetype longestExpression = 8192; // of Data Factory

const QString anyName = QStringLiteral("*"); // among what is used: a name that is known when it runs only

// What stands for lists of activities inside of a container: looked at with these activities.
const QStringList &branchProperties()
{
    static const QStringList names = {QStringLiteral("activities"),
                                      QStringLiteral("ifTrueActivities"),
                                      QStringLiteral("ifFalseActivities"),
                                      QStringLiteral("cases"),
                                      QStringLiteral("defaultActivities")};
    return names;
}

bool isNamePart(const QString &text, qsizetype at)
{
    return at >= 0 && at < text.size() && (text[at].isLetterOrNumber() || text[at] == u'_');
}

// The text with the first whole `name` at or after `from` (0-based) replaced; empty when there is none.
QString replacedAfter(const QString &text, qsizetype from, const QString &name, const QString &by)
{
    for (qsizetype at = text.indexOf(name, from); at >= 0 && !name.isEmpty(); at = text.indexOf(name, at + 1)) {
        if (!isNamePart(text, at - 1) && !isNamePart(text, at + name.size()))
            return QString(text).replace(at, name.size(), by);
    }
    return {};
}

// "character 12" → 12; 0 when it says none.
qsizetype characterOf(const Error &fault) { return fault.where.section(u' ', -1).toLongLong(); }

QStringList functionNames()
{
    QStringList names;
    for (const FunctionDescription &function : expressionFunctions())
        names.append(function.name);
    for (const ExpressionRoot root : {ExpressionRoot::Pipeline,
                                      ExpressionRoot::Activity,
                                      ExpressionRoot::Variables,
                                      ExpressionRoot::Item,
                                      ExpressionRoot::Trigger,
                                      ExpressionRoot::TriggerBody,
                                      ExpressionRoot::Dataset,
                                      ExpressionRoot::LinkedService})
        names.append(toString(root));
    return names;
}

bool isOneOf(const QString &name, const QStringList &known) { return known.contains(name, Qt::CaseInsensitive); }

} // namespace

Validation::Place Validation::placeOf(const Place &place, const Trail *trail)
{
    if (trail == nullptr)
        return place;
    const Place parent = placeOf(place, trail->parent);
    return trail->key != nullptr ? parent / toQString(*trail->key) : parent[qsizetype(trail->index)];
}

void Validation::checkActivityContent(const ActivityPlace &at)
{
    ContentScope scope;
    scope.activity = &at;
    const Json &json = at.activity.json;
    const QStringList skip = isContainer(at.activity.type) ? branchProperties() : QStringList();
    checkContent(memberAt(json, "typeProperties"), at.place / QStringLiteral("typeProperties"), scope, skip);
    for (const char *key : {"linkedServiceName", "policy", "userProperties", "inputs", "outputs"}) {
        if (const Json &member = memberAt(json, key); !member.is_null())
            checkContent(member, at.place / QString::fromLatin1(key), scope);
    }
}

void Validation::checkContent(const Json &json, const Place &place, const ContentScope &scope, const QStringList &skip)
{
    walkContent(json, place, nullptr, scope, skip);
}

void Validation::walkContent(
    const Json &json, const Place &place, const Trail *trail, const ContentScope &scope, const QStringList &skip)
{
    static const std::string none;
    if (const auto *text = json.get_ptr<const std::string *>()) {
        checkSecret(trail != nullptr && trail->key != nullptr ? *trail->key : none, *text, place, trail);
        if (text->find('@') != std::string::npos && isDynamic(json)) {
            const Place where = placeOf(place, trail);
            checkExpression(toQString(*text), where, where.property, scope);
        }
        return;
    }
    if (json.is_array()) {
        for (size_t i = 0; i < json.size(); ++i) {
            const Trail inside{trail, nullptr, i};
            walkContent(json[i], place, &inside, scope, {});
        }
        return;
    }
    if (!json.is_object())
        return;
    if (const Json *value = expressionValue(json); value != nullptr && value->is_string()) {
        const QString text = toQString(value->get_ref<const std::string &>());
        const Place where = placeOf(place, trail);
        if (isDynamic(*value))
            checkExpression(text, where, (where / QStringLiteral("value")).property, scope);
        return;
    }
    checkSecureString(json, place, trail);
    for (const auto &[key, member] : json.items()) {
        if (!skip.isEmpty() && skip.contains(toQString(key)))
            continue;
        const Trail inside{trail, &key, 0};
        walkContent(member, place, &inside, scope, {});
    }
}

void Validation::checkExpression(const QString &text,
                                 const Place &place,
                                 const QString &path,
                                 const ContentScope &scope)
{
    if (text.size() > longestExpression)
        warning("BeyondLimit",
                place,
                tr("The expression has %1 characters; Data Factory takes %2.").arg(text.size()).arg(longestExpression),
                tr("It works here; put parts of it into variables if the factory is to move to Azure."));
    const Result<Expression> expression = Expression::parse(text);
    if (!expression) {
        badExpression(text, place, path, expression.error());
        return;
    }
    bool usesValues = false; // that may come from somewhere else
    for (const ExpressionReference &reference : expression->references()) {
        checkReference({reference, text, place, path}, scope);
        usesValues = usesValues || reference.root != ExpressionRoot::Pipeline
            || isOneOf(reference.members.value(0), {QStringLiteral("parameters")});
    }
    checkSql(text, place, usesValues, scope);
}

void Validation::badExpression(const QString &text, const Place &place, const QString &path, const Error &fault)
{
    const qsizetype character = characterOf(fault);
    static const QRegularExpression call(QStringLiteral("\\G([A-Za-z_][A-Za-z0-9_]*)\\s*\\("));
    const QRegularExpressionMatch match = call.match(text, std::max<qsizetype>(character - 1, 0));
    const QString message = character > 0
        ? tr("%1 (Character %2 of %3.)").arg(fault.message).arg(character).arg(shortened(text))
        : fault.message;
    const QStringList functions = functionNames();
    if (!match.hasMatch()) {
        error("BadExpression", place, message, tr("For text that begins with @, write @@."));
    } else if (isOneOf(match.captured(1), functions)) {
        error("BadArguments", place, message);
    } else {
        Problem &problem = error("UnknownFunction", place, message);
        const Nearest near = nearest(match.captured(1), functions);
        if (near.name.isEmpty())
            return;
        problem.fix = tr("Did you mean \"%1\"?").arg(near.name);
        const QString corrected = QString(text).replace(match.capturedStart(1), match.capturedLength(1), near.name);
        problem.repair = setting(path, Json(toStdString(corrected)), near.isCertain);
    }
}

void Validation::unknownName(const char *code,
                             const FoundReference &found,
                             const QString &name,
                             const QStringList &known,
                             const QString &message)
{
    const Nearest near = nearest(name, known);
    QStringList all = known.mid(0, 20);
    all.sort();
    Problem &problem =
        error(code,
              found.place,
              tr("%1 (Character %2 of %3.)").arg(message).arg(found.reference.position).arg(shortened(found.text)),
              !near.name.isEmpty() ? tr("Did you mean \"%1\"?").arg(near.name)
                  : all.isEmpty()  ? tr("There is none; add it where such names are declared.")
                                   : tr("There are: %1.").arg(all.join(QStringLiteral(", "))));
    const QString corrected =
        near.name.isEmpty() ? QString() : replacedAfter(found.text, found.reference.position - 1, name, near.name);
    if (!corrected.isEmpty())
        problem.repair = ProblemFix{tr("Write \"%1\"").arg(near.name),
                                    {{found.path, FixEdit::Operation::Set, Json(toStdString(corrected))}},
                                    near.isCertain};
}

void Validation::checkReference(const FoundReference &found, const ContentScope &scope)
{
    const ExpressionRoot root = found.reference.root;
    if (root == ExpressionRoot::Dataset && scope.dataset != nullptr) {
        checkParameterReference(found, scope.dataset, tr("The dataset"));
        return;
    }
    if (root == ExpressionRoot::LinkedService && scope.linkedService != nullptr) {
        checkParameterReference(found, scope.linkedService, tr("The linked service"));
        return;
    }
    if ((root == ExpressionRoot::Trigger || root == ExpressionRoot::TriggerBody)
        && (scope.activity != nullptr || scope.trigger != nullptr)) {
        checkTriggerReference(found, scope);
        return;
    }
    const bool isOutside =
        scope.activity == nullptr || root == ExpressionRoot::Dataset || root == ExpressionRoot::LinkedService;
    if (isOutside && !(scope.trigger != nullptr && root == ExpressionRoot::Pipeline)) {
        error("NotKnownHere",
              found.place,
              tr("%1() has no value here. (Character %2 of %3.)")
                  .arg(toString(root))
                  .arg(found.reference.position)
                  .arg(shortened(found.text)),
              scope.dataset != nullptr             ? tr("A dataset knows its own parameters only: dataset().name.")
                  : scope.linkedService != nullptr ? tr("A linked service knows its own parameters only: "
                                                        "linkedService().name.")
                  : scope.trigger != nullptr       ? tr("A trigger knows trigger() and triggerBody() only.")
                                                   : tr("Hand the value over as a parameter."));
        return;
    }
    switch (root) {
    case ExpressionRoot::Pipeline:
        if (scope.activity != nullptr)
            checkPipelineReference(found, scope);
        break;
    case ExpressionRoot::Activity:
        checkActivityReference(found, scope);
        break;
    case ExpressionRoot::Variables:
        checkVariableReference(found, scope);
        break;
    case ExpressionRoot::Item:
        checkItemReference(found, scope);
        break;
    default:
        break;
    }
}

void Validation::checkParameterReference(const FoundReference &found,
                                         const Parameters *parameters,
                                         const QString &owner)
{
    if (found.reference.members.isEmpty() || found.reference.nullConditional)
        return;
    const QString &name = found.reference.members.first();
    if (!isOneOf(name, parameters->keys()))
        unknownName(
            "UnknownParameter", found, name, parameters->keys(), tr("%1 has no parameter \"%2\".").arg(owner, name));
}

void Validation::checkPipelineReference(const FoundReference &found, const ContentScope &scope)
{
    static const QStringList system = {QStringLiteral("DataFactory"),
                                       QStringLiteral("Pipeline"),
                                       QStringLiteral("RunId"),
                                       QStringLiteral("TriggerType"),
                                       QStringLiteral("TriggerId"),
                                       QStringLiteral("TriggerName"),
                                       QStringLiteral("TriggerTime"),
                                       QStringLiteral("GroupId"),
                                       QStringLiteral("TriggeredByPipelineName"),
                                       QStringLiteral("TriggeredByPipelineRunId"),
                                       QStringLiteral("parameters"),
                                       QStringLiteral("globalParameters")};
    const QStringList &members = found.reference.members;
    if (members.isEmpty())
        return;
    const QString &first = members.first();
    const bool isParameters = first.compare(u"parameters", Qt::CaseInsensitive) == 0;
    if (isParameters)
        m_uses.parameters.insert(members.size() > 1 ? members[1].toCaseFolded() : anyName);
    if (found.reference.nullConditional)
        return;
    if (!isOneOf(first, system)) {
        unknownName("UnknownSystemVariable", found, first, system, tr("pipeline() has no \"%1\".").arg(first));
        return;
    }
    if (members.size() < 2)
        return;
    const Parameters &parameters = scope.activity->pipeline.parameters;
    if (isParameters && !isOneOf(members[1], parameters.keys()))
        unknownName("UnknownParameter",
                    found,
                    members[1],
                    parameters.keys(),
                    tr("The pipeline has no parameter \"%1\".").arg(members[1]));
    else if (first.compare(u"globalParameters", Qt::CaseInsensitive) == 0
             && !isOneOf(members[1], m_factory.globalParameters.keys()))
        unknownName("UnknownGlobalParameter",
                    found,
                    members[1],
                    m_factory.globalParameters.keys(),
                    tr("The factory has no global parameter \"%1\".").arg(members[1]));
}

void Validation::checkActivityReference(const FoundReference &found, const ContentScope &scope)
{
    const ActivityPlace &at = *scope.activity;
    const QString &name = found.reference.name;
    if (name.isEmpty())
        return; // known when it runs
    m_uses.activities.insert(name);
    const int used = at.scope.find(name);
    if (used < 0) {
        unknownName(
            "UnknownActivity", found, name, at.scope.names(), tr("The pipeline has no activity \"%1\".").arg(name));
        return;
    }
    const bool isOwnTurn = at.is(u"Until") && at.scope.isInside(used, at.entry); // asked after each turn
    if (isOwnTurn || at.scope.isUpstream(at.entry, used))
        return;
    const PipelineScope::Entry &other = at.scope.entries()[size_t(used)];
    const bool isBeside = other.list == at.scope.entries()[size_t(at.entry)].list && used != at.entry;
    Problem &problem = error("NotUpstream",
                             found.place,
                             tr("\"%1\" uses what \"%2\" gives, which has not ended for certain when it starts. "
                                "(Character %3 of %4.)")
                                 .arg(at.activity.name, name)
                                 .arg(found.reference.position)
                                 .arg(shortened(found.text)),
                             isBeside ? tr("Let \"%1\" depend on \"%2\".").arg(at.activity.name, name)
                                      : tr("Only activities are known that this one, or a container it is in, depends "
                                           "on; \"%1\" is at %2.")
                                            .arg(name, other.path));
    if (!isBeside || at.scope.isUpstream(used, at.entry))
        return; // it would be a cycle
    const Json edge = {{"activity", toStdString(name)}, {"dependencyConditions", {"Succeeded"}}};
    const QString path = (at.place / QStringLiteral("dependsOn")).property;
    const Json &list = memberAt(at.activity.json, "dependsOn");
    problem.repair = ProblemFix{
        tr("Depend on \"%1\"").arg(name),
        {{QStringLiteral("%1[%2]").arg(path).arg(list.is_array() ? list.size() : 0), FixEdit::Operation::Insert, edge}},
        false};
}

void Validation::checkVariableReference(const FoundReference &found, const ContentScope &scope)
{
    const ActivityPlace &at = *scope.activity;
    const QString &name = found.reference.name;
    m_uses.variables.insert(name.isEmpty() ? anyName : name);
    if (name.isEmpty())
        return;
    if (!at.pipeline.variables.contains(name)) {
        unknownName("UnknownVariable",
                    found,
                    name,
                    at.pipeline.variables.keys(),
                    tr("The pipeline has no variable \"%1\".").arg(name));
    } else if (at.is(u"SetVariable") && stringAt(typePropertiesOf(at.activity), "variableName") == name) {
        warning(
            "SelfReference",
            found.place,
            tr("\"%1\" sets the variable \"%2\" from itself, which Data Factory refuses.").arg(at.activity.name, name),
            tr("It works here; put the value into a second variable first if the factory is to move to Azure."));
    }
}

void Validation::checkItemReference(const FoundReference &found, const ContentScope &scope)
{
    const ActivityPlace &at = *scope.activity;
    const bool isCondition =
        at.is(u"Filter") && found.place.property == at.place.property + QStringLiteral(".typeProperties.condition");
    if (isCondition || at.scope.nearestContainer(at.entry, u"ForEach") >= 0)
        return;
    error("ItemOutsideLoop",
          found.place,
          tr("item() has a value only inside of a ForEach or in the condition of a Filter. (Character %1 of %2.)")
              .arg(found.reference.position)
              .arg(shortened(found.text)),
          tr("Put \"%1\" into a ForEach.").arg(at.activity.name));
}

// What the triggers of the pipeline hand over; only as a hint, for a run by hand may bring anything.
void Validation::checkTriggerReference(const FoundReference &found, const ContentScope &scope)
{
    const QStringList &members = found.reference.members;
    const QList<const Trigger *> triggers =
        scope.trigger != nullptr ? QList{scope.trigger} : m_triggers.value(scope.activity->pipeline.name);
    if (triggers.isEmpty() || members.isEmpty() || found.reference.nullConditional)
        return;
    const auto gives = [&](const Trigger &trigger) {
        const bool isWindow = trigger.type.contains(u"Tumbling", Qt::CaseInsensitive);
        const bool isEvent = trigger.type.contains(u"Event", Qt::CaseInsensitive);
        if (found.reference.root == ExpressionRoot::TriggerBody)
            return isEvent
                && (trigger.type.startsWith(u"Custom", Qt::CaseInsensitive)
                    || isOneOf(members.first(), {QStringLiteral("fileName"), QStringLiteral("folderPath")}));
        if (isOneOf(members.first(), {QStringLiteral("startTime"), QStringLiteral("scheduledTime")}))
            return !isEvent || members.first().compare(u"startTime", Qt::CaseInsensitive) == 0;
        if (members.first().compare(u"outputs", Qt::CaseInsensitive) != 0)
            return false;
        return members.size() < 2
            || (isWindow && isOneOf(members[1], {QStringLiteral("windowStartTime"), QStringLiteral("windowEndTime")}))
            || (isEvent && isOneOf(members[1], {QStringLiteral("body")}));
    };
    for (const Trigger *trigger : triggers) {
        if (gives(*trigger))
            continue;
        hint("TriggerMember",
             found.place,
             tr("The trigger \"%1\" (%2) hands over no \"%3\". (Character %4 of %5.)")
                 .arg(trigger->name, trigger->type, members.join(u'.'))
                 .arg(found.reference.position)
                 .arg(shortened(found.text)),
             tr("A schedule knows scheduledTime and startTime, a window also outputs.windowStartTime and "
                "outputs.windowEndTime, a storage event triggerBody().fileName and folderPath."));
        return;
    }
}

} // namespace engine
