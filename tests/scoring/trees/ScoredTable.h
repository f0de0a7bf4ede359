#pragma once

#include "scoring/Model.h"
#include "tests/scoring/trees/NumberTable.h"

namespace tests {

QString corpusFile(const QString &path); // below tests/data/scoring

// Scores a table of numbers in one batch. The columns go to the inputs of their names, or, without a header, to those
// of their places after `skip` columns.
scoring::OutputBatch
scoreTable(const scoring::Model &model, const NumberTable &table, const scoring::ScoreOptions &options, int skip = 0);

// "" when every number agrees within `relative` (0 = the same bits) or else where the first difference is. `first` is
// the output that the first column of `expected` is compared with.
QString difference(const scoring::OutputBatch &scored, const NumberTable &expected, double relative, int first = 0);

} // namespace tests
