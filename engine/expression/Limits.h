#pragma once

#include <cstddef>
#include <cstdint>

namespace engine::expression {

// What bounds an expression: far above everything Data Factory allows, far below what hurts the machine.
constexpr qsizetype maximumLength = 1 << 20; // characters of an expression; Data Factory's own limit is 8,192
constexpr int maximumDepth = 128; // calls in calls
constexpr size_t maximumText = 32U << 20U; // bytes of one text
constexpr int64_t maximumList = 1'000'000; // items of range(); a ForEach takes 100,000
constexpr size_t maximumWork = 256U << 20U; // bytes all results of one evaluation may have together
constexpr int maximumNesting = 512; // of a value

} // namespace engine::expression
