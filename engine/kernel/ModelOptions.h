#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/kernel/KernelStatement.h"
#include "scoring/training/TrainingOptions.h"

#include <QMap>

namespace engine {

// OPTIONS of CREATE MODEL as BigQuery spells them, and what they mean to the trainer. A value.
struct ModelOptions
{
    enum class SplitMethod { Auto, Random, Custom, Sequential, None };

    scoring::TrainingOptions training;
    SplitMethod split = SplitMethod::Auto;
    double evaluationShare = 0.2; // data_split_eval_fraction
    QString splitColumn; // data_split_col
    uint32_t seed = 0; // random_seed, ours: NumPy's

    static const QStringList &names(); // of all options
    // `values`: by name, as JSON; `options`: where they are. Errors: errorAt() the option.
    static Result<ModelOptions> read(const QMap<QString, Json> &values, const QList<StatementOption> &options);
};

} // namespace engine
