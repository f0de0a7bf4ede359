#include "app/ctl/ModelConverting.h"

#include "app/ctl/Command.h"
#include "app/ctl/ModelPlaces.h"
#include "scoring/ModelFile.h"

#include <QCoreApplication>
#include <QFile>
#include <QSaveFile>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ModelConvertingText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ModelConverting)
};

Result<QByteArray> bytesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     ModelConvertingText::tr("The model %1 cannot be opened: %2").arg(path, file.errorString()),
                     path};
    return file.readAll();
}

} // namespace

int convertModel(const QStringList &words, Session &session)
{
    if (words.size() != 3)
        return session.failUsage(ModelConvertingText::tr("Usage: slipwayctl model convert MODEL FILE"));
    const QString to = words.at(2);
    const std::optional<scoring::ModelFormat> format = scoring::formatNamed(to);
    if (!format)
        return session.failUsage(
            ModelConvertingText::tr("The name of %1 does not say a format: end it with .pmml or .onnx.").arg(to));
    const Result<ModelAtPlace> model = modelFrom(words.at(1));
    if (!model)
        return session.fail(model.error());
    const Result<QByteArray> bytes =
        *format == model->format ? bytesOf(model->file) : scoring::writeModel(*model->model, *format, to);
    if (!bytes)
        return session.fail(bytes.error());
    QSaveFile file(to); // all of it, or what was there before
    if (!file.open(QIODevice::WriteOnly) || file.write(*bytes) != bytes->size() || !file.commit())
        return session.fail(
            Error{ErrorCode::Io, ModelConvertingText::tr("%1 cannot be written: %2").arg(to, file.errorString()), to});
    session.say(ModelConvertingText::tr("Written to %1 as %2.").arg(to, scoring::toString(*format)));
    session.print(
        Json{{"file", toStdString(to)}, {"format", toStdString(scoring::toString(*format))}, {"bytes", bytes->size()}});
    return Done;
}

} // namespace ctl
