#include "engine/store/StoreFile.h"

#include "engine/store/RunJournal.h"
#include "engine/store/StoreLock.h"
#include "tests/engine/store/StoreSamples.h"
#include "tests/support/FakeClock.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QTemporaryDir>

using namespace engine;
using namespace tests;

class TestStoreFile : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder.emplace(); }
    void newStoreIsPrivateAndAtTheNewestFormat();
    void olderStoreIsCopiedThenMigrated();
    void failedMigrationLeavesTheOldFormat();
    void failedCopyStopsTheMigration();
    void newerStoreIsRefusedUntouched();
    void foreignDatabaseIsRefusedUntouched();
    void damagedStoreIsRefusedUntouchedAndNamesTheBackup();
    void aFileThatIsNoDatabaseIsRefused();
    void networkFileSystemsAreKnown_data();
    void networkFileSystemsAreKnown();
    void lockIsOneAtATime();

private:
    QString path(const QString &name = QStringLiteral("store.db")) const { return m_folder->filePath(name); }

    QByteArray content(const QString &name = QStringLiteral("store.db")) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("unreadable");
    }

    Result<std::unique_ptr<RunJournal>> open() const
    {
        return RunJournal::open(m_folder->path(), m_clock, {.ballastBytes = 1024 * 1024});
    }

    StoreFile file(const QList<Migration> &migrations)
    {
        StoreFile store{.path = path(), .kind = StoreKind::Journal, .migrations = migrations};
        store.beforeMigrating = [this](int format) -> Result<> {
            m_copiedFrom += format;
            return m_copy;
        };
        return store;
    }

    FakeClock m_clock{at(0)};
    std::optional<QTemporaryDir> m_folder;
    QList<int> m_copiedFrom;
    Result<> m_copy;
    bool m_damaged = false;
};

SLIPWAY_TEST(TestStoreFile)

static const Migration firstStep{1, "CREATE TABLE a(x); INSERT INTO a VALUES(1)"};
static const Migration secondStep{2, "ALTER TABLE a ADD COLUMN y; UPDATE a SET y=x+1"};
static const Migration brokenStep{3, "CREATE TABLE b(x); INSERT INTO nowhere VALUES(1)"};

void TestStoreFile::newStoreIsPrivateAndAtTheNewestFormat()
{
    const QString folder = path(QStringLiteral("made/by/us"));
    VERIFY_OK(RunJournal::open(folder, m_clock, {.ballastBytes = 1024 * 1024}));
    QCOMPARE(QFile::permissions(folder) & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
             QFile::Permissions());
    for (const char *name : {"store.db", "store.lock", "ballast"}) {
        const QFileInfo made(folder + u'/' + QString::fromLatin1(name));
        QVERIFY2(made.exists(), name);
        QCOMPARE(made.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }
    auto database = Database::open(folder + u"/store.db");
    VERIFY_OK(database);
    QCOMPARE(**database->integer("PRAGMA user_version"), journalMigrations().constLast().number);
    QCOMPARE(**database->text("PRAGMA journal_mode"), QStringLiteral("wal"));
}

void TestStoreFile::olderStoreIsCopiedThenMigrated()
{
    m_copiedFrom.clear();
    VERIFY_OK(file({firstStep}).open(m_damaged));
    QVERIFY(m_copiedFrom.isEmpty()); // nothing to lose in a new store
    auto database = file({firstStep, secondStep}).open(m_damaged);
    VERIFY_OK(database);
    QCOMPARE(m_copiedFrom, QList<int>{1});
    QCOMPARE(**database->integer("SELECT y FROM a"), 2);
    QCOMPARE(**database->integer("PRAGMA user_version"), 2);
    VERIFY_OK(file({firstStep, secondStep}).open(m_damaged));
    QCOMPARE(m_copiedFrom.size(), 1); // nothing to do the second time
}

void TestStoreFile::failedMigrationLeavesTheOldFormat()
{
    VERIFY_OK(file({firstStep}).open(m_damaged));
    const auto failed = file({firstStep, secondStep, brokenStep}).open(m_damaged);
    QVERIFY(!failed);
    QVERIFY2(failed.error().message.contains(QStringLiteral("nowhere")), qPrintable(failed.error().message));
    auto database = file({firstStep}).open(m_damaged);
    VERIFY_OK(database);
    QCOMPARE(**database->integer("SELECT count(*) FROM sqlite_schema"), 1);
    QVERIFY(!database->integer("SELECT y FROM a"));
}

void TestStoreFile::failedCopyStopsTheMigration()
{
    VERIFY_OK(file({firstStep}).open(m_damaged));
    m_copy = Error{ErrorCode::Io, QStringLiteral("no room"), {}};
    const auto failed = file({firstStep, secondStep}).open(m_damaged);
    m_copy = {};
    QVERIFY(!failed);
    QCOMPARE(failed.error().message, QStringLiteral("no room"));
    auto database = file({firstStep}).open(m_damaged);
    VERIFY_OK(database);
    QCOMPARE(**database->integer("PRAGMA user_version"), 1);
}

void TestStoreFile::newerStoreIsRefusedUntouched()
{
    VERIFY_OK(open());
    {
        auto database = Database::open(path());
        VERIFY_OK(database);
        VERIFY_OK(database->exec("PRAGMA user_version=999"));
    }
    const QByteArray before = content();
    const auto refused = open();
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("Unsupported"));
    QVERIFY2(refused.error().message.contains(QStringLiteral("999")), qPrintable(refused.error().message));
    QCOMPARE(content(), before);
}

void TestStoreFile::foreignDatabaseIsRefusedUntouched()
{
    {
        auto database = Database::open(path());
        VERIFY_OK(database);
        VERIFY_OK(database->exec("CREATE TABLE Passenger(PassengerId); INSERT INTO Passenger VALUES(1)"));
    }
    const QByteArray before = content();
    const auto refused = open();
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("InvalidInput"));
    QCOMPARE(content(), before);
}

void TestStoreFile::damagedStoreIsRefusedUntouchedAndNamesTheBackup()
{
    {
        auto journal = open();
        VERIFY_OK(journal);
        QList<RunEvent> events;
        for (int i = 0; i < 300; ++i)
            events += eventOf(sampleRun(QStringLiteral("r%1").arg(i)));
        bool appended = false;
        bool copied = false;
        (*journal)->append(events, [&appended](const Result<> &result) { appended = result.ok(); });
        QTRY_VERIFY(appended);
        (*journal)->backUp([&copied](const Result<> &result) { copied = result.ok(); });
        QTRY_VERIFY(copied);
    }
    QFile store(path());
    QVERIFY(store.open(QIODevice::ReadWrite));
    for (int page = 20; page < 30; ++page) {
        QVERIFY(store.seek(qint64(page) * 4096));
        store.write(QByteArray(4096, '\x5a'));
    }
    store.close();
    const QByteArray before = content();
    const auto refused = open();
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("Io"));
    QVERIFY2(refused.error().message.contains(QStringLiteral("/backups/store-2026")),
             qPrintable(refused.error().message));
    QCOMPARE(content(), before);
}

void TestStoreFile::aFileThatIsNoDatabaseIsRefused()
{
    QFile store(path());
    QVERIFY(store.open(QIODevice::WriteOnly));
    store.write(QByteArray("Dear diary, ").repeated(1000));
    store.close();
    const QByteArray before = content();
    const auto refused = open();
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), QStringLiteral("Io"));
    QVERIFY2(refused.error().message.contains(QStringLiteral("There is no backup")),
             qPrintable(refused.error().message));
    QCOMPARE(content(), before);
}

void TestStoreFile::networkFileSystemsAreKnown_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("isNetwork");
    for (const char *type : {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "ceph"})
        QTest::newRow(type) << QByteArray(type) << true;
    for (const char *type : {"ext4", "btrfs", "xfs", "tmpfs", "overlay", "fuseblk", "zfs", ""})
        QTest::addRow("local %s", type) << QByteArray(type) << false;
}

void TestStoreFile::networkFileSystemsAreKnown()
{
    QFETCH(const QByteArray, type);
    QFETCH(const bool, isNetwork);
    QCOMPARE(isNetworkFileSystem(type), isNetwork);
    QCOMPARE(networkFileSystem(m_folder->path()), QString());
}

void TestStoreFile::lockIsOneAtATime()
{
    const QString lockPath = path(QStringLiteral("store.lock"));
    std::optional<Result<StoreLock>> lock = StoreLock::take(lockPath);
    VERIFY_OK(*lock);
    const auto second = StoreLock::take(lockPath);
    QVERIFY(!second);
    QCOMPARE(toString(second.error().code), QStringLiteral("Conflict"));
    QVERIFY(second.error().message.contains(QString::number(QCoreApplication::applicationPid())));
    lock.reset();
    VERIFY_OK(StoreLock::take(lockPath));
    QCOMPARE(toString(StoreLock::take(path(QStringLiteral("no/such/folder"))).error().code), QStringLiteral("Io"));
}

#include "TestStoreFile.moc"
