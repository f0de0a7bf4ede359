#pragma once

#include "scoring/Model.h"
#include "scoring/pmml/PmmlPlan.h"

namespace scoring::pmml {

// A model read from PMML.
class PmmlModel : public Model
{
public:
    PmmlModel(Description description, std::shared_ptr<const PmmlPlan> plan)
        : Model(std::move(description))
        , m_plan(std::move(plan))
    {
    }

    engine::Result<std::unique_ptr<Scorer>> scorer(const ScoreOptions &options) const override;

    // It is a linear pipeline, whose rows are scored many at once.
    bool isScoredByColumns() const { return m_plan->linear.has_value(); }
    // The bytes it was read from.
    const QByteArray &source() const { return m_plan->source; }

private:
    std::shared_ptr<const PmmlPlan> m_plan;
};

} // namespace scoring::pmml
