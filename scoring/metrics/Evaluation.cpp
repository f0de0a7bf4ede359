#include "scoring/metrics/Evaluation.h"

#include "scoring/training/LevelCodes.h"
#include "scoring/training/LinearPipelineModel.h"
#include "scoring/training/TrainingTarget.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct EvaluationText
{
    Q_DECLARE_TR_FUNCTIONS(EvaluationText)
};

constexpr size_t blockRows = 4096;

Error refuse(const QString &message, const QString &where = {})
{
    return Error{ErrorCode::InvalidInput, message, where};
}

// Which outputs of a scorer say what.
struct Outputs
{
    int label = -1;
    int value = -1;
    std::vector<int> probabilities; // of each class
    QStringList classes;
};

// Formats name classes in any order; here numbers are ascending and texts in the order of their UTF-8, so that metrics
// of one model look alike wherever it was read from, and the positive class of 0 and 1 is 1.
void sortClasses(Outputs &outputs)
{
    const bool numeric = std::none_of(outputs.classes.begin(), outputs.classes.end(), [](const QString &category) {
        return std::isnan(numberOfText(category));
    });
    std::vector<int> order(outputs.probabilities.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        const QString &first = outputs.classes.at(a);
        const QString &second = outputs.classes.at(b);
        return numeric ? numberOfText(first) < numberOfText(second) : first.toStdString() < second.toStdString();
    });
    const Outputs before = outputs;
    for (size_t i = 0; i < order.size(); ++i) {
        outputs.classes[int(i)] = before.classes.at(order[i]);
        outputs.probabilities[i] = before.probabilities[size_t(order[i])];
    }
}

Result<Outputs> outputsOf(const QList<OutputField> &fields)
{
    Outputs outputs;
    for (int j = 0; j < fields.size(); ++j) {
        const OutputField &field = fields.at(j);
        if (field.kind == OutputKind::Label && outputs.label < 0)
            outputs.label = j;
        if (field.kind == OutputKind::Value && outputs.value < 0)
            outputs.value = j;
        if (field.kind == OutputKind::Probability && !outputs.classes.contains(field.category)) {
            outputs.classes.append(field.category);
            outputs.probabilities.push_back(j);
        }
    }
    sortClasses(outputs);
    if (outputs.classes.size() < 2 && outputs.value < 0)
        return Error{ErrorCode::Unsupported,
                     EvaluationText::tr("The model gives neither a probability for each class nor a number, so that "
                                        "it cannot be measured."),
                     {}};
    return outputs;
}

// The columns the model reads, by name.
struct Inputs
{
    std::vector<int> columns;
    std::vector<FieldType> types;
};

Result<Inputs> inputsOf(const Model &model, const TrainingTable &table)
{
    Inputs inputs;
    for (const Field &field : model.inputs()) {
        const Result<int> found = table.require(field.name);
        if (!found && field.required)
            return found.error();
        inputs.columns.push_back(found ? *found : -1);
        inputs.types.push_back(field.type == FieldType::Text ? FieldType::Text : FieldType::Double);
    }
    return inputs;
}

// Truth and weight of the rows that have both.
struct Known
{
    std::vector<int> rows;
    std::vector<double> truth; // index of the class, or the number
    std::vector<double> weights;
    int left = 0;
};

Result<Known> readTruth(const TrainingTable &table,
                        std::span<const int> rows,
                        const QString &target,
                        const QString &weight,
                        const QStringList &classes)
{
    const Result<int> at = table.require(target);
    if (!at)
        return at.error();
    const Result<int> weightAt = weight.isEmpty() ? Result<int>(-1) : table.require(weight);
    if (!weightAt)
        return weightAt.error();
    const TrainingColumn &column = table.columns()[size_t(*at)];
    const std::vector<int> codes = classes.isEmpty() ? std::vector<int>() : classCodes(column, rows, classes);
    if (classes.isEmpty() && column.type == FieldType::Text)
        return refuse(EvaluationText::tr("The model predicts a number, and “%1” holds texts.").arg(target), target);
    Known known;
    for (size_t i = 0; i < rows.size(); ++i) {
        const size_t row = size_t(rows[i]);
        const double truth = classes.isEmpty() ? column.numbers[row] : codes[i];
        if (!classes.isEmpty() && codes[i] == -2)
            return refuse(EvaluationText::tr("Row %1 has a value of “%2” that is no class of the model. There are: %3.")
                              .arg(qint64(row) + 1)
                              .arg(target, classes.join(QStringLiteral(", "))),
                          target);
        if (std::isnan(truth) || (!classes.isEmpty() && codes[i] == -1)) {
            ++known.left;
            continue;
        }
        known.rows.push_back(rows[i]);
        known.truth.push_back(truth);
        if (*weightAt < 0)
            continue;
        const TrainingColumn &weights = table.columns()[size_t(*weightAt)];
        const double own = weights.type == FieldType::Text ? -1 : weights.numbers[row];
        if (!(own >= 0))
            return refuse(
                EvaluationText::tr("The weight “%1” of row %2 is no number above 0.").arg(weight).arg(qint64(row) + 1),
                weight);
        known.weights.push_back(own);
    }
    return known;
}

int predictedClass(const OutputBatch &scored, const Outputs &outputs, size_t row)
{
    if (outputs.label < 0)
        return -1;
    const OutputColumn &column = scored.columns[size_t(outputs.label)];
    if (!column.codes.empty()) {
        const int32_t code = column.codes[row];
        return code < 0 ? -1 : int(outputs.classes.indexOf(QString::fromStdString(column.texts[size_t(code)])));
    }
    return std::isnan(column.numbers[row]) ? -1 : int(outputs.classes.indexOf(shortestText(column.numbers[row])));
}

class Collector
{
public:
    Collector(const Outputs &outputs, const EvaluationOptions &options, Evaluated &evaluated)
        : m_outputs(outputs)
        , m_options(options)
        , m_evaluated(evaluated)
    {
    }

    void add(const OutputBatch &scored, const Known &known, size_t first)
    {
        for (size_t i = 0; i < size_t(scored.rows); ++i) {
            if (!addRow(scored, i, known.truth[first + i])) {
                ++m_evaluated.rowsWithoutScore;
                continue;
            }
            if (!known.weights.empty())
                m_evaluated.weights.push_back(known.weights[first + i]);
        }
    }

private:
    bool addRow(const OutputBatch &scored, size_t row, double truth)
    {
        if (m_outputs.classes.size() < 2) {
            const double value = scored.columns[size_t(m_outputs.value)].numbers[row];
            if (!std::isfinite(value))
                return false;
            m_evaluated.truth.push_back(truth);
            m_evaluated.predicted.push_back(value);
            return true;
        }
        ScoredClasses &rows = m_evaluated.scored;
        std::vector<double> probabilities;
        for (const int column : m_outputs.probabilities) {
            probabilities.push_back(scored.columns[size_t(column)].numbers[row]);
            if (!std::isfinite(probabilities.back()))
                return false;
        }
        int predicted = predictedClass(scored, m_outputs, row);
        if (m_options.threshold && rows.classes == 2) {
            const double p = probabilities[size_t(rows.positive)];
            const bool is = p > *m_options.threshold || (p == *m_options.threshold && rows.positive == 0);
            predicted = is ? rows.positive : 1 - rows.positive;
        } else if (predicted < 0) {
            predicted = int(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
        }
        rows.truth.push_back(int(truth));
        rows.predicted.push_back(predicted);
        rows.probabilities.insert(rows.probabilities.end(), probabilities.begin(), probabilities.end());
        return true;
    }

    const Outputs &m_outputs;
    const EvaluationOptions &m_options;
    Evaluated &m_evaluated;
};

Result<void> choosePositive(const Model &model, const EvaluationOptions &options, Evaluated &evaluated)
{
    ScoredClasses &scored = evaluated.scored;
    scored.classes = int(evaluated.classes.size());
    scored.positive = scored.classes - 1;
    if (const auto *linear = dynamic_cast<const LinearPipelineModel *>(&model); linear && scored.classes == 2)
        scored.positive = linear->pipeline().positive;
    if (options.positive.isEmpty())
        return {};
    scored.positive = int(evaluated.classes.indexOf(options.positive));
    if (scored.positive < 0)
        return refuse(EvaluationText::tr("“%1” is no class of the model. There are: %2.")
                          .arg(options.positive, evaluated.classes.join(QStringLiteral(", "))));
    return {};
}

} // namespace

Result<Evaluated> evaluateModel(const Model &model,
                                const TrainingTable &table,
                                std::span<const int> rows,
                                const EvaluationOptions &options)
{
    const auto scorer = model.scorer({});
    if (!scorer)
        return scorer.error();
    const Result<Outputs> outputs = outputsOf((*scorer)->outputs());
    const Result<Inputs> inputs = outputs ? inputsOf(model, table) : Result<Inputs>(outputs.error());
    if (!inputs)
        return inputs.error();
    Evaluated evaluated;
    evaluated.classes = outputs->classes;
    if (outputs->classes.size() >= 2) {
        if (const Result<void> chosen = choosePositive(model, options, evaluated); !chosen)
            return chosen.error();
    }
    const QString target = options.target.isEmpty() ? model.description().target : options.target;
    const Result<Known> known = readTruth(table, rows, target, options.weight, evaluated.classes);
    if (!known)
        return known.error();
    evaluated.rowsWithoutTarget = known->left;
    Collector collector(*outputs, options, evaluated);
    OutputBatch scored;
    for (size_t first = 0; first < known->rows.size(); first += blockRows) {
        const size_t count = std::min(blockRows, known->rows.size() - first);
        const TrainingTable::View view =
            table.view(inputs->columns, inputs->types, std::span(known->rows).subspan(first, count));
        (*scorer)->score(view.batch, scored);
        for (const RowProblem &problem : scored.problems) {
            const QString reason = EvaluationText::tr("Row %1: %2")
                                       .arg(qint64(known->rows[first + size_t(problem.row)]) + 1)
                                       .arg(problem.reason);
            if (problem.fails)
                return refuse(reason, problem.field);
            if (evaluated.firstProblem.isEmpty())
                evaluated.firstProblem = reason;
        }
        collector.add(scored, *known, first);
    }
    evaluated.scored.weights = evaluated.weights;
    if (evaluated.scored.truth.empty() && evaluated.truth.empty())
        return refuse(evaluated.firstProblem.isEmpty()
                          ? EvaluationText::tr("No row has a value of “%1”.").arg(target)
                          : EvaluationText::tr("No row has a score. %1").arg(evaluated.firstProblem));
    return evaluated;
}

} // namespace scoring
