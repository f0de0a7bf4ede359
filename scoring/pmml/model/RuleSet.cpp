#include "scoring/pmml/model/ModelElement.h"
#include "scoring/pmml/Predicate.h"

#include <QCoreApplication>

#include <algorithm>

namespace scoring::pmml {

namespace {

struct RuleSetText
{
    Q_DECLARE_TR_FUNCTIONS(RuleSetText)
};

enum class Selection : uint8_t { FirstHit, WeightedSum, WeightedMax };

struct Rule
{
    int predicate = 0;
    int category = -1; // of a simple rule
    double weight = 1;
    double confidence = 1;
    int entity = -1;
    std::vector<Rule> rules; // of a compound one
};

class RuleSet : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        State state;
        state.sums = row.scratch.data() + scratch;
        std::fill(state.sums, state.sums + classes, 0.0);
        for (const Rule &rule : rules) {
            fire(rule, row, state);
            if (selection == Selection::FirstHit && state.best)
                break;
        }
        if (!state.best) {
            outcome.winner = defaultClass;
            if (defaultClass >= 0)
                outcome.probability[size_t(defaultClass)] = outcome.confidence[size_t(defaultClass)] =
                    defaultConfidence;
            return;
        }
        outcome.entity = state.best->entity;
        if (selection != Selection::WeightedSum) {
            outcome.winner = state.best->category;
            outcome.probability[size_t(outcome.winner)] = outcome.confidence[size_t(outcome.winner)] =
                state.best->confidence;
            return;
        }
        for (int i = 0; i < classes; ++i) {
            outcome.probability[size_t(i)] = outcome.confidence[size_t(i)] = state.sums[i] / state.fired;
            if (state.sums[i] > 0 && (outcome.winner < 0 || state.sums[i] > state.sums[outcome.winner]))
                outcome.winner = i;
        }
    }

    Predicates predicates;
    std::vector<Rule> rules;
    Selection selection = Selection::FirstHit;
    int defaultClass = -1;
    double defaultConfidence = 0;
    int classes = 0;
    int scratch = 0;

private:
    struct State
    {
        double *sums = nullptr;
        const Rule *best = nullptr;
        double fired = 0;
    };

    void fire(const Rule &rule, const Row &row, State &state) const
    {
        if (predicates.evaluate(rule.predicate, row) != Truth::True)
            return;
        if (rule.category >= 0) {
            if (!state.best || (selection == Selection::WeightedMax && rule.weight > state.best->weight))
                state.best = &rule;
            state.sums[rule.category] += rule.weight;
            state.fired += 1;
            return;
        }
        for (const Rule &inner : rule.rules) {
            fire(inner, row, state);
            if (selection == Selection::FirstHit && state.best)
                return;
        }
    }
};

Rule readRule(ModelContext &context, RuleSet &set, const Node &node)
{
    Reading &reading = context.reading;
    ModelElement &model = context.model;
    Rule rule;
    rule.predicate = set.predicates.readIn(reading, context.scope, node);
    if (node.is("SimpleRule")) {
        rule.category = model.classes.add(reading, reading.required(node, "score"), model.classType());
        rule.weight = reading.numberOr(node, "weight", 1);
        rule.confidence = reading.numberOr(node, "confidence", 1);
        rule.entity = int(model.entities.size());
        const auto id = node.attribute("id");
        model.entities.push_back(reading.texts.intern(id ? std::string(*id) : std::to_string(rule.entity + 1)));
        return rule;
    }
    for (const Node each : node) {
        if (each.is("SimpleRule") || each.is("CompoundRule"))
            rule.rules.push_back(readRule(context, set, each));
    }
    return rule;
}

} // namespace

std::unique_ptr<Evaluator> readRuleSet(ModelContext &context)
{
    Reading &reading = context.reading;
    ModelElement &model = context.model;
    const Node node = context.node.child("RuleSet");
    if (!node || model.purpose != Purpose::Classification) {
        reading.fail(context.node, RuleSetText::tr("A RuleSetModel needs a RuleSet, and is for classification."));
        return nullptr;
    }
    auto set = std::make_unique<RuleSet>();
    bool hasSelection = false;
    for (const Node each : node) {
        if (each.is("RuleSelectionMethod") && !hasSelection) {
            hasSelection = true; // the first one counts
            const std::string_view criterion = reading.required(each, "criterion");
            if (criterion == "weightedSum")
                set->selection = Selection::WeightedSum;
            else if (criterion == "weightedMax")
                set->selection = Selection::WeightedMax;
            else if (criterion != "firstHit")
                reading.refuse(each, RuleSetText::tr("the rule selection %1").arg(quoted(criterion)));
        } else if (each.is("SimpleRule") || each.is("CompoundRule")) {
            set->rules.push_back(readRule(context, *set, each));
        }
        if (reading.failed())
            return nullptr;
    }
    if (const auto score = node.attribute("defaultScore"))
        set->defaultClass = model.classes.add(reading, *score, model.classType());
    set->defaultConfidence = reading.numberOr(node, "defaultConfidence", 0);
    set->classes = model.classes.size();
    set->scratch = reading.newScratch(node, size_t(set->classes));
    return set;
}

} // namespace scoring::pmml
