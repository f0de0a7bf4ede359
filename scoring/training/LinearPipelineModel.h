#pragma once

#include "scoring/Model.h"
#include "scoring/training/LinearPipeline.h"

namespace scoring {

// A trained pipeline as a Model. Outputs: the label, called as the target; of classifiers "probability(CLASS)" for each
// class; Raw gives "margin" or "margin(CLASS)". Fused and unfused scoring give the same bits: the fused way only spares
// the design matrix and reads a level's coefficient from a table.
class LinearPipelineModel final : public Model
{
public:
    // Errors: InvalidInput: sizes that do not fit, a level or class twice, a coefficient, mean or scale that is not
    // finite, a scale of 0.
    static engine::Result<std::shared_ptr<const LinearPipelineModel>> make(LinearPipeline pipeline);

    const LinearPipeline &pipeline() const { return m_pipeline; }

    // Errors: Unsupported: leaves, probabilities of a model that predicts a number, iterations.
    engine::Result<std::unique_ptr<Scorer>> scorer(const ScoreOptions &options) const override;

private:
    LinearPipelineModel(Description description, LinearPipeline pipeline);

    LinearPipeline m_pipeline;
};

} // namespace scoring
