#pragma once

#include "scoring/training/TrainingOptions.h"
#include "scoring/training/TrainingTable.h"

#include <vector>

namespace scoring {

// What is to be learned, of the rows that have it.
struct TrainingTarget
{
    std::vector<int> rows; // of the table
    FieldType type = FieldType::Double;
    QStringList classes; // sorted; of a classifier
    std::vector<double> values; // index of the class, or the number
    std::vector<double> rowWeights;
    std::vector<double> weights; // of rows, with those of their classes in them
    std::vector<int> classRows;
    std::vector<double> classWeights;
    int left = 0; // rows without target
};

// Errors: see trainLinear().
engine::Result<TrainingTarget>
readTarget(const TrainingTable &table, const std::vector<int> &rows, const TrainingOptions &options);

// The classes of a target column in a model's order, as codes: −1 = missing, −2 = no class of the model.
std::vector<int> classCodes(const TrainingColumn &column, std::span<const int> rows, const QStringList &classes);

} // namespace scoring
