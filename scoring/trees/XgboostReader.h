#pragma once

#include "scoring/Model.h"

#include <QByteArray>
#include <QString>

namespace scoring::trees {

// XGBoost's model files, 1.0 to 3.x: gbtree, dart and gblinear with the objectives of the library. All cells are
// rounded to floats; infinite ones, and categories the model does not have, are refused. The early stopping's best
// iteration is used where the file has one. Errors: InvalidInput (damaged; where = the place in the document),
// Unsupported (an objective or booster that is not known).
engine::Result<ModelPtr> readXgboostJson(const QByteArray &bytes, const QString &file);
engine::Result<ModelPtr> readXgboostUbj(const QByteArray &bytes, const QString &file);

} // namespace scoring::trees
