#pragma once

#include "engine/base/Result.h"

#include <QString>

namespace engine {

// A file that only takes room. On a full disk SQLite cannot even delete; giving the ballast up makes room to record
// what happened. Thread-safe as long as one thread uses it at a time.
class Ballast
{
public:
    Ballast(QString path, qint64 bytes) : m_path(std::move(path)), m_bytes(bytes) { }

    bool exists() const;
    Result<> take(); // makes the file when it is not there whole; Io when there is no room
    bool giveUp(); // true when that made room
    qint64 freeBytes() const; // for this user, on the file system of the file

private:
    QString m_path;
    qint64 m_bytes;
};

} // namespace engine
