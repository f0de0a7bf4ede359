#include "scoring/pmml/model/Mining.h"

#include <QCoreApplication>

#include <algorithm>

namespace scoring::pmml {

namespace {

struct MiningReadingText
{
    Q_DECLARE_TR_FUNCTIONS(MiningReadingText)
};

using Method = Mining::Method;

Method readMethod(ModelContext &context, const Node &node)
{
    static constexpr std::pair<std::string_view, Method> methods[] = {
        {"majorityVote", Method::MajorityVote},
        {"weightedMajorityVote", Method::WeightedMajorityVote},
        {"average", Method::Average},
        {"weightedAverage", Method::WeightedAverage},
        {"median", Method::Median},
        {"weightedMedian", Method::WeightedMedian},
        {"x-weightedMedian", Method::WeightedMedian},
        {"max", Method::Max},
        {"sum", Method::Sum},
        {"weightedSum", Method::WeightedSum},
        {"x-weightedSum", Method::WeightedSum},
        {"selectFirst", Method::SelectFirst},
        {"selectAll", Method::SelectAll},
        {"modelChain", Method::ModelChain},
        {"multiModelChain", Method::ModelChain},
    };
    const std::string_view name = context.reading.required(node, "multipleModelMethod");
    for (const auto &[text, method] : methods) {
        if (text == name)
            return method;
    }
    context.reading.refuse(node, MiningReadingText::tr("the multiple model method %1").arg(quoted(name)));
    return Method::ModelChain;
}

// The outputs and outcomes below a segment, which a row may or may not reach.
void collectResets(const ModelElement &model, Mining &mining)
{
    mining.resetOutcomes.push_back(model.outcome);
    for (const Output &output : model.outputs)
        mining.resetSlots.push_back(output.slot);
    for (const auto &[id, segment] : model.segments)
        collectResets(*segment, mining);
}

Node modelIn(const Node &segment)
{
    for (const Node each : segment) {
        if (!each.is("Extension") && !Predicates::isPredicate(each) && !each.is("VariableWeight"))
            return each;
    }
    return {};
}

void readSegment(ModelContext &context, Mining &mining, const Node &node, size_t number)
{
    Mining::Segment segment;
    segment.predicate = mining.predicates.readIn(context.reading, context.scope, node);
    segment.weight = context.reading.numberOr(node, "weight", 1);
    if (const Node variable = node.child("VariableWeight"))
        context.reading.refuse(variable, MiningReadingText::tr("the element VariableWeight"));
    const Node model = modelIn(node);
    if (!model) {
        context.reading.fail(node, MiningReadingText::tr("A segment has no model."));
        return;
    }
    auto made = readModelElement(context.reading, context.dictionary, model, context.scope, true);
    if (!made)
        return;
    segment.model = made.get();
    if (mining.method == Method::ModelChain) {
        for (const Output &output : made->outputs) {
            const FieldUse use = output.type.isText() ? FieldUse::Categorical : FieldUse::Continuous;
            context.scope.define(output.name, {output.slot, output.type, use, nullptr});
        }
    }
    const auto id = node.attribute("id");
    context.model.segments.emplace_back(id ? std::string(*id) : std::to_string(number), std::move(made));
    mining.segments.push_back(std::move(segment));
}

// The whole model's classes (or clusters), and where each segment's are among them.
void joinClasses(ModelContext &context, Mining &mining)
{
    ModelElement &model = context.model;
    const auto combined = mining.isClassifier || mining.isClustering;
    for (Mining::Segment &segment : mining.segments) {
        const ModelElement &part = *segment.model;
        if (mining.isClustering) {
            for (size_t i = 0; i < part.entities.size(); ++i) {
                const int32_t id = part.entities[i];
                auto at = std::find(model.entities.begin(), model.entities.end(), id);
                if (at == model.entities.end()) {
                    model.entities.push_back(id);
                    model.entityNames.push_back(i < part.entityNames.size() ? part.entityNames[i] : id);
                    at = std::prev(model.entities.end());
                }
                segment.classes.push_back(int(at - model.entities.begin()));
            }
        }
        const bool last = &segment == &mining.segments.back();
        if (mining.isClassifier && (mining.method != Method::ModelChain || last)) {
            for (int i = 0; i < part.classes.size(); ++i)
                segment.classes.push_back(model.classes.add(context.reading, part.classes.name(i), model.classType()));
        }
    }
    if (!combined && !mining.segments.empty()) {
        model.entities = mining.segments.back().model->entities;
        model.entityNames = mining.segments.back().model->entityNames;
    }
    addDeclaredClasses(context);
    mining.classes = model.classes.size();
    for (const Mining::Segment &segment : mining.segments)
        model.affinities = std::max(model.affinities, segment.model->affinities);
    if (mining.isClustering)
        model.affinities = std::max(model.affinities, model.entities.size());
}

} // namespace

std::unique_ptr<Evaluator> readMining(ModelContext &context)
{
    Reading &reading = context.reading;
    const Node segmentation = context.node.child("Segmentation");
    if (!segmentation) {
        reading.refuse(context.node, MiningReadingText::tr("a MiningModel without Segmentation"));
        return nullptr;
    }
    auto mining = std::make_unique<Mining>();
    mining->method = readMethod(context, segmentation);
    mining->isClassifier = context.model.purpose == Purpose::Classification;
    mining->isClustering = context.model.purpose == Purpose::Clustering;
    mining->inFloat = context.model.inFloat;
    const std::string_view missing = segmentation.attributeOr("missingPredictionTreatment", "continue");
    mining->missing = missing == "returnMissing" ? Mining::Missing::ReturnMissing
        : missing == "skipSegment"               ? Mining::Missing::SkipSegment
                                                 : Mining::Missing::Continue;
    mining->missingThreshold = reading.numberOr(segmentation, "missingThreshold", 1);
    size_t number = 0;
    for (const Node each : segmentation) {
        if (each.is("Segment"))
            readSegment(context, *mining, each, ++number);
        if (reading.failed())
            return nullptr;
    }
    if (mining->segments.empty()) {
        reading.fail(segmentation, MiningReadingText::tr("The segmentation has no segments."));
        return nullptr;
    }
    joinClasses(context, *mining);
    for (const Mining::Segment &segment : mining->segments)
        mining->totalWeight += segment.weight;
    for (const auto &[id, segment] : context.model.segments)
        collectResets(*segment, *mining);
    // A chain passes on what its last model says.
    if (mining->method == Method::ModelChain && context.model.targets.empty()
        && !context.model.segments.back().second->targets.empty()) {
        ModelElement::TargetField target = context.model.segments.back().second->targets.front();
        target.treatment = {};
        context.model.targets.push_back(std::move(target));
    }
    mining->scratch = reading.newScratch(segmentation, mining->segments.size());
    mining->weightScratch = reading.newScratch(segmentation, mining->segments.size());
    return mining;
}

} // namespace scoring::pmml
