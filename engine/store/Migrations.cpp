#include "engine/store/Migrations.h"

#include "engine/sqlite/Transaction.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct MigrationsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Migrations)
};

} // namespace

Result<int> storeVersion(Database &database, StoreKind kind, const QList<Migration> &migrations)
{
    const auto version = database.integer("PRAGMA user_version");
    if (!version)
        return version.error();
    const auto application = database.integer("PRAGMA application_id");
    if (!application)
        return application.error();
    const auto objects = database.integer("SELECT count(*) FROM sqlite_schema");
    if (!objects)
        return objects.error();
    const bool isEmpty = **version == 0 && **application == 0 && **objects == 0;
    if (!isEmpty && **application != qint64(kind))
        return Error{ErrorCode::InvalidInput,
                     MigrationsText::tr("%1 is a database of another program. Move it away or choose another folder "
                                        "for the engine.")
                         .arg(database.path()),
                     database.path()};
    const int known = migrations.isEmpty() ? 0 : migrations.constLast().number;
    if (**version > known)
        return Error{ErrorCode::Unsupported,
                     MigrationsText::tr("%1 was written by a newer version of Slipway (its format is %2, this one "
                                        "reads up to %3). Use the newer version, or restore a copy from the folder "
                                        "\"backups\" beside it.")
                         .arg(database.path())
                         .arg(**version)
                         .arg(known),
                     database.path()};
    return int(**version);
}

Result<> migrate(Database &database, StoreKind kind, const QList<Migration> &migrations)
{
    const auto version = storeVersion(database, kind, migrations);
    if (!version)
        return version.error();
    auto transaction = Transaction::begin(database, Transaction::Kind::Exclusive);
    if (!transaction)
        return transaction.error();
    for (const Migration &migration : migrations) {
        if (migration.number <= *version)
            continue;
        if (auto done = database.exec(migration.sql); !done)
            return Error{done.error().code,
                         MigrationsText::tr("%1 cannot be brought from format %2 to %3; it was left as it is. %4")
                             .arg(database.path())
                             .arg(migration.number - 1)
                             .arg(migration.number)
                             .arg(done.error().message),
                         database.path()};
        const QByteArray mark = "PRAGMA user_version=" + QByteArray::number(migration.number)
            + "; PRAGMA application_id=" + QByteArray::number(int(kind));
        if (auto done = database.exec(mark); !done)
            return done;
    }
    return transaction->commit();
}

} // namespace engine
