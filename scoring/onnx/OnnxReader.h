#pragma once

#include "scoring/Model.h"

#include <QByteArray>
#include <QString>

namespace scoring::onnx {

// ONNX files: pipelines of the machine-learning operators and small graphs of the standard ones, float32 as they are.
// A row is computed by itself, so a batch is never seen by the graph. An input of one column is a field of its name,
// one of several "NAME_0", "NAME_1" …; an output of several numbers "NAME[0]" …, those of a ZipMap "NAME(CLASS)".
// Errors: InvalidInput (damaged), Unsupported (an operator that is not known: it is named; data outside of the file).
engine::Result<ModelPtr> readOnnx(const QByteArray &bytes, const QString &file);

} // namespace scoring::onnx
