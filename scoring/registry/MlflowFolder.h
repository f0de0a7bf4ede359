#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "scoring/Model.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace scoring {

// A folder as MLflow keeps models: a file "MLmodel" (YAML) that names flavors, and the files these need.
struct MlflowFlavor
{
    QString name; // "pmml", "onnx", "xgboost", "lightgbm"
    QString file; // below the folder: "model.pmml"
};

// What stands in an MLmodel file, without opening anything else.
struct MlflowModel
{
    MlflowFlavor flavor; // the first of those above that we score
    QString modelUuid; // each may be empty
    QString runId;
    QString createdAt;
    QString mlflowVersion;
    QStringList inputs; // names of the signature, for the check of columns; empty = it has none
};

// Nothing in the folder is executed, and no file outside of it is named. `place` is for messages.
// Errors: InvalidInput (no YAML, larger than 1 MiB, a path that leaves the folder), Unsupported (only flavors that are
// Python pickles: the message names the exporter to use).
engine::Result<MlflowModel> parseMlmodel(const QByteArray &text, const QString &place);
engine::Result<MlflowModel> readMlmodel(const QString &folder); // NotFound, Io besides

bool isMlflowFolder(const QString &path);
// The model of such a folder. Errors: those of readMlmodel() and readModel(); InvalidInput: the model's inputs are not
// in the signature.
engine::Result<ModelPtr> readMlflowFolder(const QString &folder);

// The text of an MLmodel file for a model we write. `createdAt` is ISO 8601 in UTC.
struct MlmodelText
{
    QList<MlflowFlavor> flavors; // "onnx" is told as MLflow's own Python does, which loads the file by itself then
    QString modelUuid;
    QString runId;
    QString createdAt;
    QList<Field> inputs;
    QList<OutputField> outputs;
};
QByteArray mlmodelText(const MlmodelText &model);

} // namespace scoring
