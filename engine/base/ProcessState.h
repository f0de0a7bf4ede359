#pragma once

#include <QtGlobal>

namespace engine {

// Whether a process runs; one that has ended but was not waited for does not. Thread-safe.
bool isProcessAlive(qint64 pid);

// Resident memory of this process, all of it; 0 when the system does not say.
qint64 residentBytes();

} // namespace engine
