#include "engine/expression/ExpressionContext.h"

#include "engine/expression/Evaluator.h"

namespace engine {

using expression::ExpressionText;

ExpressionContext::ExpressionContext() : m_json(Json::object())
{
    m_pipeline["parameters"] = Json::object();
    m_pipeline["globalParameters"] = Json::object();
}

Result<ExpressionContext> ExpressionContext::make(const Json &json)
{
    const auto fail = [](const QString &message) { return Error{ErrorCode::InvalidInput, message, {}}; };
    if (!json.is_object())
        return fail(ExpressionText::tr("A context is a JSON object."));
    static const QStringList members = {QStringLiteral("parameters"),
                                        QStringLiteral("globalParameters"),
                                        QStringLiteral("variables"),
                                        QStringLiteral("activities"),
                                        QStringLiteral("pipeline"),
                                        QStringLiteral("item"),
                                        QStringLiteral("trigger"),
                                        QStringLiteral("triggerBody"),
                                        QStringLiteral("dataset"),
                                        QStringLiteral("linkedService"),
                                        QStringLiteral("now")};
    for (const auto &[key, value] : json.items()) {
        const qsizetype known = members.indexOf(toQString(key));
        if (known < 0)
            return fail(ExpressionText::tr("A context has no member %1; it may have %2.")
                            .arg(expression::shortText(key), members.join(QStringLiteral(", "))));
        if (known < 5 && !value.is_object())
            return fail(ExpressionText::tr("The member %1 of a context is an object.").arg(expression::shortText(key)));
    }
    ExpressionContext context;
    context.m_json = json;
    const Json &pipeline = memberAt(json, "pipeline");
    for (const auto &[key, value] : pipeline.items())
        context.m_pipeline[key] = value;
    for (const char *member : {"parameters", "globalParameters"}) {
        if (const Json &values = memberAt(json, member); values.is_object())
            context.m_pipeline[member] = values;
    }
    if (json.contains("now")) {
        context.m_now = instantFromIso(stringAt(json, "now"));
        if (!context.m_now)
            return fail(ExpressionText::tr("The member \"now\" of a context is a time like 2026-01-31T00:00:00Z."));
    }
    return context;
}

Instant ExpressionContext::now() const
{
    return m_now.value_or(std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()));
}

Result<const Json *> ExpressionContext::named(const char *member, ExpressionRoot root, const std::string &name) const
{
    const Json &values = memberAt(m_json, member);
    if (const Json *found = expression::findMember(values, name))
        return found;
    QStringList names;
    for (const auto &[key, value] : values.items())
        names += expression::shortText(key);
    return Error{ErrorCode::NotFound,
                 names.isEmpty()
                     ? ExpressionText::tr("There is no %1(%2), nor any other in the context.")
                           .arg(toString(root), expression::shortText(name))
                     : ExpressionText::tr("There is no %1(%2); there are %3.")
                           .arg(toString(root), expression::shortText(name), names.join(QStringLiteral(", "))),
                 {}};
}

Result<const Json *> ExpressionContext::root(ExpressionRoot root, const std::string &name)
{
    const char *member = nullptr;
    switch (root) {
    case ExpressionRoot::Pipeline:
        return &m_pipeline;
    case ExpressionRoot::Activity:
        return named("activities", root, name);
    case ExpressionRoot::Variables:
        return named("variables", root, name);
    case ExpressionRoot::Item:
        member = "item";
        break;
    case ExpressionRoot::Trigger:
        member = "trigger";
        break;
    case ExpressionRoot::TriggerBody: {
        const Json &body = memberAt(memberAt(memberAt(m_json, "trigger"), "outputs"), "body");
        if (!m_json.contains("triggerBody") && !body.is_null())
            return &body;
        member = "triggerBody";
        break;
    }
    case ExpressionRoot::Dataset:
        member = "dataset";
        break;
    case ExpressionRoot::LinkedService:
        member = "linkedService";
        break;
    }
    if (!m_json.contains(member))
        return Error{ErrorCode::NotFound,
                     ExpressionText::tr("%1() has no value here; give \"%2\" in the context.")
                         .arg(toString(root), QLatin1String(member)),
                     {}};
    return &memberAt(m_json, member);
}

} // namespace engine
