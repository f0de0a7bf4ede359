#include "scoring/registry/MlflowFolder.h"

#include "scoring/ModelFile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <yaml-cpp/yaml.h>

using engine::Error;
using engine::ErrorCode;
using engine::Json;
using engine::Result;
using engine::toStdString;

namespace scoring {

namespace {

struct MlflowFolderText
{
    Q_DECLARE_TR_FUNCTIONS(MlflowFolderText)
};

constexpr qint64 largestText = 1024 * 1024;

// Flavors we score, the best first, and the members that name their file.
struct KnownFlavor
{
    const char *name;
    const char *fileKey;
    const char *usualFile;
};
constexpr KnownFlavor knownFlavors[] = {{"pmml", "data", "model.pmml"},
                                        {"onnx", "data", "model.onnx"},
                                        {"xgboost", "data", "model.json"},
                                        {"lightgbm", "data", "model.lgb"}};

QString scalar(const YAML::Node &node, const char *key)
{
    const YAML::Node member = node.IsMap() ? node[key] : YAML::Node();
    return member.IsDefined() && member.IsScalar() ? QString::fromStdString(member.Scalar()) : QString();
}

bool staysInside(const QString &file)
{
    const QString clean = QDir::cleanPath(file);
    return !file.isEmpty() && !QDir::isAbsolutePath(clean) && clean != u".." && !clean.startsWith(u"../")
        && !clean.contains(QChar(0)) && !clean.contains(u'\\');
}

Error onlyPickles(const QStringList &flavors, const QString &place)
{
    return Error{ErrorCode::Unsupported,
                 MlflowFolderText::tr("%1 has only the flavors %2: Python objects, which would have to be executed. "
                                      "Export the model with sklearn2pmml (PMML) or skl2onnx (ONNX).")
                     .arg(place, flavors.join(QStringLiteral(", "))),
                 place};
}

// The names of a signature's inputs: JSON in a text, as MLflow writes it.
QStringList namesIn(const QString &signature, const QString &place)
{
    QStringList names;
    const Result<Json> json = engine::parseJson(signature.toUtf8(), place);
    if (!json || !json->is_array())
        return names;
    for (const Json &column : *json) {
        if (const QString name = engine::stringAt(column, "name"); !name.isEmpty())
            names.append(name);
    }
    return names;
}

Result<MlflowModel> fromYaml(const YAML::Node &root, const QString &place)
{
    const YAML::Node flavors = root.IsMap() ? root["flavors"] : YAML::Node();
    if (!flavors.IsDefined() || !flavors.IsMap())
        return Error{
            ErrorCode::InvalidInput, MlflowFolderText::tr("%1 names no flavors of the model.").arg(place), place};
    MlflowModel model;
    for (const KnownFlavor &known : knownFlavors) {
        const YAML::Node flavor = flavors[known.name];
        if (!flavor.IsDefined() || !model.flavor.name.isEmpty())
            continue;
        QString file = scalar(flavor, known.fileKey);
        if (file.isEmpty())
            file = QString::fromLatin1(known.usualFile);
        if (!staysInside(file))
            return Error{ErrorCode::InvalidInput,
                         MlflowFolderText::tr("%1 names the file %2, which is not in its folder.").arg(place, file),
                         place};
        model.flavor = {QString::fromLatin1(known.name), file};
    }
    if (model.flavor.name.isEmpty()) {
        QStringList names;
        for (const auto &flavor : flavors)
            names.append(QString::fromStdString(flavor.first.Scalar()).left(60));
        return onlyPickles(names, place);
    }
    model.modelUuid = scalar(root, "model_uuid");
    model.runId = scalar(root, "run_id");
    model.createdAt = scalar(root, "utc_time_created");
    model.mlflowVersion = scalar(root, "mlflow_version");
    if (const YAML::Node signature = root["signature"]; signature.IsDefined())
        model.inputs = namesIn(scalar(signature, "inputs"), place);
    return model;
}

// MLflow's names of types.
const char *mlflowType(FieldType type)
{
    switch (type) {
    case FieldType::Float:
        return "float";
    case FieldType::Integer:
        return "long";
    case FieldType::Boolean:
        return "boolean";
    case FieldType::Text:
        return "string";
    case FieldType::Double:
        break;
    }
    return "double";
}

// A text in YAML: every JSON string is one.
QByteArray quoted(const QString &text) { return engine::toCompact(Json(toStdString(text))); }

} // namespace

Result<MlflowModel> parseMlmodel(const QByteArray &text, const QString &place)
{
    if (text.size() > largestText)
        return Error{ErrorCode::InvalidInput, MlflowFolderText::tr("%1 is above 1 MiB.").arg(place), place};
    try {
        return fromYaml(YAML::Load(text.toStdString()), place);
    } catch (const YAML::Exception &exception) {
        return Error{ErrorCode::InvalidInput,
                     MlflowFolderText::tr("%1 is no YAML: line %2.").arg(place).arg(exception.mark.line + 1),
                     QStringLiteral("%1:%2").arg(place).arg(exception.mark.line + 1)};
    }
}

bool isMlflowFolder(const QString &path) { return QFileInfo(path + QStringLiteral("/MLmodel")).isFile(); }

Result<MlflowModel> readMlmodel(const QString &folder)
{
    const QString place = folder + QStringLiteral("/MLmodel");
    if (!isMlflowFolder(folder))
        return Error{ErrorCode::NotFound, MlflowFolderText::tr("There is no file %1.").arg(place), place};
    QFile file(place);
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::Io, MlflowFolderText::tr("%1 cannot be opened: %2").arg(place, file.errorString()), place};
    return parseMlmodel(file.read(largestText + 1), place);
}

Result<ModelPtr> readMlflowFolder(const QString &folder)
{
    const Result<MlflowModel> described = readMlmodel(folder);
    if (!described)
        return described.error();
    const QString file = QDir(folder).filePath(described->flavor.file);
    const QString root = QFileInfo(folder).canonicalFilePath();
    if (const QString real = QFileInfo(file).canonicalFilePath(); !real.isEmpty() && !real.startsWith(root + u'/'))
        return Error{
            ErrorCode::InvalidInput, MlflowFolderText::tr("%1 leads to a file outside of its folder.").arg(file), file};
    Result<ModelPtr> model = readModel(file);
    if (!model || described->inputs.isEmpty())
        return model;
    for (const Field &field : (*model)->inputs()) {
        if (field.required && !described->inputs.contains(field.name))
            return Error{ErrorCode::InvalidInput,
                         MlflowFolderText::tr("The model reads “%1”, which the signature in %2 does not have. Save the "
                                              "model again.")
                             .arg(field.name, folder),
                         field.name};
    }
    return model;
}

QByteArray mlmodelText(const MlmodelText &model)
{
    Json inputs = Json::array();
    for (const Field &field : model.inputs)
        inputs.push_back(
            {{"type", mlflowType(field.type)}, {"name", toStdString(field.name)}, {"required", field.required}});
    Json outputs = Json::array();
    for (const OutputField &field : model.outputs)
        outputs.push_back({{"type", mlflowType(field.type)}, {"name", toStdString(field.name)}, {"required", true}});
    QByteArray text = "artifact_path: model\nflavors:\n";
    for (const MlflowFlavor &flavor : model.flavors) {
        const QByteArray data = "    data: " + quoted(flavor.file) + "\n";
        text += "  " + flavor.name.toUtf8() + ":\n" + data;
        if (flavor.name == u"onnx")
            text += "    providers:\n    - CPUExecutionProvider\n  python_function:\n" + data
                + "    loader_module: mlflow.onnx\n";
    }
    text += "model_uuid: " + quoted(model.modelUuid) + "\n";
    text += "run_id: " + quoted(model.runId) + "\n";
    text += "saved_input_example_info:\n  artifact_path: input_example.json\n  type: json_object\n";
    text += "signature:\n  inputs: " + quoted(QString::fromUtf8(engine::toCompact(inputs)))
        + "\n  outputs: " + quoted(QString::fromUtf8(engine::toCompact(outputs))) + "\n  params: null\n";
    text += "utc_time_created: " + quoted(model.createdAt) + "\n";
    return text;
}

} // namespace scoring
