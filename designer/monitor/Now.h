#pragma once

#include "engine/base/Clock.h"

namespace designer {

// The wall clock, for durations that tick and spans that end now.
inline engine::Instant now() { return std::chrono::time_point_cast<engine::Millis>(std::chrono::system_clock::now()); }

} // namespace designer
