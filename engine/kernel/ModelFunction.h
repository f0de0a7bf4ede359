#pragma once

#include "engine/base/Result.h"
#include "engine/data/DuckFunction.h"
#include "engine/kernel/DriftWatch.h"
#include "scoring/Model.h"

#include <QString>

#include <memory>
#include <mutex>
#include <optional>

namespace engine {

// What rows of a query could not be scored, counted over all threads. Thread-safe.
class UnscoredRows
{
public:
    void add(const std::vector<scoring::RowProblem> &problems);

    struct Count
    {
        qint64 rows = 0;
        QString field; // of the first one
        QString reason;
    };
    Count take(); // and begins anew

private:
    std::mutex m_mutex;
    Count m_count;
};

// What a function notes while it scores. `drift` may be null.
struct ScoringNotes
{
    std::shared_ptr<UnscoredRows> unscored;
    std::shared_ptr<DriftWatch> drift;
};

// A model as a function of a query, in BigQuery's names: predicted_<label>, of a classifier predicted_<label>_probs
// (a list of STRUCT(label, prob) sorted), then whatever else the model gives in its own
// names. `threshold`: of two classes the second one is predicted when its probability is above it.
// Errors: Unsupported (a threshold for a model without two classes), and the model's own.
Result<DuckFunction> modelFunction(const QString &name,
                                   const scoring::ModelPtr &model,
                                   std::optional<double> threshold,
                                   const ScoringNotes &notes);

// The name of what a model predicts, for columns: its target, else "label".
QString targetName(const scoring::Model &model);

} // namespace engine
