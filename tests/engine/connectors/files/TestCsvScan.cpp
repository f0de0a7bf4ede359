#include "engine/connectors/files/CsvScan.h"
#include "engine/connectors/files/Utf8.h"
#include "tests/support/TestMain.h"

#include <rapidcheck.h>

#include <QStringDecoder>

#include <random>

using namespace engine;

namespace {

struct Found
{
    std::vector<uint32_t> separators;
    bool openQuote = false;
    bool operator==(const Found &) const = default;
};

Found scan(const CsvDialect &dialect, ScanPath path, const std::string &text)
{
    std::string padded = text;
    padded.append(scanSlack, '"'); // must not be taken into account
    std::vector<uint32_t> positions(text.size() + scanSlack);
    const CsvScan result = scanSeparators(dialect, path, padded.data(), text.size(), positions.data());
    positions.resize(result.separators);
    return {positions, result.openQuote};
}

// Mostly characters with a meaning, in runs, so that blocks of 64 begin and end in every state.
std::string textFrom(std::mt19937_64 &random)
{
    static constexpr std::string_view alphabet = "\"\"\"\",,\n\r\\\\ab";
    std::string text;
    const size_t size = random() % 400;
    while (text.size() < size)
        text.append(random() % 8 ? 1 : random() % 70, alphabet[random() % alphabet.size()]);
    return text;
}

} // namespace

class TestCsvScan : public QObject
{
    Q_OBJECT

private slots:
    void findsTheSameOnEveryPath();
    void findsTheSameOnEveryPathInRegularText();
    void hasAFastPathOnThisProcessor();
    void refusesDialectsThatMeanTwoThings();
    void acceptsExactlyUtf8();
};

void TestCsvScan::findsTheSameOnEveryPath()
{
    std::mt19937_64 random(20240607);
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = textFrom(random);
        CsvDialect dialect;
        dialect.escape = random() % 2 ? '\\' : '\0';
        dialect.quote = random() % 8 ? '"' : '\0';
        if (!dialect.quote)
            dialect.escape = 0;
        const Found expected = scan(dialect, ScanPath::StateMachine, text);
        for (const ScanPath path : scanPathsHere())
            QVERIFY2(scan(dialect, path, text) == expected,
                     QByteArray::fromStdString(text).toPercentEncoding().constData());
        QVERIFY(scan(dialect, ScanPath::Best, text) == expected);
    }
}

void TestCsvScan::findsTheSameOnEveryPathInRegularText()
{
    // Random text nearly always has an odd quote, and then is read by the state machine on every path.
    const bool same = rc::check("quoted and plain fields, in order", [](const std::vector<std::string> &fields) {
        std::string text;
        std::vector<uint32_t> expected;
        for (const std::string &field : fields) {
            std::string quoted = "\"";
            for (const char c : field)
                quoted.append(c == '"' ? 2 : 1, c);
            text += field.find_first_of("\",\r\n") == std::string::npos ? field : quoted + '"';
            expected.push_back(uint32_t(text.size()));
            text += field.size() % 3 ? ',' : '\n';
        }
        for (const ScanPath path : scanPathsHere())
            RC_ASSERT(scan(CsvDialect{}, path, text).separators == expected);
    });
    QVERIFY(same);
}

void TestCsvScan::hasAFastPathOnThisProcessor()
{
#if defined(__x86_64__)
    QVERIFY(scanPathsHere().contains(ScanPath::Sse2));
    QCOMPARE(scanPathsHere().contains(ScanPath::Avx2), bool(__builtin_cpu_supports("avx2")));
#endif
    QVERIFY(scanPathsHere().contains(ScanPath::StateMachine));
}

void TestCsvScan::refusesDialectsThatMeanTwoThings()
{
    DelimitedTextFormat format;
    VERIFY_OK(CsvDialect::of(format));
    format.columnDelimiter = "";
    QVERIFY(!CsvDialect::of(format));
    format.columnDelimiter = "\\";
    QCOMPARE(CsvDialect::of(format).error().where, u"columnDelimiter"_qs);
    format.columnDelimiter = ",";
    for (const QByteArray delimiter : {",", "\"", "\\", "||", "\xC3\xB6"}) {
        format.rowDelimiter = delimiter;
        QVERIFY(!CsvDialect::of(format));
        QCOMPARE(CsvDialect::of(format).error().where, u"rowDelimiter"_qs);
    }
    for (const QByteArray delimiter : {"\r\n", "\n", "\r", ";", ""}) {
        format.rowDelimiter = delimiter;
        VERIFY_OK(CsvDialect::of(format));
    }
    format.quote = '\n';
    QCOMPARE(CsvDialect::of(format).error().where, u"quoteChar"_qs);
    format.quote = '"';
    format.encoding = u"windows-9999"_qs;
    QVERIFY(CsvDialect::of(format).error().code == ErrorCode::Unsupported);
    QVERIFY(CsvDialect::of(format).error().message.contains(u"windows-9999"_qs));
    for (const QString &name :
         {u"utf-8"_qs, u"UTF8"_qs, u"UTF-8 without BOM"_qs, u"windows-1252"_qs, u"IBM01140"_qs, u""_qs}) {
        format.encoding = name;
        VERIFY_OK(CsvDialect::of(format));
    }
}

void TestCsvScan::acceptsExactlyUtf8()
{
    // Against Qt's decoder, with the sequence at every distance from a stride's end.
    std::mt19937_64 random(5);
    int refused = 0;
    for (int i = 0; i < 100'000; ++i) {
        std::string text(random() % 70, 'a');
        const size_t size = 1 + random() % 4;
        static constexpr std::string_view bytes =
            "\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xED\xEF\xF0\xF1\xF4\xF5\xFF";
        for (size_t k = 0; k < size; ++k)
            text += bytes[random() % bytes.size()];
        text.append(random() % 70, 'b');
        QStringDecoder decoder(QStringDecoder::Utf8);
        const QString decoded = decoder.decode(QByteArrayView(text.data(), qsizetype(text.size())));
        const bool valid = !decoder.hasError() && decoded.toUtf8().size() == qsizetype(text.size());
        const size_t end = endOfUtf8(text.data(), text.size(), MoreText::Ends);
        QCOMPARE(end == text.size(), valid);
        refused += valid ? 0 : 1;
        if (!valid) // what comes before is valid by itself
            QCOMPARE(endOfUtf8(text.data(), end, MoreText::Ends), end);
    }
    QVERIFY(refused > 1000 && refused < 99'000);
    QCOMPARE(endOfUtf8("a\xE2\x82", 3, MoreText::Follows), size_t(3));
    QCOMPARE(endOfUtf8("a\xE2\x82", 3, MoreText::Ends), size_t(1));
}

SLIPWAY_TEST(TestCsvScan)
#include "TestCsvScan.moc"
