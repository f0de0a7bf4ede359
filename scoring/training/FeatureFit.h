#pragma once

#include "engine/base/Result.h"
#include "scoring/training/LinearPipeline.h"
#include "scoring/training/TrainingOptions.h"
#include "scoring/training/TrainingTable.h"

#include <span>

namespace scoring {

// The features of a pipeline as the training rows show them: what replaces missing cells, means, scales, levels.
// Median: the mean of the two middle values; most frequent: the smallest of equals; scale: the standard deviation of
// the population, 1 where the column is constant.
struct FeatureFit
{
    QList<PipelineFeature> features;
    QList<DesignColumn> columns;
    std::vector<int> tableColumns; // of each feature
    QStringList warnings;
};

// Errors: NotFound (no such column), InvalidInput: no feature, a feature twice, a column that is missing in all rows,
// a column with missing cells that are not to be replaced, too many levels, a text column that is to be a number.
engine::Result<FeatureFit>
fitFeatures(const TrainingTable &table, std::span<const int> rows, const TrainingOptions &options);

} // namespace scoring
