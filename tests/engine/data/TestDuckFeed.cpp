#include "engine/data/DuckFeed.h"
#include "engine/data/DuckSession.h"
#include "engine/data/TypeConversion.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QTemporaryFile>

using namespace engine;

class TestDuckFeed : public QObject
{
    Q_OBJECT

private slots:
    void keepsEveryTypeExactly_data();
    void keepsEveryTypeExactly();
    void refusesWhatDoesNotFit_data();
    void refusesWhatDoesNotFit();
    void packsAsToldAndInRowGroups_data();
    void packsAsToldAndInRowGroups();
    void writesAFileWithoutRows();
    void stopsWithoutFinishing();
    void tellsThatTheDiskIsFull();
    void refusesNamesThatDifferByCaseOnly();
};

namespace {

// One row of one value, read from text.
RowBatch batchOf(InterimType type, const QStringList &texts)
{
    RowBatch batch;
    batch.columns.resize(1);
    batch.columns[0].type = type;
    batch.columns[0].resize(int(texts.size()));
    const auto converter = TextConverter::make(type, {});
    for (int row = 0; row < texts.size(); ++row) {
        if (texts.at(row) == u"NULL")
            continue;
        const std::string_view kept = batch.arena.copy(texts.at(row).toStdString());
        if (!converter->convert(kept, batch.columns[0], row, batch.arena))
            qFatal("%s is no %s", qPrintable(texts.at(row)), qPrintable(toString(type)));
    }
    batch.rows = int(texts.size());
    return batch;
}

// The values of the file's first column as text, in the type they have there.
QStringList read(const QString &path, const QString &select)
{
    const auto session = DuckSession::open({.files = {path}});
    const QString query =
        QStringLiteral("SELECT %1 FROM read_parquet(%2, file_row_number=true)").arg(select, duckText(path));
    const auto columns = (*session)->describe(query);
    if (!columns)
        return {columns.error().message};
    const auto rows = (*session)->query(query);
    if (!rows)
        return {rows.error().message};
    QStringList texts{columns->constFirst().spelled};
    DuckBatch batch;
    while (true) {
        const Result<bool> some = (*rows)->next(batch);
        if (!some)
            return {some.error().message};
        if (!*some)
            return texts;
        for (int row = 0; row < batch.rows; ++row) {
            std::string text = "NULL";
            if (batch.columns[0].valid[size_t(row)]) {
                text.clear();
                appendText(text, batch.columns[0], row);
            }
            texts += QString::fromStdString(text);
        }
    }
}

std::unique_ptr<DuckFeed>
feedInto(const QTemporaryFile &file, const DuckFeed::Target &target, DuckFeed::Codec codec = DuckFeed::Codec::Snappy)
{
    auto feed = DuckFeed::start({target}, file.handle(), codec);
    return feed ? *std::move(feed) : nullptr;
}

} // namespace

void TestDuckFeed::keepsEveryTypeExactly_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("spelled"); // in the file
    QTest::addColumn<QStringList>("values");
    const auto row = [](const char *type, const char *spelled, const QStringList &values) {
        QTest::newRow(type) << QString::fromLatin1(type) << QString::fromLatin1(spelled) << values;
    };
    const auto texts = [](const char *values) { return QString::fromUtf8(values).split(u'|'); };
    row("Boolean", "BOOLEAN", texts("true|NULL|false"));
    row("SByte", "TINYINT", texts("-128|127|NULL"));
    row("Byte", "UTINYINT", texts("0|255"));
    row("Int16", "SMALLINT", texts("-32768|32767"));
    row("UInt16", "USMALLINT", texts("65535|0"));
    row("Int32", "INTEGER", texts("-2147483648|2147483647"));
    row("UInt32", "UINTEGER", texts("4294967295|0"));
    row("Int64", "BIGINT", texts("-9223372036854775808|9223372036854775807|NULL|9007199254740993"));
    row("UInt64", "UBIGINT", texts("18446744073709551615|0"));
    row("Single", "FLOAT", texts("0.1|-3.4028235e+38|NULL"));
    row("Double", "DOUBLE", texts("0.1|5e-324|-1.7976931348623157e+308|NULL"));
    row("Decimal",
        "DECIMAL(38,18)",
        texts("-99999999999999999999.999999999999999999|0.000000000000000001|0|NULL|12.5"));
    row("String", "VARCHAR", texts("|NULL|twelve bytes|thirteen bytes|\xC3\xA4\xF0\x9F\x9A\xA2"));
    row("Byte[]", "BLOB", texts("|NULL|AP8=|AAAAAAAAAAAAAAAAAAAAAA=="));
    row("DateTime",
        "TIMESTAMP_NS",
        texts("1970-01-01T00:00:00|2024-02-29T12:34:56.1234567|1677-09-22T00:00:00|2262-04-11T23:47:16.8547758|NULL"));
    row("DateTimeOffset", "VARCHAR", texts("2024-01-31T12:34:56.1234567+02:00|NULL|0001-01-01T00:00:00+00:00"));
    row("TimeSpan", "VARCHAR", texts("1.02:03:04.0000001|-00:00:01|NULL"));
    row("Guid", "UUID", texts("fedcba98-7654-3210-0123-456789abcdef|00000000-0000-0000-0000-000000000000|NULL"));
}

void TestDuckFeed::keepsEveryTypeExactly()
{
    QFETCH(QString, type);
    QFETCH(QString, spelled);
    QFETCH(QStringList, values);
    QTemporaryFile file;
    QVERIFY(file.open());
    const InterimType interim = *interimTypeFromString(type);
    const auto feed = feedInto(file, {QStringLiteral("a \"b\" 'c'"), interim});
    QVERIFY(feed);
    const RowBatch batch = batchOf(interim, values);
    QVERIFY(feed->push(batch, 0, 1, {0}));
    QVERIFY(feed->push(batch, 1, batch.rows - 1, {0}));
    QVERIFY(feed->finish());
    QStringList expected{spelled};
    for (int row = 0; row < values.size(); ++row) {
        std::string text = "NULL";
        if (batch.columns[0].valid[size_t(row)]) {
            text.clear();
            appendText(text, batch.columns[0], row);
        }
        expected += QString::fromStdString(text);
    }
    QCOMPARE(read(file.fileName(), QStringLiteral("\"a \"\"b\"\" 'c'\"")), expected);
}

void TestDuckFeed::refusesWhatDoesNotFit_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("good");
    QTest::addColumn<QString>("bad");
    QTest::newRow("too early") << QStringLiteral("DateTime") << QStringLiteral("1677-09-22T00:00:00")
                               << QStringLiteral("1677-09-21T00:00:00");
    QTest::newRow("too late") << QStringLiteral("DateTime") << QStringLiteral("2262-04-11T00:00:00")
                              << QStringLiteral("9999-12-31T00:00:00");
    QTest::newRow("too fine") << QStringLiteral("Decimal") << QStringLiteral("0.000000000000000001")
                              << QStringLiteral("0.0000000000000000001");
    QTest::newRow("too large") << QStringLiteral("Decimal") << QStringLiteral("99999999999999999999")
                               << QStringLiteral("100000000000000000000");
}

void TestDuckFeed::refusesWhatDoesNotFit()
{
    QFETCH(QString, type);
    QFETCH(QString, good);
    QFETCH(QString, bad);
    QTemporaryFile file;
    QVERIFY(file.open());
    const InterimType interim = *interimTypeFromString(type);
    const auto feed = feedInto(file, {QStringLiteral("a"), interim});
    const Result<> pushed = feed->push(batchOf(interim, {good, good, bad}), 1, 2, {0});
    QVERIFY(!pushed);
    QVERIFY(pushed.error().code == ErrorCode::InvalidInput);
    QVERIFY(feed->refusal());
    QCOMPARE(feed->refusal()->row, 2);
    QVERIFY(!feed->refusal()->reason.isEmpty());
    QVERIFY(feed->push(batchOf(interim, {good}), 0, 1, {0}));
    QVERIFY(feed->finish());
    QCOMPARE(read(file.fileName(), QStringLiteral("a")).mid(1), QStringList{good});
}

void TestDuckFeed::packsAsToldAndInRowGroups_data()
{
    QTest::addColumn<int>("codec");
    QTest::addColumn<QString>("name");
    QTest::newRow("snappy") << int(DuckFeed::Codec::Snappy) << QStringLiteral("SNAPPY");
    QTest::newRow("gzip") << int(DuckFeed::Codec::Gzip) << QStringLiteral("GZIP");
    QTest::newRow("zstd") << int(DuckFeed::Codec::Zstandard) << QStringLiteral("ZSTD");
    QTest::newRow("none") << int(DuckFeed::Codec::None) << QStringLiteral("UNCOMPRESSED");
}

void TestDuckFeed::packsAsToldAndInRowGroups()
{
    QFETCH(int, codec);
    QFETCH(QString, name);
    constexpr int batches = 150; // more rows than a row group takes
    QTemporaryFile file;
    QVERIFY(file.open());
    const auto feed = feedInto(file, {QStringLiteral("a"), InterimType::Int64}, DuckFeed::Codec(codec));
    RowBatch batch;
    batch.columns.resize(1);
    batch.columns[0].type = InterimType::Int64;
    batch.columns[0].resize(RowBatch::maximumRows);
    batch.rows = RowBatch::maximumRows;
    int64_t number = 0;
    for (int i = 0; i < batches; ++i) {
        for (size_t row = 0; row < size_t(batch.rows); ++row) {
            batch.columns[0].integers[row] = number++;
            batch.columns[0].valid[row] = 1;
        }
        QVERIFY(feed->push(batch, 0, batch.rows, {0}));
    }
    QVERIFY(feed->finish());
    const QString path = file.fileName();
    const auto session = DuckSession::open({.files = {path}});
    const auto rows = (*session)->query(
        QStringLiteral("SELECT compression, count(*) > 1, sum(num_values)::BIGINT FROM parquet_metadata(%1) GROUP BY 1")
            .arg(duckText(path)));
    DuckBatch facts;
    QVERIFY(*(*rows)->next(facts));
    QCOMPARE(QString::fromStdString(std::string(facts.columns[0].bytes[0])), name);
    QCOMPARE(facts.columns[1].integers[0], 1);
    QCOMPARE(facts.columns[2].integers[0], number);
    const QStringList first = read(path, QStringLiteral("bool_and(a = file_row_number)"));
    QCOMPARE(first, QStringList({QStringLiteral("BOOLEAN"), QStringLiteral("true")}));
}

void TestDuckFeed::writesAFileWithoutRows()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    QVERIFY(feedInto(file, {QStringLiteral("a"), InterimType::Guid})->finish());
    QCOMPARE(read(file.fileName(), QStringLiteral("a")), QStringList{QStringLiteral("UUID")});
}

void TestDuckFeed::stopsWithoutFinishing()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    const auto feed = feedInto(file, {QStringLiteral("a"), InterimType::String});
    QVERIFY(feed->push(batchOf(InterimType::String, {QStringLiteral("x")}), 0, 1, {0}));
}

void TestDuckFeed::tellsThatTheDiskIsFull()
{
    QFile full(QStringLiteral("/dev/full"));
    QVERIFY(full.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
    auto feed = DuckFeed::start({{QStringLiteral("a"), InterimType::String}}, full.handle(), DuckFeed::Codec::None);
    QVERIFY(feed);
    const RowBatch batch = batchOf(InterimType::String, QStringList(2000, QString(1000, u'x')));
    Result<> pushed;
    for (int i = 0; i < 200 && pushed; ++i)
        pushed = (*feed)->push(batch, 0, batch.rows, {0});
    if (pushed)
        pushed = (*feed)->finish();
    QVERIFY(!pushed);
    QVERIFY(pushed.error().code == ErrorCode::Io);
}

void TestDuckFeed::refusesNamesThatDifferByCaseOnly()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    const auto feed =
        DuckFeed::start({{QStringLiteral("Key"), InterimType::Int32}, {QStringLiteral("key"), InterimType::Int32}},
                        file.handle(),
                        DuckFeed::Codec::None);
    QVERIFY(!feed);
    QVERIFY(feed.error().code == ErrorCode::Unsupported);
}

SLIPWAY_TEST(TestDuckFeed)
#include "TestDuckFeed.moc"
