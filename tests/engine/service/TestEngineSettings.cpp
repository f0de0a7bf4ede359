#include "engine/service/EngineSettings.h"

#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace engine;

class TestEngineSettings : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void hasDefaultsWithoutAFile();
    void takesOverOnlyWhatIsChanged();
    void keepsWhatItDoesNotKnow();
    void understandsProxiesAsPeopleWriteThem();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void namesThePropertyOfABrokenFile();
    void givesNotebooksOnlyTheProxiesThatAreSet();

private:
    QString folder() const { return m_folder->filePath(QStringLiteral("settings")); }
    QByteArray content() const
    {
        QFile file(folder() + QStringLiteral("/engine.json"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const QByteArray &text) const
    {
        QDir().mkpath(folder());
        QFile file(folder() + QStringLiteral("/engine.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestEngineSettings::hasDefaultsWithoutAFile()
{
    const Result<EngineSettings> settings = EngineSettings::read(folder());
    VERIFY_OK(settings);
    QCOMPARE(settings->kernels, 2);
    QCOMPARE(settings->python, QStringLiteral("/usr/bin/python3"));
    QVERIFY(content().isEmpty());
}

void TestEngineSettings::takesOverOnlyWhatIsChanged()
{
    VERIFY_OK(EngineSettings::change(folder(), {{"kernels", 4}}));
    VERIFY_OK(EngineSettings::change(folder(), {{"copies", "3"}, {"proxies", {{"http", "http://a:1"}}}}));
    VERIFY_OK(EngineSettings::change(folder(), {{"proxies", {{"except", "localhost"}}}}));
    const Result<EngineSettings> settings = EngineSettings::read(folder());
    VERIFY_OK(settings);
    QCOMPARE(settings->kernels, 4);
    QCOMPARE(settings->copies, 3);
    QCOMPARE(settings->proxies.http, QStringLiteral("http://a:1"));
    QCOMPARE(settings->proxies.except, QStringLiteral("localhost"));
    QVERIFY(!content().contains("python")); // never asked for: a later default counts
}

void TestEngineSettings::keepsWhatItDoesNotKnow()
{
    write(R"({"later": {"x": 1}, "proxies": {"socks": "s"}})");
    VERIFY_OK(EngineSettings::change(folder(), {{"kernels", 1}, {"proxies", {{"http", "a:1"}}}}));
    const Result<Json> json = parseJson(content(), QStringLiteral("engine.json"));
    VERIFY_OK(json);
    QCOMPARE(intAt(memberAt(*json, "later"), "x"), 1);
    QCOMPARE(stringAt(memberAt(*json, "proxies"), "socks"), QStringLiteral("s"));
}

void TestEngineSettings::understandsProxiesAsPeopleWriteThem()
{
    const Result<EngineSettings> settings = EngineSettings::change(
        folder(),
        {{"proxies", {{"http", " proxy.intern:3128 "}, {"https", "http://10.0.0.1:8080/"}, {"except", "a, .b,"}}}});
    VERIFY_OK(settings);
    QCOMPARE(settings->proxies.http, QStringLiteral("http://proxy.intern:3128"));
    QCOMPARE(settings->proxies.https, QStringLiteral("http://10.0.0.1:8080"));
    QCOMPARE(settings->proxies.except, QStringLiteral("a,.b"));
    VERIFY_OK(EngineSettings::read(folder()));
    QVERIFY(*EngineSettings::read(folder()) == *settings);
}

void TestEngineSettings::refusesWhatCannotBe_data()
{
    QTest::addColumn<QString>("changes");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const char *changes, const char *where) {
        QTest::newRow(name) << QString::fromLatin1(changes) << QString::fromLatin1(where);
    };
    row("no kernels", R"({"kernels": 0})", "kernels");
    row("too many copies", R"({"copies": 65})", "copies");
    row("no number", R"({"copies": [1]})", "copies");
    row("no program", R"({"python": "/nowhere/python3"})", "python");
    row("a relative program", R"({"python": "python3"})", "python");
    row("a folder", R"({"python": "/usr/bin"})", "python");
    row("a proxy without port", R"({"proxies": {"http": "proxy"}})", "proxies.http");
    row("a proxy of another kind", R"({"proxies": {"https": "ftp://a:1"}})", "proxies.https");
    row("a proxy with a password", R"({"proxies": {"http": "http://u:p@a:1"}})", "proxies.http");
    row("exceptions with blanks", R"({"proxies": {"except": "a b"}})", "proxies.except");
    row("no object", "[1]", "");
}

void TestEngineSettings::refusesWhatCannotBe()
{
    QFETCH(QString, changes);
    QFETCH(QString, where);
    VERIFY_OK(EngineSettings::change(folder(), {{"kernels", 3}}));
    const QByteArray before = content();
    const Result<EngineSettings> settings =
        EngineSettings::change(folder(), *parseJson(changes.toUtf8(), QStringLiteral("x")));
    QVERIFY(!settings.ok());
    QVERIFY(settings.error().code == ErrorCode::InvalidInput);
    QCOMPARE(settings.error().where, where);
    QCOMPARE(content(), before);
}

void TestEngineSettings::namesThePropertyOfABrokenFile()
{
    write(R"({"kernels": 1000})");
    const Result<EngineSettings> settings = EngineSettings::read(folder());
    QVERIFY(!settings.ok());
    QCOMPARE(settings.error().where, QString(folder() + QStringLiteral("/engine.json:kernels")));
}

void TestEngineSettings::givesNotebooksOnlyTheProxiesThatAreSet()
{
    EngineSettings::Proxies proxies;
    QVERIFY(proxies.variables().isEmpty());
    proxies.http = QStringLiteral("http://a:1");
    proxies.except = QStringLiteral("localhost");
    QCOMPARE(proxies.variables().keys(), QStringList({QStringLiteral("http_proxy"), QStringLiteral("no_proxy")}));
}

SLIPWAY_TEST(TestEngineSettings)

#include "TestEngineSettings.moc"
