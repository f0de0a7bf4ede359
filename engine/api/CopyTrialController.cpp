#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct CopyTrialControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CopyTrialController)
};

Error invalid(const char *where, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QString::fromLatin1(where)};
}

Result<CopyTrialWish> wishFrom(const Json &body)
{
    CopyTrialWish wish{stringAt(body, "folder")};
    wish.factory = stringAt(body, "factory");
    if (wish.factory.isEmpty() && !QDir::isAbsolutePath(wish.folder))
        return invalid("folder",
                       CopyTrialControllerText::tr("Say which factory: {\"folder\": \"/…\"}, an absolute path, or "
                                                   "\"factory\" for what is published."));
    auto files = filesIn(body);
    if (!files)
        return files.error();
    wish.files = *std::move(files);
    wish.version = int(intAt(body, "version"));
    wish.pipeline = stringAt(body, "pipeline");
    wish.activity = stringAt(body, "activity");
    if (wish.pipeline.isEmpty() || wish.activity.isEmpty())
        return invalid(wish.pipeline.isEmpty() ? "pipeline" : "activity",
                       CopyTrialControllerText::tr("Say which copy: \"pipeline\" and \"activity\"."));
    if (const Json &parameters = memberAt(body, "parameters"); parameters.is_object())
        wish.parameters = parameters;
    const Result<int> rows = numberIn(body, "rows", wish.rows, 1, 10'000);
    if (!rows)
        return rows.error();
    wish.rows = *rows;
    return wish;
}

template <typename T> void send(const Result<T> &answer, ApiReply reply)
{
    if (answer)
        reply.send(toJson(*answer));
    else
        reply.send(answer.error());
}

} // namespace

CopyTrials::~CopyTrials() = default;

void addCopyTrialRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/copies/");
    router.add("POST", base + QStringLiteral("conversion"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<CopyTrialWish> wish = wishFrom(request.body);
        if (!wish)
            return reply.send(wish.error());
        parts.trials.conversion(
            *wish, reply.untilClosed(&parts.loop), [reply](const auto &answer) { send(answer, reply); });
    });
    router.add("POST", base + QStringLiteral("dryrun"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<CopyTrialWish> wish = wishFrom(request.body);
        if (!wish)
            return reply.send(wish.error());
        parts.trials.script(
            *wish, reply.untilClosed(&parts.loop), [reply](const auto &answer) { send(answer, reply); });
    });
}

} // namespace engine
