#pragma once

#include "engine/base/Result.h"

#include <QString>

namespace engine {

// Jupyter's side of the kernel: serves the sockets that a connection file names until it is told to shut down. Cells
// run on a thread of their own, so that an interrupt (the message, or SIGINT) reaches the statement under way.
// Blocks; once in a process. Errors: the connection file cannot be used, the context cannot be read.
Result<> serveKernel(const QString &connectionFile);

} // namespace engine
