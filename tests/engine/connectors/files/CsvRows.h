#pragma once

#include "engine/connectors/files/CsvSource.h"

#include <QByteArray>

namespace tests {

// What a source gives, as text, one line per row: "2: 1 | abc | NULL" (the line, then the values; "" is the empty
// string, line breaks are shown as \n and \r), "3! UserErrorInvalidDataValue age 'x'" for a row that is a problem,
// "error InvalidInput people.csv:7" for one that ends all. `types`: of the columns, by position; the last one repeats.
struct ReadAs
{
    QList<engine::InterimType> types{engine::InterimType::String};
    engine::CsvSource::Tuning tuning;
};
QByteArray printRows(const engine::CsvFileSource &file, const ReadAs &as = {});

} // namespace tests
