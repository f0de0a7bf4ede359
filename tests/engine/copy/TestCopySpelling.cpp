#include "engine/connectors/files/ParquetWriter.h"
#include "engine/copy/CopyTrial.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// Typed values that become text: by the formats and the culture of the translator, or of a mapping.
class TestCopySpelling : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void translatorSaysHowValuesAreSpelled_data();
    void translatorSaysHowValuesAreSpelled();
    void withoutSettingsNothingIsShaped();
    void mappingWinsOverTheTranslator();
    void textIsReadByOneFormatAndWrittenByAnother();
    void textColumnsOfJsonAreSpelledToo();
    void dateThatIsKeptAsTextIsSpelledToo();
    void valueThatTheFormatWouldCutIsRefused();
    void previewTellsWhatTheFormatWouldCut();

private:
    static Translation translation(const QByteArray &json)
    {
        const auto parsed = parseJson(json, QStringLiteral("test"));
        if (!parsed)
            qFatal("%s", qPrintable(parsed.error().message));
        const auto planned = planTranslator(*parsed, QStringLiteral("translator"));
        if (!planned)
            qFatal("%s", qPrintable(planned.error().message));
        return *planned;
    }
    FileTarget target(const char *name) const
    {
        FileTarget target;
        target.root = m_fixture->path("store");
        target.fileName = QString::fromLatin1(name);
        QDir().mkpath(target.root);
        return target;
    }
    CopySink text(const char *name) const
    {
        DelimitedTextFileSink sink;
        sink.target = target(name);
        sink.format.firstRowAsHeader = true;
        sink.format.rowDelimiter = "\n";
        return sink;
    }
    CopyPlan plan(const CopySource &source, const CopySink &sink, const QByteArray &translator) const
    {
        CopyPlan plan;
        static_cast<Translation &>(plan) = translation(translator);
        plan.source = source;
        plan.sink = sink;
        return plan;
    }
    CsvFileSource csv(const char *name) const { return std::get<CsvFileSource>(m_fixture->plan(name).source); }
    QByteArray content(const char *name) const
    {
        QFile file(m_fixture->path("store/") + QString::fromLatin1(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(nothing)");
    }
    // A Parquet file with a row of every kind that has a form.
    CopySource parquet() const;

    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestCopySpelling)

namespace {

constexpr char german[] =
    R"({"type":"TabularTranslator","typeConversion":true,"typeConversionSettings":{"dateTimeFormat":"dd.MM.yyyy HH:mm",
        "dateTimeOffsetFormat":"dd.MM.yyyy HH:mm zzz","timeSpanFormat":"hh\\:mm","culture":"de-DE"}})";

QByteArray mapping(const char *name, const char *sink)
{
    return QByteArray(R"({"source":{"name":")") + name + R"("},"sink":{"name":")" + name + "\"," + sink + "}}";
}

} // namespace

void TestCopySpelling::init() { m_fixture = std::make_unique<CopyFixture>(); }

CopySource TestCopySpelling::parquet() const
{
    m_fixture->write("typed.csv",
                     "at,zoned,price,real,n,span\n2024-01-31T12:34:00,2024-01-31T12:34:00+02:00,1234.5,0.25,7,09:30\n");
    ParquetFileSink sink;
    sink.target = target("typed.parquet");
    QByteArrayList mappings;
    for (const auto &[name, type] : {std::pair("at", R"("type":"DateTime")"),
                                     std::pair("zoned", R"("type":"DateTimeOffset")"),
                                     std::pair("price", R"("type":"Decimal","precision":10,"scale":2)"),
                                     std::pair("real", R"("type":"Double")"),
                                     std::pair("n", R"("type":"Int64")"),
                                     std::pair("span", R"("type":"TimeSpan")")})
        mappings += mapping(name, type);
    const CopyOutcome outcome = copyNow(
        plan(csv("typed.csv"), sink, R"({"type":"TabularTranslator","mappings":[)" + mappings.join(',') + "]}"));
    if (outcome.status != Status::Succeeded)
        qFatal("%s", described(outcome).constData());
    return ParquetFileSource{m_fixture->path("store/typed.parquet"), QStringLiteral("typed.parquet")};
}

void TestCopySpelling::translatorSaysHowValuesAreSpelled_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("expected");
    // Parquet has no offset and no interval: there they are texts.
    QTest::newRow("Parquet") << QStringLiteral("parquet")
                             << QByteArray("at,zoned,price,real,n,span\n31.01.2024 12:34,2024-01-31T12:34:00+02:00,"
                                           "\"1234,5\",\"0,25\",7,09:30:00\n");
    QTest::newRow("PostgreSQL") << QStringLiteral("postgres")
                                << QByteArray("at,zoned,price,real,n,span\n31.01.2024 12:34,31.01.2024 10:34 "
                                              "+00:00,\"1234,5\",\"0,25\",7,09:30\n");
    QTest::newRow("SQLite") << QStringLiteral("sqlite") << QByteArray("at,price,n\n31.01.2024 12:34,\"1234,5\",7\n");
    QTest::newRow("JSON") << QStringLiteral("json") << QByteArray("price,n\n\"1234,5\",7\n");
}

void TestCopySpelling::translatorSaysHowValuesAreSpelled()
{
    QFETCH(QString, kind);
    QFETCH(QByteArray, expected);
    tests::PostgresServer server;
    CopySource source;
    if (kind == u"parquet") {
        source = parquet();
    } else if (kind == u"postgres") {
        QVERIFY2(server.start(), qPrintable(server.error()));
        PostgresQuerySource query;
        query.connection = server.connection();
        query.query = QStringLiteral(
            "SELECT timestamp '2024-01-31 12:34' AS at, timestamptz '2024-01-31 12:34+02' AS zoned, 1234.50::numeric "
            "AS price, 0.25::float8 AS real, 7 AS n, time '09:30' AS span");
        source = query;
    } else if (kind == u"sqlite") {
        m_fixture->execute("CREATE TABLE typed(at DATETIME, price REAL, n INTEGER);"
                           "INSERT INTO typed VALUES('2024-01-31 12:34:00', 1234.5, 7)");
        source = SqliteQuerySource{m_fixture->path("sink.db"), {}, QStringLiteral("typed"), {}, {}};
    } else {
        m_fixture->write("typed.json", R"({"price":1234.5,"n":7})");
        source = JsonFileSource{m_fixture->path("typed.json"), QStringLiteral("typed.json")};
    }
    const CopyOutcome outcome = copyNow(plan(source, text("out.csv"), german));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(content("out.csv"), expected);
}

void TestCopySpelling::withoutSettingsNothingIsShaped()
{
    QByteArray off(german);
    off.replace(R"("typeConversion":true)", R"("typeConversion":false)"); // then its settings do not count
    const CopyOutcome outcome = copyNow(plan(parquet(), text("out.csv"), off));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(content("out.csv"),
             QByteArray("at,zoned,price,real,n,span\n2024-01-31T12:34:00,2024-01-31T12:34:00+02:00,1234.5,0.25,7,"
                        "09:30:00\n"));
}

void TestCopySpelling::mappingWinsOverTheTranslator()
{
    QByteArray translator(german);
    translator.chop(1);
    translator += R"(,"mappings":[)" + mapping("at", R"("format":"yyyyMMddHHmm")") + ','
        + mapping("price", R"("culture":"en-US")") + ',' + mapping("real", R"("type":"Double")") + "]}";
    const CopyOutcome outcome = copyNow(plan(parquet(), text("out.csv"), translator));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(content("out.csv"), QByteArray("at,price,real\n202401311234,1234.5,\"0,25\"\n"));
}

void TestCopySpelling::textIsReadByOneFormatAndWrittenByAnother()
{
    m_fixture->write("in.csv", "at,price\n31.01.2024,\"1.234,5\"\n,\n");
    const CopyOutcome outcome = copyNow(plan(csv("in.csv"),
                                             text("out.csv"),
                                             R"({"type":"TabularTranslator","mappings":[
            {"source":{"name":"at","format":"dd.MM.yyyy"},"sink":{"name":"at","type":"DateTime","format":"yyyy/MM/dd"}},
            {"source":{"name":"price","culture":"de-DE"},"sink":{"name":"price","type":"Decimal"}}]})"));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(content("out.csv"), QByteArray("at,price\n2024/01/31,1234.5\n,\n"));
}

void TestCopySpelling::textColumnsOfJsonAreSpelledToo()
{
    JsonFileSink sink;
    sink.target = target("out.json");
    QByteArray translator(german);
    translator.chop(1);
    translator += R"(,"mappings":[)" + mapping("at", R"("type":"String")") + ','
        + mapping("price", R"("type":"String")") + ',' + mapping("real", R"("type":"Double")") + "]}";
    const CopyOutcome outcome = copyNow(plan(parquet(), sink, translator));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(content("out.json"), QByteArray(R"({"at":"31.01.2024 12:34","price":"1234,5","real":0.25})") + '\n');
}

// SQLite has no dates: the column says that its texts are some.
void TestCopySpelling::dateThatIsKeptAsTextIsSpelledToo()
{
    m_fixture->execute("CREATE TABLE typed(at DATETIME, b TEXT); INSERT INTO typed VALUES('2024-01-31 12:34:00', "
                       "'2024-01-31'), ('31.01.2024 12:35', NULL)");
    JsonFileSink sink;
    sink.target = target("out.json");
    QByteArray translator(german);
    translator.chop(1);
    translator +=
        R"(,"mappings":[)" + mapping("at", R"("type":"String")") + ',' + mapping("b", R"("type":"String")") + "]}";
    const SqliteQuerySource source{m_fixture->path("sink.db"), {}, QStringLiteral("typed"), {}, {}};
    const CopyOutcome outcome = copyNow(plan(source, sink, translator));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(content("out.json"),
             QByteArray("{\"at\":\"31.01.2024 12:34\",\"b\":\"2024-01-31\"}\n{\"at\":\"31.01.2024 "
                        "12:35\",\"b\":null}\n"));
    const CopyOutcome typed = copyNow(plan(source, text("out.csv"), german));
    QVERIFY2(typed.status == Status::Succeeded, described(typed).constData());
    QCOMPARE(content("out.csv"), QByteArray("at,b\n31.01.2024 12:34,2024-01-31\n31.01.2024 12:35,\n"));
}

void TestCopySpelling::valueThatTheFormatWouldCutIsRefused()
{
    QByteArray translator(german);
    translator.replace("dd.MM.yyyy HH:mm\"", "dd.MM.yyyy\"");
    CopyPlan made = plan(parquet(), text("out.csv"), translator);
    const CopyOutcome refused = copyNow(made);
    QVERIFY(refused.status == Status::Failed);
    QCOMPARE(stringAt(refused.error.details, "column"), QStringLiteral("at"));
    QVERIFY2(refused.error.message.contains(u"leaves out"), qPrintable(refused.error.message));
    QCOMPARE(content("out.csv"), QByteArray("(nothing)"));
    made.skip.isOn = true;
    const CopyOutcome left = copyNow(made);
    QVERIFY2(left.status == Status::Succeeded, described(left).constData());
    QCOMPARE(left.counts.rowsSkipped, 1);
}

void TestCopySpelling::previewTellsWhatTheFormatWouldCut()
{
    QByteArray translator(german);
    translator.replace("dd.MM.yyyy HH:mm\"", "dd.MM.yyyy\"");
    const auto preview = previewConversion(plan(parquet(), text("out.csv"), translator), 10, {});
    VERIFY_OK(preview);
    QCOMPARE(preview->bad, 1);
    QCOMPARE(preview->columns.first().source, QStringLiteral("at"));
    QCOMPARE(preview->columns.first().lossy, 1);
    QCOMPARE(preview->columns.at(2).ok, 1);
}

#include "TestCopySpelling.moc"
