#pragma once

#include "engine/base/Result.h"
#include "scoring/Model.h"
#include "scoring/pmml/xml/Document.h"

#include <QString>

namespace scoring::pmml {

// Scores the rows of a ModelVerification element (none: fine) and compares as PMML says: equal within `precision`
// relative to what is expected, or both within `zeroThreshold` of zero.
// Errors: InvalidInput, naming row and field; where = file:line of the row.
engine::Result<> verify(const Model &model, const Node &verification, const QString &file);

} // namespace scoring::pmml
