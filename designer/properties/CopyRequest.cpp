#include "designer/properties/CopyRequest.h"

#include "designer/datasets/ParameterQuestion.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "designer/properties/EditScope.h"
#include "designer/shell/Workbench.h"
#include "engine/model/EntityText.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;

namespace {

struct RequestText
{
    Q_DECLARE_TR_FUNCTIONS(designer::CopyRequest)
};

} // namespace

Result<Json> copyRequest(const EditScope &scope, QWidget *window)
{
    const FactoryDocument *const document = scope.document();
    if (document == nullptr || scope.activity().isEmpty())
        return Error{ErrorCode::NotFound, RequestText::tr("Choose a Copy activity first."), {}};
    Json files = Json::object(); // what is not on disk yet
    for (const QString &path : document->dirtyPaths())
        files[toStdString(path)] = toUtf8(document->content(path)).toStdString();
    const Json pipeline = document->json(scope.entity());
    const auto parameters = askParameters(
        scope.workbench(), scope.entity(), jsonAt(pipeline, QStringLiteral("properties.parameters")), {}, window);
    if (!parameters)
        return Error{ErrorCode::Cancelled, RequestText::tr("Cancelled."), {}};
    return Json{{"folder", toStdString(document->folder())},
                {"files", files},
                {"pipeline", toStdString(scope.entity().name)},
                {"activity", toStdString(scope.activity())},
                {"parameters", *parameters}};
}

} // namespace designer
