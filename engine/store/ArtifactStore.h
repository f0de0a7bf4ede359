#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QString>

namespace engine {

// Files by content: artifacts/<aa>/<sha256>. D3: written to a temporary name, fsync, rename, fsync of the folder; only
// then may a row refer to it. Thread-safe; blocking.
class ArtifactStore
{
public:
    explicit ArtifactStore(QString folder); // made when missing

    Result<QString> put(const QByteArray &content) const; // → sha256 in hex; what is there already is not written again
    Result<QString> putFile(const QString &path) const; // streams; memory does not grow with the file
    Result<QByteArray> get(const QString &hash) const; // NotFound; Io when the content does not match its name
    QString path(const QString &hash) const;
    bool contains(const QString &hash) const;

private:
    QString m_folder;
};

} // namespace engine
