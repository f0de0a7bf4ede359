#pragma once

#include "engine/base/Json.h"

#include <compare>
#include <optional>

namespace engine::expression {

// 1 equals 1.0 and true; the order of an object's members does not count; else types and values must be the same.
bool isEqual(const Json &left, const Json &right);

// Of two numbers or two texts (letter by letter, by code); nothing for other values.
std::optional<std::partial_ordering> compare(const Json &left, const Json &right);

} // namespace engine::expression
