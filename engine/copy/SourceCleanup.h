#pragma once

#include "engine/base/Json.h"

#include <QString>
#include <QStringList>

namespace engine {

// What deleting the files of a source came to. What stays is no failure of the load, which is committed.
struct SourceCleanup
{
    int deleted = 0;
    QStringList warnings; // a sentence for each file that stays
};

// Deletes the files of a fingerprint (Source::fingerprint) below a store's folder: only the very files that were read,
// unchanged since. Blocks; any thread.
SourceCleanup deleteReadFiles(const QString &storeRoot, const Json &fingerprint);

} // namespace engine
