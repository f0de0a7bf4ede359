#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Result.h"
#include "scoring/training/LinearPipeline.h"
#include "scoring/training/TrainingOptions.h"
#include "scoring/training/TrainingTable.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace scoring {

// How a training went.
struct TrainingReport
{
    QString solver; // "Newton" or "L-BFGS"
    int iterations = 0; // of all rows of one-versus-rest together
    double objective = 0; // as TrainingOptions defines it; of one-versus-rest the sum
    double gradientNorm = 0; // largest component, by the pipeline's coefficients and intercepts
    double gradientTolerance = 0; // 1e-10 · (1 + C · Σ weights)
    bool converged = false;
    int rank = 0; // of the design matrix with the intercept
    int parameters = 0; // its columns
    double condition = 0; // largest by smallest singular value of the design matrix, its columns scaled to length 1
    QStringList dependent; // columns that follow from those before them

    int rows = 0; // trained with
    int rowsWithoutTarget = 0; // left out
    std::vector<int> classRows; // of each class
    std::vector<double> classWeights;

    // As LinearPipeline's coefficients and intercepts; empty when they could not be computed. With a penalty, or
    // dependent columns, they are approximate: they leave out that the penalty moves the coefficients.
    std::vector<double> coefficientErrors;
    std::vector<double> interceptErrors;
    bool approximateErrors = false;
    double residualDeviation = 0; // linear regression: √(Σ squares / (rows − rank))

    QStringList warnings; // translated sentences
};

struct TrainedPipeline
{
    LinearPipeline pipeline;
    TrainingReport report;
};

// Trains with the rows named (of `table`, in this order; the order changes nothing but the last bits).
// Errors: NotFound (no such column), InvalidInput: what fitFeatures() refuses; a target with one class or with
// fewer than two rows of a class, with more than 1,000 classes, or constant; a class weight for no class; a weight that
// is negative or missing; classes that can be separated without a penalty (the message names the column); Conflict: not
// converged; Cancelled.
engine::Result<TrainedPipeline> trainLinear(const TrainingTable &table,
                                            const std::vector<int> &rows,
                                            const TrainingOptions &options,
                                            const engine::CancelToken &cancel = {});

// e^coefficient: by how much the odds of the class are multiplied when the column grows by one.
double oddsRatio(double coefficient);
// Of a normal distribution: how probable a |z| as large or larger is.
double twoSidedP(double z);

} // namespace scoring
