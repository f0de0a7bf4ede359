#pragma once

#include "engine/base/Result.h"

#include <QString>

namespace engine {

struct TitanicSample
{
    QString folder;
    qint64 passengers = 0; // rows in titanic_features
};

// Makes a working copy of the Titanic sample: the factory's files, an empty storage folder, and titanic.db (SQLite,
// WAL) with the passengers loaded by our own copy. Blocks. Files that are there are kept, so it also mends a half-made
// copy. Errors: Conflict when the folder holds something else, Io.
Result<TitanicSample> makeTitanicSample(const QString &folder);

} // namespace engine
