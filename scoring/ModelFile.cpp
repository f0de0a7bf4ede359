#include "scoring/ModelFile.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

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
    if (bytes.startsWith("binf") || bytes.startsWith("bs64"))
        return Error{ErrorCode::Unsupported,
                     ModelFileText::tr("%1 is in XGBoost's old binary format. Save the model again with "
                                       "save_model('m.json').")
                         .arg(QFileInfo(file).fileName()),
                     file};
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
    return Error{ErrorCode::Unsupported,
                 ModelFileText::tr("Models in the format %1 cannot be read.").arg(toString(*format)),
                 file};
}

} // namespace scoring
