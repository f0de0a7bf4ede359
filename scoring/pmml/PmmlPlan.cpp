#include "scoring/pmml/PmmlPlan.h"

#include <algorithm>
#include <set>

namespace scoring::pmml {

namespace {

void collectSources(const ModelElement &model, std::set<const ModelElement *> &sources)
{
    for (const Output &output : model.outputs) {
        if (output.source != &model)
            sources.insert(output.source);
    }
    for (const auto &[id, segment] : model.segments)
        collectSources(*segment, sources);
}

// Goes through the models that every row comes to, in search of trees that can march.
class ForestSearch
{
public:
    explicit ForestSearch(PmmlPlan &plan) : m_plan(plan)
    {
        for (const PmmlInput &input : plan.inputs)
            m_known.insert(input.slot);
        for (const Step &step : plan.steps)
            m_known.insert(step.slot);
        for (const Step &step : plan.model->steps)
            m_known.insert(step.slot);
        collectSources(*plan.model, m_sources);
    }

    void search(const ModelElement &model)
    {
        auto *mining = dynamic_cast<Mining *>(model.evaluator.get());
        if (!mining)
            return;
        if (auto forest = Forest::make(*mining, model, m_plan.texts); forest && fits(*forest, model)) {
            mining->forest = int(m_plan.forests.size());
            m_plan.forests.push_back(std::move(*forest));
            return;
        }
        for (const Mining::Segment &segment : mining->segments) {
            const ModelElement &inner = *segment.model;
            if (mining->predicates.at(segment.predicate).kind == Predicates::Kind::True && inner.treated.empty()
                && inner.steps.empty())
                search(inner);
        }
    }

private:
    bool fits(const Forest &forest, const ModelElement &model) const
    {
        const bool known = std::all_of(
            forest.fields().begin(), forest.fields().end(), [&](int slot) { return m_known.contains(slot); });
        const bool shown = std::any_of(model.segments.begin(), model.segments.end(), [&](const auto &each) {
            return m_sources.contains(each.second.get());
        });
        return known && !shown;
    }

    PmmlPlan &m_plan;
    std::set<int> m_known; // slots that depend on the inputs only
    std::set<const ModelElement *> m_sources; // segments whose own answers are shown
};

void compute(const std::vector<Step> &steps, Row &row)
{
    for (const Step &step : steps) {
        const Value value = step.expression->evaluate(row);
        row.values[size_t(step.slot)] = cast(value, step.type, row.texts);
    }
}

} // namespace

Row PmmlPlan::makeRow() const
{
    Row row(texts);
    row.values.resize(size_t(slotCount));
    row.outcomes.resize(size_t(outcomes));
    row.scratch.resize(size_t(scratch));
    row.forestSums.assign(forests.size(), nullptr);
    model->prepare(row.outcomes);
    return row;
}

void PmmlPlan::plantForests() { ForestSearch(*this).search(*model); }

void PmmlPlan::derive(Row &row) const
{
    compute(steps, row);
    compute(model->steps, row);
}

void PmmlPlan::evaluate(Row &row) const
{
    compute(steps, row);
    model->evaluate(row);
}

} // namespace scoring::pmml
