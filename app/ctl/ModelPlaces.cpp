#include "app/ctl/ModelPlaces.h"

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

Result<ModelAtPlace> modelFrom(const QString &place)
{
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
