#include "scoring/pmml/model/Output.h"

#include "scoring/pmml/model/ModelElement.h"
#include "scoring/pmml/Reading.h"
#include "scoring/pmml/Row.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace scoring::pmml {

namespace {

struct OutputText
{
    Q_DECLARE_TR_FUNCTIONS(OutputText)
};

using Feature = Output::Feature;

// The class or entity that comes `rank`th, the best first. Ties keep the model's order.
int atRank(const std::vector<double> &scores, int rank)
{
    std::vector<int> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return scores[size_t(a)] > scores[size_t(b)]; });
    return rank >= 1 && rank <= int(order.size()) ? order[size_t(rank - 1)] : -1;
}

Value numberFrom(const std::vector<double> &numbers, int index)
{
    if (index < 0 || index >= int(numbers.size()) || std::isnan(numbers[size_t(index)]))
        return Value::missing();
    return Value::of(numbers[size_t(index)]);
}

std::optional<Feature> featureOf(std::string_view name)
{
    static constexpr std::pair<std::string_view, Feature> features[] = {
        {"predictedValue", Feature::PredictedValue},
        {"predictedDisplayValue", Feature::PredictedDisplayValue},
        {"transformedValue", Feature::Computed},
        {"decision", Feature::Computed},
        {"probability", Feature::Probability},
        {"confidence", Feature::Confidence},
        {"affinity", Feature::Affinity},
        {"entityAffinity", Feature::Affinity},
        {"clusterAffinity", Feature::Affinity},
        {"entityId", Feature::EntityId},
        {"clusterId", Feature::EntityId},
        {"residual", Feature::Residual},
        {"reasonCode", Feature::ReasonCode},
        {"standardError", Feature::Null},
        {"standardDeviation", Feature::Null},
        {"warning", Feature::Null},
    };
    for (const auto &[text, feature] : features) {
        if (text == name)
            return feature;
    }
    return std::nullopt;
}

OutputKind kindOf(Feature feature, bool label)
{
    switch (feature) {
    case Feature::PredictedValue:
    case Feature::PredictedDisplayValue:
        return label ? OutputKind::Label : OutputKind::Value;
    case Feature::Probability:
        return OutputKind::Probability;
    case Feature::Affinity:
    case Feature::Residual:
    case Feature::Confidence:
        return OutputKind::Value;
    default:
        return OutputKind::Other;
    }
}

// Which type the output has when the file does not say it.
Type defaultType(const Output &output, const ModelElement &source)
{
    switch (output.feature) {
    case Feature::PredictedValue:
        if (output.target < int(source.targets.size())) {
            const ModelElement::TargetField &target = source.targets[size_t(output.target)];
            return target.categorical ? target.type : Type{CellType::Double, 0};
        }
        return {source.purpose == Purpose::Regression ? CellType::Double : CellType::String, 0};
    case Feature::PredictedDisplayValue:
    case Feature::EntityId:
    case Feature::EntityName:
    case Feature::ReasonCode:
        return {CellType::String, 0};
    case Feature::Computed:
        return output.expression ? output.expression->type : Type{CellType::Double, 0};
    default:
        return {CellType::Double, 0};
    }
}

void readDisplayTexts(Reading &reading, const ModelElement &source, Output &output)
{
    const ModelElement::TargetField *target = source.target();
    for (int i = 0; i < source.classes.size(); ++i) {
        std::string text = source.classes.name(i);
        for (size_t v = 0; target && target->declared && v < target->declared->validTexts.size(); ++v) {
            if (target->declared->validTexts[v] == text && !target->declared->displayTexts[v].empty())
                text = target->declared->displayTexts[v];
        }
        for (size_t v = 0; target && v < target->treatment.displayTexts.size(); ++v) {
            if (target->treatment.displayTexts[v].first == source.classes.name(i))
                text = target->treatment.displayTexts[v].second;
        }
        output.texts.push_back(reading.texts.intern(text));
    }
}

void readCategory(Reading &reading, const Node &node, const ModelElement &source, Output &output)
{
    const auto value = node.attribute("value");
    if (!value)
        return;
    output.category = *value;
    if (output.feature == Feature::Affinity || output.feature == Feature::EntityId) {
        const int32_t id = reading.texts.find(*value);
        const auto at = std::find(source.entities.begin(), source.entities.end(), id);
        output.index = at == source.entities.end() ? int(source.entities.size()) : int(at - source.entities.begin());
    } else {
        const int index = source.classes.find(*value);
        output.index = index < 0 ? source.classes.size() : index; // one that is never there: null
    }
}

const ModelElement *segmentOf(const ModelElement &model, std::string_view id)
{
    for (const auto &[each, segment] : model.segments) {
        if (each == id)
            return segment.get();
        if (const ModelElement *inner = segmentOf(*segment, id))
            return inner;
    }
    return nullptr;
}

Output
readOutput(Reading &reading, Scope &scope, const FieldDictionary &dictionary, ModelElement &model, const Node &node)
{
    Output output;
    output.name = reading.required(node, "name");
    output.source = &model;
    if (const auto id = node.attribute("segmentId")) {
        output.source = segmentOf(model, *id);
        if (!output.source) {
            reading.fail(node,
                         OutputText::tr("The output %1 names the segment %2, which does not exist.")
                             .arg(quoted(output.name), quoted(*id)));
            output.source = &model;
        }
    }
    const Node expression = expressionIn(node);
    const std::string_view name = node.attributeOr("feature", expression ? "transformedValue" : "predictedValue");
    const auto feature = featureOf(name);
    if (!feature)
        reading.refuse(node, OutputText::tr("the output feature %1").arg(quoted(name)));
    output.feature = feature.value_or(Feature::Null);
    output.isFinal = reading.boolOr(node, "isFinalResult", true);
    output.ranked = node.attribute("rank").has_value();
    output.rank = reading.countOr(node, "rank", 1);
    if (output.rank < 1)
        reading.fail(node, OutputText::tr("The output %1 has a rank below 1.").arg(quoted(output.name)));
    if (const auto target = node.attribute("targetField")) {
        for (size_t i = 0; i < output.source->targets.size(); ++i) {
            if (output.source->targets[i].name == *target)
                output.target = int(i);
        }
    }
    readCategory(reading, node, *output.source, output);
    if (output.feature == Feature::Computed) {
        if (expression)
            output.expression = readExpression(reading, scope, expression);
        if (!output.expression)
            reading.fail(node, OutputText::tr("The output %1 has no expression.").arg(quoted(output.name)));
        else
            isBearable(reading, node, *output.expression);
    }
    if (output.feature == Feature::PredictedDisplayValue)
        readDisplayTexts(reading, *output.source, output);
    if (output.feature == Feature::Residual && output.target < int(output.source->targets.size())) {
        const std::string &actual = output.source->targets[size_t(output.target)].name;
        if (dictionary.find(actual))
            output.actual = scope.require(node, actual).slot;
    }
    output.type = reading.typeOr(node, "dataType", defaultType(output, *output.source));
    const bool label = output.target < int(output.source->targets.size())
        ? output.source->targets[size_t(output.target)].categorical
        : output.source->purpose != Purpose::Regression;
    output.kind = kindOf(output.feature, label);
    output.slot = reading.newSlot();
    return output;
}

Value predicted(const Output &output, const Outcome &outcome)
{
    if (!outcome.targets.empty())
        return output.target < int(outcome.targets.size()) ? outcome.targets[size_t(output.target)] : Value::missing();
    if (output.ranked && output.rank > 1) {
        const int index = atRank(outcome.probability, output.rank);
        return index < 0 ? Value::missing() : output.source->classes.value(index);
    }
    return outcome.value;
}

Value entityOf(const Output &output, const Outcome &outcome, const std::vector<int32_t> &texts)
{
    int index = outcome.entity;
    if (!outcome.ranking.empty())
        index = output.rank <= int(outcome.ranking.size()) ? outcome.ranking[size_t(output.rank - 1)] : -1;
    else if (output.rank > 1)
        index = -1;
    return index < 0 || index >= int(texts.size()) ? Value::missing() : Value::ofText(texts[size_t(index)]);
}

Value residual(const Output &output, const Outcome &outcome, const Row &row)
{
    if (output.actual < 0 || !row.values[size_t(output.actual)].isPresent())
        return Value::missing();
    const Value &actual = row.values[size_t(output.actual)];
    if (outcome.probability.empty())
        return outcome.value.isNumber() ? Value::of(actual.number - outcome.value.number) : Value::missing();
    const int index = output.index >= 0 ? output.index : outcome.winner;
    const Value p = numberFrom(outcome.probability, index);
    if (!p.isPresent())
        return p;
    return Value::of((isSame(actual, output.source->classes.value(index)) ? 1.0 : 0.0) - p.number);
}

} // namespace

Value Output::evaluate(Row &row) const
{
    const Outcome &outcome = row.outcomes[size_t(source->outcome)];
    if (!outcome.evaluated && feature != Feature::Computed)
        return Value::missing();
    const int best = ranked && rank > 1 ? atRank(outcome.probability, rank) : outcome.winner;
    switch (feature) {
    case Feature::PredictedValue:
        return predicted(*this, outcome);
    case Feature::PredictedDisplayValue:
        if (outcome.winner >= 0 && outcome.winner < int(texts.size()))
            return Value::ofText(texts[size_t(outcome.winner)]);
        if (outcome.entity >= 0 && outcome.entity < int(source->entityNames.size()))
            return Value::ofText(source->entityNames[size_t(outcome.entity)]);
        return outcome.value;
    case Feature::Computed:
        return expression->evaluate(row);
    case Feature::Probability:
        return numberFrom(outcome.probability, index >= 0 ? index : best);
    case Feature::Confidence:
        return numberFrom(outcome.confidence, index >= 0 ? index : best);
    case Feature::Affinity: {
        int entity = index >= 0 ? index : outcome.entity;
        if (index < 0 && !outcome.ranking.empty())
            entity = rank <= int(outcome.ranking.size()) ? outcome.ranking[size_t(rank - 1)] : -1;
        return numberFrom(outcome.affinity, entity);
    }
    case Feature::EntityId:
        return entityOf(*this, outcome, source->entities);
    case Feature::EntityName:
        return entityOf(*this, outcome, source->entityNames);
    case Feature::Residual:
        return residual(*this, outcome, row);
    case Feature::ReasonCode:
        return rank >= 1 && rank <= int(outcome.ranking.size()) ? Value::ofText(outcome.ranking[size_t(rank - 1)])
                                                                : Value::missing();
    case Feature::Raw:
        return numberFrom(outcome.margin, index >= 0 ? index : 0);
    case Feature::Null:
        break;
    }
    return Value::missing();
}

void readOutputs(
    Reading &reading, Scope &scope, const FieldDictionary &dictionary, ModelElement &model, const Node &node)
{
    for (const Node each : node) {
        if (!each.is("OutputField") || reading.failed())
            continue;
        Output output = readOutput(reading, scope, dictionary, model, each);
        const FieldUse use = output.type.isText() ? FieldUse::Categorical : FieldUse::Continuous;
        scope.define(output.name, {output.slot, output.type, use, nullptr});
        model.outputs.push_back(std::move(output));
    }
}

} // namespace scoring::pmml
