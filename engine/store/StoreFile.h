#pragma once

#include "engine/store/Migrations.h"

#include <functional>

namespace engine {

// Opens or creates a store file for its writer: checked, in WAL mode, at the newest format. `beforeMigrating` is called
// with the old format of a file that has one. Damage is an Io error with SqliteCode isCorrupt() in `damaged`; the file
// and its log are then left as they are.
struct StoreFile
{
    QString path;
    StoreKind kind = StoreKind::Journal;
    QList<Migration> migrations;
    QByteArray synchronous = "FULL";
    std::function<Result<>(int format)> beforeMigrating = {};

    Result<Database> open(bool &damaged) const;
};

// 0700 when it is made; Unsupported on a network file system.
Result<> makeStoreFolder(const QString &folder);

} // namespace engine
