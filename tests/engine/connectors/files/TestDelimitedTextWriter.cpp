#include "engine/connectors/files/DelimitedTextWriter.h"
#include "tests/engine/connectors/files/TypedRows.h"
#include "tests/support/TestMain.h"

#include <QFile>
#include <QProcess>
#include <QScopeGuard>
#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>

using namespace engine;
using tests::readRows;
using tests::sinkColumn;
using tests::TypedRows;

Q_DECLARE_METATYPE(engine::DelimitedTextFormat)

// What is written is read back as the same values, by our reader and by others, or refused.
class TestDelimitedTextWriter : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void readsBackWhatItWrote_data();
    void readsBackWhatItWrote();
    void writesAsDataFactoryDoes();
    void quotesAllTexts();
    void escapesWhereNoQuoteIs();
    void refusesWhatCannotBeToldApart_data();
    void refusesWhatCannotBeToldApart();
    void goesOnBehindARefusedRow();
    void refusesFormsThatCannotBe_data();
    void refusesFormsThatCannotBe();
    void pythonReadsTheSame();
    void othersUnpackTheSame_data();
    void othersUnpackTheSame();
    void writesMoreThanItsBuffer();
    void fullDiskIsToldAsOne();

private:
    QString path() const { return m_dir->filePath(u"out"_qs); }
    QByteArray content() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    // Writes all rows into a file of their own; the problem of the row that was refused, or the error, as text.
    QString write(const DelimitedTextFormat &format, TypedRows rows, const DelimitedTextWriting &writing = {}) const
    {
        DelimitedTextWriter writer(format, writing);
        if (const auto defined = writer.define(rows.columns()); !defined)
            return defined.error().message;
        const int file = ::open(QFile::encodeName(path()).constData(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
        const auto closing = qScopeGuard([file] { ::close(file); });
        if (const auto begun = writer.begin({file, path(), u"out.csv"_qs + extensionOf(format.compression)}); !begun)
            return begun.error().message;
        while (true) {
            const auto batch = rows.next();
            if (!*batch)
                break;
            const auto taken = writer.write(**batch, 0, (*batch)->rows, rows.order());
            if (!taken)
                return taken.error().message;
            if (*taken < (*batch)->rows)
                return writer.rowProblem()->message;
        }
        const auto finished = writer.finish();
        return finished ? QString() : finished.error().message;
    }
    QByteArray
    written(const DelimitedTextFormat &format, const TypedRows &rows, const DelimitedTextWriting &writing = {})
    {
        const QString problem = write(format, rows, writing);
        return problem.isEmpty() ? content() : problem.toUtf8();
    }
    CsvFileSource source(const DelimitedTextFormat &format) const
    {
        CsvFileSource source;
        source.path = path();
        source.displayPath = u"out"_qs;
        source.format = format;
        return source;
    }
    QByteArray run(const QString &shell) const
    {
        QProcess process;
        process.setWorkingDirectory(m_dir->path());
        process.start(u"/bin/sh"_qs, {u"-ec"_qs, shell});
        process.waitForFinished();
        return process.exitCode() == 0 ? process.readAllStandardOutput() : process.readAllStandardError();
    }
    static QList<std::optional<QByteArray>> oddTexts()
    {
        using namespace std::string_literals;
        QList<std::optional<QByteArray>> texts{std::nullopt};
        for (const std::string &text : {""s,         " "s,      "a,b"s,
                                        "\""s,       "\"\""s,   "a\"b"s,
                                        "\\"s,       "a\\"s,    "\\\""s,
                                        "\n"s,       "a\r\nb"s, "\r"s,
                                        "NULL"s,     "\\N"s,    "0"s,
                                        "||"s,       "a|"s,     "|"s,
                                        "a||b"s,     "'"s,      "a'b"s,
                                        ";"s,        "\t"s,     "=1+1"s,
                                        "  x "s,     "true"s,   "a\0b"s,
                                        "\xC3\xA9"s, "-"s,      "..."s,
                                        "1"s,        ",,"s,     "\xEF\xBB\xBFx"s,
                                        "\xC2\xA7"s, "\\\\\""s, std::string(3000, '"')})
            texts += QByteArray::fromStdString(text);
        for (const int before :
             {3, 7, 14, 15, 16, 17, 31, 32, 254, 255, 256, 257, 600}) { // sixteen are looked at at once
            for (const char *const last : {",", "\"", "\\", "y"})
                texts += QByteArray(before, 'x') + last;
        }
        return texts;
    }
    static TypedRows textRows()
    {
        QList<TypedRows::Row> rows;
        const auto texts = oddTexts();
        for (int i = 0; i < texts.size(); ++i)
            rows += TypedRows::Row{texts.at(i), texts.at((i * 7 + 3) % texts.size()), QByteArray::number(i)};
        return {{sinkColumn("a\"b"), sinkColumn("c,\n"), sinkColumn("n", InterimType::Int64)}, rows};
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

SLIPWAY_TEST(TestDelimitedTextWriter)

void TestDelimitedTextWriter::readsBackWhatItWrote_data()
{
    QTest::addColumn<DelimitedTextFormat>("format");
    const auto row = [](const char *name, auto change) {
        for (const bool hasHeader : {true, false}) {
            DelimitedTextFormat format;
            format.firstRowAsHeader = hasHeader;
            change(format);
            QTest::addRow("%s%s", name, hasHeader ? "" : ", no header") << format;
        }
    };
    using Format = DelimitedTextFormat;
    row("as it is", [](Format &) {});
    row("doubled quotes", [](Format &format) { format.escape = '"'; });
    row("semicolon", [](Format &format) { format.columnDelimiter = ";"; });
    row("tab, LF", [](Format &format) {
        format.columnDelimiter = "\t";
        format.rowDelimiter = "\n";
    });
    row("two bars", [](Format &format) { format.columnDelimiter = "||"; });
    row("four characters", [](Format &format) { format.columnDelimiter = "|~;|"; });
    row("not ASCII", [](Format &format) { format.columnDelimiter = "\xC2\xA7"; });
    row("apostrophe", [](Format &format) { format.quote = format.escape = '\''; });
    row("CR", [](Format &format) { format.rowDelimiter = "\r"; });
    row("rows end with a bar", [](Format &format) { format.rowDelimiter = "|"; });
    row("NULL", [](Format &format) { format.nullValue = "NULL"; });
    row("\\N", [](Format &format) { format.nullValue = "\\N"; });
    row("0 is null", [](Format &format) { format.nullValue = "0"; });
    row("a digit", [](Format &format) { format.columnDelimiter = "1"; });
    row("a hyphen", [](Format &format) { format.columnDelimiter = "-"; });
    row("a point", [](Format &format) { format.columnDelimiter = "."; });
    for (const char *encoding : {"UTF-8 without BOM", "UTF-16", "UTF-16BE", "UTF-32", "UTF-32BE"})
        row(encoding, [encoding](Format &format) { format.encoding = QString::fromLatin1(encoding); });
    for (const auto compression : {FileCompression::Gzip,
                                   FileCompression::Bzip2,
                                   FileCompression::Deflate,
                                   FileCompression::Zstandard,
                                   FileCompression::Lz4,
                                   FileCompression::ZipDeflate,
                                   FileCompression::Tar,
                                   FileCompression::TarGzip})
        row(qPrintable(extensionOf(compression)), [compression](Format &format) { format.compression = compression; });
    row("packed UTF-16", [](Format &format) {
        format.encoding = u"UTF-16"_qs;
        format.compression = FileCompression::TarGzip;
    });
}

void TestDelimitedTextWriter::readsBackWhatItWrote()
{
    QFETCH(DelimitedTextFormat, format);
    QList<TypedRows::Row> expected;
    const auto texts1 = oddTexts();
    for (int i = 0; i < texts1.size(); ++i)
        expected += TypedRows::Row{texts1.at(i), texts1.at((i * 7 + 3) % texts1.size()), QByteArray::number(i)};
    for (const bool quoteAll : {false, true}) {
        const QString problem = write(format, textRows(), {.quoteAllText = quoteAll});
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const auto read = readRows(source(format), {InterimType::String, InterimType::String, InterimType::Int64});
        QCOMPARE(read.size(), expected.size());
        for (int i = 0; i < read.size(); ++i)
            QVERIFY2(read.at(i) == expected.at(i),
                     qPrintable(QStringLiteral("row %1: %2")
                                    .arg(i)
                                    .arg(QString::fromUtf8(read.at(i).constFirst().value_or("NULL").left(200)))));
    }
    // Values of every type.
    const QList<std::pair<InterimType, QList<std::optional<QByteArray>>>> typed{
        {InterimType::Boolean, {"true", "false", std::nullopt}},
        {InterimType::Int64, {"-9223372036854775808", "9223372036854775807", "0"}},
        {InterimType::UInt64, {"18446744073709551615", "0", std::nullopt}},
        {InterimType::Decimal, {"12345678901234567890123456789012345678", "-0.1", "0"}},
        {InterimType::Double, {"0.1", "1e+300", "-0"}},
        {InterimType::Single, {"0.1", "3.4028235e+38", std::nullopt}},
        {InterimType::DateTime, {"2024-01-31T12:34:56.1234567", "0001-01-01T00:00:00", std::nullopt}},
        {InterimType::DateTimeOffset, {"2024-01-31T12:34:56-07:30", "9999-12-31T23:59:59.9999999+00:00", std::nullopt}},
        {InterimType::TimeSpan, {"-1.02:03:04.5", "00:00:00", std::nullopt}},
        {InterimType::Guid, {"00112233-4455-6677-8899-aabbccddeeff", std::nullopt, std::nullopt}},
        {InterimType::Binary, {"AAEC/w==", "", std::nullopt}}};
    QList<SinkColumn> columns;
    QList<TypedRows::Row> rows(3);
    QList<InterimType> types;
    for (const auto &[type, values] : typed) {
        columns += sinkColumn(toString(type).toUtf8().constData(), type);
        types += type;
        for (int i = 0; i < 3; ++i)
            rows[i] += values.at(i);
    }
    QVERIFY(write(format, {columns, rows}).isEmpty());
    const auto read = readRows(source(format), types);
    QCOMPARE(read.size(), 3);
    for (int i = 0; i < 3; ++i)
        QVERIFY2(read.at(i) == rows.at(i), qPrintable(QString::number(i)));
}

void TestDelimitedTextWriter::writesAsDataFactoryDoes()
{
    DelimitedTextFormat format;
    format.firstRowAsHeader = true;
    const TypedRows rows(
        {sinkColumn("a"), sinkColumn("b", InterimType::Double), sinkColumn("c", InterimType::DateTime)},
        {{"x y", "0.5", "2024-01-31T00:00:00"}, {"1,2", {}, {}}, {"", "3", {}}, {{}, "4", {}}, {"a\\b\"c", {}, {}}});
    QCOMPARE(
        written(format, rows),
        QByteArray("a,b,c\r\nx y,0.5,2024-01-31T00:00:00\r\n\"1,2\",,\r\n\"\",3,\r\n,4,\r\n\"a\\\\b\\\"c\",,\r\n"));
    format.encoding = u"UTF-16"_qs;
    QVERIFY(written(format, rows)
                .startsWith(QByteArray("\xFF\xFE"
                                       "a\0,\0",
                                       6)));
}

void TestDelimitedTextWriter::quotesAllTexts()
{
    DelimitedTextFormat format;
    format.firstRowAsHeader = true;
    format.rowDelimiter = "\n";
    const TypedRows rows({sinkColumn("a"), sinkColumn("b", InterimType::Int32)}, {{"x", "1"}, {{}, {}}, {"", "-2"}});
    QCOMPARE(written(format, rows, {.quoteAllText = true}), QByteArray("\"a\",\"b\"\n\"x\",\"1\"\n,\n\"\",\"-2\"\n"));
}

void TestDelimitedTextWriter::escapesWhereNoQuoteIs()
{
    DelimitedTextFormat format;
    format.quote = 0;
    format.rowDelimiter = "\n";
    format.nullValue = "\\N";
    for (const char *delimiter : {",", "||", "|~|"}) {
        format.columnDelimiter = delimiter;
        const QList<TypedRows::Row> values{
            {"a", "b,c"}, {"\\", "a\\"}, {{}, ""}, {"\"", "\"x\""}, {"||", "|~|~"}, {"~|x", "\\N x"}};
        QCOMPARE(write(format, {{sinkColumn("a"), sinkColumn("b")}, values}), QString());
        const auto read = readRows(source(format));
        QCOMPARE(read.size(), values.size());
        for (int i = 0; i < values.size(); ++i)
            QVERIFY2(read.at(i) == values.at(i),
                     qPrintable(QStringLiteral("%1: row %2").arg(QLatin1String(delimiter)).arg(i)));
    }
}

void TestDelimitedTextWriter::refusesWhatCannotBeToldApart_data()
{
    QTest::addColumn<QByteArray>("delimiter");
    QTest::addColumn<char>("escape");
    QTest::addColumn<QByteArray>("nullValue");
    QTest::addColumn<QString>("encoding");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("said");
    const QString utf8 = u"UTF-8"_qs;
    QTest::newRow("LF") << QByteArray(",") << '\\' << QByteArray() << utf8 << QByteArray("a\nb") << u"line break"_qs;
    QTest::newRow("CR") << QByteArray(",") << '\\' << QByteArray() << utf8 << QByteArray("\r") << u"line break"_qs;
    QTest::newRow("delimiter") << QByteArray(",") << char(0) << QByteArray() << utf8 << QByteArray("a,b")
                               << u"delimiter"_qs;
    QTest::newRow("half a delimiter") << QByteArray("||") << '\\' << QByteArray() << utf8 << QByteArray("a|")
                                      << u"delimiter"_qs;
    QTest::newRow("empty") << QByteArray(",") << '\\' << QByteArray() << utf8 << QByteArray("") << u"NULL"_qs;
    QTest::newRow("null") << QByteArray(",") << '\\' << QByteArray("x") << utf8 << QByteArray("x") << u"NULL"_qs;
    QTest::newRow("mark") << QByteArray(",") << '\\' << QByteArray() << utf8 << QByteArray("\xEF\xBB\xBF")
                          << u"byte order mark"_qs;
    QTest::newRow("encoding") << QByteArray(",") << '\\' << QByteArray() << u"windows-1252"_qs
                              << QByteArray("\xE2\x82\xAC \xE4\xB8\xAD") << u"lacks a character"_qs;
}

void TestDelimitedTextWriter::refusesWhatCannotBeToldApart()
{
    QFETCH(QByteArray, delimiter);
    QFETCH(char, escape);
    QFETCH(QByteArray, nullValue);
    QFETCH(QString, encoding);
    QFETCH(QByteArray, value);
    QFETCH(QString, said);
    DelimitedTextFormat format;
    format.columnDelimiter = delimiter;
    format.quote = 0;
    format.escape = escape;
    format.nullValue = nullValue;
    format.encoding = encoding;
    const QString problem = write(format, {{sinkColumn("a"), sinkColumn("b")}, {{value, "y"}}});
    QVERIFY2(problem.contains(said) && problem.contains(u"'a'") && problem.contains(u"row 1"), qPrintable(problem));
}

void TestDelimitedTextWriter::goesOnBehindARefusedRow()
{
    DelimitedTextFormat format;
    format.encoding = u"ISO-8859-1"_qs;
    format.rowDelimiter = "\n";
    DelimitedTextWriter writer(format, {});
    TypedRows rows({sinkColumn("a"), sinkColumn("b")}, {{"\xC3\xA9", "1"}, {"x", "\xE2\x82\xAC"}, {"y", "2"}}, 10);
    VERIFY_OK(writer.define(rows.columns()));
    const int file = ::open(QFile::encodeName(path()).constData(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
    VERIFY_OK(writer.begin({file, path(), u"out"_qs}));
    const RowBatch &batch = **rows.next();
    QCOMPARE(*writer.write(batch, 0, 3, rows.order()), 1);
    QCOMPARE(writer.rowProblem()->row, 2);
    QCOMPARE(writer.rowProblem()->column, u"b"_qs);
    QCOMPARE(*writer.write(batch, 2, 1, rows.order()), 1);
    QVERIFY(!writer.rowProblem());
    VERIFY_OK(writer.finish());
    ::close(file);
    QCOMPARE(content(), QByteArray("\xE9,1\ny,2\n"));
}

void TestDelimitedTextWriter::refusesFormsThatCannotBe_data()
{
    QTest::addColumn<DelimitedTextFormat>("format");
    DelimitedTextFormat format;
    format.nullValue = "a,b";
    QTest::newRow("null value with a delimiter") << format;
    format.nullValue = "\"";
    QTest::newRow("null value with a quote") << format;
    format = {};
    format.nullValue = "N\\";
    format.quote = 0;
    QTest::newRow("null value with an escape at its end") << format;
    format = {};
    format.encoding = u"ISO-8859-1"_qs;
    format.nullValue = "\xE2\x82\xAC";
    QTest::newRow("null value that the encoding lacks") << format;
    format = {};
    format.columnDelimiter = "\n";
    QTest::newRow("line break as delimiter") << format;
    format = {};
    format.encoding = u"klingon"_qs;
    QTest::newRow("unknown encoding") << format;
}

void TestDelimitedTextWriter::refusesFormsThatCannotBe()
{
    QFETCH(DelimitedTextFormat, format);
    DelimitedTextWriter writer(format, {});
    QVERIFY(!writer.define({sinkColumn("a")}));
}

void TestDelimitedTextWriter::pythonReadsTheSame()
{
    DelimitedTextFormat format;
    format.escape = '"';
    format.compression = FileCompression::Gzip;
    QList<TypedRows::Row> rows;
    QByteArray expected;
    for (const auto &text : oddTexts()) {
        if (!text || text->contains('\0'))
            continue;
        rows += TypedRows::Row{*text, "end"};
        expected += text->toHex() + '\n';
    }
    QCOMPARE(write(format, {{sinkColumn("a"), sinkColumn("b")}, rows}), QString());
    const QByteArray read =
        run(QStringLiteral("python3 -c \"import csv, gzip, sys\n"
                           "for row in csv.reader(gzip.open('out', 'rt', encoding='utf-8', newline='')):\n"
                           "    assert row[1] == 'end'\n"
                           "    print(row[0].encode('utf-8').hex())\""));
    QCOMPARE(read, expected);
}

void TestDelimitedTextWriter::othersUnpackTheSame_data()
{
    QTest::addColumn<FileCompression>("compression");
    QTest::addColumn<QString>("shell");
    QTest::newRow("gzip") << FileCompression::Gzip << u"gzip -dc < out"_qs;
    QTest::newRow("bzip2") << FileCompression::Bzip2 << u"bzip2 -dc < out"_qs;
    QTest::newRow("zstd") << FileCompression::Zstandard << u"zstd -dcq < out"_qs;
    QTest::newRow("lz4") << FileCompression::Lz4 << u"lz4 -dcq < out"_qs;
    QTest::newRow("zip") << FileCompression::ZipDeflate << u"unzip -tq out >&2; unzip -p out out.csv"_qs;
    QTest::newRow("tar") << FileCompression::Tar << u"tar -xOf out out.csv"_qs;
    QTest::newRow("tar.gz") << FileCompression::TarGzip << u"tar -xzOf out out.csv"_qs;
    QTest::newRow("deflate")
        << FileCompression::Deflate
        << u"python3 -c \"import zlib, sys; sys.stdout.buffer.write(zlib.decompress(open('out', 'rb').read(), -15))\""_qs;
}

void TestDelimitedTextWriter::othersUnpackTheSame()
{
    QFETCH(FileCompression, compression);
    QFETCH(QString, shell);
    DelimitedTextFormat format;
    const QByteArray plain = written(format, textRows());
    format.compression = compression;
    for (const auto level : {Packing::Level::Optimal, Packing::Level::Fastest}) {
        QCOMPARE(write(format, textRows(), {.level = level}), QString());
        QCOMPARE(run(shell), plain);
    }
}

void TestDelimitedTextWriter::writesMoreThanItsBuffer()
{
    QList<TypedRows::Row> rows;
    for (int i = 0; i < 300; ++i)
        rows += TypedRows::Row{QByteArray(i * 37, 'a' + char(i % 26)), QByteArray::number(i)};
    rows += TypedRows::Row{QByteArray(3'000'000, '"'), "last"};
    DelimitedTextFormat format;
    format.encoding = u"UTF-16BE"_qs;
    format.compression = FileCompression::Tar;
    QCOMPARE(write(format, {{sinkColumn("a"), sinkColumn("b")}, rows, 50}), QString());
    QVERIFY(readRows(source(format)) == rows);
}

void TestDelimitedTextWriter::fullDiskIsToldAsOne()
{
    for (const auto compression : {FileCompression::None, FileCompression::Gzip, FileCompression::Zstandard}) {
        DelimitedTextFormat format;
        format.compression = compression;
        DelimitedTextWriter writer(format, {});
        TypedRows rows({sinkColumn("a")}, {{"x"}});
        VERIFY_OK(writer.define(rows.columns()));
        const int full = ::open("/dev/full", O_WRONLY);
        VERIFY_OK(writer.begin({full, u"/dev/full"_qs, u"out"_qs}));
        QVERIFY(writer.write(**rows.next(), 0, 1, rows.order()));
        QVERIFY(!writer.finish());
        QCOMPARE(writer.systemError(), ENOSPC);
        ::close(full);
    }
}

#include "TestDelimitedTextWriter.moc"
