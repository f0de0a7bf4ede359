#include "scoring/ModelFile.h"

#include "scoring/onnx/OnnxReader.h"
#include "scoring/onnx/OnnxWriter.h"
#include "scoring/pmml/PmmlReader.h"
#include "scoring/pmml/PmmlWriter.h"
#include "scoring/training/LinearPipelineModel.h"
#include "scoring/trees/LightgbmReader.h"
#include "scoring/trees/XgboostReader.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <cstring>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct ModelFileText
{
    Q_DECLARE_TR_FUNCTIONS(ModelFileText)
};

constexpr qint64 largestFile = qint64(2) * 1024 * 1024 * 1024 - 1; // what a QByteArray holds with room to spare

// What starts as a Python pickle (protocols 0 to 5) or as joblib's compressed ones.
bool looksLikePickle(const QByteArray &bytes)
{
    if (bytes.size() >= 2 && bytes[0] == char(0x80) && bytes[1] >= 2 && bytes[1] <= 5)
        return true;
    return bytes.startsWith("ccopy_reg") || bytes.startsWith("csklearn");
}

// The binary format XGBoost wrote before 1.0 and kept until 3.1: either marked, or 136 bytes of parameters followed by
// the lengths and names of objective and booster.
bool looksLikeOldXgboost(const QByteArray &bytes)
{
    if (bytes.startsWith("binf") || bytes.startsWith("bs64"))
        return true;
    constexpr qsizetype parameters = 136;
    const QByteArray names = bytes.mid(parameters, 64);
    return names.size() == 64 && (names.contains("gbtree") || names.contains("gblinear") || names.contains("dart"))
        && names.mid(1, 7) == QByteArray(7, '\0');
}

// "{" and then the length of the first key, where text has a quotation mark or white space.
bool looksLikeUbj(const QByteArray &bytes)
{
    constexpr QByteArrayView lengths("iUIlL#$");
    return bytes.size() > 2 && bytes[0] == '{' && lengths.contains(bytes[1]);
}

bool looksLikeXgboostJson(const QByteArray &bytes)
{
    const QByteArray beginning = bytes.left(65536).trimmed();
    return beginning.startsWith('{')
        && (beginning.contains("\"learner\"") || bytes.right(65536).contains("\"learner\""));
}

bool looksLikeLightgbm(const QByteArray &bytes)
{
    const QByteArray beginning = bytes.left(64).trimmed();
    return beginning.startsWith("tree\n") || beginning.startsWith("tree\r\n");
}

// XML with PMML as its root; in UTF-16 every other byte is 0.
bool looksLikePmml(const QByteArray &bytes)
{
    QByteArray beginning = bytes.left(65536);
    beginning.replace('\0', QByteArray());
    for (const char *mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"}) {
        if (beginning.startsWith(mark))
            beginning.remove(0, qsizetype(strlen(mark)));
    }
    beginning = beginning.trimmed();
    return beginning.startsWith('<') && (beginning.contains("<PMML") || beginning.contains(":PMML"));
}

// A protobuf message that begins with ir_version and goes on with producer, domain, graph or operators; the name of the
// file decides where that may be chance.
bool looksLikeOnnx(const QByteArray &bytes, const QString &file)
{
    const bool begins = bytes.size() > 4 && bytes[0] == 0x08 && bytes[1] > 0 && bytes[1] < 100;
    constexpr QByteArrayView next("\x12\x1a\x22\x28\x32\x3a\x42\x72");
    return (begins && next.contains(bytes[2]))
        || (!bytes.isEmpty() && file.endsWith(QLatin1String(".onnx"), Qt::CaseInsensitive));
}

} // namespace

QString toString(ModelFormat format)
{
    switch (format) {
    case ModelFormat::Pmml:
        return QStringLiteral("PMML");
    case ModelFormat::XgboostJson:
        return QStringLiteral("XGBoost JSON");
    case ModelFormat::XgboostUbj:
        return QStringLiteral("XGBoost UBJ");
    case ModelFormat::LightgbmText:
        return QStringLiteral("LightGBM");
    case ModelFormat::Onnx:
        return QStringLiteral("ONNX");
    }
    return {};
}

Result<ModelFormat> formatOf(const QByteArray &bytes, const QString &file)
{
    if (looksLikePickle(bytes))
        return Error{ErrorCode::Unsupported,
                     ModelFileText::tr("%1 is a Python pickle, which would have to be executed. Export the model with "
                                       "sklearn2pmml (PMML) or skl2onnx (ONNX) and use that file.")
                         .arg(QFileInfo(file).fileName()),
                     file};
    if (looksLikeOldXgboost(bytes))
        return Error{ErrorCode::Unsupported,
                     ModelFileText::tr("%1 is in XGBoost's old binary format. Save the model again with "
                                       "save_model('m.json').")
                         .arg(QFileInfo(file).fileName()),
                     file};
    if (looksLikePmml(bytes))
        return ModelFormat::Pmml;
    if (looksLikeLightgbm(bytes))
        return ModelFormat::LightgbmText;
    if (looksLikeUbj(bytes))
        return ModelFormat::XgboostUbj;
    if (looksLikeXgboostJson(bytes))
        return ModelFormat::XgboostJson;
    if (looksLikeOnnx(bytes, file))
        return ModelFormat::Onnx;
    return Error{ErrorCode::Unsupported,
                 ModelFileText::tr("%1 is no model file Slipway knows.").arg(QFileInfo(file).fileName()),
                 file};
}

Result<ModelPtr> readModel(const QString &file)
{
    QFile device(file);
    if (!device.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     ModelFileText::tr("The model %1 cannot be opened: %2").arg(file, device.errorString()),
                     file};
    if (device.size() > largestFile)
        return Error{ErrorCode::InvalidInput, ModelFileText::tr("The model %1 is above 2 GiB.").arg(file), file};
    const QByteArray bytes = device.readAll();
    if (bytes.size() != device.size())
        return Error{
            ErrorCode::Io, ModelFileText::tr("The model %1 cannot be read: %2").arg(file, device.errorString()), file};
    return readModel(bytes, file);
}

Result<ModelPtr> readModel(const QByteArray &bytes, const QString &file)
{
    const Result<ModelFormat> format = formatOf(bytes, file);
    if (!format)
        return format.error();
    switch (*format) {
    case ModelFormat::XgboostJson:
        return trees::readXgboostJson(bytes, file);
    case ModelFormat::XgboostUbj:
        return trees::readXgboostUbj(bytes, file);
    case ModelFormat::LightgbmText:
        return trees::readLightgbm(bytes, file);
    case ModelFormat::Pmml:
        return readPmml(bytes, file);
    case ModelFormat::Onnx:
        return onnx::readOnnx(bytes, file);
    }
    return Error{ErrorCode::Unsupported,
                 ModelFileText::tr("Models in the format %1 cannot be read.").arg(toString(*format)),
                 file};
}

std::optional<ModelFormat> formatNamed(const QString &file)
{
    const QString end = QFileInfo(file).suffix().toLower();
    if (end == u"pmml" || end == u"xml")
        return ModelFormat::Pmml;
    if (end == u"onnx")
        return ModelFormat::Onnx;
    if (end == u"json")
        return ModelFormat::XgboostJson;
    if (end == u"ubj")
        return ModelFormat::XgboostUbj;
    if (end == u"txt" || end == u"model" || end == u"lgb")
        return ModelFormat::LightgbmText;
    return std::nullopt;
}

Result<QByteArray> writeModel(const Model &model, ModelFormat format, const QString &file)
{
    if (format == ModelFormat::Pmml)
        return writePmml(model, file);
    if (format == ModelFormat::Onnx)
        if (const auto *linear = dynamic_cast<const LinearPipelineModel *>(&model))
            return onnx::writeOnnx(linear->pipeline());
    return Error{ErrorCode::Unsupported,
                 ModelFileText::tr("This model cannot be written as %1. Trained linear models can be written as PMML "
                                   "(.pmml) and ONNX (.onnx).")
                     .arg(toString(format)),
                 file};
}

} // namespace scoring
