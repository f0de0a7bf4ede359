#pragma once

#include "engine/base/Result.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace engine {

// Bytes one after the other: a file, what is packed in it, its text as UTF-8. One thread at a time; calls block.
class ByteStream
{
public:
    virtual ~ByteStream() = default;

    // Up to `size` (at least 1) bytes; 0 at the end. Errors are final: Io, InvalidInput, Unsupported.
    virtual Result<size_t> read(char *to, size_t size) = 0;

    // As lseek(2): the new position. Nothing where bytes can only be read in order.
    virtual std::optional<int64_t> seek(int64_t /*offset*/, int /*whence*/) { return std::nullopt; }
};

} // namespace engine
