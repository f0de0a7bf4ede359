#include "engine/connectors/files/ParquetSource.h"
#include "engine/data/DuckSession.h"
#include "engine/data/TypeConversion.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <thread>

using namespace engine;

class TestParquetSource : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void readsFilesOfAFolderOneAfterTheOther();
    void givesColumnsTheirOwnTypes();
    void readsOnlyTheColumnsAskedForInAnyOrder();
    void saysWhichValueIsRefusedAndGoesOn();
    void refusesFilesWithOtherColumns_data();
    void refusesFilesWithOtherColumns();
    void refusesWhatWouldBeRounded();
    void refusesWhatIsNoParquet_data();
    void refusesWhatIsNoParquet();
    void survivesEveryKindOfDamage();
    void opensNothingOutsideOfItsFolder();
    void noticesThatAFileChanged();
    void stopsWhenToldTo();
    void readsBigFilesInLittleMemory();

private:
    QString make(const QString &name, const QString &select);

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

struct Outcome
{
    QStringList columns; // "name: Type"
    QStringList rows; // "a|b|NULL", and problems as "! column: row"
    QString file; // of the last row or problem
    std::optional<Error> error;
};

Outcome read(ParquetSource &source, std::optional<InterimType> type = std::nullopt, const QList<int> &wanted = {})
{
    Outcome outcome;
    const auto columns = source.open();
    if (!columns)
        return {{}, {}, {}, columns.error()};
    QList<ProjectedColumn> projection;
    for (int i = 0; i < columns->size(); ++i) {
        outcome.columns += columns->at(i).name + QStringLiteral(": ") + toString(columns->at(i).type);
        projection.append({.source = i, .type = type.value_or(columns->at(i).type), .format = {}});
    }
    if (!wanted.isEmpty()) {
        projection.clear();
        for (const int i : wanted)
            projection.append({.source = i, .type = type.value_or(columns->at(i).type), .format = {}});
    }
    if (const Result<> projected = source.project(projection); !projected)
        return {{}, {}, {}, projected.error()};
    RowBatch batch;
    qint64 expected = 0;
    while (true) {
        const auto some = source.read(batch);
        if (const auto *failed = std::get_if<Source::ReadError>(&some)) {
            if (const auto *problem = std::get_if<RowProblem>(&failed->what)) {
                outcome.rows += QStringLiteral("! %1: %2").arg(problem->column).arg(problem->row);
                outcome.file = problem->file;
                expected = problem->row;
                continue;
            }
            outcome.error = std::get<Error>(failed->what);
            return outcome;
        }
        if (!std::get<bool>(some))
            return outcome;
        outcome.file = batch.file;
        for (int row = 0; row < batch.rows; ++row) {
            QStringList values;
            for (const Column &column : batch.columns) {
                std::string text = "NULL";
                if (column.valid[size_t(row)]) {
                    text.clear();
                    appendText(text, column, row);
                }
                values += QString::fromStdString(text);
            }
            outcome.rows += values.join(u'|');
            if (batch.rowNumbers[size_t(row)] != ++expected)
                outcome.error = Error{ErrorCode::Internal, QStringLiteral("rows are not numbered in order"), {}};
        }
    }
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("%s cannot be written", qPrintable(path));
}

} // namespace

void TestParquetSource::init() { m_folder = std::make_unique<QTemporaryDir>(); }

QString TestParquetSource::make(const QString &name, const QString &select)
{
    const QString path = m_folder->filePath(name);
    const auto session = DuckSession::open({.files = {path}, .memory = qint64(512) * 1024 * 1024});
    const Result<> made = (*session)->run(
        QStringLiteral("COPY (%1) TO %2 (FORMAT parquet, USE_TMP_FILE false)").arg(select, duckText(path)));
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    return path;
}

void TestParquetSource::readsFilesOfAFolderOneAfterTheOther()
{
    make(QStringLiteral("a.parquet"), QStringLiteral("SELECT range AS n, 'a' || range AS s FROM range(5000)"));
    make(QStringLiteral("b.parquet"), QStringLiteral("SELECT 0::BIGINT AS n, '' AS s WHERE false"));
    make(QStringLiteral("c.parquet"), QStringLiteral("SELECT 5000 + range AS n, NULL::VARCHAR AS s FROM range(3)"));
    ParquetSource source({m_folder->path(), QStringLiteral("in")});
    const Outcome outcome = read(source);
    QVERIFY2(!outcome.error, qPrintable(outcome.error ? outcome.error->message : QString()));
    QCOMPARE(outcome.rows.size(), 5003);
    QCOMPARE(outcome.rows.first(), QStringLiteral("0|a0"));
    QCOMPARE(outcome.rows.at(4999), QStringLiteral("4999|a4999"));
    QCOMPARE(outcome.rows.last(), QStringLiteral("5002|NULL"));
    QCOMPARE(outcome.file, QStringLiteral("in/c.parquet"));
    QCOMPARE(source.bytesRead(), source.size());
    QCOMPARE(source.fingerprint()["files"].size(), 3U);
    QVERIFY(source.verifyUnchanged());
}

void TestParquetSource::givesColumnsTheirOwnTypes()
{
    make(QStringLiteral("a.parquet"),
         QStringLiteral(
             "SELECT 18446744073709551615::UBIGINT AS u, 1.50::DECIMAL(38,2) AS d, "
             "TIMESTAMP_NS '2024-01-31 12:34:56.1234567' AS t, TIMESTAMPTZ '2024-01-31 12:00:00+02' AS o, "
             "'fedcba98-7654-3210-0123-456789abcdef'::UUID AS g, '\\x00'::BLOB AS b, [1, 2] AS \"the \"\"list\"\"\", "
             "{'x': 1} AS r, TIME '01:02:03' AS c, 'k'::ENUM('k') AS e"));
    ParquetSource source({m_folder->filePath(QStringLiteral("a.parquet")), QStringLiteral("a.parquet")});
    const Outcome outcome = read(source);
    QCOMPARE(outcome.columns,
             QString::fromUtf8("u: UInt64,d: Decimal,t: DateTime,o: DateTimeOffset,g: Guid,b: Byte[],the \"list\": "
                               "String,r: String,c: TimeSpan,e: String")
                 .split(u','));
    QCOMPARE(outcome.rows,
             QStringList{QString::fromUtf8("18446744073709551615|1.5|2024-01-31T12:34:56.1234567|"
                                           "2024-01-31T10:00:00+00:00|fedcba98-7654-3210-0123-456789abcdef|AA==|[1,2]|"
                                           "{\"x\":1}|01:02:03|k")});
}

void TestParquetSource::readsOnlyTheColumnsAskedForInAnyOrder()
{
    make(QStringLiteral("a.parquet"),
         QStringLiteral("SELECT range AS a, range * 2 AS b, range * 3 AS c FROM range(2)"));
    ParquetSource source({m_folder->filePath(QStringLiteral("a.parquet")), QStringLiteral("a.parquet")});
    QCOMPARE(read(source, InterimType::String, {2, 0, 2}).rows,
             QStringList({QStringLiteral("0|0|0"), QStringLiteral("3|1|3")}));
}

void TestParquetSource::saysWhichValueIsRefusedAndGoesOn()
{
    make(QStringLiteral("a.parquet"),
         QStringLiteral(
             "SELECT CASE WHEN range IN (1, 3000) THEN 300 ELSE range % 100 END AS a, CASE range WHEN 2 THEN DATE "
             "'10000-01-01' ELSE DATE '2024-01-01' END AS b FROM range(3002)"));
    ParquetSource source({m_folder->filePath(QStringLiteral("a.parquet")), QStringLiteral("a.parquet")});
    QVERIFY(source.open());
    QVERIFY(source.project({{.source = 0, .type = InterimType::Byte, .format = {}},
                            {.source = 1, .type = InterimType::DateTime, .format = {}}}));
    QStringList seen;
    int rows = 0;
    RowBatch batch;
    for (auto some = source.read(batch); !std::holds_alternative<bool>(some) || std::get<bool>(some);
         some = source.read(batch)) {
        if (const auto *failed = std::get_if<Source::ReadError>(&some)) {
            const auto &problem = std::get<RowProblem>(failed->what);
            seen += QStringLiteral("%1 %2 %3 %4").arg(rows).arg(problem.row).arg(problem.column, problem.file);
            QVERIFY2(problem.message.contains(u"Cannot convert"), qPrintable(problem.message));
        } else {
            rows += batch.rows;
        }
    }
    QCOMPARE(rows, 2999);
    QCOMPARE(seen,
             QStringList({QStringLiteral("1 2 a a.parquet"),
                          QStringLiteral("1 3 b a.parquet"),
                          QStringLiteral("2998 3001 a a.parquet")}));
}

void TestParquetSource::refusesFilesWithOtherColumns_data()
{
    QTest::addColumn<QString>("select");
    QTest::addColumn<QString>("message");
    QTest::newRow("another name") << QStringLiteral("SELECT 1 AS a, 2 AS c") << QStringLiteral("“c” as its column 2");
    QTest::newRow("another order") << QStringLiteral("SELECT 2 AS b, 1 AS a") << QStringLiteral("“b” as its column 1");
    QTest::newRow("another type") << QStringLiteral("SELECT 1 AS a, 2::BIGINT AS b")
                                  << QStringLiteral("“b” is BIGINT in in/b.parquet and INTEGER in in/a.parquet");
    QTest::newRow("one less") << QStringLiteral("SELECT 1 AS a") << QStringLiteral("in/b.parquet has no column “b”");
    QTest::newRow("one more") << QStringLiteral("SELECT 1 AS a, 2 AS b, 3 AS c")
                              << QStringLiteral("“c” as its column 3");
}

void TestParquetSource::refusesFilesWithOtherColumns()
{
    QFETCH(QString, select);
    QFETCH(QString, message);
    make(QStringLiteral("a.parquet"), QStringLiteral("SELECT 1 AS a, 2 AS b"));
    make(QStringLiteral("b.parquet"), select);
    ParquetSource source({m_folder->path(), QStringLiteral("in")});
    const Outcome outcome = read(source);
    QVERIFY(outcome.error);
    QCOMPARE(outcome.error->where, QStringLiteral("in/b.parquet"));
    QVERIFY2(outcome.error->message.contains(message), qPrintable(outcome.error->message));
}

void TestParquetSource::refusesWhatWouldBeRounded()
{
    const QString path =
        make(QStringLiteral("a.parquet"),
             QStringLiteral("SELECT 1 AS a, {'x': {'y': [TIMESTAMP_NS '2024-01-31 12:34:56.1234567']}, 'z': 2} "
                            "AS s, 3 AS b"));
    QByteArray content = contentOf(path);
    const QByteArray local = QByteArray::fromHex("121c3c0000"); // not in UTC, in a unit: nanoseconds
    QCOMPARE(content.count(local), 1);
    put(path, content.replace(local, QByteArray::fromHex("111c3c0000")));
    ParquetSource all({path, QStringLiteral("a.parquet")});
    const Outcome refused = read(all);
    QVERIFY(refused.error && refused.error->code == ErrorCode::Unsupported);
    QCOMPARE(refused.error->where, QStringLiteral("s"));
    ParquetSource others({path, QStringLiteral("a.parquet")});
    QCOMPARE(read(others, std::nullopt, {0, 2}).rows, QStringList{QStringLiteral("1|3")});
}

void TestParquetSource::refusesWhatIsNoParquet_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("a,b\n1,2\n3,4\n5,6\n");
    QTest::newRow("the mark alone") << QByteArray("PAR1");
    QTest::newRow("marks without a footer") << QByteArray("PAR1\xFF\xFF\xFF\x7FPAR1");
}

void TestParquetSource::refusesWhatIsNoParquet()
{
    QFETCH(QByteArray, content);
    const QString path = m_folder->filePath(QStringLiteral("a.parquet"));
    put(path, content);
    ParquetSource source({path, QStringLiteral("in/a.parquet")});
    const Outcome outcome = read(source);
    QVERIFY(outcome.error);
    QVERIFY2(outcome.error->message.startsWith(u"in/a.parquet is no Parquet file, or a damaged one: "),
             qPrintable(outcome.error->message));
    QVERIFY2(!outcome.error->message.contains(u"/proc/"), qPrintable(outcome.error->message));
    QCOMPARE(source.failureName(), QStringLiteral("ParquetInvalidFile"));
}

// Cut off anywhere: refused. Bits turned anywhere: refused, or other values; never a crash, never fewer rows.
void TestParquetSource::survivesEveryKindOfDamage()
{
    const QString path = make(QStringLiteral("a.parquet"),
                              QStringLiteral("SELECT range AS n, 'text ' || (range % 7) AS s, [range, 1] AS l, "
                                             "range::DECIMAL(30,3) AS d FROM range(3000)"));
    const QByteArray good = contentOf(path);
    QRandomGenerator random(7);
    for (int i = 0; i < 40; ++i) {
        put(path, good.left(random.bounded(int(good.size()))));
        ParquetSource source({path, QStringLiteral("a.parquet")});
        QVERIFY(read(source).error);
    }
    for (int i = 0; i < 300; ++i) {
        QByteArray damaged = good;
        const int end = i % 2 == 0 ? int(good.size()) : int(good.size()) - 1;
        const int start = i % 2 == 0 ? 0 : std::max(0, int(good.size()) - 900); // the footer, more often
        for (int bit = 0; bit <= i % 3; ++bit) {
            const int at = random.bounded(start, end);
            damaged[at] = char(damaged.at(at) ^ (1 << random.bounded(8)));
        }
        put(path, damaged);
        ParquetSource source({path, QStringLiteral("a.parquet")});
        const Outcome outcome = read(source);
        if (!outcome.error && damaged.right(900) == good.right(900))
            QCOMPARE(outcome.rows.size(), 3000);
    }
}

void TestParquetSource::opensNothingOutsideOfItsFolder()
{
    const QString outside = make(QStringLiteral("outside.parquet"), QStringLiteral("SELECT 1 AS a"));
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("root")));
    const QString root = m_folder->filePath(QStringLiteral("root"));
    QVERIFY(QFile::link(outside, root + QStringLiteral("/link.parquet")));
    ParquetSource linked({root + QStringLiteral("/link.parquet"),
                          QStringLiteral("link.parquet"),
                          FileSet{.root = root, .path = QStringLiteral("link.parquet")}});
    QVERIFY(read(linked).error);
    ParquetSource above(
        {outside, QStringLiteral("x"), FileSet{.root = root, .path = QStringLiteral("../outside.parquet")}});
    QVERIFY(read(above).error);
}

void TestParquetSource::noticesThatAFileChanged()
{
    const QString path = make(QStringLiteral("a.parquet"), QStringLiteral("SELECT 1 AS a"));
    ParquetSource source({path, QStringLiteral("a.parquet")});
    QVERIFY(!read(source).error);
    make(QStringLiteral("a.parquet"), QStringLiteral("SELECT 2 AS a"));
    const Result<> same = source.verifyUnchanged();
    QVERIFY(!same);
    QVERIFY(same.error().code == ErrorCode::Conflict);
}

void TestParquetSource::stopsWhenToldTo()
{
    const QString path = make(QStringLiteral("a.parquet"), QStringLiteral("SELECT range AS a FROM range(100000)"));
    ParquetSource source({path, QStringLiteral("a.parquet")});
    QVERIFY(source.open());
    QVERIFY(source.project({{.source = 0, .type = InterimType::Int64, .format = {}}}));
    RowBatch batch;
    QVERIFY(std::get<bool>(source.read(batch)));
    std::thread([&source] { source.stop(); }).join();
    const auto stopped = source.read(batch);
    const auto *failed = std::get_if<Source::ReadError>(&stopped);
    QVERIFY(failed);
    QVERIFY(std::get<Error>(failed->what).code == ErrorCode::Cancelled);
}

void TestParquetSource::readsBigFilesInLittleMemory()
{
    const QString path =
        make(QStringLiteral("a.parquet"),
             QStringLiteral("SELECT range AS n, md5(range::VARCHAR) || repeat('x', 200) AS s FROM range(1000000)"));
    ParquetSource source({path, QStringLiteral("a.parquet")});
    QVERIFY(source.open());
    QVERIFY(source.project({{.source = 0, .type = InterimType::Int64, .format = {}},
                            {.source = 1, .type = InterimType::String, .format = {}}}));
    RowBatch batch;
    int64_t sum = 0;
    while (true) {
        const auto some = source.read(batch);
        const auto *failed = std::get_if<Source::ReadError>(&some);
        QVERIFY2(!failed, failed ? qPrintable(std::get<Error>(failed->what).message) : "");
        if (!std::get<bool>(some))
            break;
        for (int row = 0; row < batch.rows; ++row)
            QCOMPARE(batch.columns[0].integers[size_t(row)], sum++);
    }
    QCOMPARE(sum, 1'000'000);
}

SLIPWAY_TEST(TestParquetSource)
#include "TestParquetSource.moc"
