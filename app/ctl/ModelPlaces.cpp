#include "app/ctl/ModelPlaces.h"

#include "engine/base/Places.h"
#include "scoring/registry/MlflowFolder.h"
#include "scoring/registry/ModelRegistry.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ModelPlacesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ModelPlaces)
};

} // namespace

namespace {

// Of a folder as MLflow keeps models, one of the registry among them.
Result<ModelAtPlace> modelInFolder(const QString &folder)
{
    const Result<scoring::ModelPtr> model = scoring::readMlflowFolder(folder);
    if (!model)
        return model.error();
    const Result<scoring::MlflowModel> described = scoring::readMlmodel(folder);
    if (!described)
        return described.error();
    const QString path = folder + u'/' + described->flavor.file;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     ModelPlacesText::tr("The model %1 cannot be opened: %2").arg(path, file.errorString()),
                     path};
    const Result<scoring::ModelFormat> format = scoring::formatOf(file.read(1 << 20), path);
    if (!format)
        return format.error();
    return ModelAtPlace{*model, *format, path};
}

Result<ModelAtPlace> modelInRegistry(const QString &text)
{
    const Result<scoring::ModelReference> reference = scoring::modelReference(text);
    if (!reference)
        return reference.error();
    const scoring::ModelRegistry registry(Places::standard().data + QStringLiteral("/models"));
    const Result<scoring::ModelVersion> version = registry.find(*reference);
    if (!version)
        return version.error();
    return modelInFolder(version->folder);
}

} // namespace

Result<ModelAtPlace> modelFrom(const QString &place)
{
    if (place.startsWith(u"models:"))
        return modelInRegistry(place.mid(7));
    if (scoring::isMlflowFolder(place))
        return modelInFolder(place);
    if (!QFileInfo(place).isFile())
        return Error{ErrorCode::NotFound, ModelPlacesText::tr("There is no model file %1.").arg(place), place};
    QFile file(place);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     ModelPlacesText::tr("The model %1 cannot be opened: %2").arg(place, file.errorString()),
                     place};
    const Result<scoring::ModelFormat> format = scoring::formatOf(file.read(1 << 20), place);
    if (!format)
        return format.error();
    const Result<scoring::ModelPtr> model = scoring::readModel(place);
    if (!model)
        return model.error();
    return ModelAtPlace{*model, *format, place};
}

} // namespace ctl
