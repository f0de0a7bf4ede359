#include "scoring/pmml/model/ModelElement.h"
#include "scoring/pmml/Predicate.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace scoring::pmml {

namespace {

struct ScorecardText
{
    Q_DECLARE_TR_FUNCTIONS(ScorecardText)
};

struct Attribute
{
    int predicate = 0;
    double score = 0;
    ExpressionPtr computed; // ComplexPartialScore
    int32_t reason = -1;
};

struct Characteristic
{
    std::vector<Attribute> attributes;
    double baseline = 0;
};

class Scorecard : public Evaluator
{
public:
    void evaluate(Row &row, Outcome &outcome) const override
    {
        double total = initialScore;
        double *points = row.scratch.data() + scratch;
        outcome.ranking.clear();
        for (const Characteristic &characteristic : characteristics) {
            const Attribute *hit = nullptr;
            for (const Attribute &attribute : characteristic.attributes) {
                if (predicates.evaluate(attribute.predicate, row) == Truth::True) {
                    hit = &attribute;
                    break;
                }
            }
            if (!hit)
                return; // no attribute holds: there is no score
            const double score = hit->computed ? computed(*hit, row) : hit->score;
            if (std::isnan(score))
                return;
            total += score;
            if (usesReasons)
                rank(hit->reason,
                     pointsBelow ? characteristic.baseline - score : score - characteristic.baseline,
                     points,
                     outcome);
        }
        outcome.value = Value::of(total);
    }

    Predicates predicates;
    std::vector<Characteristic> characteristics;
    double initialScore = 0;
    bool usesReasons = true;
    bool pointsBelow = true;
    int scratch = 0;

private:
    static double computed(const Attribute &attribute, Row &row)
    {
        const Value value = cast(attribute.computed->evaluate(row), {CellType::Double, 0}, row.texts);
        return value.isNumber() ? value.number : notANumber;
    }

    // Insertion: the most points first; among equals the earlier characteristic.
    static void rank(int32_t reason, double lost, double *points, Outcome &outcome)
    {
        size_t at = outcome.ranking.size();
        outcome.ranking.push_back(reason);
        for (; at > 0 && points[at - 1] < lost; --at) {
            points[at] = points[at - 1];
            outcome.ranking[at] = outcome.ranking[at - 1];
        }
        points[at] = lost;
        outcome.ranking[at] = reason;
    }
};

void readAttribute(ModelContext &context,
                   Scorecard &card,
                   Characteristic &characteristic,
                   const Node &node,
                   std::optional<std::string_view> usualReason)
{
    Reading &reading = context.reading;
    Attribute attribute;
    attribute.predicate = card.predicates.readIn(reading, context.scope, node);
    const auto reason = node.attribute("reasonCode") ? node.attribute("reasonCode") : usualReason;
    if (reason)
        attribute.reason = reading.texts.intern(*reason);
    else if (card.usesReasons)
        reading.fail(node, ScorecardText::tr("An attribute of the scorecard has no reason code."));
    if (const Node complex = node.child("ComplexPartialScore")) {
        const Node expression = expressionIn(complex);
        if (!expression)
            reading.fail(complex, ScorecardText::tr("A ComplexPartialScore has no expression."));
        else
            attribute.computed = readExpression(reading, context.scope, expression);
        if (attribute.computed)
            isBearable(reading, complex, *attribute.computed);
    } else {
        attribute.score = reading.number(node, "partialScore");
    }
    characteristic.attributes.push_back(std::move(attribute));
}

} // namespace

std::unique_ptr<Evaluator> readScorecard(ModelContext &context)
{
    Reading &reading = context.reading;
    const Node node = context.node;
    auto card = std::make_unique<Scorecard>();
    card->initialScore = reading.numberOr(node, "initialScore", 0);
    card->usesReasons = reading.boolOr(node, "useReasonCodes", true);
    card->pointsBelow = node.attributeOr("reasonCodeAlgorithm", "pointsBelow") == "pointsBelow";
    const auto baseline = node.attribute("baselineScore");
    for (const Node each : node.child("Characteristics")) {
        if (!each.is("Characteristic"))
            continue;
        Characteristic characteristic;
        if (card->usesReasons && !baseline && !each.attribute("baselineScore"))
            reading.fail(each, ScorecardText::tr("A characteristic with reason codes has no baselineScore."));
        characteristic.baseline = reading.numberOr(each, "baselineScore", reading.numberOr(node, "baselineScore", 0));
        for (const Node attribute : each) {
            if (attribute.is("Attribute") && !reading.failed())
                readAttribute(context, *card, characteristic, attribute, each.attribute("reasonCode"));
        }
        card->characteristics.push_back(std::move(characteristic));
    }
    if (card->characteristics.empty())
        reading.fail(node, ScorecardText::tr("The scorecard has no characteristics."));
    card->scratch = reading.newScratch(node, card->characteristics.size());
    return card;
}

} // namespace scoring::pmml
