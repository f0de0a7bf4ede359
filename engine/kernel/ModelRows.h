#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Result.h"
#include "engine/data/DuckSession.h"
#include "scoring/training/TrainingTable.h"

#include <QList>
#include <QString>

namespace engine {

// The rows of a query as a table to train or to measure with, in memory: the columns `wanted` (upper and lower case do
// not count; those that are not there are left out), in the names and types they have. Errors: InvalidInput: a column
// that is neither a number nor a text (`where` empty); what the query reports; Cancelled.
Result<scoring::TrainingTable> tableOf(DuckSession &session,
                                       const QString &query,
                                       const QList<DuckColumn> &columns,
                                       const QStringList &wanted,
                                       const CancelToken &cancel);

// As what a model sees a column; nothing for dates, lists and the like.
std::optional<scoring::FieldType> fieldTypeOf(const DuckColumn &column);

} // namespace engine
