#pragma once

#include "scoring/Model.h"

#include <QByteArray>
#include <QString>

namespace scoring::trees {

// LightGBM's text files, versions v2 to v4: all boosting types, categorical splits, linear trees, pandas' categories
// (compared as numbers where they are numbers: 70 is 70.0) and the objectives of the library; a custom one gives its
// margins. Errors: InvalidInput (damaged; where = file:line), Unsupported (a version or objective that is not known).
engine::Result<ModelPtr> readLightgbm(const QByteArray &bytes, const QString &file);

} // namespace scoring::trees
