#pragma once

#include "scoring/training/LinearSolver.h"
#include "scoring/training/Trainer.h"
#include "scoring/training/TrainingTarget.h"

namespace scoring {

// Whether, without a penalty, the classes can be separated: coefficients would grow without end.
bool isSeparated(const LinearLoss &loss, const Solution &solution);

// Names the column that separates, or the one whose coefficient grows most.
engine::Error separationError(const DesignMatrix &design,
                              const TrainingTarget &target,
                              const LinearPipeline &pipeline,
                              const Solution &solution);

// Rank, condition and dependent columns of the design matrix into the report.
void describeDesign(const LinearLoss &loss, TrainedPipeline &trained);

// Standard errors of what was added to the pipeline last, from the inverse of the Hessian.
void addErrors(const LinearLoss &loss, const Solution &solution, bool penalty, TrainedPipeline &trained);

} // namespace scoring
