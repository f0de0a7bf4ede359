#include "app/ctl/ModelConverting.h"

#include "app/ctl/Command.h"
#include "app/ctl/ModelPlaces.h"
#include "scoring/onnx/OnnxWriter.h"
#include "scoring/pmml/PmmlWriter.h"
#include "scoring/training/LinearPipelineModel.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ModelConvertingText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ModelConverting)
};

// What the name of a file asks for; XGBoost's two are told apart by it too.
std::optional<scoring::ModelFormat> formatNamed(const QString &file)
{
    const QString end = QFileInfo(file).suffix().toLower();
    if (end == u"pmml" || end == u"xml")
        return scoring::ModelFormat::Pmml;
    if (end == u"onnx")
        return scoring::ModelFormat::Onnx;
    if (end == u"json")
        return scoring::ModelFormat::XgboostJson;
    if (end == u"ubj")
        return scoring::ModelFormat::XgboostUbj;
    if (end == u"txt" || end == u"model" || end == u"lgb")
        return scoring::ModelFormat::LightgbmText;
    return std::nullopt;
}

Result<QByteArray> bytesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     ModelConvertingText::tr("The model %1 cannot be opened: %2").arg(path, file.errorString()),
                     path};
    return file.readAll();
}

Result<QByteArray> converted(const ModelAtPlace &model, scoring::ModelFormat format, const QString &file)
{
    if (format == model.format)
        return bytesOf(model.file);
    if (format == scoring::ModelFormat::Pmml)
        return scoring::writePmml(*model.model, file);
    if (format == scoring::ModelFormat::Onnx)
        if (const auto *pipeline = dynamic_cast<const scoring::LinearPipelineModel *>(model.model.get()))
            return scoring::onnx::writeOnnx(pipeline->pipeline());
    return Error{ErrorCode::Unsupported,
                 ModelConvertingText::tr("A model in the format %1 cannot be written as %2; trained linear models can "
                                         "be written as PMML and ONNX.")
                     .arg(scoring::toString(model.format), scoring::toString(format)),
                 file};
}

} // namespace

int convertModel(const QStringList &words, Session &session)
{
    if (words.size() != 3)
        return session.failUsage(ModelConvertingText::tr("Usage: slipwayctl model convert MODEL FILE"));
    const QString to = words.at(2);
    const std::optional<scoring::ModelFormat> format = formatNamed(to);
    if (!format)
        return session.failUsage(
            ModelConvertingText::tr("The name of %1 does not say a format: end it with .pmml or .onnx.").arg(to));
    const Result<ModelAtPlace> model = modelFrom(words.at(1));
    if (!model)
        return session.fail(model.error());
    const Result<QByteArray> bytes = converted(*model, *format, to);
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
