#pragma once

#include <cstddef>

namespace engine {

// Where the text stops being UTF-8: the offset of the first byte that cannot be part of it; `size` when there is none.
// A sequence that is cut off by the end of the text is an error only when no more text follows.
enum class MoreText { Follows, Ends };
size_t endOfUtf8(const char *text, size_t size, MoreText more);

} // namespace engine
