#pragma once

#include "scoring/pmml/field/CellType.h"
#include "scoring/pmml/field/Value.h"

#include <QtGlobal>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace scoring::pmml {

class Node;
class Reading;
class Scope;
struct Row;

// A computed value: what stands in a DerivedField, a DefineFunction, an OutputField. Constant once read.
class Expression
{
public:
    virtual ~Expression() = default;
    Q_DISABLE_COPY_MOVE(Expression)

    virtual Value evaluate(Row &row) const = 0;

    Type type; // of the result where the expression says so
    double cost = 1; // steps it takes, functions it calls included: what a file may ask for is limited
    int depth = 1;

protected:
    Expression() = default;
    void holds(const Expression &part)
    {
        cost += part.cost;
        depth = std::max(depth, part.depth + 1);
    }
};
using ExpressionPtr = std::unique_ptr<Expression>;

// A DefineFunction. Read when it is first called.
struct Function
{
    struct Parameter
    {
        std::string name;
        Type type;
    };
    std::vector<Parameter> parameters;
    Type type;
    ExpressionPtr body;
    bool isBeingRead = false;
    bool isRead = false;
};

// Reads the expression `node` is. `inside`: the function whose body it is in; then names mean its parameters.
// Null after a failure, which is in `reading`.
ExpressionPtr readExpression(Reading &reading, Scope &scope, const Node &node, const Function *inside = nullptr);

// The first child of `parent` that is an expression; none when there is no such.
Node expressionIn(const Node &parent);

// The DefineFunctions in `transformations` can be called from now on.
void announceFunctions(Reading &reading, const Node &transformations);

ExpressionPtr readApply(Reading &reading, Scope &scope, const Node &node, const Function *inside);

// Sees to it that what a model may compute for one row stays bearable.
bool isBearable(Reading &reading, const Node &node, const Expression &expression);

} // namespace scoring::pmml
