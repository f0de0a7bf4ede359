#include "engine/service/PooledStoreLooks.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>

using namespace engine;

// Drafts of linked services and datasets, answered from a pool.
class TestPooledStoreLooks : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aDraftNeedNotBeSaved();
    void theFoldersBindingIsUsedWithoutOne();
    void aDraftBindingMayChangeTheFoldersOwn();
    void errorsNameThePropertyOfTheBinding_data();
    void errorsNameThePropertyOfTheBinding();
    void errorsNameThePropertyOfTheDataset_data();
    void errorsNameThePropertyOfTheDataset();
    void parametersOfTheDatasetHaveTheValuesGiven();
    void aStoreThatIsSilentIsGivenUp();
    void aSilentStoreHoldsUpNoOther();
    void theEndDoesNotWaitForSilentStores();

private:
    static Json json(const QByteArray &text)
    {
        auto parsed = parseJson(text, QStringLiteral("test"));
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        return *parsed;
    }
    void write(const QString &name, const QByteArray &text) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(m_folder->filePath(name)).path()));
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }
    StoreDraft draft(const QByteArray &binding = "null") const
    {
        return {m_folder->path(),
                json(R"({"name":"Files","properties":{"type":"AzureBlobStorage","typeProperties":{}}})"),
                json(binding)};
    }
    static DatasetDraft dataset(const QByteArray &properties)
    {
        return {json(R"({"name":"D","properties":{"type":"DelimitedText","linkedServiceName":{"referenceName":"files",
            "type":"LinkedServiceReference"},"parameters":{"file":{"type":"string"}},"typeProperties":)"
                     + properties + "}}")};
    }
    QByteArray silentBinding() const
    {
        return R"({"store":"postgresql","host":"127.0.0.1","port":)" + QByteArray::number(m_silent.serverPort())
            + R"(,"database":"d","user":"u"})";
    }
    Result<QString> tested(const StoreDraft &store)
    {
        std::optional<Result<QString>> answer;
        m_looks->test(store, {}, [&answer](const Result<QString> &said) { answer = said; });
        return QTest::qWaitFor([&answer] { return answer.has_value(); }, 20000)
            ? *answer
            : Error{ErrorCode::Internal, QStringLiteral("no answer"), {}};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QTcpServer m_silent; // takes connections, says nothing
    SystemClock m_clock;
    std::unique_ptr<PooledStoreLooks> m_looks;
};

SLIPWAY_TEST(TestPooledStoreLooks)

void TestPooledStoreLooks::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_looks = std::make_unique<PooledStoreLooks>(NotebookEnvironment{}, m_clock, Millis(500));
    QVERIFY(m_silent.isListening() || m_silent.listen(QHostAddress::LocalHost));
    write(QStringLiteral(".slipway/bindings.json"),
          R"({"linkedServices":{"Files":{"store":"folder","root":"storage"}}})");
    write(QStringLiteral("storage/data/in.csv"), "id\n1\n");
}

void TestPooledStoreLooks::aDraftNeedNotBeSaved()
{
    const auto answer = tested(draft(R"({"store":"folder","root":"storage/data"})"));
    VERIFY_OK(answer);
    QVERIFY2(answer->contains(m_folder->filePath(QStringLiteral("storage/data"))), qPrintable(*answer));
    std::optional<Result<StorePreview>> rows;
    m_looks->preview(draft(),
                     dataset(R"({"location":{"container":"data","fileName":"in.csv"},"firstRowAsHeader":true})"),
                     10,
                     {},
                     [&rows](const Result<StorePreview> &preview) { rows = preview; });
    QTRY_VERIFY(rows.has_value());
    VERIFY_OK(*rows);
    QCOMPARE(*(*rows)->rows.first().first(), QStringLiteral("1"));
}

void TestPooledStoreLooks::theFoldersBindingIsUsedWithoutOne()
{
    const auto shared = tested(draft());
    VERIFY_OK(shared);
    QVERIFY(shared->contains(u"/storage,"));
    write(QStringLiteral(".slipway/local/bindings.json"),
          R"({"linkedServices":{"Fi*":{"store":"folder","root":"/nowhere"},
        "Files":{"root":"storage/data"}}})");
    const auto local = tested(draft());
    VERIFY_OK(local);
    QVERIFY2(local->contains(u"/storage/data,"), qPrintable(*local));
}

void TestPooledStoreLooks::aDraftBindingMayChangeTheFoldersOwn()
{
    const auto answer = tested(draft(R"({"root":"storage/data"})"));
    VERIFY_OK(answer);
    QVERIFY(answer->contains(u"/storage/data,"));
}

void TestPooledStoreLooks::errorsNameThePropertyOfTheBinding_data()
{
    QTest::addColumn<QByteArray>("binding");
    QTest::addColumn<QString>("where");
    QTest::newRow("no such folder") << QByteArray(R"({"store":"folder","root":"storag"})") << QStringLiteral(".root");
    QTest::newRow("no root") << QByteArray(R"({"store":"folder"})") << QStringLiteral(".root");
    QTest::newRow("no such kind") << QByteArray(R"({"store":"mongo"})") << QStringLiteral(".store");
    QTest::newRow("no such file") << QByteArray(R"({"store":"sqlite","file":"x.db"})") << QStringLiteral(".file");
    QTest::newRow("a secret") << QByteArray(
        R"({"store":"postgresql","host":"h","database":"d","password":{"secret":"a/b"}})")
                              << QStringLiteral(".password");
    QTest::newRow("nobody listens") << QByteArray(
        R"({"store":"postgresql","host":"127.0.0.1","port":1,"database":"d"})")
                                    << QStringLiteral(".host");
    QTest::newRow("no such kernel") << QByteArray(R"({"compute":"kernel","kernel":"cobol","notebooks":"storage"})")
                                    << QStringLiteral(".kernel");
}

void TestPooledStoreLooks::errorsNameThePropertyOfTheBinding()
{
    QFETCH(QByteArray, binding);
    QFETCH(QString, where);
    const auto answer = tested(draft(binding));
    QVERIFY(!answer);
    QCOMPARE(answer.error().where, u".slipway/bindings.json: linkedServices.Files" + where);
    QVERIFY(!answer.error().message.isEmpty());
}

void TestPooledStoreLooks::errorsNameThePropertyOfTheDataset_data()
{
    QTest::addColumn<QByteArray>("dataset");
    QTest::addColumn<QString>("where");
    QTest::newRow("no location") << QByteArray("{}") << QStringLiteral("typeProperties.location");
    QTest::newRow("no such file") << QByteArray(R"({"location":{"fileName":"x.csv"}})")
                                  << QStringLiteral("typeProperties.location");
    QTest::newRow("a parameter") << QByteArray(R"({"location":{"fileName":"@dataset().name"}})")
                                 << QStringLiteral("typeProperties.location.fileName, character 12");
}

void TestPooledStoreLooks::errorsNameThePropertyOfTheDataset()
{
    QFETCH(QByteArray, dataset);
    QFETCH(QString, where);
    std::optional<Result<QList<StoreColumn>>> answer;
    m_looks->schema(
        draft(), TestPooledStoreLooks::dataset(dataset), {}, [&answer](const auto &found) { answer = found; });
    QTRY_VERIFY(answer.has_value());
    QVERIFY(!answer->ok());
    QCOMPARE(answer->error().where, u"dataset/D.json: " + where);
}

void TestPooledStoreLooks::parametersOfTheDatasetHaveTheValuesGiven()
{
    DatasetDraft draftOf = dataset(R"({"location":{"container":"data","fileName":{"value":"@dataset().file","type":
        "Expression"}},"firstRowAsHeader":true})");
    const auto ask = [&] {
        std::optional<Result<StorePreview>> rows;
        m_looks->preview(draft(), draftOf, 10, {}, [&rows](const Result<StorePreview> &preview) { rows = preview; });
        return QTest::qWaitFor([&rows] { return rows.has_value(); }, 20000)
            ? *rows
            : Error{ErrorCode::Internal, QStringLiteral("no answer"), {}};
    };
    const Result<StorePreview> without = ask();
    QVERIFY(!without);
    QVERIFY2(without.error().message.contains(u"file"), qPrintable(without.error().message));
    draftOf.parameters = Json{{"file", "in.csv"}};
    const Result<StorePreview> with = ask();
    VERIFY_OK(with);
    QCOMPARE(with->rows.size(), 1);
    draftOf.parameters = Json{{"elsewhere", "in.csv"}};
    QVERIFY(!ask());
}

void TestPooledStoreLooks::aStoreThatIsSilentIsGivenUp()
{
    QElapsedTimer waited;
    waited.start();
    const auto answer = tested(draft(silentBinding()));
    QVERIFY(!answer);
    QVERIFY(answer.error().code == ErrorCode::Timeout);
    QVERIFY2(answer.error().message.contains(u"0.5 seconds"), qPrintable(answer.error().message));
    QVERIFY(waited.elapsed() >= 500 && waited.elapsed() < 5000);
}

void TestPooledStoreLooks::aSilentStoreHoldsUpNoOther()
{
    bool given = false;
    m_looks->test(draft(silentBinding()), {}, [&given](const Result<QString> &) { given = true; });
    VERIFY_OK(tested(draft()));
    QVERIFY(!given);
    QTRY_VERIFY(given);
}

void TestPooledStoreLooks::theEndDoesNotWaitForSilentStores()
{
    bool given = false;
    m_looks = std::make_unique<PooledStoreLooks>(NotebookEnvironment{}, m_clock);
    m_looks->test(draft(silentBinding()), {}, [&given](const Result<QString> &) { given = true; });
    QVERIFY(m_silent.hasPendingConnections() || m_silent.waitForNewConnection(5000));
    QElapsedTimer waited;
    waited.start();
    m_looks.reset();
    QVERIFY(waited.elapsed() < 3000);
    QVERIFY(!given);
}

#include "TestPooledStoreLooks.moc"
