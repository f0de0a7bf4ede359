#include "engine/connectors/files/JsonTextWriter.h"
#include "tests/engine/connectors/files/TypedRows.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QProcess>
#include <QScopeGuard>
#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>

using namespace engine;
using tests::sinkColumn;
using tests::TypedRows;

// JSON that has the values exactly, as others read them.
class TestJsonTextWriter : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void writesALineForEachRow();
    void writesAnArray();
    void emptySourcesAreJsonToo();
    void nestsByPath();
    void refusesPathsThatCollide_data();
    void refusesPathsThatCollide();
    void readsPaths_data();
    void readsPaths();
    void keepsEveryDigitAndCharacter();
    void escapesWhatTheEncodingLacks();
    void refusesNumbersThatJsonLacks();
    void packs();

private:
    QByteArray written(const JsonTextFormat &format, TypedRows rows) const
    {
        const QString path = m_dir->filePath(u"out"_qs);
        JsonTextWriter writer(format);
        if (const auto defined = writer.define(rows.columns()); !defined)
            return defined.error().message.toUtf8();
        const int descriptor = ::open(QFile::encodeName(path).constData(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        const auto closing = qScopeGuard([descriptor] { ::close(descriptor); });
        if (const auto begun = writer.begin({descriptor, path, u"out.json"_qs}); !begun)
            return begun.error().message.toUtf8();
        while (const RowBatch *batch = *rows.next()) {
            const auto taken = writer.write(*batch, 0, batch->rows, rows.order());
            if (!taken)
                return taken.error().message.toUtf8();
            if (*taken < batch->rows)
                return writer.rowProblem()->message.toUtf8();
        }
        if (const auto finished = writer.finish(); !finished)
            return finished.error().message.toUtf8();
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QByteArray python(const QString &script) const
    {
        QProcess process;
        process.setWorkingDirectory(m_dir->path());
        process.start(u"python3"_qs, {u"-c"_qs, script});
        process.waitForFinished();
        return process.exitCode() == 0 ? process.readAllStandardOutput() : process.readAllStandardError();
    }
    static SinkColumn pathColumn(const char *path, InterimType type = InterimType::String)
    {
        SinkColumn column = sinkColumn(path, type);
        column.path = QString::fromUtf8(path);
        return column;
    }
    static TypedRows twoRows()
    {
        return {{sinkColumn("a", InterimType::Int32), sinkColumn("b")}, {{"1", "x"}, {{}, "\"\n"}}};
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

SLIPWAY_TEST(TestJsonTextWriter)

void TestJsonTextWriter::writesALineForEachRow()
{
    QCOMPARE(written({}, twoRows()), QByteArray("{\"a\":1,\"b\":\"x\"}\n{\"a\":null,\"b\":\"\\\"\\n\"}\n"));
}

void TestJsonTextWriter::writesAnArray()
{
    JsonTextFormat format;
    format.pattern = JsonTextFormat::Pattern::ArrayOfObjects;
    QCOMPARE(written(format, twoRows()), QByteArray("[\n{\"a\":1,\"b\":\"x\"},\n{\"a\":null,\"b\":\"\\\"\\n\"}\n]\n"));
}

void TestJsonTextWriter::emptySourcesAreJsonToo()
{
    JsonTextFormat format;
    QCOMPARE(written(format, {{sinkColumn("a")}, {}}), QByteArray());
    format.pattern = JsonTextFormat::Pattern::ArrayOfObjects;
    QCOMPARE(written(format, {{sinkColumn("a")}, {}}), QByteArray("[]\n"));
}

void TestJsonTextWriter::nestsByPath()
{
    const TypedRows rows({pathColumn("$['a']['b']", InterimType::Int64),
                          pathColumn("$['c']"),
                          pathColumn("$.a.d.e"),
                          pathColumn("$['it\\'s']['a.b']"),
                          sinkColumn("$['plain']")},
                         {{"1", "2", "3", "4", "5"}, {{}, {}, {}, {}, {}}});
    QCOMPARE(written({}, rows),
             QByteArray("{\"a\":{\"b\":1,\"d\":{\"e\":\"3\"}},\"c\":\"2\",\"it's\":{\"a.b\":\"4\"},"
                        "\"$['plain']\":\"5\"}\n"
                        "{\"a\":{\"b\":null,\"d\":{\"e\":null}},\"c\":null,\"it's\":{\"a.b\":null},"
                        "\"$['plain']\":null}\n"));
}

void TestJsonTextWriter::refusesPathsThatCollide_data()
{
    QTest::addColumn<QStringList>("paths");
    QTest::newRow("value, then object") << QStringList{u"$['a']"_qs, u"$['a']['b']"_qs};
    QTest::newRow("object, then value") << QStringList{u"$['a']['b']"_qs, u"$['a']"_qs};
    QTest::newRow("twice") << QStringList{u"$['a']"_qs, u"$.a"_qs};
    QTest::newRow("an item") << QStringList{u"$['a'][0]"_qs};
    QTest::newRow("all of it") << QStringList{u"$"_qs};
}

void TestJsonTextWriter::refusesPathsThatCollide()
{
    QFETCH(QStringList, paths);
    QList<SinkColumn> columns;
    for (const QString &path : paths)
        columns += pathColumn(qPrintable(path));
    JsonTextWriter writer({});
    QVERIFY(!writer.define(columns));
}

void TestJsonTextWriter::readsPaths_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("names"); // joined; "-" for none
    QTest::newRow("brackets") << u"$['a']['b']"_qs << u"a|b"_qs;
    QTest::newRow("double quotes") << u"$[\"a\"]"_qs << u"a"_qs;
    QTest::newRow("points") << u"$.a.b"_qs << u"a|b"_qs;
    QTest::newRow("both") << u"$.a['b.c'].d"_qs << u"a|b.c|d"_qs;
    QTest::newRow("not closed") << u"$['a"_qs << u"-"_qs;
    QTest::newRow("no bracket") << u"$['a'"_qs << u"-"_qs;
    QTest::newRow("nothing behind the point") << u"$.a."_qs << u"-"_qs;
    QTest::newRow("no root") << u"a.b"_qs << u"-"_qs;
    QTest::newRow("item") << u"$[0]"_qs << u"-"_qs;
}

void TestJsonTextWriter::readsPaths()
{
    QFETCH(QString, path);
    QFETCH(QString, names);
    const auto read = namesOfJsonPath(path);
    QCOMPARE(read ? read->join(u'|') : u"-"_qs, names);
}

void TestJsonTextWriter::keepsEveryDigitAndCharacter()
{
    const TypedRows rows({sinkColumn("i", InterimType::Int64),
                          sinkColumn("u", InterimType::UInt64),
                          sinkColumn("d", InterimType::Decimal),
                          sinkColumn("r", InterimType::Double),
                          sinkColumn("b", InterimType::Boolean),
                          sinkColumn("t", InterimType::DateTime),
                          sinkColumn("o", InterimType::DateTimeOffset),
                          sinkColumn("p", InterimType::TimeSpan),
                          sinkColumn("g", InterimType::Guid),
                          sinkColumn("x", InterimType::Binary),
                          sinkColumn("s")},
                         {{"9223372036854775807",
                           "18446744073709551615",
                           "12345678901234567890123456789012345.678",
                           "1e+300",
                           "true",
                           "2024-01-31T12:34:56.1234567",
                           "2024-01-31T12:34:56+02:00",
                           "1.02:03:04",
                           "00112233-4455-6677-8899-aabbccddeeff",
                           "AAEC/w==",
                           QByteArray("\0\x1f\x7f\\/\"\t\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80", 16)}});
    const QByteArray text = written({}, rows);
    QVERIFY2(text.startsWith("{\"i\":9223372036854775807,"), text.constData());
    const QByteArray read = python(
        QStringLiteral("import json\n"
                       "from decimal import Decimal\n"
                       "row = json.loads(open('out', encoding='utf-8').read(), parse_float=Decimal)\n"
                       "for key, value in row.items():\n"
                       "    print(key, type(value).__name__, value.encode('utf-8').hex() if key == 's' else value)"));
    QCOMPARE(read,
             QByteArray("i int 9223372036854775807\nu int 18446744073709551615\n"
                        "d Decimal 12345678901234567890123456789012345.678\nr Decimal 1E+300\nb bool True\n"
                        "t str 2024-01-31T12:34:56.1234567\no str 2024-01-31T12:34:56+02:00\np str 1.02:03:04\n"
                        "g str 00112233-4455-6677-8899-aabbccddeeff\nx str AAEC/w==\n"
                        "s str 001f7f5c2f2209c3a9e4b8adf09f9880\n"));
}

void TestJsonTextWriter::escapesWhatTheEncodingLacks()
{
    JsonTextFormat format;
    format.encoding = u"windows-1252"_qs;
    const TypedRows rows({sinkColumn("\xC3\xA9")}, {{"\xE4\xB8\xAD\xF0\x9F\x98\x80"}});
    QCOMPARE(written(format, rows), QByteArray("{\"\\u00e9\":\"\\u4e2d\\ud83d\\ude00\"}\n"));
    format.encoding = u"UTF-16"_qs;
    QVERIFY(written(format, rows).startsWith("\xFF\xFE{"));
    QCOMPARE(
        python(u"import json; print(list(json.load(open('out', encoding='utf-16')).values())[0].encode().hex())"_qs),
        QByteArray("e4b8adf09f9880\n"));
}

void TestJsonTextWriter::refusesNumbersThatJsonLacks()
{
    JsonTextWriter writer({});
    VERIFY_OK(writer.define({sinkColumn("r", InterimType::Double)}));
    const QString path = m_dir->filePath(u"out"_qs);
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    VERIFY_OK(writer.begin({descriptor, path, u"out.json"_qs}));
    RowBatch batch;
    batch.columns.resize(1);
    batch.columns[0].type = InterimType::Double;
    batch.columns[0].resize(3);
    batch.columns[0].valid = {1, 1, 1};
    batch.columns[0].reals = {1, std::numeric_limits<double>::quiet_NaN(), 2};
    batch.rows = 3;
    batch.rowNumbers = {1, 2, 3};
    QCOMPARE(*writer.write(batch, 0, 3, {0}), 1);
    QCOMPARE(writer.rowProblem()->row, 2);
    QCOMPARE(*writer.write(batch, 2, 1, {0}), 1);
    VERIFY_OK(writer.finish());
    ::close(descriptor);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("{\"r\":1}\n{\"r\":2}\n"));
}

void TestJsonTextWriter::packs()
{
    JsonTextFormat format;
    const QByteArray plain = written(format, twoRows());
    format.compression = FileCompression::Gzip;
    QVERIFY(written(format, twoRows()).startsWith("\x1f\x8b"));
    QCOMPARE(python(u"import gzip, sys; sys.stdout.buffer.write(gzip.open('out').read())"_qs), plain);
}

#include "TestJsonTextWriter.moc"
