#include "engine/api/Controllers.h"

namespace engine {

void addConnectionRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/connections/");
    router.add("POST", base + QStringLiteral("test"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<StoreDraft> store = storeDraftFrom(request.body);
        if (!store)
            return reply.send(store.error());
        parts.stores.test(*store, reply.untilClosed(&parts.loop), [reply](const Result<QString> &message) mutable {
            if (message)
                reply.send(Json{{"ok", true}, {"message", toStdString(*message)}});
            else
                reply.send(message.error());
        });
    });
    router.add("POST", base + QStringLiteral("browse"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<StoreDraft> store = storeDraftFrom(request.body);
        if (!store)
            return reply.send(store.error());
        parts.stores.browse(*store,
                            stringAt(request.body, "path"),
                            reply.untilClosed(&parts.loop),
                            [reply](const Result<StoreListing> &listing) mutable {
                                if (listing)
                                    reply.send(toJson(*listing));
                                else
                                    reply.send(listing.error());
                            });
    });
}

} // namespace engine
