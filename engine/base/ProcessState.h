#pragma once

#include <QtGlobal>

namespace engine {

// Whether a process runs; one that has ended but was not waited for does not. Thread-safe.
bool isProcessAlive(qint64 pid);

} // namespace engine
