#pragma once

#include "scoring/pmml/expression/Expression.h"

namespace scoring::pmml {

class Node;

ExpressionPtr readDiscretize(Reading &reading, Scope &scope, const Node &node);
ExpressionPtr readMapValues(Reading &reading, Scope &scope, const Node &node);

// The cells of an InlineTable's row: the child named `column`, if it is there.
Node cellOf(const Node &row, std::string_view column);

} // namespace scoring::pmml
