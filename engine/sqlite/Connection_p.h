#pragma once

#include "engine/base/Result.h"

#include <QByteArray>

#include <sqlite3.h>

namespace engine {

// What a Database and its Statements share.
struct SqliteConnection
{
    SqliteConnection() = default;
    SqliteConnection(const SqliteConnection &) = delete;
    SqliteConnection &operator=(const SqliteConnection &) = delete;
    ~SqliteConnection() { sqlite3_close_v2(handle); }

    Error failure(int code, const QString &context = {});

    sqlite3 *handle = nullptr;
    int lastCode = 0;
    QString path;
    QByteArray mainSchema; // SQLite keeps the pointer
};

} // namespace engine
