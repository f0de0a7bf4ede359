#pragma once

#include <string_view>

namespace engine {

// Places at which a test may kill the process, to prove what a restart makes of it. `SLIPWAY_CRASH_AT=<name>[:k]` ends
// the process with status 9 at the k-th passage (1 when left out), without a destructor run or a buffer flushed.
// Costs one load of a flag when the variable is unset. Thread-safe.
namespace CrashPoint {

inline constexpr std::string_view copyBegin = "copy.begin"; // nothing was done yet
inline constexpr std::string_view copyScript = "copy.script"; // CP4: transaction open, script run, no row loaded
inline constexpr std::string_view copyLoad = "copy.load"; // CP5: once per batch of rows, inside the load
inline constexpr std::string_view copyBeforeCommit = "copy.before-commit"; // CP6: intent recorded, COMMIT not sent
inline constexpr std::string_view copyCommitSent = "copy.commit-sent"; // CP7: COMMIT sent, answer not read
inline constexpr std::string_view copyAfterCommit = "copy.after-commit"; // CP8: COMMIT answered, nobody told

// Once per file, after its rename and before anything is noted down. Of several files the load is committed before.
inline constexpr std::string_view copyFileRenamed = "copy.file-renamed";
inline constexpr std::string_view reloadRecorded = "reload.recorded"; // rejected rows are Loading, nothing was sent
inline constexpr std::string_view reloadCommitted = "reload.committed"; // the sink has them, the store says Loading

} // namespace CrashPoint

void crashPoint(std::string_view name);

} // namespace engine
