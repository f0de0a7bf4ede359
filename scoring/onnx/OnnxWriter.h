#pragma once

#include "engine/base/Result.h"
#include "scoring/training/LinearPipeline.h"

#include <QByteArray>

namespace scoring::onnx {

// A linear pipeline as an ONNX file of float32 that ONNX Runtime computes to 1e-6: one input of one column for each
// feature (text categories as texts, all else as floats, missing as NaN or the empty text), outputs "label" and
// "probabilities", or "prediction". What ONNX cannot say is left out: a row the pipeline refuses is scored there, with
// an unknown level as zeros. Errors: Unsupported: a threshold that the most probable class does not meet.
engine::Result<QByteArray> writeOnnx(const LinearPipeline &pipeline);

} // namespace scoring::onnx
