#include "engine/api/Controllers.h"

#include <QCoreApplication>

namespace engine {

namespace {

constexpr qint64 rowsUnlessSaid = 1000;
constexpr qint64 mostRows = 10000;

// The context of this file's texts for translators.
struct DatasetControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::DatasetController)
};

struct DatasetDraft
{
    StoreDraft store;
    Json dataset;
};

Result<DatasetDraft> draftFrom(const Json &body)
{
    const Result<StoreDraft> store = storeDraftFrom(body);
    if (!store)
        return store.error();
    DatasetDraft draft{*store, memberAt(body, "dataset")};
    if (!memberAt(draft.dataset, "properties").is_object())
        return Error{ErrorCode::InvalidInput,
                     DatasetControllerText::tr("Give the dataset: {\"dataset\": {\"name\": …, \"properties\": …}}."),
                     QStringLiteral("dataset")};
    return draft;
}

} // namespace

void addDatasetRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/datasets/");
    router.add("POST", base + QStringLiteral("schema"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<DatasetDraft> draft = draftFrom(request.body);
        if (!draft)
            return reply.send(draft.error());
        parts.stores.schema(draft->store,
                            draft->dataset,
                            reply.untilClosed(&parts.loop),
                            [reply](const Result<QList<StoreColumn>> &columns) mutable {
                                if (columns)
                                    reply.send(Json{{"columns", toJson(*columns)}});
                                else
                                    reply.send(columns.error());
                            });
    });
    router.add("POST", base + QStringLiteral("preview"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<DatasetDraft> draft = draftFrom(request.body);
        if (!draft)
            return reply.send(draft.error());
        const qint64 rows = intAt(request.body, "rows", rowsUnlessSaid);
        if (rows < 1 || rows > mostRows)
            return reply.send(Error{ErrorCode::InvalidInput,
                                    DatasetControllerText::tr("A preview has 1 to %1 rows.").arg(mostRows),
                                    QStringLiteral("rows")});
        parts.stores.preview(draft->store,
                             draft->dataset,
                             int(rows),
                             reply.untilClosed(&parts.loop),
                             [reply](const Result<StorePreview> &preview) mutable {
                                 if (preview)
                                     reply.send(toJson(*preview));
                                 else
                                     reply.send(preview.error());
                             });
    });
}

} // namespace engine
