#pragma once

#include "engine/base/Result.h"

#include <QString>

namespace engine {

// Keeps other engines away from a folder: an flock on a file in it, which also tells who holds it. Gone with the
// process, whatever ends it; child processes do not inherit it. Move-only.
class StoreLock
{
public:
    // Conflict when it is taken: names the holder's process id and when that process started.
    static Result<StoreLock> take(const QString &path);

    StoreLock(StoreLock &&other) noexcept;
    StoreLock &operator=(StoreLock &&) = delete;
    ~StoreLock();

private:
    explicit StoreLock(int fd) : m_fd(fd) { }

    int m_fd;
};

// The kind of network file system `folder` lies on ("nfs"), or empty for a local one. Locks and shared memory cannot be
// relied on there.
QString networkFileSystem(const QString &folder);
bool isNetworkFileSystem(const QByteArray &type); // a type as in /proc/self/mountinfo

} // namespace engine
