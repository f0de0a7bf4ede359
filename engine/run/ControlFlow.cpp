#include "engine/run/PipelineRun.h"

#include <QCoreApplication>

namespace engine {

namespace {

constexpr qsizetype mostItems = 100000; // of a Filter, as of a ForEach

// The context of this file's texts for translators.
struct ControlFlowText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PipelineRun)
};

bool isType(const ActivityNode &node, QStringView type)
{
    return node.written->type.compare(type, Qt::CaseInsensitive) == 0;
}

Error wrongValue(const QString &message, const char *property)
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("typeProperties.") + QLatin1String(property)};
}

// [{"key", "value": {"type", "content"}}] as SetVariable writes what its pipeline gives back.
Json returnValueOf(const Json &entries)
{
    Json value = Json::object();
    if (entries.is_object())
        return entries; // made by one expression
    for (const Json &entry : entries) {
        const Json &typed = memberAt(entry, "value");
        const std::string key = toStdString(stringAt(entry, "key"));
        const Json &content = memberAt(typed, "content");
        const QString type = stringAt(typed, "type");
        const bool isText = content.is_string();
        if (isText && (type == u"Int" || type == u"Integer"))
            value[key] = toQString(content.get_ref<const std::string &>()).toLongLong();
        else if (isText && type == u"Float")
            value[key] = toQString(content.get_ref<const std::string &>()).toDouble();
        else if (isText && (type == u"Boolean" || type == u"Bool"))
            value[key] = toQString(content.get_ref<const std::string &>()).compare(u"true", Qt::CaseInsensitive) == 0;
        else if (type == u"Null")
            value[key] = nullptr;
        else if (type == u"Array" && content.is_array()) {
            Json list = Json::array();
            for (const Json &element : content)
                list.push_back(element.is_object() && element.contains("content") ? memberAt(element, "content")
                                                                                  : element);
            value[key] = std::move(list);
        } else
            value[key] = typed.is_object() ? content : typed;
    }
    return value;
}

} // namespace

Result<Json> PipelineRun::evaluateProperty(Node &node, const Scope &scope, const char *key, const Json *item)
{
    const Json &written = memberAt(typePropertiesOf(*node.written), key);
    Error error{};
    const PreparedValue *const value = prepared(
        written,
        QStringLiteral("%1: %2.typeProperties.%3").arg(m_plan->definition().file, node.record.path, QLatin1String(key)),
        error);
    if (!value)
        return error;
    ActivityValues values(m_values, scope, m_clock.now(), item);
    Result<Json> evaluated = value->evaluate(values);
    node.readsHidden = node.readsHidden || values.readsHidden();
    return evaluated;
}

Result<Json> PipelineRun::evaluateProperties(Node &node, const QStringList &asWritten)
{
    const Json &written = typePropertiesOf(*node.written);
    if (!written.is_object())
        return Json::object();
    Error error{};
    const PreparedValue *const value =
        prepared(written,
                 QStringLiteral("%1: %2.typeProperties").arg(m_plan->definition().file, node.record.path),
                 error,
                 asWritten);
    if (!value)
        return error;
    ActivityValues values(m_values, *node.scope, m_clock.now());
    Result<Json> evaluated = value->evaluate(values);
    node.readsHidden = node.readsHidden || values.readsHidden();
    return evaluated;
}

void PipelineRun::runControl(Node &node, Bodies &bodies)
{
    begin(node);
    const bool isFilter = isType(node, u"Filter");
    const Result<Json> input =
        evaluateProperties(node, isFilter ? QStringList{QStringLiteral("condition")} : QStringList());
    if (!input) {
        fail(node, expressionError(input.error()), bodies);
        return;
    }
    setInput(node, *input);
    if (isType(node, u"Wait")) {
        startWait(node, *input, bodies);
        return;
    }
    if (isType(node, u"Fail")) {
        fail(node,
             {.errorCode = ValueSource{memberAt(*input, "errorCode"), {}, false}.text(),
              .message = ValueSource{memberAt(*input, "message"), {}, false}.text(),
              .failureType = QStringLiteral("UserError"),
              .target = {}},
             bodies);
        return;
    }
    node.output = *input; // for the functions below
    const Result<Json> output = isFilter ? filter(node)
        : isType(node, u"SetVariable") || isType(node, u"AppendVariable")
        ? writeVariable(node, bodies)
        : Error{ErrorCode::Unsupported,
                ControlFlowText::tr("This build does not run activities of type %1.").arg(node.written->type),
                QStringLiteral("type")};
    if (!output) {
        node.output = Json::object();
        fail(node, expressionError(output.error()), bodies);
        return;
    }
    finishActivity(node, ActivityInput::AttemptSucceeded, *output, {}, bodies);
    advance(*node.scope, bodies);
}

void PipelineRun::startWait(Node &node, const Json &input, Bodies &bodies)
{
    const Json &seconds = memberAt(input, "waitTimeInSeconds");
    const qint64 wait = seconds.is_number() ? qint64(seconds.get<double>()) : intAt(input, "waitTimeInSeconds", -1);
    if (wait < 0) {
        fail(node,
             expressionError(wrongValue(ControlFlowText::tr("The time to wait is no number of seconds: %1.")
                                            .arg(QString::fromUtf8(toCompact(seconds).left(80))),
                                        "waitTimeInSeconds")),
             bodies);
        return;
    }
    if (wait == 0) {
        finishActivity(node, ActivityInput::AttemptSucceeded, Json::object(), {}, bodies);
        advance(*node.scope, bodies);
        return;
    }
    node.record.substate = QStringLiteral("Waiting");
    node.record.dueAt = *node.record.start + std::chrono::seconds(wait);
    bodies.append(node.record);
    waitUntilDue(node);
}

void PipelineRun::waitUntilDue(Node &node)
{
    const Millis left = std::max(Millis(0), *node.record.dueAt - m_clock.now());
    node.timer = m_clock.after(left, this, [this, weak = node.weak_from_this()] {
        const auto waited = weak.lock();
        if (!waited)
            return;
        waited->timer = 0;
        Bodies bodies;
        finishActivity(*waited, ActivityInput::AttemptSucceeded, Json::object(), {}, bodies);
        advance(*waited->scope, bodies);
        proceed(std::move(bodies));
    });
}

Result<Json> PipelineRun::writeVariable(Node &node, Bodies &bodies)
{
    const Json &properties = node.output;
    const QString name = stringAt(properties, "variableName");
    const Json &value = memberAt(properties, "value");
    if (boolAt(properties, "setSystemVariable")) {
        if (name.compare(u"pipelineReturnValue", Qt::CaseInsensitive) != 0)
            return wrongValue(
                ControlFlowText::tr("\"%1\" is no system variable that can be set; only pipelineReturnValue is.")
                    .arg(name),
                "variableName");
        if (!value.is_array() && !value.is_object())
            return wrongValue(ControlFlowText::tr("The return value is no list of keys and values."), "value");
        const Json returned = returnValueOf(value);
        if (!m_record.returnValue.is_object())
            m_record.returnValue = Json::object();
        for (const auto &item : returned.items())
            m_record.returnValue[item.key()] = item.value();
        bodies.append(m_record);
        return Json{{"name", toStdString(name)}, {"value", returned}};
    }
    const std::string key = toStdString(name);
    const RunValues::Sight sight = node.hidesOutput() ? RunValues::Sight::Hidden : RunValues::Sight::Open;
    Json &written = node.record.variable;
    const Result<> done = isType(node, u"AppendVariable") ? m_values.appendVariable(key, value, sight, written)
                                                          : m_values.setVariable(key, value, sight, written);
    if (!done)
        return done.error();
    if (sight == RunValues::Sight::Hidden) {
        hide(node, "variable", written);
        written.erase("value");
    }
    return Json{{"name", key}, {"value", value}};
}

Result<Json> PipelineRun::filter(Node &node)
{
    const Json items = memberAt(node.output, "items");
    if (!items.is_array())
        return wrongValue(ControlFlowText::tr("What a Filter filters is no array: %1.")
                              .arg(QString::fromUtf8(toCompact(items).left(80))),
                          "items");
    if (qsizetype(items.size()) > mostItems)
        return wrongValue(
            ControlFlowText::tr("A Filter takes at most %1 items; these are %2.").arg(mostItems).arg(items.size()),
            "items");
    Json kept = Json::array();
    for (const Json &item : items) {
        const Result<Json> condition = evaluateProperty(node, *node.scope, "condition", &item);
        if (!condition)
            return condition.error();
        if (!condition->is_boolean())
            return wrongValue(ControlFlowText::tr("The condition of a Filter is true or false, not %1.")
                                  .arg(QString::fromUtf8(toCompact(*condition).left(80))),
                              "condition");
        if (condition->get<bool>())
            kept.push_back(item);
    }
    const size_t count = kept.size();
    return Json{{"ItemsCount", items.size()}, {"FilteredItemsCount", count}, {"Value", std::move(kept)}};
}

} // namespace engine
