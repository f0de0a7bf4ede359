#pragma once

namespace engine {

// The form of a notebook's output, beside "text/plain" and the like, that says how scored rows differ from those of
// training. A kernel shows it, the engine records it with the run (engine/records/DriftRecords.h).
inline constexpr char driftForm[] = "application/vnd.slipway.drift+json";

} // namespace engine
