#include "scoring/pmml/PmmlModel.h"

#include "scoring/pmml/ForestMarch.h"

#include <QCoreApplication>

#include <cmath>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::pmml {

namespace {

struct PmmlModelText
{
    Q_DECLARE_TR_FUNCTIONS(PmmlModelText)
};

FieldType outputType(const Output &output)
{
    switch (output.type.data) {
    case CellType::String:
    case CellType::Date:
    case CellType::Time:
    case CellType::DateTime:
        return FieldType::Text;
    case CellType::Boolean:
        return FieldType::Boolean;
    case CellType::Float:
        return FieldType::Float;
    case CellType::None:
    case CellType::Double:
        return FieldType::Double;
    default:
        return FieldType::Integer;
    }
}

// A cell as the input's type reads it.
Value cellOf(const InputColumn &column, const PmmlInput &input, size_t row, RowTexts &texts)
{
    if (!column.invalid.empty() && column.invalid[row] != 0)
        return Value::invalid();
    if (!column.texts.empty()) {
        const std::string_view text = column.texts[row];
        if (text.data() == nullptr)
            return Value::missing();
        return input.type.isText() ? Value::ofText(texts.borrow(text)) : parseValue(text, input.type, texts);
    }
    if (column.numbers.empty())
        return Value::missing();
    const double number = column.numbers[row];
    if (std::isnan(number))
        return Value::missing();
    if (std::isinf(number))
        return Value::invalid();
    switch (input.type.data) {
    case CellType::Float:
        return Value::of(double(float(number)), Kind::Float);
    case CellType::Boolean:
        return number == 0.0 || number == 1.0 ? Value::ofBool(number == 1.0) : Value::invalid();
    case CellType::Double:
        return Value::of(number);
    case CellType::String:
        return Value::ofText(texts.keep(textOf(number, number == std::floor(number) ? Kind::Integer : Kind::Double)));
    default:
        return number == std::floor(number) ? Value::of(number, Kind::Integer) : Value::invalid();
    }
}

class PmmlScorer : public Scorer
{
public:
    PmmlScorer(std::shared_ptr<const Model> model,
               std::shared_ptr<const PmmlPlan> plan,
               std::vector<const Output *> outputs,
               bool marches)
        : m_model(std::move(model))
        , m_plan(std::move(plan))
        , m_wanted(std::move(outputs))
        , m_marches(marches && !m_plan->forests.empty())
        , m_row(m_plan->makeRow())
        , m_march(*m_plan)
    {
        for (const Output *each : m_wanted) {
            m_outputs.append({QString::fromStdString(each->name),
                              outputType(*each),
                              each->kind,
                              QString::fromStdString(each->category)});
            m_codes.emplace_back();
        }
    }

    void score(const InputBatch &rows, OutputBatch &scored) override
    {
        prepare(rows, scored);
        m_row.texts.clear();
        for (int r = 0; r < rows.rows; ++r) {
            if (m_marches && r % ForestMarch::blockRows == 0)
                march(rows, r);
            load(rows, r);
            if (m_marches)
                m_march.use(r % ForestMarch::blockRows, m_row);
            if (m_row.invalidInput < 0)
                m_plan->evaluate(m_row);
            if (m_row.invalidInput >= 0) {
                blame(r, m_row.invalidInput, scored);
                clear(size_t(r), scored);
                continue;
            }
            write(size_t(r), scored);
            const Outcome &outcome = m_row.outcomes[size_t(m_plan->model->outcome)];
            if (!outcome.value.isPresent())
                explain(r, scored);
        }
    }

private:
    void load(const InputBatch &rows, int r)
    {
        m_row.invalidInput = -1;
        m_row.invalidResult = false;
        for (size_t i = 0; i < m_plan->inputs.size(); ++i) {
            const PmmlInput &input = m_plan->inputs[i];
            if (input.slot < 0)
                continue;
            const Value cell = cellOf(rows.columns[i], input, size_t(r), m_row.texts);
            m_row.values[size_t(input.slot)] = input.treatment.apply(cell, input.declared, m_row, int(i));
        }
    }

    void march(const InputBatch &rows, int first)
    {
        const int count = std::min(ForestMarch::blockRows, rows.rows - first);
        for (int i = 0; i < count; ++i) {
            load(rows, first + i);
            if (m_row.invalidInput < 0)
                m_plan->derive(m_row);
            m_march.take(i, m_row);
        }
        m_march.go(count);
    }

    void prepare(const InputBatch &rows, OutputBatch &scored)
    {
        scored.rows = rows.rows;
        scored.problems.clear();
        scored.columns.resize(m_wanted.size());
        for (size_t i = 0; i < m_wanted.size(); ++i) {
            if (m_outputs[qsizetype(i)].type == FieldType::Text)
                scored.columns[i].codes.resize(size_t(rows.rows));
            else
                scored.columns[i].numbers.resize(size_t(rows.rows));
        }
    }

    void clear(size_t row, OutputBatch &scored) const
    {
        for (OutputColumn &column : scored.columns) {
            if (!column.codes.empty())
                column.codes[row] = -1;
            else
                column.numbers[row] = notANumber;
        }
    }

    void write(size_t row, OutputBatch &scored)
    {
        for (size_t i = 0; i < m_wanted.size(); ++i) {
            const Output &output = *m_wanted[i];
            Value value = output.slot >= 0 ? m_row.values[size_t(output.slot)]
                                           : cast(output.evaluate(m_row), output.type, m_row.texts);
            OutputColumn &column = scored.columns[i];
            if (m_outputs[qsizetype(i)].type == FieldType::Text)
                column.codes[row] = value.isText() ? codeOf(value.text, i, column) : -1;
            else
                column.numbers[row] = value.isNumber() && std::isfinite(value.number) ? value.number : notANumber;
        }
    }

    // The column's own code of a text. The caller may have brought another batch: what is remembered is checked.
    int32_t codeOf(int32_t text, size_t column, OutputColumn &out)
    {
        std::vector<int32_t> &codes = m_codes[column];
        const std::string_view wanted = m_row.texts.at(text);
        if (size_t(text) >= codes.size())
            codes.resize(size_t(text) + 1, -1);
        int32_t &code = codes[size_t(text)];
        if (code >= 0 && size_t(code) < out.texts.size() && out.texts[size_t(code)] == wanted)
            return code;
        for (size_t i = 0; i < out.texts.size(); ++i) {
            if (out.texts[i] == wanted)
                return code = int32_t(i);
        }
        out.texts.emplace_back(wanted);
        return code = int32_t(out.texts.size()) - 1;
    }

    void blame(int row, int input, OutputBatch &scored) const
    {
        const QString field = QString::fromStdString(m_plan->inputs[size_t(input)].name);
        scored.problems.push_back(
            {row, field, PmmlModelText::tr("The value is not valid for the field %1.").arg(field)});
    }

    void explain(int row, OutputBatch &scored) const
    {
        if (m_row.invalidResult) {
            scored.problems.push_back({row, {}, PmmlModelText::tr("The model's computation has no finite result.")});
            return;
        }
        for (const PmmlInput &input : m_plan->inputs) {
            if (input.slot < 0 || input.onlyForOutputs || !m_row.values[size_t(input.slot)].isMissing())
                continue;
            const QString field = QString::fromStdString(input.name);
            scored.problems.push_back(
                {row,
                 field,
                 PmmlModelText::tr("The model gives no prediction when the field %1 is missing.").arg(field)});
            return;
        }
    }

    std::shared_ptr<const Model> m_model;
    std::shared_ptr<const PmmlPlan> m_plan;
    std::vector<const Output *> m_wanted;
    std::vector<std::vector<int32_t>> m_codes; // per output: text to the column's code
    bool m_marches; // trees go through blocks of rows together
    Row m_row;
    ForestMarch m_march;
};

void append(std::vector<const Output *> &all, const std::vector<Output> &some)
{
    for (const Output &each : some)
        all.push_back(&each);
}

// Every output the model declares, after its predictions; without an Output element also what it knows of classes.
std::vector<const Output *> allOutputs(const PmmlPlan &plan)
{
    std::vector<const Output *> all;
    for (const Output &each : plan.predictions) {
        bool declared = false;
        for (const Output &output : plan.model->outputs)
            declared = declared || output.name == each.name;
        if (!declared)
            all.push_back(&each);
    }
    for (const Output &output : plan.model->outputs) {
        if (output.isFinal)
            all.push_back(&output);
    }
    if (plan.model->outputs.empty())
        append(all, plan.probabilities);
    return all;
}

} // namespace

Result<std::unique_ptr<Scorer>> PmmlModel::scorer(const ScoreOptions &options) const
{
    std::vector<const Output *> outputs;
    switch (options.output) {
    case OutputChoice::All:
        outputs = allOutputs(*m_plan);
        break;
    case OutputChoice::Label:
        append(outputs, m_plan->predictions);
        break;
    case OutputChoice::Probability:
        append(outputs, m_plan->probabilities);
        break;
    case OutputChoice::Raw:
        append(outputs, m_plan->margins);
        break;
    case OutputChoice::Leaf:
        append(outputs, m_plan->leaves);
        break;
    }
    if (outputs.empty())
        return Error{
            ErrorCode::Unsupported,
            PmmlModelText::tr("The model %1 has no such output. Ask for all its outputs.").arg(description().algorithm),
            {}};
    if (options.iterations)
        return Error{
            ErrorCode::Unsupported, PmmlModelText::tr("A PMML model cannot be scored up to an iteration."), {}};
    auto careful = std::make_unique<PmmlScorer>(
        shared_from_this(), m_plan, outputs, options.fused && options.output != OutputChoice::Leaf);
    if (!options.fused)
        return std::unique_ptr<Scorer>(std::move(careful));
    return scorerByColumns(std::move(careful), m_plan, outputs);
}

} // namespace scoring::pmml
