#pragma once

#include "engine/base/Result.h"
#include "engine/kernel/KernelContext.h"

#include <QString>

namespace engine {

// Jupyter's side of the kernel: serves the sockets that a connection file names (tcp, ipc) until it is told to shut
// down, or the Jupyter program that started it is gone. Cells run on a thread of their own, so that an interrupt (the
// message, or SIGINT) reaches the statement under way. Blocks; once in a process, before any other thread runs. Errors:
// the connection file cannot be used.
Result<> serveKernel(const QString &connectionFile, KernelContext context);

} // namespace engine
