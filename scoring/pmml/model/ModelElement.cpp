#include "scoring/pmml/model/ModelElement.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace scoring::pmml {

namespace {

struct ModelElementText
{
    Q_DECLARE_TR_FUNCTIONS(ModelElementText)
};

struct Reader
{
    std::string_view element;
    EvaluatorReader read;
};
constexpr std::array readers{
    Reader{"RegressionModel", readRegression},
    Reader{"GeneralRegressionModel", readGeneralRegression},
    Reader{"TreeModel", readTree},
    Reader{"MiningModel", readMining},
    Reader{"NeuralNetwork", readNeuralNetwork},
    Reader{"SupportVectorMachineModel", readSupportVectorMachine},
    Reader{"NaiveBayesModel", readNaiveBayes},
    Reader{"ClusteringModel", readClustering},
    Reader{"RuleSetModel", readRuleSet},
    Reader{"Scorecard", readScorecard},
    Reader{"NearestNeighborModel", readNearestNeighbor},
};

Purpose purposeOf(Reading &reading, const Node &node)
{
    const std::string_view name = reading.required(node, "functionName");
    if (name == "regression")
        return Purpose::Regression;
    if (name == "classification")
        return Purpose::Classification;
    if (name == "clustering")
        return Purpose::Clustering;
    if (name == "mixed")
        return Purpose::Mixed;
    reading.refuse(node, ModelElementText::tr("the mining function %1").arg(quoted(name)));
    return Purpose::Other;
}

bool isTarget(std::string_view usage) { return usage == "target" || usage == "predicted"; }

void addTarget(ModelContext &context, std::string_view name)
{
    ModelElement::TargetField target;
    target.name = name;
    target.declared = context.dictionary.find(name);
    const Purpose purpose = context.model.purpose;
    const FieldUse use = target.declared ? target.declared->use : FieldUse::Continuous;
    target.categorical = purpose == Purpose::Mixed ? use != FieldUse::Continuous : purpose != Purpose::Regression;
    target.type = target.declared ? target.declared->type
        : target.categorical      ? Type{CellType::String, 0}
                                  : Type{CellType::Double, 0};
    context.model.targets.push_back(std::move(target));
}

// A nested model sees the fields of the one around it; only what it says to treat differently is treated again.
void readNestedField(ModelContext &context, const Node &field, std::string_view name)
{
    const auto outer = context.scope.find(name);
    if (!outer)
        return; // missed where it is used
    const Treatment treatment = readTreatment(context.reading, field, outer->type);
    const bool sameAsIs = treatment.invalid == Treatment::Invalid::AsIs
        && treatment.outliers == Treatment::Outliers::AsIs && treatment.missingReplacement.isMissing()
        && !treatment.missingIsInvalid;
    if (treatment.isDefault() || sameAsIs)
        return;
    ModelElement::TreatedField treated;
    treated.from = outer->slot;
    treated.to = context.reading.newSlot();
    treated.treatment = treatment;
    treated.declared = treatment.invalid == Treatment::Invalid::ReturnInvalid ? nullptr : outer->declared;
    FieldReference inner = *outer;
    inner.slot = treated.to;
    context.scope.define(name, inner);
    context.model.treated.push_back(treated);
}

void readSchema(ModelContext &context, bool isNested)
{
    const Node schema = context.node.child("MiningSchema");
    if (!schema)
        context.reading.fail(
            context.node, ModelElementText::tr("The element %1 has no MiningSchema.").arg(quoted(context.node.name())));
    for (const Node each : schema) {
        if (!each.is("MiningField"))
            continue;
        const std::string_view name = context.reading.required(each, "name");
        const std::string_view usage = each.attributeOr("usageType", "active");
        if (isTarget(usage))
            addTarget(context, name);
        else if (isNested)
            readNestedField(context, each, name);
    }
    if (context.model.targets.empty()) {
        if (const auto name = context.node.attribute("targetFieldName"); name && !name->empty())
            addTarget(context, *name);
    }
    for (const Node each : context.node.child("Targets")) {
        if (!each.is("Target"))
            continue;
        const auto field = each.attribute("field");
        if (context.model.targets.empty() && field)
            addTarget(context, *field);
        for (ModelElement::TargetField &target : context.model.targets) {
            if (!field || target.name == *field)
                target.treatment.read(context.reading, each, target.type);
        }
    }
}

} // namespace

int Classes::add(Reading &reading, std::string_view name, Type type)
{
    const int known = find(name);
    if (known >= 0)
        return known;
    m_values.push_back(reading.constant(name, type));
    m_names.emplace_back(name);
    return size() - 1;
}

int Classes::find(std::string_view name) const
{
    for (size_t i = 0; i < m_names.size(); ++i) {
        if (m_names[i] == name)
            return int(i);
    }
    const auto number = parseNumber(name);
    for (size_t i = 0; number && i < m_values.size(); ++i) {
        if (m_values[i].isNumber() && m_values[i].number == *number)
            return int(i);
    }
    return -1;
}

void addDeclaredClasses(ModelContext &context)
{
    const ModelElement::TargetField *target = context.model.target();
    if (!target || !target->declared || context.model.purpose != Purpose::Classification)
        return;
    if (context.model.classes.size() == 0)
        return; // a model that knows no classes at all
    for (const std::string &text : target->declared->validTexts)
        context.model.classes.add(context.reading, text, target->type);
}

bool isModelElement(const Node &node)
{
    return std::any_of(readers.begin(), readers.end(), [&](const Reader &each) { return node.is(each.element); });
}

std::unique_ptr<ModelElement>
readModelElement(Reading &reading, const FieldDictionary &dictionary, const Node &node, Scope &outer, bool isNested)
{
    const auto reader =
        std::find_if(readers.begin(), readers.end(), [&](const Reader &each) { return node.is(each.element); });
    if (reader == readers.end()) {
        reading.refuse(node, ModelElementText::tr("the element %1").arg(quoted(node.name())));
        return nullptr;
    }
    if (!reading.boolOr(node, "isScorable", true))
        reading.fail(node, ModelElementText::tr("The model says that it cannot be scored (isScorable)."));
    auto model = std::make_unique<ModelElement>();
    model->element = node.name();
    model->name = node.attributeOr("modelName", "");
    model->algorithm = node.attributeOr("algorithmName", "");
    model->line = node.line();
    model->purpose = purposeOf(reading, node);
    model->inFloat = node.attributeOr("x-mathContext", node.attributeOr("mathContext", "double")) == "float";
    model->outcome = reading.newOutcome();
    Scope scope(reading, &outer, model->steps);
    ModelContext context{reading, scope, dictionary, *model, node};
    readSchema(context, isNested);
    if (const Node local = node.child("LocalTransformations"))
        scope.announce(local);
    if (reading.failed())
        return nullptr;
    model->evaluator = reader->read(context);
    if (reading.failed() || !model->evaluator)
        return nullptr;
    addDeclaredClasses(context);
    readOutputs(reading, scope, dictionary, *model, node.child("Output"));
    return reading.failed() ? nullptr : std::move(model);
}

void ModelElement::prepare(std::vector<Outcome> &outcomes) const
{
    Outcome &own = outcomes[size_t(outcome)];
    const auto count = size_t(classes.size());
    own.probability.assign(count, notANumber);
    own.confidence.assign(count, notANumber);
    own.margin.assign(std::max<size_t>(count, 1), notANumber);
    own.affinity.assign(affinities, notANumber);
    own.targets.assign(severalTargets ? targets.size() : 0, Value::missing());
    for (const auto &[id, segment] : segments)
        segment->prepare(outcomes);
}

void ModelElement::evaluate(Row &row) const
{
    Outcome &result = row.outcomes[size_t(outcome)];
    result.value = Value::missing();
    result.winner = -1;
    result.entity = -1;
    result.evaluated = true;
    std::fill(result.probability.begin(), result.probability.end(), notANumber);
    std::fill(result.confidence.begin(), result.confidence.end(), notANumber);
    std::fill(result.targets.begin(), result.targets.end(), Value::missing());
    result.ranking.clear();
    for (const TreatedField &field : treated)
        row.values[size_t(field.to)] =
            field.treatment.apply(row.values[size_t(field.from)], field.declared, row, field.input);
    for (const Step &step : steps) {
        Value value = step.expression->evaluate(row);
        row.values[size_t(step.slot)] = cast(value, step.type, row.texts);
    }
    evaluator->evaluate(row, result);
    decide(row, result);
    for (const Output &output : outputs)
        row.values[size_t(output.slot)] = cast(output.evaluate(row), output.type, row.texts);
}

void ModelElement::decide(Row &row, Outcome &result) const
{
    if (purpose == Purpose::Classification && classes.size() > 0) {
        for (int i = 0; result.winner < 0 && i < classes.size(); ++i) {
            if (std::isnan(result.probability[size_t(i)]))
                continue;
            int best = i;
            for (int k = i + 1; k < classes.size(); ++k) {
                if (result.probability[size_t(k)] > result.probability[size_t(best)])
                    best = k;
            }
            result.winner = best;
        }
        if (result.winner >= 0)
            result.value = classes.value(result.winner);
    }
    if (purpose == Purpose::Regression && result.value.isNumber() && !std::isfinite(result.value.number)) {
        row.invalidResult = true;
        result.value = Value::missing();
    }
    result.raw = result.value;
    if (targets.empty())
        return;
    const Target &treatment = targets.front().treatment;
    if (result.value.isMissing() && purpose != Purpose::Clustering) {
        result.value = treatment.fallback;
        for (const auto &[category, prior] : treatment.priors) {
            const int index = classes.find(category);
            if (index < 0 || !result.value.isPresent())
                continue;
            result.probability[size_t(index)] = prior;
            if (isSame(result.value, classes.value(index)))
                result.winner = index;
        }
    } else if (purpose == Purpose::Regression && result.value.isNumber()) {
        result.value.number = treatment.applied(result.value.number);
    }
}

} // namespace scoring::pmml
