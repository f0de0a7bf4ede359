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

struct Question
{
    StoreDraft store;
    DatasetDraft dataset;
};

Result<Question> questionFrom(const Json &body)
{
    const Result<StoreDraft> store = storeDraftFrom(body);
    if (!store)
        return store.error();
    Question question{*store, {memberAt(body, "dataset")}};
    if (const Json &parameters = memberAt(body, "parameters"); parameters.is_object())
        question.dataset.parameters = parameters;
    else if (!parameters.is_null())
        return Error{ErrorCode::InvalidInput,
                     DatasetControllerText::tr("\"parameters\" is an object of names and values."),
                     QStringLiteral("parameters")};
    if (!memberAt(question.dataset.entity, "properties").is_object())
        return Error{ErrorCode::InvalidInput,
                     DatasetControllerText::tr("Give the dataset: {\"dataset\": {\"name\": …, \"properties\": …}}."),
                     QStringLiteral("dataset")};
    return question;
}

} // namespace

void addDatasetRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/datasets/");
    router.add("POST", base + QStringLiteral("schema"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<Question> question = questionFrom(request.body);
        if (!question)
            return reply.send(question.error());
        parts.stores.schema(question->store,
                            question->dataset,
                            reply.untilClosed(&parts.loop),
                            [reply](const Result<QList<StoreColumn>> &columns) mutable {
                                if (columns)
                                    reply.send(Json{{"columns", toJson(*columns)}});
                                else
                                    reply.send(columns.error());
                            });
    });
    router.add("POST", base + QStringLiteral("preview"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<Question> question = questionFrom(request.body);
        if (!question)
            return reply.send(question.error());
        const qint64 rows = intAt(request.body, "rows", rowsUnlessSaid);
        if (rows < 1 || rows > mostRows)
            return reply.send(Error{ErrorCode::InvalidInput,
                                    DatasetControllerText::tr("A preview has 1 to %1 rows.").arg(mostRows),
                                    QStringLiteral("rows")});
        parts.stores.preview(question->store,
                             question->dataset,
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
