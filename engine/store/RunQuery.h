#pragma once

#include "engine/store/RunJournal.h"

#include <variant>

namespace engine {

// A RunFilter as SQL: everything a caller chose is in `values`, nothing in the text.
struct RunQuery
{
    QByteArray sql; // selects `record`
    std::vector<std::variant<qint64, QString>> values;
};

Result<RunQuery> runQuery(const RunFilter &filter); // InvalidInput names the condition

} // namespace engine
