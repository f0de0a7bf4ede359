#pragma once

#include "engine/notebook/NotebookJob.h"

#include <QMutex>

#include <chrono>

namespace engine {

// The names of the kernelspecs on this machine. What was found is good for a second, so that a loop of a thousand runs
// does not read a thousand folders. Thread-safe.
class InstalledKernels
{
public:
    explicit InstalledKernels(NotebookEnvironment environment);
    QStringList names() const;

private:
    const NotebookEnvironment m_environment;
    mutable QMutex m_mutex;
    mutable QStringList m_names;
    mutable std::optional<std::chrono::steady_clock::time_point> m_lookedAt;
};

} // namespace engine
