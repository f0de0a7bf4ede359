#include "scoring/pmml/LinearForm.h"
#include "scoring/pmml/PmmlPlan.h"
#include "scoring/training/LinearScorer.h"

#include <algorithm>

namespace scoring::pmml {

namespace {

class LinearFormScorer final : public Scorer
{
public:
    LinearFormScorer(std::unique_ptr<Scorer> careful, std::shared_ptr<const PmmlPlan> plan, std::vector<int> sources)
        : m_careful(std::move(careful))
        , m_plan(std::move(plan))
        , m_quick(m_plan->linear->model, {})
        , m_sources(std::move(sources))
    {
        m_outputs = m_careful->outputs();
    }

    void score(const InputBatch &rows, OutputBatch &scored) override
    {
        if (!take(rows) || !m_quick.scoreQuickly(m_rows, m_scored)) {
            m_careful->score(rows, scored);
            return;
        }
        scored.rows = rows.rows;
        scored.problems.clear();
        scored.columns.resize(m_sources.size());
        for (size_t i = 0; i < m_sources.size(); ++i) {
            const OutputColumn &from = m_scored.columns[size_t(m_sources[i])];
            if (m_outputs.at(qsizetype(i)).type == FieldType::Text)
                giveTexts(from, scored.columns[i]);
            else
                scored.columns[i].numbers.assign(from.numbers.begin(), from.numbers.end());
        }
    }

private:
    // False: some column is not of its field's kind.
    bool take(const InputBatch &rows)
    {
        const LinearForm &form = *m_plan->linear;
        m_rows.rows = rows.rows;
        m_rows.columns.resize(form.inputs.size());
        for (size_t i = 0; i < form.inputs.size(); ++i) {
            const InputColumn &column = rows.columns[size_t(form.inputs[i])];
            const bool isText = form.model->pipeline().features.at(int(i)).type == FieldType::Text;
            if ((isText ? column.texts.size() : column.numbers.size()) < size_t(rows.rows))
                return false;
            m_rows.columns[i] = column;
        }
        return true;
    }

    // The column may have texts already, in another order.
    void giveTexts(const OutputColumn &from, OutputColumn &to)
    {
        m_codes.clear();
        for (const std::string &text : from.texts) {
            auto found = std::ranges::find(to.texts, text);
            if (found == to.texts.end())
                found = to.texts.insert(to.texts.end(), text);
            m_codes.push_back(int32_t(found - to.texts.begin()));
        }
        to.codes.resize(from.codes.size());
        std::ranges::transform(from.codes, to.codes.begin(), [this](int32_t code) { return m_codes[size_t(code)]; });
    }

    std::unique_ptr<Scorer> m_careful;
    std::shared_ptr<const PmmlPlan> m_plan;
    LinearScorer m_quick;
    std::vector<int> m_sources; // beside the outputs: those of the quick scorer
    InputBatch m_rows;
    OutputBatch m_scored;
    std::vector<int32_t> m_codes;
};

// Which of the pipeline's outputs says the same; −1 = none.
int sourceOf(const Output &output, const OutputField &field, const PmmlPlan &plan, const QList<OutputField> &quick)
{
    if (output.source != plan.model.get() || output.expression || output.ranked)
        return -1;
    const bool isNumber = output.type.data == CellType::Double || output.type.data == CellType::None;
    for (int i = 0; i < quick.size(); ++i) {
        const OutputField &candidate = quick.at(i);
        if (output.feature == Output::Feature::PredictedValue && output.target == 0
            && candidate.kind != OutputKind::Probability && candidate.type == field.type)
            return i;
        if (output.feature == Output::Feature::Probability && output.index >= 0 && isNumber
            && candidate.kind == OutputKind::Probability
            && candidate.category == QString::fromStdString(plan.model->classes.name(output.index)))
            return i;
    }
    return -1;
}

} // namespace

std::unique_ptr<Scorer> scorerByColumns(std::unique_ptr<Scorer> careful,
                                        std::shared_ptr<const PmmlPlan> plan,
                                        const std::vector<const Output *> &outputs)
{
    if (!plan->linear)
        return careful;
    const auto quick = plan->linear->model->scorer({});
    if (!quick)
        return careful;
    std::vector<int> sources;
    for (size_t i = 0; i < outputs.size(); ++i) {
        sources.push_back(sourceOf(*outputs[i], careful->outputs().at(qsizetype(i)), *plan, (*quick)->outputs()));
        if (sources.back() < 0)
            return careful;
    }
    return std::make_unique<LinearFormScorer>(std::move(careful), std::move(plan), std::move(sources));
}

} // namespace scoring::pmml
