#pragma once

#include "engine/base/Result.h"
#include "scoring/Model.h"

#include <QByteArray>
#include <QString>

namespace scoring {

// The model as a PMML file. One that was read from PMML gives the bytes it was read from. A trained linear pipeline
// becomes PMML 4.4: a RegressionModel over derived fields (for one-versus-rest a chain of them), whose sums are made in
// the pipeline's order, so that reading it again predicts the same bits; with rows of ModelVerification, by which any
// other engine can prove it. `file` is for messages.
// Errors: Unsupported (another kind of model), InvalidInput (a name or level that XML cannot hold).
engine::Result<QByteArray> writePmml(const Model &model, const QString &file);

} // namespace scoring
