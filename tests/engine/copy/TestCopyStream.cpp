#include "engine/data/DuckSession.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QFile>

#include <zlib.h>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;

// Streams far larger than the memory they may take. The same class runs twice: briefly in the usual tests, and nightly
// with LARGE_STREAMS. A source is a regular file, or it could not be seen to have changed: a pipe is none. So the text
// is packed, as one small block many times over; SLIPWAY_STREAM_MIB says how much it is unpacked.
class TestCopyStream : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void staysSmallIntoSqlite();
    void staysSmallIntoPostgres();
    void staysSmallIntoParquet();
    void staysSmallWithBadRows();

private:
    CopyPlan largePlan(const CopyFixture &fixture);

    tests::PostgresServer m_server;
    qint64 m_rows = 0;
};

SLIPWAY_TEST(TestCopyStream)

namespace {

constexpr qint64 mebi = 1024 * 1024;
constexpr qint64 rowsInBlock = 50'000;
#if defined(LARGE_STREAMS)
constexpr qint64 usualMebibytes = 10 * 1024;
constexpr qint64 memoryBound = 128 * mebi; // above what the process had before
constexpr qint64 parquetBound = memoryBound;
constexpr qint64 badRows = 1'000'000;
#else
constexpr qint64 usualMebibytes = 64;
constexpr qint64 memoryBound = 48 * mebi; // less than the stream; SQLite's cache takes 16
constexpr qint64 parquetBound = memoryBound + DuckFeed::memory;
constexpr qint64 badRows = 20'000;
#endif

qint64 streamMebibytes()
{
    bool said = false;
    const int mebibytes = qEnvironmentVariableIntValue("SLIPWAY_STREAM_MIB", &said);
    return said ? qMax(1, mebibytes) : usualMebibytes;
}

// The highest resident memory since the last reset, in bytes.
qint64 peakMemory()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong() * 1024;
    }
    return -1;
}

void resetPeak()
{
    QFile refs(QStringLiteral("/proc/self/clear_refs"));
    if (!refs.open(QIODevice::WriteOnly) || refs.write("5") != 1)
        qFatal("clear_refs");
}

QByteArray packed(const QByteArray &text) // one member of a gzip file
{
    z_stream stream{};
    if (deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        qFatal("deflateInit2");
    QByteArray out(qsizetype(deflateBound(&stream, uLong(text.size()))), Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.constData()));
    stream.avail_in = uInt(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = uInt(out.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        qFatal("deflate");
    out.resize(qsizetype(stream.total_out));
    deflateEnd(&stream);
    return out;
}

QString failureOf(const CopyOutcome &outcome, qint64 rows, qint64 before, qint64 bound = memoryBound)
{
    const qint64 growth = peakMemory() - before;
    if (outcome.status != CopyOutcome::Status::Succeeded)
        return QString::fromUtf8(described(outcome));
    if (outcome.counts.rowsCopied != rows)
        return QStringLiteral("%1 of %2 rows").arg(outcome.counts.rowsCopied).arg(rows);
    qInfo("%lld rows, memory grew by %.1f MiB", rows, double(growth) / double(mebi));
    return growth < bound ? QString() : QStringLiteral("memory grew by %1 MiB").arg(growth / mebi);
}

} // namespace

void TestCopyStream::initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }

// Most of the text is in a column that the tables do not take, so that 10 GB need no 10 GB of disk. A Parquet file
// takes it: what is repeated is little there.
CopyPlan TestCopyStream::largePlan(const CopyFixture &fixture)
{
    QByteArray block;
    for (qint64 i = 1; i <= rowsInBlock; ++i) {
        block += QByteArray::number(i) + ",x" + QByteArray::number(i % 7) + ",\"" + QByteArray(200, char('a' + i % 26))
            + ", quoted\"," + QByteArray::number(i * 7919 % 100'003) + ".25\n";
    }
    const qint64 blocks = qMax<qint64>(1, streamMebibytes() * mebi / block.size());
    const QByteArray member = packed(block);
    QFile file(fixture.path("large.csv.gz"));
    if (!file.open(QIODevice::WriteOnly) || file.write(packed("a,b,c,d\n")) < 0)
        qFatal("large.csv.gz");
    for (qint64 i = 0; i < blocks; ++i) {
        if (file.write(member) != member.size())
            qFatal("large.csv.gz");
    }
    file.close();
    m_rows = blocks * rowsInBlock;
    CopyPlan plan = fixture.plan("large.csv.gz");
    std::get<CsvFileSource>(plan.source).format.compression = FileCompression::Gzip;
    return plan;
}

void TestCopyStream::staysSmallIntoSqlite()
{
    const CopyFixture fixture;
    const CopyPlan plan = largePlan(fixture);
    resetPeak();
    const qint64 before = peakMemory();
    QCOMPARE(failureOf(copyNow(plan), m_rows, before), QString());
    QCOMPARE(fixture.text("SELECT count(*) || ' ' || sum(a) FROM t"),
             QStringLiteral("%1 %2").arg(m_rows).arg(m_rows * (rowsInBlock + 1) / 2));
}

void TestCopyStream::staysSmallIntoPostgres()
{
    const CopyFixture fixture;
    CopyPlan plan = largePlan(fixture);
    const auto sql = [this](const char *statements) { return m_server.sql(QString::fromLatin1(statements)); };
    QCOMPARE(sql("CREATE UNLOGGED TABLE t(a bigint, b text)"), QString());
    plan.sink = PostgresTableSink{m_server.connection(), QStringLiteral("public"), QStringLiteral("t")};
    plan.preCopyScript.clear();
    resetPeak();
    const qint64 before = peakMemory();
    QCOMPARE(failureOf(copyNow(plan), m_rows, before), QString());
    QCOMPARE(sql("SELECT count(*) || ' ' || sum(a) FROM t"),
             QStringLiteral("%1 %2").arg(m_rows).arg(m_rows * (rowsInBlock + 1) / 2));
    QCOMPARE(sql("DROP TABLE t"), QString());
}

void TestCopyStream::staysSmallIntoParquet()
{
    const CopyFixture fixture;
    CopyPlan plan = largePlan(fixture);
    const auto mapped = [](const char *name, InterimType type) {
        ColumnMapping mapping;
        mapping.sourceName = mapping.sinkName = QString::fromLatin1(name);
        mapping.sinkType = type;
        return mapping;
    };
    plan.mappings = {mapped("a", InterimType::Int64),
                     mapped("b", InterimType::String),
                     mapped("c", InterimType::String),
                     mapped("d", InterimType::Double)};
    plan.sink = ParquetFileSink{{.root = fixture.path(""), .fileName = QStringLiteral("large.parquet")}};
    plan.preCopyScript.clear();
    resetPeak();
    const qint64 before = peakMemory();
    QCOMPARE(failureOf(copyNow(plan), m_rows, before, parquetBound), QString());
    const QString path = fixture.path("large.parquet");
    auto session = DuckSession::open({.files = {path}});
    QVERIFY2(session, qPrintable(session ? QString() : session.error().message));
    auto answer = (*session)->query(
        QStringLiteral("SELECT count(*) || ' ' || sum(a) || ' ' || sum(length(c)) FROM read_parquet(%1)")
            .arg(duckText(path)));
    QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
    DuckBatch batch;
    const auto some = (*answer)->next(batch);
    QVERIFY(some && *some);
    QCOMPARE(QString::fromStdString(std::string(batch.columns[0].bytes[0])),
             QStringLiteral("%1 %2 %3").arg(m_rows).arg(m_rows * (rowsInBlock + 1) / 2).arg(m_rows * 208));
}

// Every other row is left out, counted and logged.
void TestCopyStream::staysSmallWithBadRows()
{
    const CopyFixture fixture;
    QFile file(fixture.path("bad.csv"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("a,b\n");
    for (qint64 i = 1; i <= badRows; ++i) {
        const QByteArray number = QByteArray::number(i);
        file.write(number + ",good\n");
        file.write(i % 2 ? QByteArray("no number " + number + ",bad\n") : QByteArray(number + ",too,many\n"));
    }
    file.close();
    CopyPlan plan = fixture.plan("bad.csv");
    plan.skip.isOn = true;
    plan.skip.log = SkipRules::Log::Activity;
    plan.skip.root = fixture.path("");
    resetPeak();
    const qint64 before = peakMemory();
    const CopyOutcome outcome = copyNow(plan);
    QCOMPARE(outcome.counts.rowsSkipped, badRows);
    QCOMPARE(failureOf(outcome, badRows, before), QString());
    QCOMPARE(fixture.text("SELECT sum(a) FROM t"), QString::number(badRows * (badRows + 1) / 2));
}

#include "TestCopyStream.moc"
