#pragma once

#include "engine/base/WideRegisters.h"

#include <atomic>
#include <thread>
#include <vector>

namespace scoring {

inline int threadsToUse(int wanted)
{
    return wanted > 0 ? wanted : std::max(1, int(std::thread::hardware_concurrency()));
}

// Calls work(chunk) for 0 … chunks−1, each once, on up to `threads` threads (this one among them), and returns when all
// are done. What `work` gives must depend on the chunk alone.
template <typename Work> void forEachChunk(int chunks, int threads, const Work &work)
{
    std::atomic_int next = 0;
    const auto some = [&] {
        engine::clearUpperHalves();
        for (int chunk = next++; chunk < chunks; chunk = next++)
            work(chunk);
    };
    std::vector<std::jthread> others;
    for (int i = 1; i < std::min(threads, chunks); ++i)
        others.emplace_back(some);
    some();
}

} // namespace scoring
