#pragma once

#include "engine/base/Result.h"

#include <sys/stat.h>

namespace engine {

// A socket that listens, ready for asio: close-on-exec, never blocking. The caller closes it.

// 0600 from the start. A stale file (nobody answers) is replaced; Conflict when a server answers there. `file` is what
// was made, so that nobody else's is removed later.
Result<int> listenOnUnixSocket(const QString &path, struct stat *file);
// 127.0.0.1, on a port that is free.
Result<int> listenOnLoopback(quint16 *port);

} // namespace engine
