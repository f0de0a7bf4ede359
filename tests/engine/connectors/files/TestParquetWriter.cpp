#include "engine/connectors/files/FileSink.h"
#include "engine/connectors/files/ParquetSource.h"
#include "engine/connectors/files/ParquetWriter.h"
#include "engine/data/TypeConversion.h"
#include "tests/engine/connectors/files/TypedRows.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace engine;
using tests::sinkColumn;
using tests::TypedRows;

// Parquet written by FileSink, and read again.
class TestParquetWriter : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void readsBackWhatItWrote();
    void beginsAFileAfterSoManyRows();
    void takesDigitsFromThePhysicalType();
    void leavesOutRowsThatDoNotFit();
    void failsAtARowThatDoesNotFitAndLeavesNothing();
    void refusesColumnsItCannotName();
    void keepsMemorySmall();

private:
    std::unique_ptr<FileSink> sinkInto(const FileTarget &target, DuckFeed::Codec codec = DuckFeed::Codec::Snappy);
    Result<LoadResult> load(FileSink &sink, TypedRows &rows);
    QStringList read(const QString &name);

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

class Rejected final : public RowRejecter
{
public:
    Result<> reject(const RowProblem &problem) override
    {
        problems.append(problem);
        return {};
    }
    QList<RowProblem> problems;
};

// A great many rows of long texts, made as they are asked for.
class LongRows final : public BatchStream
{
public:
    explicit LongRows(int batches) : m_left(batches) { }
    Result<const RowBatch *> next() override
    {
        if (m_left-- == 0)
            return nullptr;
        m_batch.clear();
        m_batch.rows = RowBatch::maximumRows;
        m_batch.columns.resize(1);
        m_batch.columns[0].type = InterimType::String;
        m_batch.columns[0].resize(m_batch.rows);
        for (size_t row = 0; row < size_t(m_batch.rows); ++row) {
            std::string text;
            for (int i = 0; i < 60; ++i)
                text += std::to_string(m_random = m_random * 6364136223846793005U + 1442695040888963407U);
            m_batch.columns[0].bytes[row] = m_batch.arena.copy(text);
            m_batch.columns[0].valid[row] = 1;
        }
        return &m_batch;
    }

private:
    int m_left;
    uint64_t m_random = 7;
    RowBatch m_batch;
};

qint64 residentMebibytes()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong() / 1024;
    }
    return 0;
}

} // namespace

std::unique_ptr<FileSink> TestParquetWriter::sinkInto(const FileTarget &target, DuckFeed::Codec codec)
{
    return std::make_unique<FileSink>(target, std::make_unique<ParquetWriter>(codec));
}

Result<LoadResult> TestParquetWriter::load(FileSink &sink, TypedRows &rows)
{
    if (const auto opened = sink.open({}); !opened)
        return opened.error();
    if (const Result<> defined = sink.define(rows.columns()); !defined)
        return defined.error();
    if (const Result<> begun = sink.begin(); !begun)
        return begun.error();
    auto loaded = sink.load(rows.order(), rows);
    if (!loaded) {
        sink.rollBack();
        return loaded;
    }
    if (const auto [answer, error] = sink.commit(); answer != Sink::CommitAnswer::Committed)
        return error;
    return loaded;
}

QStringList TestParquetWriter::read(const QString &name)
{
    ParquetSource source({m_folder->filePath(name), name});
    const auto columns = source.open();
    if (!columns)
        return {columns.error().message};
    QStringList rows;
    QList<ProjectedColumn> projection;
    QStringList names;
    for (int i = 0; i < columns->size(); ++i) {
        projection.append({.source = i, .type = columns->at(i).type, .format = {}});
        names += columns->at(i).name + u' ' + source.columns().at(i).spelled;
    }
    rows += names.join(u'|');
    if (const Result<> projected = source.project(projection); !projected)
        return {projected.error().message};
    RowBatch batch;
    for (auto some = source.read(batch);; some = source.read(batch)) {
        if (const auto *failed = std::get_if<Source::ReadError>(&some))
            return {std::get<Error>(failed->what).message};
        if (!std::get<bool>(some))
            return rows;
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
            rows += values.join(u'|');
        }
    }
}

void TestParquetWriter::readsBackWhatItWrote()
{
    for (const auto codec :
         {DuckFeed::Codec::Snappy, DuckFeed::Codec::Gzip, DuckFeed::Codec::Zstandard, DuckFeed::Codec::None}) {
        TypedRows rows(
            {sinkColumn("Größe", InterimType::Int64),
             sinkColumn("price", InterimType::Decimal),
             sinkColumn("at", InterimType::DateTime),
             sinkColumn("there", InterimType::DateTimeOffset),
             sinkColumn("text")},
            {{"9223372036854775807", "12.50", "2024-01-31T12:34:56.1234567", "2024-01-31T12:00:00+02:00", ""},
             {{}, {}, {}, {}, {}},
             {"-1", "-0.000000000000000001", "1970-01-01", "0001-01-01T00:00:00Z", "\xF0\x9F\x9A\xA2"}});
        const auto sink = sinkInto({.root = m_folder->path(), .fileName = QStringLiteral("a.parquet")}, codec);
        const auto loaded = load(*sink, rows);
        QVERIFY2(loaded, qPrintable(loaded ? QString() : loaded.error().message));
        QCOMPARE(loaded->rowsWritten, 3);
        QCOMPARE(read(QStringLiteral("a.parquet")),
                 QStringList(
                     {QString::fromUtf8("Größe BIGINT|price DECIMAL(38,18)|at TIMESTAMP_NS|there VARCHAR|text VARCHAR"),
                      QStringLiteral("9223372036854775807|12.5|2024-01-31T12:34:56.1234567|"
                                     "2024-01-31T12:00:00+02:00|"),
                      QStringLiteral("NULL|NULL|NULL|NULL|NULL"),
                      QString::fromUtf8("-1|-0.000000000000000001|1970-01-01T00:00:00|0001-01-01T00:00:00+00:00|🚢")}));
    }
}

void TestParquetWriter::beginsAFileAfterSoManyRows()
{
    QList<TypedRows::Row> values;
    for (int i = 0; i < 7; ++i)
        values.append({QByteArray::number(i)});
    TypedRows rows({sinkColumn("n", InterimType::Int32)}, values);
    const auto sink = sinkInto({.root = m_folder->path(),
                                .namePrefix = QStringLiteral("part"),
                                .extension = QStringLiteral(".parquet"),
                                .maxRowsPerFile = 4});
    QVERIFY(load(*sink, rows));
    const QStringList names = QDir(m_folder->path()).entryList(QDir::Files);
    QCOMPARE(names.size(), 2);
    QCOMPARE(read(names.first()).size(), 5);
    QCOMPARE(read(names.last()),
             QStringList({QStringLiteral("n INTEGER"), QStringLiteral("4"), QStringLiteral("5"), QStringLiteral("6")}));
}

void TestParquetWriter::takesDigitsFromThePhysicalType()
{
    QList<SinkColumn> columns;
    QStringList expected;
    const auto column = [&](const char *physical, const char *type) {
        SinkColumn made = sinkColumn(physical, InterimType::Decimal);
        made.physicalType = QString::fromLatin1(physical);
        columns.append(made);
        expected += QString::fromLatin1(physical) + u' ' + QString::fromLatin1(type);
    };
    column("numeric(4,2)", "DECIMAL(4,2)");
    column("decimal(9)", "DECIMAL(9,0)");
    column("DECIMAL( 18 , 3 )", "DECIMAL(18,3)");
    column("numeric", "DECIMAL(38,18)");
    column("numeric(39,2)", "DECIMAL(38,18)");
    column("numeric(38,38)", "DECIMAL(38,38)");
    TypedRows rows(columns, {{"-99.99", "123456789", "-0.001", "1", "2", "0.00000000000000000000000000000000000001"}});
    const auto sink = sinkInto({.root = m_folder->path(), .fileName = QStringLiteral("a.parquet")});
    QVERIFY(load(*sink, rows));
    QCOMPARE(read(QStringLiteral("a.parquet")),
             QStringList({expected.join(u'|'),
                          QStringLiteral("-99.99|123456789|-0.001|1|2|0.00000000000000000000000000000000000001")}));
}

void TestParquetWriter::leavesOutRowsThatDoNotFit()
{
    TypedRows rows({sinkColumn("at", InterimType::DateTime)},
                   {{"9999-12-31"}, {"2024-01-01"}, {"1600-01-01"}, {"0001-01-01"}, {"2024-01-02"}},
                   5);
    Rejected rejected;
    const auto sink = sinkInto({.root = m_folder->path(), .fileName = QStringLiteral("a.parquet")});
    sink->setRejecter(&rejected);
    const auto loaded = load(*sink, rows);
    QVERIFY2(loaded, qPrintable(loaded ? QString() : loaded.error().message));
    QCOMPARE(read(QStringLiteral("a.parquet")).mid(1),
             QStringList({QStringLiteral("2024-01-01T00:00:00"), QStringLiteral("2024-01-02T00:00:00")}));
    QCOMPARE(rejected.problems.size(), 3);
    QCOMPARE(rejected.problems.first().column, QStringLiteral("at"));
    QVERIFY(rejected.problems.first().message.contains(u"1677"));
}

void TestParquetWriter::failsAtARowThatDoesNotFitAndLeavesNothing()
{
    TypedRows rows({sinkColumn("d", InterimType::Decimal)}, {{"1"}, {"100000000000000000000"}});
    const auto sink = sinkInto({.root = m_folder->path(), .fileName = QStringLiteral("a.parquet")});
    QVERIFY(!load(*sink, rows));
    QVERIFY(sink->rowProblem());
    QCOMPARE(sink->rowProblem()->value, QStringLiteral("100000000000000000000"));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).filter(QStringLiteral("parquet")),
             QStringList());
}

void TestParquetWriter::refusesColumnsItCannotName()
{
    TypedRows none({}, {});
    QVERIFY(!load(*sinkInto({.root = m_folder->path(), .fileName = QStringLiteral("a.parquet")}), none));
    TypedRows twice({sinkColumn("Key"), sinkColumn("KEY")}, {});
    const auto loaded = load(*sinkInto({.root = m_folder->path(), .fileName = QStringLiteral("a.parquet")}), twice);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().code == ErrorCode::Unsupported);
}

// A quarter of a gigabyte of text that nothing packs well.
void TestParquetWriter::keepsMemorySmall()
{
    const qint64 before = residentMebibytes();
    LongRows rows(120);
    const auto sink = sinkInto({.root = m_folder->path(), .fileName = QStringLiteral("a.parquet")});
    QVERIFY(sink->open({}));
    QVERIFY(sink->define({sinkColumn("text")}));
    QVERIFY(sink->begin());
    const auto loaded = sink->load({0}, rows);
    QVERIFY2(loaded, qPrintable(loaded ? QString() : loaded.error().message));
    QCOMPARE(loaded->rowsWritten, 120 * RowBatch::maximumRows);
    QVERIFY(sink->commit().first == Sink::CommitAnswer::Committed);
    QVERIFY2(residentMebibytes() - before < 128, qPrintable(QString::number(residentMebibytes() - before)));
}

SLIPWAY_TEST(TestParquetWriter)
#include "TestParquetWriter.moc"
