#include "engine/secrets/SecretStore.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

using namespace engine;

class TestSecretStore : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void keepsSecretsOverARestart();
    void countsVersionsAndReplacesValues();
    void makesNothingUntilThereIsASecret();
    void removesOneSecretAlone();
    void namesWhatAScopeHolds();
    void takesNamesInAnyCase();
    void refusesNamesAndValuesItCannotKeep_data();
    void refusesNamesAndValuesItCannotKeep();
    void writesNoValueInPlainText();
    void seesEveryChangeOfTheFile();
    void refusesAValueOfAnotherSecret();
    void wantsItsOwnKey();
    void refusesAKeyThatOthersCanRead();
    void takesTheKeyOfSystemd();
    void redactsWhatItKeeps();
    void keepsWhatItHasWhenTheDiskRefuses();

private:
    std::unique_ptr<SecretStore> store() const { return std::make_unique<SecretStore>(m_folder->path()); }
    QString file() const { return m_folder->filePath(QStringLiteral("secrets.sealed")); }
    QString keyFile() const { return m_folder->filePath(QStringLiteral("secrets.key")); }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    Result<SecretRecord> set(SecretStore &store, const char *scope, const char *name, const QString &value) const
    {
        return store.set(QLatin1String(scope), QLatin1String(name), value, Instant(std::chrono::milliseconds(1000)));
    }
    static QString valueOf(const SecretStore &store, const char *scope, const char *name)
    {
        const Result<QString> value = store.secret(QLatin1String(scope), QLatin1String(name));
        return value ? *value : u'!' + value.error().message;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestSecretStore::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qunsetenv("CREDENTIALS_DIRECTORY");
}

void TestSecretStore::keepsSecretsOverARestart()
{
    const QString value = QStringLiteral("grün \U0001F6A2 \"%s\"");
    const auto first = store();
    QVERIFY(set(*first, "dw", "etl", value));
    QVERIFY(set(*first, "dw", "admin", QStringLiteral("x")));
    QVERIFY(set(*first, "api", "key", QStringLiteral("y")));
    const auto second = store();
    QCOMPARE(valueOf(*second, "dw", "etl"), value);
    const auto list = second->list();
    QVERIFY(list);
    QStringList names;
    for (const SecretRecord &record : *list)
        names += record.scope + u'/' + record.name;
    QCOMPARE(names.join(u' '), QStringLiteral("api/key dw/admin dw/etl"));
    QCOMPARE(list->first().changed, Instant(std::chrono::milliseconds(1000)));
    for (const QString &path : {file(), keyFile()})
        QCOMPARE(QFileInfo(path).permissions() & ~(QFile::ReadUser | QFile::WriteUser),
                 QFile::ReadOwner | QFile::WriteOwner);
}

void TestSecretStore::countsVersionsAndReplacesValues()
{
    const auto secrets = store();
    QCOMPARE(set(*secrets, "dw", "etl", QStringLiteral("one"))->version, 1);
    QCOMPARE(set(*secrets, "dw", "etl", QStringLiteral("two"))->version, 2);
    QCOMPARE(valueOf(*secrets, "dw", "etl"), QStringLiteral("two"));
    QCOMPARE(secrets->list()->size(), 1);
}

void TestSecretStore::makesNothingUntilThereIsASecret()
{
    const auto secrets = store();
    QVERIFY(secrets->list());
    QVERIFY(valueOf(*secrets, "dw", "etl").startsWith(u'!'));
    QVERIFY(QDir(m_folder->path()).isEmpty());
}

void TestSecretStore::removesOneSecretAlone()
{
    const auto secrets = store();
    QVERIFY(set(*secrets, "dw", "etl", QStringLiteral("one")));
    QVERIFY(set(*secrets, "dw", "admin", QStringLiteral("two")));
    QVERIFY(secrets->remove(QStringLiteral("dw"), QStringLiteral("etl")));
    COMPARE_NAMED(secrets->remove(QStringLiteral("dw"), QStringLiteral("etl")).error().code, ErrorCode::NotFound);
    QCOMPARE(valueOf(*store(), "dw", "admin"), QStringLiteral("two"));
}

void TestSecretStore::namesWhatAScopeHolds()
{
    const auto secrets = store();
    QVERIFY(set(*secrets, "dw", "etl", QStringLiteral("one")));
    const auto missing = secrets->secret(QStringLiteral("dw"), QStringLiteral("elt"));
    COMPARE_NAMED(missing.error().code, ErrorCode::NotFound);
    QVERIFY2(missing.error().message.contains(u"which holds: etl"), qPrintable(missing.error().message));
    QVERIFY(missing.error().message.contains(u"slipwayctl secret set dw/elt"));
}

void TestSecretStore::takesNamesInAnyCase()
{
    const auto secrets = store();
    QVERIFY(set(*secrets, "Dw", "Etl", QStringLiteral("one")));
    QCOMPARE(valueOf(*secrets, "dw", "ETL"), QStringLiteral("one"));
    QCOMPARE(set(*secrets, "DW", "etl", QStringLiteral("two"))->version, 2);
}

void TestSecretStore::refusesNamesAndValuesItCannotKeep_data()
{
    QTest::addColumn<QString>("scope");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("where");
    const QString good = QStringLiteral("a.B_c-@1");
    QTest::newRow("no scope") << QString() << good << good << QStringLiteral("scope");
    QTest::newRow("a slash") << good << QStringLiteral("a/b") << good << QStringLiteral("name");
    QTest::newRow("a line break") << good << QStringLiteral("a\n") << good << QStringLiteral("name");
    QTest::newRow("a long name") << good << QString(129, u'a') << good << QStringLiteral("name");
    QTest::newRow("no value") << good << good << QString() << QStringLiteral("value");
    QTest::newRow("a NUL") << good << good << QString(QChar(0)) << QStringLiteral("value");
    QTest::newRow("a long value") << good << good << QString(64 * 1024 + 1, u'a') << QStringLiteral("value");
}

void TestSecretStore::refusesNamesAndValuesItCannotKeep()
{
    QFETCH(QString, scope);
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, where);
    const auto secrets = store();
    const auto refused = secrets->set(scope, name, value, {});
    QVERIFY(!refused);
    COMPARE_NAMED(refused.error().code, ErrorCode::InvalidInput);
    QCOMPARE(refused.error().where, where);
    QVERIFY(QDir(m_folder->path()).isEmpty());
}

void TestSecretStore::writesNoValueInPlainText()
{
    const auto secrets = store();
    QVERIFY(set(*secrets, "dw", "etl", QStringLiteral("open sesame")));
    const QDir folder(m_folder->path());
    for (const QString &name : folder.entryList(QDir::Files | QDir::Hidden)) {
        const QByteArray bytes = read(folder.filePath(name));
        QVERIFY(!bytes.contains("open sesame"));
        QVERIFY(!bytes.contains(QByteArray("open sesame").toBase64().chopped(2)));
    }
}

// One byte at a time, wherever it is: refused, or (white space at the end) without a meaning.
void TestSecretStore::seesEveryChangeOfTheFile()
{
    const auto secrets = store();
    QVERIFY(set(*secrets, "dw", "etl", QStringLiteral("open sesame")));
    QVERIFY(set(*secrets, "dw", "admin", QStringLiteral("xyzzy")));
    const QByteArray good = read(file());
    for (qsizetype i = 0; i < good.size(); ++i) {
        QByteArray changed = good;
        changed[i] = char(changed[i] ^ 1);
        write(file(), changed);
        const auto list = store()->list();
        if (list)
            QCOMPARE(valueOf(*store(), "dw", "etl"), QStringLiteral("open sesame"));
        else
            QVERIFY(!list.error().message.isEmpty() && !list.error().where.isEmpty());
    }
    Json less = *parseJson(good, {});
    less["secrets"].erase(0);
    write(file(), toPretty(less));
    const auto list = store()->list();
    QVERIFY(!list);
    QVERIFY2(list.error().message.contains(u"changed by something else"), qPrintable(list.error().message));
    // And nobody writes over it.
    QVERIFY(!set(*store(), "a", "b", QStringLiteral("c")));
    QCOMPARE(read(file()), toPretty(less));
}

void TestSecretStore::refusesAValueOfAnotherSecret()
{
    QByteArray bytes(SecretKey::size, 'k');
    const SecretKey key = SecretKey::taken(bytes);
    QVERIFY(bytes.isEmpty());
    const QByteArray sealed = SealedFile::seal("value", "one", key);
    QCOMPARE(SealedFile::unseal(sealed, "one", key).value_or("none"), QByteArray("value"));
    QVERIFY(!SealedFile::unseal(sealed, "two", key));
    QVERIFY(!SealedFile::unseal(sealed, "one", SecretKey::random()));
    QVERIFY(!SealedFile::unseal("", "one", key));
    QVERIFY(SealedFile::seal("value", "one", key) != sealed); // a nonce of its own
}

void TestSecretStore::wantsItsOwnKey()
{
    QVERIFY(set(*store(), "dw", "etl", QStringLiteral("open sesame")));
    const QByteArray key = read(keyFile());
    write(keyFile(), QByteArray(SecretKey::size, 'x'));
    COMPARE_NAMED(store()->list().error().code, ErrorCode::Conflict);
    write(keyFile(), "short");
    COMPARE_NAMED(store()->list().error().code, ErrorCode::InvalidInput);
    QVERIFY(QFile::remove(keyFile()));
    const auto lost = store()->list();
    COMPARE_NAMED(lost.error().code, ErrorCode::Io);
    QCOMPARE(lost.error().where, keyFile());
    write(keyFile(), key);
    QVERIFY(QFile::setPermissions(keyFile(), QFile::ReadOwner | QFile::WriteOwner));
    QCOMPARE(valueOf(*store(), "dw", "etl"), QStringLiteral("open sesame"));
}

void TestSecretStore::refusesAKeyThatOthersCanRead()
{
    QVERIFY(set(*store(), "dw", "etl", QStringLiteral("open sesame")));
    QVERIFY(QFile::setPermissions(keyFile(), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
    const auto list = store()->list();
    QVERIFY(!list);
    QVERIFY(list.error().message.contains(u"chmod 600"));
}

void TestSecretStore::takesTheKeyOfSystemd()
{
    const QTemporaryDir credentials;
    write(credentials.filePath(QStringLiteral("slipway.key")), QByteArray(SecretKey::size, 's'));
    qputenv("CREDENTIALS_DIRECTORY", credentials.path().toLocal8Bit());
    QVERIFY(set(*store(), "dw", "etl", QStringLiteral("open sesame")));
    QVERIFY(!QFile::exists(keyFile()));
    QCOMPARE(valueOf(*store(), "dw", "etl"), QStringLiteral("open sesame"));
    qunsetenv("CREDENTIALS_DIRECTORY");
    QVERIFY(!store()->list());
}

void TestSecretStore::redactsWhatItKeeps()
{
    const auto secrets = store();
    QVERIFY(secrets->redactor()->isEmpty());
    QVERIFY(set(*secrets, "dw", "etl", QStringLiteral("open sesame")));
    QCOMPARE(secrets->redactor()->redacted(QStringLiteral("<open sesame>")), QStringLiteral("<[REDACTED]>"));
    QVERIFY(secrets->remove(QStringLiteral("dw"), QStringLiteral("etl")));
    QVERIFY(secrets->redactor()->isEmpty());
}

void TestSecretStore::keepsWhatItHasWhenTheDiskRefuses()
{
    const auto secrets = store();
    QVERIFY(set(*secrets, "dw", "etl", QStringLiteral("one")));
    const QByteArray before = read(file());
    QVERIFY(QDir().mkpath(file() + QStringLiteral(".new/held"))); // the new file cannot be made
    const auto refused = set(*secrets, "dw", "etl", QStringLiteral("two"));
    QVERIFY(!refused);
    COMPARE_NAMED(refused.error().code, ErrorCode::Io);
    QCOMPARE(valueOf(*secrets, "dw", "etl"), QStringLiteral("one"));
    QCOMPARE(read(file()), before);
}

SLIPWAY_TEST(TestSecretStore)
#include "TestSecretStore.moc"
