#include "scoring/onnx/OnnxWriter.h"

#include "scoring/onnx/OnnxGraph.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring::onnx {

namespace {

struct OnnxWriterText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::onnx::OnnxWriter)
};

const std::string learning = "ai.onnx.ml";

Attribute numbers(std::vector<double> values)
{
    Attribute attribute;
    attribute.numbers = std::move(values);
    return attribute;
}

Attribute number(double value)
{
    Attribute attribute;
    attribute.number = value;
    return attribute;
}

Attribute text(std::string value)
{
    Attribute attribute;
    attribute.text = std::move(value);
    return attribute;
}

Attribute texts(const QStringList &values)
{
    Attribute attribute;
    for (const QString &value : values)
        attribute.texts.push_back(value.toStdString());
    return attribute;
}

// Puts a graph together node by node; each returns the name of its output.
class PipelineGraph
{
public:
    explicit PipelineGraph(const LinearPipeline &pipeline) : m_pipeline(pipeline) { m_graph.name = pipeline.name; }

    Graph make()
    {
        std::vector<std::string> columns;
        for (int feature = 0; feature < int(m_pipeline.features.size()); ++feature)
            if (std::string column = prepare(feature); !column.empty())
                columns.push_back(std::move(column));
        std::string prepared = columns.empty() ? std::string() : columns.front();
        if (columns.size() > 1)
            prepared = add("Concat", {}, columns, {{"axis", number(1)}});
        if (m_pipeline.link == LinearLink::Identity)
            predictNumber(prepared);
        else
            predictClass(prepared);
        return std::move(m_graph);
    }

private:
    std::string add(const std::string &op,
                    const std::string &domain,
                    std::vector<std::string> inputs,
                    std::map<std::string, Attribute, std::less<>> attributes,
                    std::vector<std::string> outputs = {})
    {
        Node node;
        node.op = op;
        node.domain = domain;
        node.name = op + std::to_string(m_graph.nodes.size());
        if (outputs.empty())
            outputs = {"v" + std::to_string(m_graph.nodes.size())};
        node.inputs = std::move(inputs);
        node.outputs = outputs;
        node.attributes = std::move(attributes);
        m_graph.nodes.push_back(std::move(node));
        return outputs.front();
    }

    // The columns of the design a feature has, [rows × levels] or [rows × 1]; empty when it has none.
    std::string prepare(int index)
    {
        const PipelineFeature &feature = m_pipeline.features[index];
        QList<int> levels;
        bool isUsed = false;
        for (const DesignColumn &column : m_pipeline.columns) {
            isUsed = isUsed || column.feature == index;
            if (column.feature == index && column.level >= 0)
                levels << column.level;
        }
        const std::string name = feature.name.toStdString();
        const bool isText = feature.use == FieldUse::Categorical && feature.type == FieldType::Text;
        m_graph.inputs.push_back({name, isText ? ElementType::Text : ElementType::Float, 1});
        if (!isUsed)
            return {};
        if (feature.use == FieldUse::Categorical)
            return encode(feature, levels, name, isText);
        std::string value = name;
        if (feature.imputeValue)
            value = add("Imputer",
                        learning,
                        {value},
                        {{"imputed_value_floats", numbers({*feature.imputeValue})},
                         {"replaced_value_float", number(std::numeric_limits<double>::quiet_NaN())}});
        if (feature.mean != 0 || feature.scale != 1)
            value = add("Scaler",
                        learning,
                        {value},
                        {{"offset", numbers({feature.mean})}, {"scale", numbers({1 / feature.scale})}});
        return value;
    }

    std::string encode(const PipelineFeature &feature, const QList<int> &levels, std::string value, bool isText)
    {
        QStringList names;
        for (const int level : levels)
            names << feature.levels[level];
        if (!isText) {
            // Levels that are numbers: compared as floats, one after the other.
            std::vector<double> wanted;
            for (const QString &name : std::as_const(names))
                wanted.push_back(name.toDouble());
            if (feature.imputeLevel)
                value = add("Imputer",
                            learning,
                            {value},
                            {{"imputed_value_floats", numbers({feature.imputeLevel->toDouble()})},
                             {"replaced_value_float", number(std::numeric_limits<double>::quiet_NaN())}});
            Tensor row;
            row.shape = {1, int64_t(wanted.size())};
            row.numbers = wanted;
            row.isConstant = true;
            const std::string constant = "levels" + std::to_string(m_graph.constants.size());
            m_graph.constants.emplace(constant, std::move(row));
            const std::string equal = add("Equal", {}, {value, constant}, {});
            return add("Cast", {}, {equal}, {{"to", number(1)}});
        }
        if (feature.imputeLevel)
            value = impute(feature, value);
        const std::string encoded =
            add("OneHotEncoder", learning, {value}, {{"cats_strings", texts(names)}, {"zeros", number(1)}});
        return reshaped(encoded, names.size());
    }

    // The empty text is the missing one; every other level stays what it is.
    std::string impute(const PipelineFeature &feature, const std::string &value)
    {
        QStringList keys{QString()};
        QStringList values{*feature.imputeLevel};
        for (const QString &level : feature.levels) {
            keys << level;
            values << level;
        }
        return add(
            "LabelEncoder",
            learning,
            {value},
            {{"keys_strings", texts(keys)}, {"values_strings", texts(values)}, {"default_string", text("\x01")}});
    }

    // [rows × 1 × levels] as [rows × levels].
    std::string reshaped(const std::string &value, qsizetype width)
    {
        Tensor shapeOf;
        shapeOf.type = ElementType::Integer;
        shapeOf.shape = {2};
        shapeOf.numbers = {-1, double(width)};
        shapeOf.isConstant = true;
        const std::string constant = "shape" + std::to_string(m_graph.constants.size());
        m_graph.constants.emplace(constant, std::move(shapeOf));
        return add("Reshape", {}, {value, constant}, {});
    }

    void predictNumber(const std::string &prepared)
    {
        m_graph.outputs = {"prediction"};
        add("LinearRegressor",
            learning,
            {prepared},
            {{"coefficients", numbers(m_pipeline.coefficients)}, {"intercepts", numbers(m_pipeline.intercepts)}},
            {"prediction"});
    }

    // Two classes get two rows of opposite signs, so that the logistic function of each is its probability.
    void predictClass(const std::string &prepared)
    {
        std::vector<double> coefficients = m_pipeline.coefficients;
        std::vector<double> intercepts = m_pipeline.intercepts;
        if (m_pipeline.link == LinearLink::Logit) {
            std::vector<double> opposite;
            std::ranges::transform(coefficients, std::back_inserter(opposite), std::negate<>());
            opposite.insert(opposite.end(), coefficients.begin(), coefficients.end());
            coefficients = std::move(opposite);
            intercepts = {-intercepts[0], intercepts[0]};
        }
        std::map<std::string, Attribute, std::less<>> attributes{
            {"coefficients", numbers(std::move(coefficients))},
            {"intercepts", numbers(std::move(intercepts))},
            {"post_transform", text(m_pipeline.link == LinearLink::Softmax ? "SOFTMAX" : "LOGISTIC")}};
        bool areIntegers = m_pipeline.targetType == FieldType::Integer || m_pipeline.targetType == FieldType::Boolean;
        std::vector<double> labels;
        for (const QString &name : m_pipeline.classes) {
            bool isInteger = false;
            labels.push_back(double(name.toLongLong(&isInteger)));
            areIntegers = areIntegers && isInteger;
        }
        if (areIntegers)
            attributes.emplace("classlabels_ints", numbers(std::move(labels)));
        else
            attributes.emplace("classlabels_strings", texts(m_pipeline.classes));
        m_graph.outputs = {"label", "probabilities"};
        const bool isSummed = m_pipeline.link == LinearLink::OneVsRest;
        add("LinearClassifier",
            learning,
            {prepared},
            std::move(attributes),
            {"label", isSummed ? "scores" : "probabilities"});
        if (isSummed)
            add("Normalizer", learning, {"scores"}, {{"norm", text("L1")}}, {"probabilities"});
    }

    const LinearPipeline &m_pipeline;
    Graph m_graph;
};

} // namespace

Result<QByteArray> writeOnnx(const LinearPipeline &pipeline)
{
    if (pipeline.classes.size() == 2 && pipeline.threshold != 0.5)
        return Error{ErrorCode::Unsupported,
                     OnnxWriterText::tr("ONNX has no threshold of %1: it gives the more probable class. Write PMML, or "
                                        "train with a threshold of 0.5.")
                         .arg(pipeline.threshold),
                     {}};
    if (pipeline.columns.isEmpty())
        return Error{ErrorCode::Unsupported, OnnxWriterText::tr("The model has no feature to write."), {}};
    return writeGraph(PipelineGraph(pipeline).make());
}

} // namespace scoring::onnx
