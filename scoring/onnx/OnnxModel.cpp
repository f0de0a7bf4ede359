#include "scoring/onnx/OnnxModel.h"

#include "scoring/onnx/OnnxMargins.h"
#include "scoring/onnx/OnnxReader.h"
#include "scoring/onnx/OnnxRun.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::onnx {

namespace {

struct OnnxModelText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::OnnxModel)
};

constexpr int64_t mostOutputs = 100'000;

FieldType fieldType(ElementType type)
{
    switch (type) {
    case ElementType::Float:
        return FieldType::Float;
    case ElementType::Double:
        return FieldType::Double;
    case ElementType::Integer:
        return FieldType::Integer;
    case ElementType::Boolean:
        return FieldType::Boolean;
    case ElementType::Text:
        return FieldType::Text;
    }
    return FieldType::Double;
}

QList<Field> fieldsOf(const Graph &graph)
{
    QList<Field> fields;
    for (const GraphInput &input : graph.inputs)
        for (int64_t element = 0; element < input.width; ++element) {
            Field field;
            const QString name = QString::fromStdString(input.name);
            field.name = input.width == 1 ? name : QStringLiteral("%1_%2").arg(name).arg(element);
            field.type = fieldType(input.type);
            field.use = input.type == ElementType::Text ? FieldUse::Categorical : FieldUse::Continuous;
            fields << field;
        }
    return fields;
}

QStringList labelsOf(const Node &node)
{
    QStringList labels;
    for (const std::string &text : node.texts("classlabels_strings"))
        labels << QString::fromStdString(text);
    for (const char *name : {"classlabels_int64s", "classlabels_ints"})
        for (const double number : node.numbers(name))
            labels << QString::number(number, 'g', QLocale::FloatingPointShortest);
    return labels;
}

// What a value of the graph says, found by going back to the node it is from.
struct Origin
{
    OutputKind kind = OutputKind::Value;
    QStringList classes;
    bool isMap = false;
};

Origin originOf(const Graph &graph, const std::string &value)
{
    std::string name = value;
    Origin origin;
    for (size_t steps = 0; steps <= graph.nodes.size(); ++steps) {
        const auto node = std::ranges::find_if(graph.nodes, [&name](const Node &each) {
            return std::ranges::find(each.outputs, name) != each.outputs.end();
        });
        if (node == graph.nodes.end())
            return origin;
        const bool isClassifier = node->op.ends_with("Classifier");
        if (isClassifier) {
            origin.classes = labelsOf(*node);
            origin.kind = node->outputs.front() == name ? OutputKind::Label : OutputKind::Probability;
            return origin;
        }
        if (node->op == "ZipMap")
            origin.isMap = true;
        else if (node->op != "Normalizer" && node->op != "Cast" && node->op != "Identity" && node->op != "Reshape"
                 && node->op != "LabelEncoder" && node->op != "Flatten")
            return origin;
        name = node->inputs.front();
    }
    return origin;
}

void setInputs(const Graph &graph, OnnxRun &run, int rows, const InputBatch *batch)
{
    size_t column = 0;
    for (const GraphInput &input : graph.inputs) {
        Tensor &tensor = run.value(input.name);
        std::vector<int64_t> dimensions{1, input.width};
        shape(tensor, input.type, std::move(dimensions), false, rows);
        for (size_t element = 0; element < size_t(input.width); ++element, ++column) {
            const size_t start = element * size_t(rows);
            for (size_t row = 0; row < size_t(rows); ++row) {
                if (input.type == ElementType::Text) {
                    const bool isThere = batch != nullptr && !batch->columns[column].texts.empty();
                    const std::string_view text = isThere ? batch->columns[column].texts[row] : std::string_view();
                    tensor.texts[start + row].assign(text.data() == nullptr ? std::string_view("") : text);
                } else {
                    const bool isThere = batch != nullptr && !batch->columns[column].numbers.empty();
                    const double number = isThere ? batch->columns[column].numbers[row] : 0;
                    tensor.numbers[start + row] = rounded(input.type, number);
                }
            }
        }
    }
}

} // namespace

// Scores with a graph of its own.
class OnnxScorer final : public Scorer
{
public:
    OnnxScorer(std::shared_ptr<const OnnxModel> model, std::unique_ptr<OnnxRun> run, QList<OnnxModel::Output> chosen)
        : m_model(std::move(model))
        , m_run(std::move(run))
        , m_chosen(std::move(chosen))
        , m_codes(size_t(m_chosen.size()))
    {
        for (const OnnxModel::Output &output : std::as_const(m_chosen))
            m_outputs << output.field;
    }

    void score(const InputBatch &rows, OutputBatch &scored) override
    {
        scored.rows = rows.rows;
        scored.problems.clear();
        scored.columns.resize(size_t(m_chosen.size()));
        setInputs(m_model->m_graph, *m_run, rows.rows, &rows);
        const Result<void> done = m_run->run(rows.rows);
        std::vector<QString> problem(size_t(rows.rows));
        std::vector<QString> field(size_t(rows.rows));
        findProblems(rows, field, problem);
        for (size_t k = 0; k < scored.columns.size(); ++k) {
            const OnnxModel::Output &output = m_chosen[qsizetype(k)];
            const Tensor &value = m_run->value(output.value);
            // What a single row computed for the trial may still not fit many: then nothing is there to take.
            const bool isThere = done && fieldType(value.type) == output.field.type && output.element < value.elements()
                && value.numbers.size() + value.texts.size() == cellsOf(value, rows.rows);
            if (!isThere) {
                takeNothing(output.field.type == FieldType::Text, size_t(rows.rows), scored.columns[k]);
                for (QString &each : problem)
                    if (each.isEmpty())
                        each = done ? OnnxModelText::tr("The model gives nothing for this row.") : done.error().message;
                continue;
            }
            take(value, size_t(output.element), rows.rows, k, scored.columns[k]);
            if (output.field.type != FieldType::Text)
                for (size_t row = 0; row < problem.size(); ++row)
                    if (!std::isfinite(scored.columns[k].numbers[row]) && problem[row].isEmpty())
                        problem[row] = OnnxModelText::tr("The model gives no number for this row.");
        }
        for (size_t row = 0; row < problem.size(); ++row) {
            if (problem[row].isEmpty())
                continue;
            scored.problems.push_back({int(row), field[row], problem[row]});
            for (OutputColumn &column : scored.columns) {
                if (column.codes.empty())
                    column.numbers[row] = std::numeric_limits<double>::quiet_NaN();
                else
                    column.codes[row] = -1;
            }
        }
    }

private:
    void findProblems(const InputBatch &rows, std::vector<QString> &field, std::vector<QString> &problem) const
    {
        const QList<Field> &inputs = m_model->inputs();
        for (size_t input = 0; input < size_t(inputs.size()); ++input) {
            const InputColumn &column = rows.columns[input];
            const bool needsValue = inputs[qsizetype(input)].type == FieldType::Integer
                || inputs[qsizetype(input)].type == FieldType::Boolean;
            for (size_t row = 0; row < size_t(rows.rows); ++row) {
                if (!problem[row].isEmpty())
                    continue;
                if (!column.invalid.empty() && column.invalid[row] != 0)
                    problem[row] = OnnxModelText::tr("The cell has a value the field cannot hold.");
                else if (needsValue && !column.numbers.empty() && std::isnan(column.numbers[row]))
                    problem[row] = OnnxModelText::tr("The model takes integers here, which cannot be missing.");
                if (!problem[row].isEmpty())
                    field[row] = inputs[qsizetype(input)].name;
            }
        }
    }

    static void takeNothing(bool isText, size_t rows, OutputColumn &to)
    {
        if (isText)
            to.codes.assign(rows, -1);
        else
            to.numbers.assign(rows, std::numeric_limits<double>::quiet_NaN());
    }

    void take(const Tensor &value, size_t element, int rows, size_t k, OutputColumn &to)
    {
        const size_t count = value.isConstant ? 1 : size_t(rows);
        if (value.type != ElementType::Text) {
            to.numbers.resize(size_t(rows));
            for (size_t row = 0; row < size_t(rows); ++row)
                to.numbers[row] = value.numbers[element * count + (value.isConstant ? 0 : row)];
            return;
        }
        to.codes.resize(size_t(rows));
        for (size_t row = 0; row < size_t(rows); ++row) {
            const std::string &text = value.texts[element * count + (value.isConstant ? 0 : row)];
            if (to.texts.empty())
                m_codes[k].clear();
            const auto [found, isNew] = m_codes[k].emplace(text, int32_t(to.texts.size()));
            if (isNew)
                to.texts.push_back(text);
            to.codes[row] = found->second;
        }
    }

    std::shared_ptr<const OnnxModel> m_model;
    std::unique_ptr<OnnxRun> m_run;
    QList<OnnxModel::Output> m_chosen;
    std::vector<std::unordered_map<std::string, int32_t>> m_codes; // of text outputs
};

OnnxModel::OnnxModel(Description description, Graph graph, QList<Output> outputs, QString file)
    : Model(std::move(description))
    , m_graph(std::move(graph))
    , m_outputs(std::move(outputs))
    , m_file(std::move(file))
{
}

Result<ModelPtr> OnnxModel::make(Graph graph, const QString &file)
{
    Result<std::shared_ptr<OnnxModel>> made = build(std::move(graph), file);
    if (!made)
        return made.error();
    return ModelPtr(std::move(*made));
}

// A trial with one row finds what does not fit, and what the outputs look like.
Result<std::shared_ptr<OnnxModel>> OnnxModel::build(Graph graph, const QString &file)
{
    Result<std::unique_ptr<OnnxRun>> trial = OnnxRun::make(graph, file);
    if (!trial)
        return trial.error();
    setInputs(graph, **trial, 1, nullptr);
    if (const Result<void> done = (*trial)->run(1); !done)
        return done.error();

    Description description;
    description.name = graph.name;
    description.algorithm = graph.producer.isEmpty() ? OnnxModelText::tr("ONNX pipeline")
                                                     : OnnxModelText::tr("ONNX pipeline (%1)").arg(graph.producer);
    description.inputs = fieldsOf(graph);
    QList<Output> outputs;
    for (const std::string &name : graph.outputs) {
        const Tensor &value = (*trial)->value(name);
        if (!isComputed(value, 1))
            return Error{ErrorCode::InvalidInput,
                         OnnxModelText::tr("Nothing in %1 computes its output %2.")
                             .arg(QFileInfo(file).fileName(), QString::fromStdString(name)),
                         file};
        const Origin origin = originOf(graph, name);
        if (description.classes.isEmpty())
            description.classes = origin.classes;
        const int64_t elements = value.elements();
        if (elements < 1 || outputs.size() + elements > mostOutputs)
            return Error{ErrorCode::Unsupported,
                         OnnxModelText::tr("%1 gives nothing, or too much, for a row.").arg(QFileInfo(file).fileName()),
                         file};
        const QString title = QString::fromStdString(name);
        for (int64_t element = 0; element < elements; ++element) {
            Output output{name, element, {}};
            output.field.type = fieldType(value.type);
            output.field.kind = origin.kind;
            if (origin.kind == OutputKind::Probability && origin.classes.size() == elements)
                output.field.category = origin.classes[element];
            output.field.name = elements == 1 ? title
                : origin.isMap && !output.field.category.isEmpty()
                ? QStringLiteral("%1(%2)").arg(title, output.field.category)
                : QStringLiteral("%1[%2]").arg(title).arg(element);
            outputs << output;
        }
    }
    return std::shared_ptr<OnnxModel>(
        new OnnxModel(std::move(description), std::move(graph), std::move(outputs), file));
}

Result<std::unique_ptr<Scorer>> OnnxModel::scorer(const ScoreOptions &options) const
{
    if (options.iterations)
        return Error{ErrorCode::Unsupported, OnnxModelText::tr("An ONNX model has no rounds to choose."), {}};
    if (options.output == OutputChoice::Raw)
        return marginScorer();
    QList<Output> chosen;
    for (const Output &output : m_outputs) {
        const bool isWanted = options.output == OutputChoice::All
            || (options.output == OutputChoice::Label && output.field.kind == OutputKind::Label)
            || (options.output == OutputChoice::Probability && output.field.kind == OutputKind::Probability);
        if (isWanted)
            chosen << output;
    }
    if (chosen.isEmpty())
        return Error{ErrorCode::Unsupported,
                     OnnxModelText::tr("This ONNX model does not have that output; it has %1.")
                         .arg(m_outputs.isEmpty() ? QString() : m_outputs.first().field.name),
                     {}};
    Result<std::unique_ptr<OnnxRun>> run = OnnxRun::make(m_graph, m_file);
    if (!run)
        return run.error();
    return std::unique_ptr<Scorer>(std::make_unique<OnnxScorer>(
        std::static_pointer_cast<const OnnxModel>(shared_from_this()), std::move(*run), std::move(chosen)));
}

Result<std::unique_ptr<Scorer>> OnnxModel::marginScorer() const
{
    std::optional<Margins> margins = marginsOf(m_graph);
    if (!margins)
        return Error{
            ErrorCode::Unsupported,
            OnnxModelText::tr("This ONNX model has no margins: they are known where one linear or tree operator "
                              "computes the scores."),
            {}};
    const Result<std::shared_ptr<OnnxModel>> made = build(std::move(margins->graph), m_file);
    if (!made)
        return made.error();
    QList<Output> &outputs = (*made)->m_outputs;
    const QStringList classes = labelsOf(*margins->node);
    if (margins->isSingle)
        outputs = {outputs.last()};
    for (qsizetype k = 0; k < outputs.size(); ++k) {
        OutputField &field = outputs[k].field;
        field.kind = OutputKind::Raw;
        field.category = margins->isSingle ? classes.value(1) : classes.value(k);
        field.name = outputs.size() == 1
            ? QStringLiteral("margin")
            : QStringLiteral("margin(%1)").arg(field.category.isEmpty() ? QString::number(k + 1) : field.category);
    }
    return (*made)->scorer({});
}

Result<ModelPtr> readOnnx(const QByteArray &bytes, const QString &file)
{
    Result<Graph> graph = readGraph(bytes, file);
    if (!graph)
        return graph.error();
    return OnnxModel::make(std::move(*graph), file);
}

} // namespace scoring::onnx
