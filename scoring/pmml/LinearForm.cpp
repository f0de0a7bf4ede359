#include "scoring/pmml/LinearForm.h"

#include "scoring/pmml/PmmlPlan.h"
#include "scoring/training/LevelCodes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace scoring::pmml {

namespace {

// What a predictor's name means: an input as it is, shifted and scaled, or one of its levels.
struct Meaning
{
    int input = -1;
    double mean = 0;
    double scale = 1;
    std::optional<std::string> level;
};

bool isPlainField(const Node &node, std::string_view element)
{
    return node.is(element) && !node.attribute("mapMissingTo");
}

class LinearSearch
{
public:
    LinearSearch(const Node &root, const Node &element, const PmmlPlan &plan)
        : m_root(root)
        , m_element(element)
        , m_plan(plan)
        , m_model(*plan.model)
    {
    }

    std::optional<LinearForm> find()
    {
        if (!isBare() || !readInputs() || !readDerived() || !readTarget() || !readTables() || !usesAllInputs())
            return std::nullopt;
        auto model = LinearPipelineModel::make(std::move(m_pipeline));
        if (!model)
            return std::nullopt;
        return LinearForm{*std::move(model), std::move(m_inputs)};
    }

private:
    // Nothing in the file that this here does not read.
    bool isBare() const
    {
        static constexpr std::string_view known[] = {"Extension",
                                                     "MiningSchema",
                                                     "Output",
                                                     "LocalTransformations",
                                                     "RegressionTable",
                                                     "ModelVerification",
                                                     "ModelStats",
                                                     "ModelExplanation"};
        for (const Node each : m_element)
            if (std::ranges::find(known, each.name()) == std::end(known))
                return false;
        return m_element.is("RegressionModel") && m_plan.steps.empty() && !m_root.child("TransformationDictionary")
            && m_model.treated.empty() && m_model.segments.empty() && !m_model.inFloat && !m_model.severalTargets
            && m_model.targets.size() == 1;
    }

    bool readInputs()
    {
        for (size_t i = 0; i < m_plan.inputs.size(); ++i) {
            const PmmlInput &input = m_plan.inputs[i];
            if (input.slot < 0)
                continue; // declared, and nobody looks
            const DeclaredField *declared = input.declared;
            if (!declared || input.onlyForOutputs || !declared->missing.empty() || !declared->invalid.empty()
                || !declared->intervals.empty() || input.treatment.outliers != Treatment::Outliers::AsIs)
                return false;
            m_meanings[input.name] = {int(i), 0, 1, {}};
        }
        return true;
    }

    int inputOf(std::string_view name) const
    {
        const auto found = m_meanings.find(name);
        return found == m_meanings.end() ? -1 : found->second.input;
    }

    bool readDerived()
    {
        std::map<std::string, Meaning, std::less<>> derived;
        for (const Node each : m_element.child("LocalTransformations")) {
            const Node expression = each.firstChild();
            if (!each.is("DerivedField") || each.attributeOr("dataType", "") != "double" || !expression
                || expression.next())
                return false;
            const std::string name(each.attributeOr("name", ""));
            std::optional<Meaning> meaning = levelIn(expression);
            if (!meaning)
                meaning = scalingIn(expression);
            if (!meaning || meaning->input < 0 || m_meanings.contains(name) || !derived.emplace(name, *meaning).second)
                return false;
        }
        m_meanings.merge(derived);
        return true;
    }

    std::optional<Meaning> levelIn(const Node &node) const
    {
        if (!isPlainField(node, "NormDiscrete"))
            return std::nullopt;
        return Meaning{inputOf(node.attributeOr("field", "")), 0, 1, std::string(node.attributeOr("value", ""))};
    }

    // (field − constant) / constant.
    std::optional<Meaning> scalingIn(const Node &division) const
    {
        const auto isCall = [](const Node &node, std::string_view function) {
            return node.is("Apply") && node.attributeOr("function", "") == function && !node.attribute("mapMissingTo")
                && !node.attribute("defaultValue") && !node.attribute("invalidValueTreatment");
        };
        const Node difference = division.firstChild();
        if (!isCall(division, "/") || !difference || !isCall(difference, "-"))
            return std::nullopt;
        const Node field = difference.firstChild();
        const auto mean = field ? constantIn(field.next()) : std::nullopt;
        const auto scale = constantIn(difference.next());
        if (!field || !isPlainField(field, "FieldRef") || !mean || !scale || *scale == 0)
            return std::nullopt;
        return Meaning{inputOf(field.attributeOr("field", "")), *mean, *scale, {}};
    }

    static std::optional<double> constantIn(const Node &node)
    {
        if (!node || !node.is("Constant") || node.attributeOr("dataType", "") != "double" || node.attribute("missing")
            || node.next())
            return std::nullopt;
        return parseNumber(node.text());
    }

    bool readTarget()
    {
        const ModelElement::TargetField &target = *m_model.target();
        m_pipeline.target = QString::fromStdString(target.name);
        const std::string_view method = m_element.attributeOr("normalizationMethod", "none");
        if (m_model.purpose == Purpose::Regression) {
            m_pipeline.link = LinearLink::Identity;
            m_pipeline.targetType = FieldType::Double;
            return method == "none" || method == "identity";
        }
        if (m_model.purpose != Purpose::Classification || !target.declared || target.declared->use == FieldUse::Ordinal
            || target.declared->validTexts.empty())
            return false;
        m_pipeline.targetType = target.type.data == CellType::String ? FieldType::Text
            : target.type.data == CellType::Integer                  ? FieldType::Integer
                                                                     : FieldType::Double;
        if (m_pipeline.targetType == FieldType::Double && target.type.data != CellType::Double)
            return false;
        if (method == "softmax")
            m_pipeline.link = LinearLink::Softmax;
        else if (method == "logit" || method == "logistic")
            m_pipeline.link = LinearLink::Logit;
        else
            return false;
        return true;
    }

    bool readTables()
    {
        std::vector<Node> tables;
        for (const Node each : m_element)
            if (each.is("RegressionTable"))
                tables.push_back(each);
        const size_t classes = size_t(m_model.classes.size());
        if (m_pipeline.link == LinearLink::Identity)
            return tables.size() == 1 && readTable(tables.front(), 1);
        if (m_pipeline.link == LinearLink::Softmax) {
            if (tables.size() < 3 || tables.size() != classes)
                return false;
            for (const Node &table : tables) {
                m_pipeline.classes.append(classOf(table));
                if (!readTable(table, 1))
                    return false;
            }
            return true;
        }
        if (tables.size() != 2 || classes != 2 || tables[1].firstChild())
            return false;
        // The class that is declared first is the lower one; the table is that of either.
        const std::string &declared = m_model.target()->declared->validTexts.front();
        const int lower = m_model.classes.find(declared);
        if (lower < 0)
            return false;
        for (const int index : {lower, 1 - lower})
            m_pipeline.classes.append(QString::fromStdString(m_model.classes.name(index)));
        const bool isOfHigher = m_model.classes.find(tables[0].attributeOr("targetCategory", "")) != lower;
        return readThreshold() && readTable(tables[0], isOfHigher ? 1 : -1);
    }

    QString classOf(const Node &table) const
    {
        const int index = m_model.classes.find(table.attributeOr("targetCategory", ""));
        return index < 0 ? QString() : QString::fromStdString(m_model.classes.name(index));
    }

    // As the reader of regressions takes it.
    bool readThreshold()
    {
        for (const Node each : m_element) {
            if (!each.is("Extension") || each.attributeOr("extender", "") != "Slipway"
                || each.attributeOr("name", "") != "threshold")
                continue;
            const std::string_view value = each.attributeOr("value", "");
            const size_t blank = value.find(' ');
            const auto threshold = parseNumber(value.substr(0, blank));
            const int positive = blank == std::string_view::npos ? -1 : m_model.classes.find(value.substr(blank + 1));
            if (!threshold || positive < 0)
                return false;
            m_pipeline.threshold = *threshold;
            m_pipeline.positive =
                int(m_pipeline.classes.indexOf(QString::fromStdString(m_model.classes.name(positive))));
        }
        return true;
    }

    bool readTable(const Node &table, double sign)
    {
        const auto intercept = parseNumber(table.attributeOr("intercept", "0"));
        if (!intercept)
            return false;
        const bool isFirst = m_pipeline.intercepts.empty();
        m_pipeline.intercepts.push_back(sign * *intercept);
        int column = 0;
        for (const Node each : table) {
            const auto coefficient = parseNumber(each.attributeOr("coefficient", ""));
            const std::optional<Meaning> meaning = meaningOf(each);
            if (!coefficient || !meaning)
                return false;
            if (isFirst) {
                if (!addColumn(*meaning))
                    return false;
                m_columnMeanings.push_back(*meaning);
            } else if (column >= int(m_columnMeanings.size()) || !isSame(*meaning, m_columnMeanings[size_t(column)])) {
                return false;
            }
            m_pipeline.coefficients.push_back(sign * *coefficient);
            ++column;
        }
        return column == m_pipeline.width();
    }

    static bool isSame(const Meaning &a, const Meaning &b)
    {
        return a.input == b.input && a.mean == b.mean && a.scale == b.scale && a.level == b.level;
    }

    std::optional<Meaning> meaningOf(const Node &predictor) const
    {
        const std::string_view name = predictor.attributeOr("name", predictor.attributeOr("field", ""));
        const auto found = m_meanings.find(name);
        if (found == m_meanings.end())
            return std::nullopt;
        Meaning meaning = found->second;
        if (predictor.is("CategoricalPredictor")) {
            // A missing cell adds nothing here: it is no level. Where it is replaced, that is the same.
            if (meaning.level || meaning.scale != 1 || meaning.mean != 0
                || m_plan.inputs[size_t(meaning.input)].treatment.missingReplacement.isMissing())
                return std::nullopt;
            meaning.level = std::string(predictor.attributeOr("value", ""));
            return meaning;
        }
        if (!predictor.is("NumericPredictor") || parseNumber(predictor.attributeOr("exponent", "1")).value_or(0) != 1)
            return std::nullopt;
        return meaning;
    }

    // Columns come feature by feature; so the sum is made in the document's order.
    bool addColumn(const Meaning &meaning)
    {
        if (m_inputs.empty() || m_inputs.back() != meaning.input) {
            if (std::ranges::find(m_inputs, meaning.input) != m_inputs.end() || !addFeature(meaning))
                return false;
            m_inputs.push_back(meaning.input);
        } else if (!meaning.level) {
            return false; // the number once more
        }
        const int feature = int(m_pipeline.features.size()) - 1;
        PipelineFeature &described = m_pipeline.features.back();
        DesignColumn column{QStringLiteral("column %1").arg(m_pipeline.width()), feature, -1};
        if ((described.use == FieldUse::Categorical) != meaning.level.has_value())
            return false;
        if (meaning.level) {
            const QString level = QString::fromStdString(*meaning.level);
            const bool isNumber = described.type != FieldType::Text;
            if (described.levels.contains(level) || (isNumber && shortestText(numberOfText(level)) != level))
                return false;
            column.level = int(described.levels.size());
            described.levels.append(level);
        }
        m_pipeline.columns.append(column);
        return true;
    }

    bool addFeature(const Meaning &meaning)
    {
        finishLevels();
        const PmmlInput &input = m_plan.inputs[size_t(meaning.input)];
        const Value &replacement = input.treatment.missingReplacement;
        PipelineFeature feature;
        feature.name = QString::fromStdString(input.name);
        if (meaning.level) {
            const bool isText = input.type.data == CellType::String;
            if (!isText && input.type.data != CellType::Integer)
                return false;
            feature.use = FieldUse::Categorical;
            feature.type = isText ? FieldType::Text : FieldType::Integer;
            // What is no level adds nothing where the field may hold it.
            const bool isFree =
                input.treatment.invalid == Treatment::Invalid::AsIs || (isText && input.declared->valid.empty());
            feature.badCell = isFree ? BadCell::Zeros : BadCell::NoScore;
            if (!replacement.isMissing())
                feature.imputeLevel = isText ? QString::fromUtf8(m_plan.texts.at(replacement.text).data(),
                                                                 qsizetype(m_plan.texts.at(replacement.text).size()))
                                             : shortestText(replacement.number);
        } else {
            if (input.type.data != CellType::Double || !input.declared->valid.empty())
                return false;
            feature.mean = meaning.mean;
            feature.scale = meaning.scale;
            if (!replacement.isMissing())
                feature.imputeValue = replacement.number;
        }
        m_pipeline.features.append(feature);
        return true;
    }

    // Valid values without a column are levels too.
    void finishLevels()
    {
        if (m_pipeline.features.isEmpty() || m_pipeline.features.back().use != FieldUse::Categorical)
            return;
        PipelineFeature &feature = m_pipeline.features.back();
        QStringList more;
        for (const std::string &text : m_plan.inputs[size_t(m_inputs.back())].declared->validTexts)
            more.append(QString::fromStdString(text));
        if (feature.imputeLevel)
            more.append(*feature.imputeLevel);
        for (const QString &level : std::as_const(more))
            if (!feature.levels.contains(level))
                feature.levels.append(level);
    }

    bool usesAllInputs()
    {
        finishLevels();
        const auto isUsed = [](const PmmlInput &input) { return input.slot >= 0; };
        return size_t(std::ranges::count_if(m_plan.inputs, isUsed)) == m_inputs.size();
    }

    const Node m_root;
    const Node m_element;
    const PmmlPlan &m_plan;
    const ModelElement &m_model;
    std::map<std::string, Meaning, std::less<>> m_meanings;
    std::vector<Meaning> m_columnMeanings;
    std::vector<int> m_inputs;
    LinearPipeline m_pipeline;
};

} // namespace

std::optional<LinearForm> linearFormOf(const Node &root, const Node &element, const PmmlPlan &plan)
{
    return LinearSearch(root, element, plan).find();
}

} // namespace scoring::pmml
