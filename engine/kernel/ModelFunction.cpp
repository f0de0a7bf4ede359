#include "engine/kernel/ModelFunction.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

struct ModelFunctionText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ModelFunction)
};

using Type = DuckFunction::Type;

Type typeOf(scoring::FieldType type)
{
    switch (type) {
    case scoring::FieldType::Integer:
        return Type::BigInt;
    case scoring::FieldType::Boolean:
        return Type::Boolean;
    case scoring::FieldType::Text:
        return Type::Text;
    case scoring::FieldType::Double:
    case scoring::FieldType::Float:
        break;
    }
    return Type::Double;
}

// Sorted, however a file has them: so the second of two is the positive one.
QStringList sortedClasses(const scoring::Model &model)
{
    QStringList classes = model.description().classes;
    std::sort(classes.begin(), classes.end(), [](const QString &a, const QString &b) {
        bool areNumbers[2] = {false, false};
        const double first = a.toDouble(&areNumbers[0]);
        const double second = b.toDouble(&areNumbers[1]);
        return areNumbers[0] && areNumbers[1] ? first < second : a < b;
    });
    return classes;
}

// Which outputs of the model become which member.
struct Layout
{
    int label = -1; // output
    std::vector<int> weights; // outputs, by class; empty = none
    std::vector<int> others;
};

Layout layoutOf(const scoring::Model &model, const QList<scoring::OutputField> &outputs)
{
    Layout layout;
    const QStringList classes = sortedClasses(model);
    std::vector<int> weights(size_t(classes.size()), -1);
    const scoring::OutputKind wanted = classes.isEmpty() ? scoring::OutputKind::Value : scoring::OutputKind::Label;
    for (int i = 0; i < outputs.size(); ++i) {
        const scoring::OutputField &output = outputs.at(i);
        const qsizetype category = classes.indexOf(output.category);
        if (layout.label < 0 && (output.kind == wanted || output.kind == scoring::OutputKind::Label))
            layout.label = i;
        else if (output.kind == scoring::OutputKind::Probability && category >= 0 && weights[size_t(category)] < 0)
            weights[size_t(category)] = i;
        else
            layout.others.push_back(i);
    }
    const bool isComplete =
        !weights.empty() && std::all_of(weights.begin(), weights.end(), [](int output) { return output >= 0; });
    if (isComplete) {
        layout.weights = weights;
    } else {
        for (const int output : weights) {
            if (output >= 0)
                layout.others.push_back(output);
        }
    }
    return layout;
}

class ScoringCall final : public DuckFunction::Call
{
public:
    ScoringCall(std::unique_ptr<scoring::Scorer> scorer,
                const scoring::Model &model,
                Layout layout,
                std::optional<double> threshold,
                ScoringNotes notes)
        : m_scorer(std::move(scorer))
        , m_model(model)
        , m_layout(std::move(layout))
        , m_threshold(threshold)
        , m_notes(std::move(notes))
        , m_drift(m_notes.drift ? m_notes.drift->newPart() : nullptr)
    {
    }

    Result<std::span<const DuckFunction::Given>> apply(int rows,
                                                       std::span<const DuckFunction::Argument> arguments) override
    {
        m_batch.rows = rows;
        m_batch.columns.resize(arguments.size());
        for (size_t i = 0; i < arguments.size(); ++i) {
            m_batch.columns[i].numbers = arguments[i].numbers;
            m_batch.columns[i].texts = arguments[i].texts;
        }
        m_scorer->score(m_batch, m_scored);
        if (!m_scored.problems.empty())
            m_notes.unscored->add(m_scored.problems);
        if (m_drift)
            m_notes.drift->count(*m_drift, m_batch, m_scored);
        m_given.clear();
        if (m_layout.label >= 0)
            m_given.push_back(m_threshold ? decided(rows) : of(m_layout.label));
        if (!m_layout.weights.empty())
            m_given.push_back(weights(rows));
        for (const int output : m_layout.others)
            m_given.push_back(of(output));
        return std::span<const DuckFunction::Given>(m_given);
    }

private:
    DuckFunction::Given of(int output) const
    {
        const scoring::OutputColumn &column = m_scored.columns[size_t(output)];
        return {column.numbers, column.codes, column.texts};
    }

    DuckFunction::Given weights(int rows)
    {
        const size_t width = m_layout.weights.size();
        m_weights.resize(size_t(rows) * width);
        for (size_t i = 0; i < width; ++i) {
            const std::vector<double> &column = m_scored.columns[size_t(m_layout.weights[i])].numbers;
            for (size_t row = 0; row < size_t(rows); ++row)
                m_weights[row * width + i] = column[row];
        }
        return {m_weights, {}, {}};
    }

    // The label by our threshold, not by the model's.
    DuckFunction::Given decided(int rows)
    {
        const std::vector<double> &probability = m_scored.columns[size_t(m_layout.weights[1])].numbers;
        const QStringList classes = sortedClasses(m_model);
        m_texts = {classes.at(0).toStdString(), classes.at(1).toStdString()};
        const double numbers[2] = {classes.at(0).toDouble(), classes.at(1).toDouble()};
        m_codes.resize(size_t(rows));
        m_numbers.resize(size_t(rows));
        for (size_t row = 0; row < size_t(rows); ++row) {
            const bool isMissing = std::isnan(probability[row]);
            const int code = probability[row] > *m_threshold ? 1 : 0;
            m_codes[row] = isMissing ? -1 : code;
            m_numbers[row] = isMissing ? probability[row] : numbers[code];
        }
        return {m_numbers, m_codes, m_texts};
    }

    const std::unique_ptr<scoring::Scorer> m_scorer;
    const scoring::Model &m_model; // the scorer keeps it
    const Layout m_layout;
    const std::optional<double> m_threshold;
    const ScoringNotes m_notes;
    DriftWatch::Part *const m_drift; // of the watch in m_notes
    scoring::InputBatch m_batch;
    scoring::OutputBatch m_scored;
    std::vector<DuckFunction::Given> m_given;
    std::vector<double> m_weights;
    std::vector<double> m_numbers;
    std::vector<int32_t> m_codes;
    std::vector<std::string> m_texts;
};

} // namespace

void UnscoredRows::add(const std::vector<scoring::RowProblem> &problems)
{
    const std::lock_guard lock(m_mutex);
    if (m_count.rows == 0) {
        m_count.field = problems.front().field;
        m_count.reason = problems.front().reason;
    }
    int last = -1;
    for (const scoring::RowProblem &problem : problems) {
        if (problem.row != last)
            ++m_count.rows;
        last = problem.row;
    }
}

UnscoredRows::Count UnscoredRows::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_count, {});
}

QString targetName(const scoring::Model &model)
{
    const QString &target = model.description().target;
    return target.isEmpty() ? QStringLiteral("label") : target;
}

Result<DuckFunction> modelFunction(const QString &name,
                                   const scoring::ModelPtr &model,
                                   std::optional<double> threshold,
                                   const ScoringNotes &notes)
{
    const Result<std::unique_ptr<scoring::Scorer>> scorer = model->scorer({});
    if (!scorer)
        return scorer.error();
    const QList<scoring::OutputField> outputs = (*scorer)->outputs();
    const Layout layout = layoutOf(*model, outputs);
    if (threshold && layout.weights.size() != 2)
        return Error{ErrorCode::Unsupported,
                     ModelFunctionText::tr("A threshold needs a model that gives the probabilities of two classes."),
                     {}};
    DuckFunction function;
    function.name = name;
    for (const scoring::Field &field : model->inputs())
        function.parameters += field.type == scoring::FieldType::Text ? Type::Text : Type::Double;
    const QString predicted = QStringLiteral("predicted_") + targetName(*model);
    const Type labelType = layout.label >= 0 ? typeOf(outputs.at(layout.label).type) : Type::Text;
    if (layout.label >= 0)
        function.members += {predicted, labelType};
    if (!layout.weights.empty()) {
        DuckFunction::Member weights{predicted + QStringLiteral("_probs"), Type::Weights};
        const QStringList classes = sortedClasses(*model);
        for (const QString &category : classes)
            weights.labels.push_back(category.toStdString());
        weights.labelType = labelType;
        function.members += weights;
    }
    for (const int output : layout.others)
        function.members += {outputs.at(output).name, typeOf(outputs.at(output).type)};
    function.makeCall = [model, layout, threshold, notes]() -> Result<std::unique_ptr<DuckFunction::Call>> {
        Result<std::unique_ptr<scoring::Scorer>> made = model->scorer({});
        if (!made)
            return made.error();
        return std::unique_ptr<DuckFunction::Call>(new ScoringCall(*std::move(made), *model, layout, threshold, notes));
    };
    return function;
}

} // namespace engine
