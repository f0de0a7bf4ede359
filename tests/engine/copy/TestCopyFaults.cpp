#include "engine/connectors/postgres/PostgresConnection.h"
#include "tests/engine/connectors/CuttingProxy.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QSet>

#include <atomic>
#include <functional>
#include <thread>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::CuttingProxy;
using tests::described;
using Status = CopyOutcome::Status;

namespace {

// Asks the same over and over, a hundred times a second, on a thread of its own, and keeps the different answers.
class Reader
{
public:
    explicit Reader(std::function<QString()> ask) : m_thread([this, ask = std::move(ask)] { read(ask); }) { }
    ~Reader() { stop(); }
    QSet<QString> stop()
    {
        m_isStopping = true;
        if (m_thread.joinable())
            m_thread.join();
        return m_answers;
    }

private:
    void read(const std::function<QString()> &ask)
    {
        while (!m_isStopping) {
            m_answers.insert(ask());
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }

    QSet<QString> m_answers;
    std::atomic_bool m_isStopping{false};
    std::thread m_thread;
};

} // namespace

// Whatever fails, and whenever: who reads meanwhile sees the old rows or the new ones, and the outcome says which.
class TestCopyFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void aCutAnywhereLeavesTheOldRowsOrTheNew_data();
    void aCutAnywhereLeavesTheOldRowsOrTheNew();
    void aConnectionLostAtCommitIsSettled_data();
    void aConnectionLostAtCommitIsSettled();
    void aSilentNetworkEndsWithTheCancel_data();
    void aSilentNetworkEndsWithTheCancel();
    void whatWasLateArrives();
    void readersOfSqliteSeeOldOrNew();
    void aColumnThatIsGoneIsTold_data();
    void aColumnThatIsGoneIsTold();

private:
    static constexpr int newRows = 3000;

    tests::PostgresServer m_server;
    std::unique_ptr<CopyFixture> m_fixture;
    std::optional<PostgresConnection> m_connection;
    const QString m_old = QStringLiteral("2|-3");
    const QString m_new = QStringLiteral("%1|%2").arg(newRows).arg(newRows * (newRows + 1) / 2);

    CopyPlan planThrough(const CuttingProxy &proxy) const
    {
        CopyPlan made = m_fixture->plan("in.csv");
        made.sink = PostgresTableSink{
            m_server.tcpConnection().replace(QString::number(m_server.port()), QString::number(proxy.port())),
            QStringLiteral("dbo"),
            QStringLiteral("t")};
        return made;
    }
    QString ask(PostgresConnection &connection) const
    {
        const auto rows = connection.query("SELECT count(*) || '|' || sum(a) FROM dbo.t");
        return rows ? rows->text(0, 0) : rows.error().message;
    }
};

SLIPWAY_TEST(TestCopyFaults)

void TestCopyFaults::initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }

void TestCopyFaults::init()
{
    m_fixture = std::make_unique<CopyFixture>();
    auto opened = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(opened);
    m_connection = std::move(*opened);
    VERIFY_OK(m_connection->script("DROP SCHEMA IF EXISTS dbo CASCADE; CREATE SCHEMA dbo; "
                                   "CREATE TABLE dbo.t(a bigint PRIMARY KEY, b text)"));
}

void TestCopyFaults::aCutAnywhereLeavesTheOldRowsOrTheNew_data()
{
    QTest::addColumn<bool>("skips");
    QTest::addColumn<bool>("upserts");
    QTest::newRow("insert") << false << false;
    QTest::newRow("skip") << true << false;
    QTest::newRow("upsert") << false << true;
}

void TestCopyFaults::aCutAnywhereLeavesTheOldRowsOrTheNew()
{
    QFETCH(bool, skips);
    QFETCH(bool, upserts);
    m_fixture->writeRows("in.csv", newRows);
    CuttingProxy proxy(m_server.port());
    CopyPlan made = m_fixture->plan("in.csv");
    PostgresTableSink sink{
        m_server.tcpConnection().replace(QString::number(m_server.port()), QString::number(proxy.port())),
        QStringLiteral("dbo"),
        QStringLiteral("t")};
    if (upserts)
        sink.options.behavior = LoadOptions::Behavior::Upsert;
    made.sink = sink;
    made.skip.isOn = skips;
    auto other = PostgresConnection::open(m_server.connection(), {});
    VERIFY_OK(other);
    int succeeded = 0;
    int failed = 0;
    for (const auto side : {CuttingProxy::Side::Client, CuttingProxy::Side::Server}) {
        const bool isClient = side == CuttingProxy::Side::Client;
        for (const qint64 bytes : isClient ? QList<qint64>{0, 60, 400, 1500, 3000, 20'000, 60'000, 80'000, 150'000}
                                           : QList<qint64>{0, 100, 500, 1000, 1500, 2000, 2500, 3000, 4000}) {
            VERIFY_OK(m_connection->script("TRUNCATE dbo.t; INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'older')"));
            Reader reader([&] { return ask(*other); });
            proxy.cutAfter(bytes, side);
            const CopyOutcome outcome = copyNow(made);
            proxy.cutAfter(-1, side);
            const QSet<QString> seen = reader.stop();
            QVERIFY2((seen - QSet<QString>{m_old, m_new}).isEmpty(), qPrintable(QStringList(seen.values()).join(u' ')));
            const QString now = ask(*m_connection);
            QVERIFY2(outcome.status == (now == m_new ? Status::Succeeded : Status::Failed),
                     described(outcome).append(now.toUtf8()).constData());
            QVERIFY2(now == m_new || outcome.transient, described(outcome).constData());
            ++(now == m_new ? succeeded : failed);
        }
    }
    QVERIFY(succeeded > 0); // the cut came after the end
    QVERIFY(failed > 5);
    QVERIFY(proxy.cuts() >= failed);
}

void TestCopyFaults::aConnectionLostAtCommitIsSettled_data()
{
    QTest::addColumn<bool>("arrives");
    QTest::newRow("before the server has it") << false;
    QTest::newRow("before its answer is there") << true;
}

// The ledger says what became of a COMMIT that nobody answered; once more, and the load is there once.
void TestCopyFaults::aConnectionLostAtCommitIsSettled()
{
    QFETCH(bool, arrives);
    m_fixture->writeRows("in.csv", newRows);
    VERIFY_OK(m_connection->script("INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'older')"));
    CuttingProxy proxy(m_server.port());
    const CopyPlan made = planThrough(proxy);
    const LoadIdentity identity = CopyFixture::identity();
    proxy.cutAt("COMMIT", arrives ? CuttingProxy::Cut::Answer : CuttingProxy::Cut::Request);
    const CopyOutcome outcome = copyNow(made, identity);
    QCOMPARE(proxy.cuts(), 1);
    QVERIFY2(outcome.status == (arrives ? Status::Succeeded : Status::Failed), described(outcome).constData());
    QVERIFY(arrives || outcome.transient);
    QCOMPARE(ask(*m_connection), arrives ? m_new : m_old);
    const auto known = lookUpLoad(made.sink, identity.load);
    VERIFY_OK(known);
    QCOMPARE(known->committed, arrives);
    const CopyOutcome again = copyNow(made, identity);
    QVERIFY2(again.status == Status::Succeeded, described(again).constData());
    QCOMPARE(boolAt(memberAt(again.output, "slipway"), "alreadyLoaded"), arrives);
    QCOMPARE(ask(*m_connection), m_new);
}

void TestCopyFaults::aSilentNetworkEndsWithTheCancel_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<bool>("fromClient");
    QTest::newRow("at the first word") << qint64(0) << true;
    QTest::newRow("before the server answers") << qint64(0) << false;
    QTest::newRow("at the script") << qint64(1500) << true;
    QTest::newRow("among the rows") << qint64(20'000) << true;
    QTest::newRow("before the script is answered") << qint64(1500) << false;
}

void TestCopyFaults::aSilentNetworkEndsWithTheCancel()
{
    QFETCH(qint64, bytes);
    QFETCH(bool, fromClient);
    m_fixture->writeRows("in.csv", newRows);
    VERIFY_OK(m_connection->script("INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'older')"));
    CuttingProxy proxy(m_server.port());
    proxy.stallAfter(bytes, fromClient ? CuttingProxy::Side::Client : CuttingProxy::Side::Server);
    CancelToken cancel;
    std::atomic<qint64> cancelledAt = 0;
    const auto now = [] { return std::chrono::steady_clock::now().time_since_epoch().count(); };
    std::thread user([&] {
        for (int i = 0; i < 1000 && !proxy.isStalled(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::this_thread::sleep_for(std::chrono::milliseconds(200)); // all are waiting by now
        cancelledAt = now();
        cancel.cancel();
    });
    const CopyOutcome outcome = copyNow(planThrough(proxy), CopyFixture::identity(), {}, cancel);
    const std::chrono::nanoseconds took(now() - cancelledAt);
    user.join();
    QVERIFY(proxy.isStalled());
    QVERIFY2(outcome.status == Status::Cancelled, described(outcome).constData());
    QVERIFY2(took < std::chrono::seconds(9), qPrintable(QString::number(took.count() / 1'000'000)));
    QCOMPARE(ask(*m_connection), m_old);
}

void TestCopyFaults::whatWasLateArrives()
{
    m_fixture->writeRows("in.csv", newRows);
    CuttingProxy proxy(m_server.port());
    proxy.stallAfter(20'000, CuttingProxy::Side::Client);
    std::thread network([&] {
        for (int i = 0; i < 1000 && !proxy.isStalled(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        proxy.goOn();
    });
    const CopyOutcome outcome = copyNow(planThrough(proxy));
    network.join();
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(ask(*m_connection), m_new);
}

void TestCopyFaults::readersOfSqliteSeeOldOrNew()
{
    m_fixture->writeRows("in.csv", 20'000);
    const QString fresh = QStringLiteral("20000|200010000");
    Reader reader([this] { return m_fixture->text("SELECT count(*) || '|' || sum(a) FROM t"); });
    int faults = 0;
    for (const CopyPhase phase :
         {CopyPhase::Connecting, CopyPhase::PreCopyScript, CopyPhase::Transferring, CopyPhase::Committing}) {
        for (const bool skips : {false, true}) {
            CopyPlan made = m_fixture->plan("in.csv");
            made.skip.isOn = skips;
            CancelToken cancel;
            CopyHooks hooks;
            hooks.progress = [&](const CopyProgress &progress) {
                if (progress.phase == phase)
                    cancel.cancel();
            };
            faults += copyNow(made, CopyFixture::identity(), hooks, cancel).status == Status::Cancelled;
            QCOMPARE(m_fixture->text("SELECT count(*) || '|' || sum(a) FROM t"), m_old);
        }
    }
    QCOMPARE(faults, 8);
    QVERIFY(copyNow(m_fixture->plan("in.csv")).status == Status::Succeeded);
    QCOMPARE(m_fixture->text("SELECT count(*) || '|' || sum(a) FROM t"), fresh);
    const QSet<QString> seen = reader.stop();
    QVERIFY2((seen - QSet<QString>{m_old, fresh}).isEmpty(), qPrintable(QStringList(seen.values()).join(u' ')));
}

void TestCopyFaults::aColumnThatIsGoneIsTold_data()
{
    QTest::addColumn<bool>("isPostgres");
    QTest::newRow("SQLite") << false;
    QTest::newRow("PostgreSQL") << true;
}

void TestCopyFaults::aColumnThatIsGoneIsTold()
{
    QFETCH(bool, isPostgres);
    m_fixture->writeRows("in.csv", 2);
    CopyPlan made = m_fixture->plan("in.csv");
    for (const char *name : {"a", "b"}) {
        made.mappings += ColumnMapping();
        made.mappings.last().sourceName = made.mappings.last().sinkName = QString::fromLatin1(name);
    }
    if (isPostgres) {
        made.sink = PostgresTableSink{m_server.connection(), QStringLiteral("dbo"), QStringLiteral("t")};
        VERIFY_OK(
            m_connection->script("INSERT INTO dbo.t VALUES (-1, 'old'), (-2, 'older'); ALTER TABLE dbo.t DROP b"));
    } else {
        m_fixture->execute("ALTER TABLE t DROP COLUMN b");
    }
    const CopyOutcome outcome = copyNow(made);
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorInvalidColumnMapping"));
    QVERIFY2(outcome.error.message.contains(u"The sink has no column “b”"), qPrintable(outcome.error.message));
    QCOMPARE(isPostgres ? ask(*m_connection) : m_fixture->text("SELECT count(*) || '|' || sum(a) FROM t"), m_old);
}

#include "TestCopyFaults.moc"
