#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct DebugControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DebugController)
};

Error wrongMember(const char *key, const QString &expected)
{
    return {ErrorCode::InvalidInput,
            DebugControllerText::tr("\"%1\" must be %2.").arg(QLatin1String(key), expected),
            QLatin1String(key)};
}

Result<Json> objectIn(const Json &body, const char *key)
{
    const Json &value = memberAt(body, key);
    if (value.is_null())
        return Json::object();
    if (!value.is_object())
        return wrongMember(key, DebugControllerText::tr("an object"));
    return value;
}

// {"runId", "activities": [names]}: how these ended in that run, as if it were given as mocks.
Result<Json> mocksFromRun(const ApiParts &parts, const Json &wish)
{
    Json mocks = Json::object();
    if (wish.is_null())
        return mocks;
    const RunId id(stringAt(wish, "runId"));
    const Result<std::optional<RunRecord>> run = parts.journal.run(id);
    if (!run)
        return run.error();
    if (!*run)
        return Error{ErrorCode::NotFound,
                     DebugControllerText::tr("There is no run %1 to take outputs from.").arg(id.text()),
                     QStringLiteral("mocksFrom.runId")};
    const Result<QList<ActivityRecord>> activities = parts.journal.activities(id);
    if (!activities)
        return activities.error();
    const Result<QStringList> names = textsIn(wish, "activities");
    if (!names)
        return names.error();
    QStringList missing = *names;
    for (const ActivityRecord &activity : *activities) {
        const bool isWanted = names->contains(activity.name) || names->contains(activity.path);
        if (!isWanted || !isTerminal(activity.status))
            continue;
        missing.removeAll(activity.name);
        missing.removeAll(activity.path);
        if (boolAt(activity.output, "secureOutput"))
            return Error{ErrorCode::InvalidInput,
                         DebugControllerText::tr("The output of \"%1\" was hidden (secureOutput) and is gone with its "
                                                 "run; give it in \"mocks\".")
                             .arg(activity.path),
                         QStringLiteral("mocksFrom.activities")};
        mocks[toStdString(activity.path)] = {{"status", toStdString(toString(activity.status))},
                                             {"output", activity.output},
                                             {"error", toJson(activity.error)}};
    }
    if (!missing.isEmpty())
        return Error{ErrorCode::NotFound,
                     DebugControllerText::tr("The run %1 has no ended activity %2.")
                         .arg(id.text(), missing.join(QStringLiteral(", "))),
                     QStringLiteral("mocksFrom.activities")};
    return mocks;
}

Result<> checkMocks(const Json &mocks)
{
    for (const auto &item : mocks.items()) {
        const QString status = stringAt(item.value(), "status", QStringLiteral("Succeeded"));
        if (!item.value().is_object() || (status != u"Succeeded" && status != u"Failed"))
            return Error{ErrorCode::InvalidInput,
                         DebugControllerText::tr("The outcome given for \"%1\" must be {\"status\": \"Succeeded\" or "
                                                 "\"Failed\", \"output\": …, \"error\": …}.")
                             .arg(toQString(item.key())),
                         QStringLiteral("mocks.") + toQString(item.key())};
    }
    return {};
}

Result<DebugRun> wishFrom(const ApiParts &parts, const ApiRequest &request)
{
    const Result<FactoryRecord> factory = parts.versions.factory(request.path.value(QStringLiteral("factory")));
    if (!factory)
        return factory.error();
    const Json &body = request.body;
    DebugRun wish{.factory = factory->id, .pipeline = stringAt(body, "pipeline")};
    if (wish.pipeline.isEmpty())
        return wrongMember("pipeline", DebugControllerText::tr("the name of a pipeline"));
    const Result<Json> parameters = objectIn(body, "parameters");
    Result<QMap<QString, QByteArray>> files = filesIn(body);
    if (!files)
        return files.error();
    wish.unsaved = *std::move(files);
    const Result<Json> given = objectIn(body, "mocks");
    Result<Json> mocks = mocksFromRun(parts, memberAt(body, "mocksFrom"));
    for (const Result<Json> *part : {&parameters, &given, const_cast<const Result<Json> *>(&mocks)}) {
        if (!*part)
            return part->error();
    }
    wish.parameters = *parameters;
    wish.options.until = stringAt(body, "until");
    for (const auto &item : given->items())
        (*mocks)[item.key()] = item.value();
    if (const Result<> checked = checkMocks(*mocks); !checked)
        return checked.error();
    wish.options.mocks = *std::move(mocks);
    return wish;
}

} // namespace

void addDebugRoutes(Router &router, const ApiParts &parts)
{
    router.add("POST",
               QStringLiteral("/slipway/v1/factories/{factory}/debug"),
               [parts](const ApiRequest &request, ApiReply reply) {
                   const Result<DebugRun> wish = wishFrom(parts, request);
                   if (!wish)
                       return reply.send(wish.error());
                   parts.runs.debug(*wish, &parts.loop, [reply](const Result<RunRecord> &run) mutable {
                       if (run)
                           reply.send(Json{{"runId", toStdString(run->id.text())}, {"draft", run->version}});
                       else
                           reply.send(run.error());
                   });
               });
}

} // namespace engine
