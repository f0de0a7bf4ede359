#pragma once

#include "engine/data/RowBatch.h"

#include <limits>
#include <optional>

namespace engine {

struct IntegerRange
{
    int64_t smallest;
    int64_t largest;
};

template <typename Integer> constexpr IntegerRange integerRangeOf()
{
    return {int64_t(std::numeric_limits<Integer>::min()), int64_t(std::numeric_limits<Integer>::max())};
}

// Of the whole numbers that an int64_t holds; nothing for UInt64 and for what is no whole number.
constexpr std::optional<IntegerRange> integerRange(InterimType type)
{
    switch (type) {
    case InterimType::SByte:
        return integerRangeOf<int8_t>();
    case InterimType::Byte:
        return integerRangeOf<uint8_t>();
    case InterimType::Int16:
        return integerRangeOf<int16_t>();
    case InterimType::UInt16:
        return integerRangeOf<uint16_t>();
    case InterimType::Int32:
        return integerRangeOf<int32_t>();
    case InterimType::UInt32:
        return integerRangeOf<uint32_t>();
    case InterimType::Int64:
        return integerRangeOf<int64_t>();
    default:
        return std::nullopt;
    }
}

} // namespace engine
