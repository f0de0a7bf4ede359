#pragma once

#include "engine/base/Result.h"
#include "scoring/Model.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace scoring {

enum class ModelFormat : uint8_t { Pmml, XgboostJson, XgboostUbj, LightgbmText, Onnx };

QString toString(ModelFormat format); // "PMML", "XGBoost JSON" …

// Which format the content has, told by its first bytes; the name only decides what bytes leave open.
// Errors: Unsupported: a pickle, a joblib or an old binary XGBoost file (the message names the exporter to use),
// anything else that is no model.
engine::Result<ModelFormat> formatOf(const QByteArray &bytes, const QString &file);

// Reads a model file of any format. Nothing in it is executed. Verification rows the file carries are checked.
// `file` is for messages. Errors: Io (cannot be read), InvalidInput (damaged, or its verification failed: where =
// file:line or the place in the document), Unsupported (an element or version we do not score: it is named).
engine::Result<ModelPtr> readModel(const QString &file);
engine::Result<ModelPtr> readModel(const QByteArray &bytes, const QString &file);

// What the name of a file asks for: .pmml or .xml, .onnx, .json or .ubj (XGBoost), .txt, .model or .lgb (LightGBM).
std::optional<ModelFormat> formatNamed(const QString &file);
// The bytes of a file that says what the model does: PMML, or ONNX for trained linear models. `file` is for messages.
// Errors: Unsupported: the model cannot be said in that format.
engine::Result<QByteArray> writeModel(const Model &model, ModelFormat format, const QString &file);

} // namespace scoring
