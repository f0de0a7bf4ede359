#include "engine/run/RunValues.h"

#include "engine/expression/Evaluator.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RunValuesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunValues)
};

Json text(const QString &value) { return Json(toStdString(value)); }

// As Data Factory writes times: with seven digits below the second.
Json timeText(Instant instant) { return text(toIso(instant).chopped(1) + QStringLiteral("0000Z")); }

Json pipelineObject(const RunRecord &run, const RunPlan &plan)
{
    const Instant began = run.start.value_or(run.queuedAt);
    const QString factory = plan.factory->name.isEmpty() ? QFileInfo(plan.folder).fileName() : plan.factory->name;
    Json object = {{"DataFactory", text(factory)},
                   {"Pipeline", text(run.pipeline)},
                   {"RunId", text(run.id.text())},
                   {"GroupId", text(run.group.text())},
                   {"TriggerType", text(run.invokedBy.type)},
                   {"TriggerName", text(run.invokedBy.name)},
                   {"TriggerId", text(run.invokedBy.id)},
                   {"TriggerTime", memberAt(triggerValue(run.trigger), "startTime")}};
    if (object["TriggerTime"].is_null())
        object["TriggerTime"] = timeText(began);
    if (!run.invokedBy.pipeline.isEmpty()) {
        object["TriggeredByPipelineName"] = text(run.invokedBy.pipeline);
        object["TriggeredByPipelineRunId"] = text(run.invokedBy.run.text());
    }
    object["parameters"] = plan.parameters;
    Json &global = object["globalParameters"] = Json::object();
    for (auto it = plan.factory->globalParameters.constBegin(); it != plan.factory->globalParameters.constEnd(); ++it)
        global[toStdString(it.key())] = it->defaultValue;
    return object;
}

Json initialValue(const Parameter &variable)
{
    if (variable.hasDefault && !variable.defaultValue.is_null())
        return variable.defaultValue;
    if (variable.type == u"Array")
        return Json::array();
    if (variable.type == u"Bool")
        return Json(false);
    if (variable.type == u"Int" || variable.type == u"Float")
        return Json(0);
    return Json("");
}

bool fits(const Json &value, const QString &type)
{
    if (type == u"Array")
        return value.is_array();
    if (type == u"Bool")
        return value.is_boolean();
    if (type == u"Int")
        return value.is_number_integer();
    if (type == u"Float")
        return value.is_number();
    if (type == u"String")
        return value.is_string();
    return true;
}

// What activity('name') gives.
const Json &valueOf(ActivityNode &node)
{
    if (!node.value) {
        const ActivityRecord &record = node.record;
        Json value = {{"activityRunId", text(record.id.text())},
                      {"activityName", text(record.name)},
                      {"activityType", text(record.type)},
                      {"pipelineName", text(record.pipeline)},
                      {"pipelineRunId", text(record.run.text())},
                      {"status", text(toString(record.status))}};
        if (record.start)
            value["activityRunStart"] = timeText(*record.start);
        if (record.end)
            value["activityRunEnd"] = timeText(*record.end);
        if (record.start && record.end)
            value["durationInMs"] = (*record.end - *record.start).count();
        value["output"] = node.output;
        value["error"] = {{"errorCode", text(record.error.errorCode)},
                          {"message", text(record.error.message)},
                          {"failureType", text(record.error.failureType)},
                          {"target", text(record.name)}};
        node.value = std::move(value);
    }
    return *node.value;
}

} // namespace

Json triggerValue(const Json &trigger)
{
    Json value = trigger.is_object() ? trigger : Json::object();
    for (const char *key : {"scheduledTime", "startTime"}) {
        if (const std::optional<Instant> time = instantFromIso(stringAt(value, key)))
            value[key] = timeText(*time);
    }
    return value;
}

RunValues::RunValues(const RunRecord &run, const RunPlan &plan)
    : m_pipeline(pipelineObject(run, plan))
    , m_trigger(triggerValue(run.trigger))
    , m_triggerBody(memberAt(m_trigger, "body"))
{
    const QMap<QString, Parameter> &variables = plan.definition().variables;
    for (auto it = variables.constBegin(); it != variables.constEnd(); ++it) {
        m_variables.emplace(toStdString(it.key()), initialValue(*it));
        m_types.emplace(toStdString(it.key()), it->type);
    }
}

const Json *RunValues::variable(const std::string &name) const
{
    const auto found = m_variables.find(name);
    return found == m_variables.end() ? nullptr : &found->second;
}

QStringList RunValues::variableNames() const
{
    QStringList names;
    for (const auto &[name, value] : m_variables)
        names.append(toQString(name));
    return names;
}

Result<Json *> RunValues::find(const std::string &name, const QString &wish)
{
    const auto found = m_variables.find(name);
    if (found == m_variables.end())
        return Error{ErrorCode::InvalidInput,
                     m_variables.empty()
                         ? RunValuesText::tr("The pipeline has no variable \"%1\"; add it to the pipeline's variables.")
                               .arg(wish)
                         : RunValuesText::tr("The pipeline has no variable \"%1\"; it has %2.")
                               .arg(wish, variableNames().join(QStringLiteral(", "))),
                     QStringLiteral("typeProperties.variableName")};
    return &found->second;
}

Json RunValues::record(const std::string &name, const Json &value, Sight sight, bool isAppended)
{
    Json written = {{"name", name}, {"value", value}, {"order", ++m_writes}};
    if (sight == Sight::Hidden) {
        written["isHidden"] = true;
        m_hidden.insert(name);
    } else if (!isAppended) {
        m_hidden.erase(name);
    }
    if (isAppended)
        written["isAppended"] = true;
    return written;
}

Result<> RunValues::setVariable(const std::string &name, const Json &value, Sight sight, Json &written)
{
    const Result<Json *> variable = find(name, toQString(name));
    if (!variable)
        return variable.error();
    if (!fits(value, m_types.at(name)))
        return Error{ErrorCode::InvalidInput,
                     RunValuesText::tr("The variable \"%1\" is of type %2 and cannot take a value of type %3 (%4). "
                                       "Convert the value, for instance with string().")
                         .arg(toQString(name),
                              m_types.at(name),
                              expression::typeName(value),
                              sight == Sight::Hidden ? RunValuesText::tr("hidden")
                                                     : QString::fromUtf8(toCompact(value).left(80))),
                     QStringLiteral("typeProperties.value")};
    **variable = value;
    written = record(name, value, sight, false);
    return {};
}

Result<> RunValues::appendVariable(const std::string &name, const Json &value, Sight sight, Json &written)
{
    const Result<Json *> variable = find(name, toQString(name));
    if (!variable)
        return variable.error();
    if (!(*variable)->is_array())
        return Error{ErrorCode::InvalidInput,
                     RunValuesText::tr("The variable \"%1\" is of type %2; values are appended to an Array only.")
                         .arg(toQString(name), m_types.at(name)),
                     QStringLiteral("typeProperties.variableName")};
    (*variable)->push_back(value);
    written = record(name, value, sight, true);
    return {};
}

void RunValues::replay(QList<Json> written)
{
    std::sort(written.begin(), written.end(), [](const Json &a, const Json &b) {
        return intAt(a, "order") < intAt(b, "order");
    });
    for (const Json &change : written) {
        m_writes = intAt(change, "order");
        const std::string name = toStdString(stringAt(change, "name"));
        const auto found = m_variables.find(name);
        if (found == m_variables.end())
            continue;
        if (boolAt(change, "isHidden"))
            m_hidden.insert(name);
        else if (!boolAt(change, "isAppended"))
            m_hidden.erase(name);
        if (boolAt(change, "isAppended"))
            found->second.push_back(memberAt(change, "value"));
        else
            found->second = memberAt(change, "value");
    }
}

Result<const Json *> ActivityValues::activity(const std::string &name)
{
    const QString wanted = toQString(name);
    for (const ActivityScope *scope = &m_scope; scope; scope = scope->outer()) {
        ActivityNode *const node = scope->find(wanted);
        if (!node)
            continue;
        if (!isTerminal(node->record.status))
            return Error{
                ErrorCode::InvalidInput,
                RunValuesText::tr("The activity \"%1\" has not ended here; make this one depend on it.").arg(wanted),
                {}};
        m_readsHidden = m_readsHidden || node->hidesOutput();
        return &valueOf(*node);
    }
    return Error{ErrorCode::NotFound,
                 RunValuesText::tr("There is no activity \"%1\" here whose output could be used.").arg(wanted),
                 {}};
}

Result<const Json *> ActivityValues::root(ExpressionRoot root, const std::string &name)
{
    switch (root) {
    case ExpressionRoot::Pipeline:
        return &m_run.pipeline();
    case ExpressionRoot::Activity:
        return activity(name);
    case ExpressionRoot::Variables:
        m_readsHidden = m_readsHidden || m_run.isHidden(name);
        if (const Json *variable = m_run.variable(name))
            return variable;
        return Error{ErrorCode::NotFound,
                     RunValuesText::tr("There is no variable \"%1\"; there are: %2.")
                         .arg(toQString(name), m_run.variableNames().join(QStringLiteral(", "))),
                     {}};
    case ExpressionRoot::Item: {
        if (m_item)
            return m_item;
        for (const ActivityScope *scope = &m_scope; scope; scope = scope->outer()) {
            if (scope->container && scope->container->written->type.compare(u"ForEach", Qt::CaseInsensitive) == 0) {
                m_readsHidden = m_readsHidden || scope->container->readsHidden;
                return &scope->item;
            }
        }
        return Error{
            ErrorCode::InvalidInput, RunValuesText::tr("item() has a value only inside a ForEach or a Filter."), {}};
    }
    case ExpressionRoot::Trigger:
        return &m_run.trigger();
    case ExpressionRoot::TriggerBody:
        return &m_run.triggerBody();
    case ExpressionRoot::Dataset:
        return Error{ErrorCode::InvalidInput, RunValuesText::tr("dataset() has a value only inside a dataset."), {}};
    case ExpressionRoot::LinkedService:
        break;
    }
    return Error{
        ErrorCode::InvalidInput, RunValuesText::tr("linkedService() has a value only inside a linked service."), {}};
}

} // namespace engine
