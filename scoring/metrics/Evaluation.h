#pragma once

#include "engine/base/Result.h"
#include "scoring/metrics/ClassMetrics.h"
#include "scoring/Model.h"
#include "scoring/training/TrainingTable.h"

#include <optional>
#include <span>
#include <variant>

namespace scoring {

struct EvaluationOptions
{
    QString target{}; // column of the truth; empty = as the model calls it
    QString weight{}; // column; empty = all 1
    QString positive{}; // class of two; empty = the last one, or what a trained pipeline says
    std::optional<double> threshold{}; // with two classes; empty = the model's own decision
};

// A model's answers for rows whose truth is known.
struct Evaluated
{
    QStringList classes; // of a classifier: numbers ascending, texts in the order of their UTF-8
    ScoredClasses scored; // of a classifier
    std::vector<double> truth; // of a model that predicts a number
    std::vector<double> predicted;
    std::vector<double> weights; // empty: all 1
    int rowsWithoutTarget = 0; // left out
    int rowsWithoutScore = 0; // left out
    QString firstProblem; // why the first of these has none
};

// Scores the rows and puts the truth beside. Works with every model that gives a probability for each class, or a
// number. Errors: NotFound (a column the model needs, or the target, is not there; the name that was meant is
// suggested), InvalidInput (no row is left; a truth that is no class of the model; a policy that says that scoring is
// to fail), Unsupported (the model gives neither).
engine::Result<Evaluated> evaluateModel(const Model &model,
                                        const TrainingTable &table,
                                        std::span<const int> rows,
                                        const EvaluationOptions &options = {});

} // namespace scoring
