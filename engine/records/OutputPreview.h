#pragma once

#include "engine/base/Json.h"

namespace engine {

// An nbformat output larger than this (bytes, as JSON) is shortened wherever it is not asked for by itself.
constexpr qint64 largestOutput = 64 * 1024;

// The size of an output as JSON, nearly: counted, not written, so cheap for 50 MB too. Pure; any thread.
qint64 outputBytes(const Json &output);

// What is shown of a large output: the same output with `"truncated": true, "size": N`; texts have their middle cut out
// (beginning and end stay), other representations that are too large are left out and named in `"omitted"`. At most
// about `largestOutput` bytes.
Json outputPreview(const Json &output, qint64 size);

} // namespace engine
