#pragma once

#include "scoring/Field.h"
#include "scoring/pmml/expression/Expression.h"
#include "scoring/pmml/field/Scope.h"

#include <string>
#include <vector>

namespace scoring::pmml {

class ModelElement;
struct Outcome;
struct Row;

// One OutputField: which part of the outcome it shows, and in which slot later ones find it.
struct Output
{
    enum class Feature : uint8_t {
        PredictedValue,
        PredictedDisplayValue,
        Computed, // transformedValue, decision
        Probability,
        Confidence,
        Affinity,
        EntityId,
        EntityName,
        Residual,
        ReasonCode,
        Raw, // the margin
        Null // standardError, warning: what no model here knows
    };

    Value evaluate(Row &row) const;

    std::string name;
    Feature feature = Feature::PredictedValue;
    OutputKind kind = OutputKind::Value;
    Type type;
    std::string category;
    bool isFinal = true;
    int slot = -1;
    int index = -1; // class, entity; -1 = the winner's
    int rank = 1;
    bool ranked = false; // the rank was asked for
    int target = 0; // which of the model's targets
    int actual = -1; // slot of the target's true value, of residuals
    ExpressionPtr expression;
    const ModelElement *source = nullptr; // whose outcome: the model's own, or a segment's
    std::vector<int32_t> texts; // display texts, beside the classes
};

// Reads the Output element, if there is one; the fields can be used in `scope` by those that follow.
void readOutputs(
    Reading &reading, Scope &scope, const FieldDictionary &dictionary, ModelElement &model, const Node &node);

} // namespace scoring::pmml
