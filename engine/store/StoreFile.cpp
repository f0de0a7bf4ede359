#include "engine/store/StoreFile.h"

#include "engine/store/StoreLock.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace engine {

namespace {

struct StoreFileText
{
    Q_DECLARE_TR_FUNCTIONS(engine::StoreFile)
};

// Only the owner may read it; SQLite gives the files beside it the same rights.
Result<> touch(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return Error{ErrorCode::Io,
                     StoreFileText::tr("%1 cannot be opened for writing: %2.").arg(path, qt_error_string(errno)),
                     path};
    ::close(fd);
    return {};
}

} // namespace

Result<> makeStoreFolder(const QString &folder)
{
    if (!QDir(folder).exists()) {
        if (!QDir().mkpath(folder))
            return Error{ErrorCode::Io, StoreFileText::tr("The folder %1 cannot be made.").arg(folder), folder};
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    if (const QString type = networkFileSystem(folder); !type.isEmpty())
        return Error{ErrorCode::Unsupported,
                     StoreFileText::tr("The folder %1 lies on a network file system (%2), where two engines could "
                                       "damage the store. Choose a folder on a local disk with SLIPWAY_HOME.")
                         .arg(folder, type),
                     folder};
    return {};
}

Result<Database> StoreFile::open(bool &damaged) const
{
    damaged = false;
    if (auto touched = touch(path); !touched)
        return touched.error();
    auto opened = Database::open(path);
    if (!opened)
        return opened.error();
    Database database = std::move(opened).value();
    // Until the file is known to be sound and ours, nothing is written into it, not even its own log.
    database.setCheckpointOnClose(false);
    const auto folded = [](const QString &text) { return text.toCaseFolded(); };
    if (auto added = database.addTextFunction("casefold", folded); !added)
        return added.error();
    const auto failed = [&database, &damaged](const Error &error) {
        damaged = database.lastCode().isCorrupt();
        return error;
    };
    const auto format = storeVersion(database, kind, migrations);
    if (!format)
        return failed(format.error());
    if (auto sound = database.quickCheck(); !sound)
        return failed(sound.error());
    if (*format > 0 && *format < migrations.constLast().number && beforeMigrating) {
        if (auto copied = beforeMigrating(*format); !copied)
            return copied.error();
    }
    // 64 MiB is what a log may keep of the disk after it has been written back. What is deleted is overwritten: it may
    // have been hidden.
    const QByteArray set = "PRAGMA journal_mode=WAL; PRAGMA synchronous=" + synchronous
        + "; PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON";
    if (auto done = database.exec(set); !done)
        return failed(done.error());
    if (auto migrated = migrate(database, kind, migrations); !migrated)
        return failed(migrated.error());
    database.setCheckpointOnClose(true);
    return database;
}

} // namespace engine
