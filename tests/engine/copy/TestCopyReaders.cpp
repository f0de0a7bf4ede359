#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QElapsedTimer>
#include <QSet>

#include <atomic>
#include <chrono>
#include <thread>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// Somebody reads the table a hundred times a second while it is replaced, again and again, well and badly: there are
// always all rows of one load, and never those of a load that failed.
class TestCopyReaders : public QObject
{
    Q_OBJECT

private slots:
    void sqliteReaderSeesWholeLoadsOnly();
    void postgresReaderSeesWholeLoadsOnly();

private:
    // `read` gives "count|distinct b|min b"; returns what was seen.
    void replaceManyTimes(CopyFixture &fixture, const CopySink &sink, const std::function<QString()> &read);
};

SLIPWAY_TEST(TestCopyReaders)

namespace {

// Every row of load n says "n".
QByteArray loadText(int number, int rows, const QByteArray &end = {})
{
    QByteArray text = "a,b\n";
    for (int i = 0; i < rows; ++i)
        text += QByteArray::number(i) + ',' + QByteArray::number(number) + '\n';
    return text + end;
}

} // namespace

void TestCopyReaders::replaceManyTimes(CopyFixture &fixture, const CopySink &sink, const std::function<QString()> &read)
{
    constexpr int loads = 12;
    constexpr int rows = 12000;
    std::atomic_bool isDone{false};
    std::atomic_bool hasLooked{false};
    QStringList seen;
    std::thread reader([&] {
        do {
            const QString state = read();
            if (seen.isEmpty() || seen.last() != state)
                seen += state;
            hasLooked = true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        } while (!isDone);
    });
    while (!hasLooked)
        std::this_thread::yield();
    QSet<QString> whole;
    QString problem;
    for (int i = 1; i <= loads && problem.isEmpty(); ++i) {
        const int kind = i % 4; // 0: a bad row; 1, 2: good; 3: cancelled
        fixture.write("in.csv", loadText(i, rows, kind == 0 ? "x,0\n" : QByteArray()));
        CopyPlan plan = fixture.plan("in.csv");
        plan.sink = sink;
        CancelToken cancel;
        CopyHooks hooks;
        hooks.progress = [&](const CopyProgress &progress) {
            if (kind == 3 && progress.phase == CopyPhase::Committing)
                cancel.cancel();
        };
        const CopyOutcome outcome = copyNow(plan, CopyFixture::identity(), hooks, cancel);
        const Status expected = kind == 0 ? Status::Failed : kind == 3 ? Status::Cancelled : Status::Succeeded;
        if (outcome.status != expected)
            problem = QString::fromUtf8(described(outcome));
        if (outcome.status == Status::Succeeded)
            whole += QStringLiteral("%1|1|%2").arg(rows).arg(i);
    }
    isDone = true;
    reader.join();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QCOMPARE(seen.first(), QStringLiteral("2|2|old"));
    QVERIFY(seen.size() > 1);
    for (qsizetype i = 1; i < seen.size(); ++i)
        QVERIFY2(whole.contains(seen.at(i)), qPrintable(seen.join(u' ')));
}

void TestCopyReaders::sqliteReaderSeesWholeLoadsOnly()
{
    CopyFixture fixture;
    Database connection = fixture.database();
    const CopySink sink = fixture.plan("in.csv").sink;
    replaceManyTimes(fixture, sink, [&] {
        const auto found = connection.text("SELECT count(*) || '|' || count(DISTINCT b) || '|' || min(b) FROM t");
        return found ? found->value_or(QString()) : found.error().message;
    });
}

void TestCopyReaders::postgresReaderSeesWholeLoadsOnly()
{
    tests::PostgresServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    const auto sql = [&](const QString &statements) { return server.sql(statements); };
    QCOMPARE(sql(QStringLiteral("CREATE SCHEMA dbo; CREATE TABLE dbo.t(a bigint, b text); INSERT INTO dbo.t VALUES "
                                "(-1, 'old'), (-2, 'older')")),
             QString());
    CopyFixture fixture;
    replaceManyTimes(fixture, PostgresTableSink{server.connection(), QStringLiteral("dbo"), QStringLiteral("t")}, [&] {
        return sql(QStringLiteral("SELECT count(*), count(DISTINCT b), min(b) FROM dbo.t"));
    });
}

#include "TestCopyReaders.moc"
