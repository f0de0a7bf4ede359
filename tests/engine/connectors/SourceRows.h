#pragma once

#include "engine/connectors/Source.h"

#include <QStringList>

namespace tests {

// What a source gave, to its end.
struct SourceRows
{
    QStringList rows; // "1 | NULL | ''": values as appendText() spells them, texts and bytes in quotes
    QList<engine::RowProblem> problems;
    std::optional<engine::Error> error;
    int largestBatch = 0;
};

// Opens it, and reads all columns as what they are, or as `types` when there are some. Problems do not end it.
SourceRows readAll(engine::Source &source, const QList<engine::InterimType> &types = {});
// Of an opened and projected one.
SourceRows readRest(engine::Source &source);

} // namespace tests
