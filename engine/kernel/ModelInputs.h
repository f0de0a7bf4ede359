#pragma once

#include "engine/base/Result.h"
#include "engine/data/DuckSession.h"
#include "scoring/Model.h"

#include <QList>
#include <QString>

namespace engine {

// SQL expressions that give the inputs of a model, in its order, out of the columns of a query: DOUBLE for what the
// model computes with, VARCHAR for its texts. Columns are found by name, upper and lower case do not count.
// Errors (InvalidInput): a column the model needs is not there, or is of a type it cannot use; `where` is empty.
Result<QStringList> modelInputs(const scoring::Model &model, const QList<DuckColumn> &columns);

// A column as the text that names a class or a level: 1 and not 1.0 of a number that is whole.
QString levelExpression(const DuckColumn &column);

bool isNumber(const DuckColumn &column); // also DECIMAL and BOOLEAN

} // namespace engine
