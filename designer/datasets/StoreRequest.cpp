#include "designer/datasets/StoreRequest.h"

#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;

namespace {

struct RequestText
{
    Q_DECLARE_TR_FUNCTIONS(designer::StoreRequest)
};

} // namespace

Result<Json> storeRequest(const FactoryDocument &document, const QString &linkedService)
{
    if (linkedService.isEmpty())
        return Error{ErrorCode::NotFound, RequestText::tr("Choose a linked service first."), {}};
    const EntityRef ref{EntityKind::LinkedService, linkedService};
    if (!document.contains(ref))
        return Error{
            ErrorCode::NotFound,
            RequestText::tr("There is no linked service “%1” in this factory; choose another.").arg(linkedService),
            {}};
    Json body{{"folder", toStdString(document.folder())}, {"linkedService", document.json(ref)}};
    if (const auto binding = document.factory().bindings.find(linkedService))
        body["binding"] = toJson(*binding);
    return body;
}

Result<Json> datasetRequest(const FactoryDocument &document, const Json &datasetFile)
{
    Result<Json> body = storeRequest(
        document, stringAt(jsonAt(datasetFile, QStringLiteral("properties.linkedServiceName")), "referenceName"));
    if (body)
        (*body)["dataset"] = datasetFile;
    return body;
}

} // namespace designer
