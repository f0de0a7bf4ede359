#pragma once

#include "engine/base/Result.h"
#include "scoring/Model.h"

#include <QByteArray>
#include <QString>

namespace scoring {

// The first scorable model of a PMML file, 3.0 to 4.4. Its verification rows are scored: one that fails is an error
// that names row and field. `file` is for messages.
// Errors: InvalidInput (damaged, contradictory, or its verification failed), Unsupported (an element, function or
// method that is not scored: named); where = file:line.
engine::Result<ModelPtr> readPmml(const QByteArray &bytes, const QString &file);

} // namespace scoring
