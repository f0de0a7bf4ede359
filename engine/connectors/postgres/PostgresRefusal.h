#pragma once

#include "engine/connectors/postgres/PostgresColumn.h"

namespace engine {

// What a problem of the row `at` (which may be known or not) is, when the server said this. `column` is where the
// server saw it, should it not name one itself.
RowProblem describeRefusal(RowProblem at, const QString &table, const ServerError &said, const QString &column = {});

} // namespace engine
