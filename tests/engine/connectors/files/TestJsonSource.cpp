#include "engine/connectors/files/JsonRows.h"
#include "engine/connectors/files/JsonSource.h"
#include "engine/data/TypeConversion.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <fcntl.h>

using namespace engine;

class TestJsonSource : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void findsRowsInEveryForm_data();
    void findsRowsInEveryForm();
    void proposesTypesThatHoldTheFirstRows_data();
    void proposesTypesThatHoldTheFirstRows();
    void convertsValuesExactlyOrRefusesThem_data();
    void convertsValuesExactlyOrRefusesThem();
    void refusesWhatIsNoJson_data();
    void refusesWhatIsNoJson();
    void refusesADepthOfTenThousand();
    void takesRowsOfACollectionWithValuesOfTheirRoot();
    void streamsACollectionOfAnyLength();
    void refusesACollectionThatIsThereTwice();
    void saysWhereABadRowIsAndGoesOn();
    void refusesAMemberThatNoFirstRowHas();
    void keepsBatchesOfOneFile();
    void readsPackedAndEncodedText();
    void noticesThatAFileChanged();
    void givesLookupsTheSameRows();

private:
    QString write(const QString &name, const QByteArray &text);
    JsonFileSource sourceOf(const QByteArray &text);

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

struct Outcome
{
    QStringList columns; // "name: Type"
    QStringList rows; // "a|b|NULL", and problems as "! column: row:line"
    QString error;
    QString where;
    QString original; // of the last problem
};

Outcome read(const JsonFileSource &what, std::optional<InterimType> type = InterimType::String)
{
    Outcome outcome;
    JsonSource source(what);
    const auto columns = source.open();
    if (!columns)
        return {{}, {}, columns.error().message, columns.error().where, {}};
    QList<ProjectedColumn> projection;
    for (int i = 0; i < columns->size(); ++i) {
        outcome.columns += columns->at(i).name + QStringLiteral(": ") + toString(columns->at(i).type);
        projection.append({.source = i, .type = type.value_or(columns->at(i).type), .format = {}});
    }
    if (!what.columns.isEmpty())
        projection = projection.mid(0, what.columns.size()); // behind them are the members
    if (const Result<> projected = source.project(projection); !projected)
        return {{}, {}, projected.error().message, projected.error().where, {}};
    RowBatch batch;
    while (true) {
        const auto some = source.read(batch);
        if (const auto *failed = std::get_if<Source::ReadError>(&some)) {
            if (const auto *problem = std::get_if<RowProblem>(&failed->what)) {
                outcome.rows += QStringLiteral("! %1: %2:%3").arg(problem->column).arg(problem->row).arg(problem->line);
                outcome.error = problem->message;
                outcome.original = QString::fromUtf8(problem->original);
                continue;
            }
            outcome.error = std::get<Error>(failed->what).message;
            outcome.where = std::get<Error>(failed->what).where;
            return outcome;
        }
        if (!std::get<bool>(some))
            break;
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
        }
    }
    if (const Result<> same = source.verifyUnchanged(); !same)
        outcome.error = same.error().message;
    return outcome;
}

} // namespace

void TestJsonSource::init() { m_folder = std::make_unique<QTemporaryDir>(); }

QString TestJsonSource::write(const QString &name, const QByteArray &text)
{
    const QString path = m_folder->filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("%s cannot be written", qPrintable(path));
    return path;
}

JsonFileSource TestJsonSource::sourceOf(const QByteArray &text)
{
    return {write(QStringLiteral("a.json"), text), QStringLiteral("a.json")};
}

void TestJsonSource::findsRowsInEveryForm_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QStringList>("rows");
    const auto row = [](const char *name, const char *text, const QStringList &rows) {
        QTest::newRow(name) << QByteArray(text) << rows;
    };
    const QStringList two{QStringLiteral("1|x"), QStringLiteral("2|NULL")};
    row("lines", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2}\n", two);
    row("an array", " [ {\"a\":1,\"b\":\"x\"} ,\n {\"a\":2,\"b\":null} ] ", two);
    row("one after another", "{\"a\":1,\"b\":\"x\"}{\"b\":null,\"a\":2}", two);
    row("a single object", "{\n  \"a\": 1,\n  \"b\": \"x\"\n}", {two.first()});
    row("a mark before it", "\xEF\xBB\xBF{\"a\":1,\"b\":\"x\"}", {two.first()});
    row("the last of two members counts", "{\"a\":7,\"b\":\"x\",\"a\":1}", {two.first()});
    row("nothing", " \n", {});
    row("an empty array", "[]", {});
    row("nested values",
        "{\"a\":[1, {\"b\" : null}],\"c\":{\"d\":\"\\u00e4\\n\"}}",
        {QStringLiteral("[1,{\"b\":null}]|{\"d\":\"ä\\n\"}")});
    row("escapes",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\udea2\"}",
        {QString::fromUtf8("\"\\/\b\f\n\r\tA🚢")});
    row("an empty text and null", "{\"a\":\"\",\"b\":null}", {QStringLiteral("|NULL")});
}

void TestJsonSource::findsRowsInEveryForm()
{
    QFETCH(QByteArray, text);
    const Outcome outcome = read(sourceOf(text));
    QCOMPARE(outcome.error, QString());
    QTEST(outcome.rows, "rows");
}

void TestJsonSource::proposesTypesThatHoldTheFirstRows_data()
{
    QTest::addColumn<QString>("values");
    QTest::addColumn<QString>("type");
    const auto row = [](const char *values, const char *type) {
        QTest::newRow(values) << QString::fromLatin1(values) << QString::fromLatin1(type);
    };
    row("1,-9223372036854775808,null", "Int64");
    row("9223372036854775808", "Decimal");
    row("1,2.5", "Double");
    row("9007199254740993,2.5", "Decimal");
    row("0.12345678901234567890", "Decimal");
    row("true,null,false", "Boolean");
    row("true,1", "String");
    row("1,\"1\"", "String");
    row("{}", "String");
    row("null", "String");
    row("1e400", "String");
}

void TestJsonSource::proposesTypesThatHoldTheFirstRows()
{
    QFETCH(QString, values);
    QByteArray text;
    QStringList expected;
    for (const QString &value : values.split(u',')) {
        text += "{\"a\":" + value.toUtf8() + "}\n";
        expected += value == u"null" ? QStringLiteral("NULL") : QString(value).remove(u'"');
    }
    const Outcome outcome = read(sourceOf(text), std::nullopt);
    QTEST(outcome.columns.value(0).section(u' ', 1), "type");
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows.size(), expected.size());
}

void TestJsonSource::convertsValuesExactlyOrRefusesThem_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("text"); // empty = refused
    const auto row = [](const char *value, const char *type, const char *text) {
        QTest::addRow("%s as %s", value, type) << QString::fromLatin1(type) << QString::fromUtf8(text);
    };
    row("9223372036854775807", "Int64", "9223372036854775807");
    row("9223372036854775808", "Int64", "");
    row("18446744073709551615", "UInt64", "18446744073709551615");
    row("1.0", "Int32", "1");
    row("1.5", "Int32", "");
    row("1e2", "Byte", "100");
    row("12345678901234567890123456789012345.678", "Decimal", "12345678901234567890123456789012345.678");
    row("12345678901234567890123456789012345.678", "String", "12345678901234567890123456789012345.678");
    row("0.10", "String", "0.10");
    row("0.1", "Double", "0.1");
    row("1e400", "Double", "");
    row("1", "Boolean", "true");
    row("2", "Boolean", "");
    row("true", "Int16", "1");
    row("true", "String", "true");
    row("true", "DateTime", "");
    row("20240131", "DateTime", "");
    row("\"2024-01-31T12:00:00.1234567\"", "DateTime", "2024-01-31T12:00:00.1234567");
    row("\"2024-01-31T12:00:00+02:00\"", "DateTimeOffset", "2024-01-31T12:00:00+02:00");
    row("\"42\"", "Int32", "42");
    row("\"AP8=\"", "Byte[]", "AP8=");
    row("7", "Byte[]", "");
    row("\"fedcba98-7654-3210-0123-456789abcdef\"", "Guid", "fedcba98-7654-3210-0123-456789abcdef");
    row("[1]", "Int32", "");
    row("{}", "String", "{}");
    row("null", "Int32", "NULL");
}

void TestJsonSource::convertsValuesExactlyOrRefusesThem()
{
    QFETCH(QString, type);
    QFETCH(QString, text);
    const QByteArray value = QByteArray(QTest::currentDataTag()).split(' ').first();
    const Outcome outcome = read(sourceOf("{\"a\":" + value + "}"), interimTypeFromString(type));
    QCOMPARE(outcome.rows, QStringList{text.isEmpty() ? QStringLiteral("! a: 1:1") : text});
    if (text.isEmpty())
        QVERIFY2(
            outcome.error.contains(
                QStringLiteral("Cannot convert '%1' to type '%2': ").arg(QString::fromUtf8(value).remove(u'"'), type)),
            qPrintable(outcome.error));
}

void TestJsonSource::refusesWhatIsNoJson_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const QByteArray &text, const char *where) {
        QTest::newRow(name) << text << QString::fromLatin1(where);
    };
    row("cut off", "{\"a\":1}\n{\"a\":", "a.json:2");
    row("cut off in a text", "{\"a\":\"x", "a.json:1");
    row("cut off in an array", "[{\"a\":1},\n", "a.json:2");
    row("a comma too many", "{\"a\":1,}", "a.json:1");
    row("a comma too many in an array", "[{\"a\":1},]", "a.json:1");
    row("no comma", "[{\"a\":1} {\"a\":1}]", "a.json:1");
    row("another bracket", "{\"a\":[1}", "a.json:1");
    row("a bracket too many", "{\"a\":1}\n\n]", "a.json:3");
    row("single quotes", "{'a':1}", "a.json:1");
    row("no colon", "{\"a\" 1}", "a.json:1");
    row("NaN", "{\"a\":NaN}", "a.json:1");
    row("a leading zero", "{\"a\":01}", "a.json:1");
    row("a point at the end", "{\"a\":1.}", "a.json:1");
    row("another word", "{\"a\":trux}", "a.json:1");
    row("a line break in a text", "{\"a\":\"x\ny\"}", "a.json:1");
    row("half a pair", "{\"a\":\"\\ud83d\"}", "a.json:1");
    row("the other half", "{\"a\":\"\\udea2\"}", "a.json:1");
    row("half a pair before another escape", "{\"a\":\"\\ud83d\\n\"}", "a.json:1");
    row("an unknown escape", "{\"a\":\"\\x\"}", "a.json:1");
    row("no hexadecimal digits", "{\"a\":\"\\u12g4\"}", "a.json:1");
    row("no UTF-8", "{\"a\":\"\xFF\"}", "a.json:1");
    row("an overlong form", "{\"a\":\"\xC0\x80\"}", "a.json:1");
    row("a NUL between", QByteArray("{\"a\":1}\0", 8), "a.json:1");
    row("rows that are no objects", "[1, 2]", "a.json:1");
}

void TestJsonSource::refusesWhatIsNoJson()
{
    QFETCH(QByteArray, text);
    const Outcome outcome = read(sourceOf(text));
    QVERIFY(!outcome.error.isEmpty());
    QTEST(outcome.where, "where");
}

void TestJsonSource::refusesADepthOfTenThousand()
{
    const auto nested = [](int depth) -> QByteArray {
        return "{\"a\":" + QByteArray(depth - 1, '[') + QByteArray(depth - 1, ']') + "}";
    };
    QCOMPARE(read(sourceOf(nested(1000))).error, QString());
    for (const int depth : {1001, 10'000, 1'000'000}) {
        const Outcome outcome = read(sourceOf(nested(depth)));
        QVERIFY2(outcome.error.contains(u"nested deeper than 1000"), qPrintable(outcome.error));
    }
}

void TestJsonSource::takesRowsOfACollectionWithValuesOfTheirRoot()
{
    JsonFileSource source = sourceOf("{\"number\":\"01\",\"lines\":{\"of\":[{\"prod\":\"p1\",\"price\":23},{\"prod\":"
                                     "\"p2\",\"price\":13.50}]},\"city\":[{\"s\":\"B\"}]}\n"
                                     "{\"number\":\"02\",\"lines\":{\"of\":[]}}\n"
                                     "{\"number\":\"03\",\"lines\":{\"of\":[{\"price\":7,\"prod\":{\"id\":1}}]}}\n"
                                     "{\"number\":\"04\"}\n");
    source.collection = QStringLiteral("$['lines']['of']");
    const auto columns = [](const QStringList &paths) {
        QList<JsonColumn> list;
        for (const QString &path : paths)
            list.append({path, path});
        return list;
    };
    source.columns = columns({QStringLiteral("$['number']"),
                              QStringLiteral("['prod']"),
                              QStringLiteral("price"),
                              QStringLiteral("$['city'][0]['s']"),
                              QStringLiteral("['prod']['id']")});
    const Outcome outcome = read(source);
    QCOMPARE(outcome.error, QString());
    QCOMPARE(outcome.rows,
             QStringList({QStringLiteral("01|p1|23|B|NULL"),
                          QStringLiteral("01|p2|13.50|B|NULL"),
                          QStringLiteral("03|{\"id\":1}|7|NULL|1")}));
    source.columns = columns({QStringLiteral("prod"), QStringLiteral("price")});
    QCOMPARE(read(source).rows,
             QStringList({QStringLiteral("p1|23"), QStringLiteral("p2|13.50"), QStringLiteral("{\"id\":1}|7")}));
    source.columns.clear();
    QCOMPARE(read(source).columns, QStringList({QStringLiteral("prod: String"), QStringLiteral("price: Double")}));
}

void TestJsonSource::streamsACollectionOfAnyLength()
{
    QByteArray text = "{\"before\": {\"deep\": [1, {\"items\": [2]}]}, \"page\": {\"items\": [";
    constexpr int rows = 300'000;
    for (int i = 0; i < rows; ++i)
        text +=
            (i == 0 ? "" : ",") + ("{\"id\":" + QByteArray::number(i) + ",\"pad\":\"" + QByteArray(400, 'x') + "\"}");
    text += "], \"after\": 1}}";
    JsonFileSource source = sourceOf(text); // more than is held of one row
    QVERIFY(text.size() > qsizetype(JsonTree::mostText));
    source.collection = QStringLiteral("$.page.items");
    source.columns = {{QStringLiteral("id"), QStringLiteral("id")}};
    QCOMPARE(read(source).rows.size(), rows);
    source.columns.append({QStringLiteral("b"), QStringLiteral("$.before")});
    const Outcome held = read(source);
    QVERIFY2(held.error.contains(u"a row of more than"), qPrintable(held.error));
}

void TestJsonSource::refusesACollectionThatIsThereTwice()
{
    JsonFileSource source = sourceOf("{\"a\":[{\"x\":1}],\"a\":[{\"x\":2}]}");
    source.collection = QStringLiteral("a");
    QVERIFY(read(source).error.contains(u"twice"));
    source = sourceOf("{\"a\":7}");
    source.collection = QStringLiteral("a");
    QVERIFY(read(source).error.contains(u"is no array"));
}

void TestJsonSource::saysWhereABadRowIsAndGoesOn()
{
    const Outcome outcome = read(sourceOf("{\"a\":1}\n{\"a\":2}\n{\n\"a\": \"x\" }\n{\"a\":4}\n"), InterimType::Int32);
    QCOMPARE(outcome.rows,
             QStringList({QStringLiteral("1"), QStringLiteral("2"), QStringLiteral("! a: 3:3"), QStringLiteral("4")}));
    QCOMPARE(outcome.original, QStringLiteral("{\"a\":\"x\"}"));
    QVERIFY(outcome.error.contains(u"row 3, line 3 of a.json"));
}

void TestJsonSource::refusesAMemberThatNoFirstRowHas()
{
    QByteArray text;
    for (int i = 0; i < JsonSource::sampledRows; ++i)
        text += "{\"a\":1}\n";
    JsonFileSource source = sourceOf(text + "{\"a\":1,\"late\":2}\n{\"a\":3}\n");
    Outcome outcome = read(source);
    QCOMPARE(outcome.rows.mid(1000), QStringList({QStringLiteral("! late: 1001:1001"), QStringLiteral("3")}));
    source.columns = {{QStringLiteral("late"), QStringLiteral("['late']")}};
    outcome = read(source);
    QCOMPARE(outcome.rows.mid(1000), QStringList({QStringLiteral("2"), QStringLiteral("NULL")}));
}

void TestJsonSource::keepsBatchesOfOneFile()
{
    write(QStringLiteral("b.json"), "{\"a\":1}{\"a\":2}");
    write(QStringLiteral("c.json"), "{\"a\":3}");
    write(QStringLiteral("d.json"), "");
    write(QStringLiteral("e.json"), "[{\"a\":4}]");
    JsonSource source({m_folder->path(), QStringLiteral("in")});
    QVERIFY(source.open());
    QVERIFY(source.project({{.source = 0, .type = InterimType::Int64, .format = {}}}));
    QStringList seen;
    RowBatch batch;
    while (std::get<bool>(source.read(batch))) {
        for (int row = 0; row < batch.rows; ++row)
            seen += QStringLiteral("%1 %2 %3")
                        .arg(batch.file)
                        .arg(batch.rowNumbers[size_t(row)])
                        .arg(batch.columns[0].integers[size_t(row)]);
    }
    QCOMPARE(seen,
             QStringList({QStringLiteral("in/b.json 1 1"),
                          QStringLiteral("in/b.json 2 2"),
                          QStringLiteral("in/c.json 3 3"),
                          QStringLiteral("in/e.json 4 4")}));
    QCOMPARE(source.bytesRead(), source.size());
    QCOMPARE(source.fingerprint()["files"].size(), 4U);
}

void TestJsonSource::readsPackedAndEncodedText()
{
    JsonFileSource source = sourceOf("[{\"a\":\"\xE4\"}]");
    source.encoding = QStringLiteral("windows-1252");
    QCOMPARE(read(source).rows, QStringList{QStringLiteral("ä")});
    source.encoding = QStringLiteral("klingon");
    QVERIFY(!read(source).error.isEmpty());
    source = sourceOf(QByteArray::fromBase64("H4sIAAAAAAAC/6tWSlSyMqzlAgBGo+h0CAAAAA=="));
    source.compression = FileCompression::Gzip;
    QCOMPARE(read(source).rows, QStringList{QStringLiteral("1")});
}

void TestJsonSource::noticesThatAFileChanged()
{
    JsonSource source(sourceOf("{\"a\":1}"));
    QVERIFY(source.open());
    QVERIFY(source.verifyUnchanged());
    write(QStringLiteral("a.json"), "{\"a\":22}");
    const Result<> changed = source.verifyUnchanged();
    QVERIFY(!changed);
    QVERIFY(changed.error().code == ErrorCode::Conflict);
}

void TestJsonSource::givesLookupsTheSameRows()
{
    const QString path = write(QStringLiteral("a.json"), "[{\"a\":1,\"b\":[true,null]},{\"a\":9007199254740993}]");
    JsonRows rows(::open(path.toUtf8().constData(), O_RDONLY | O_CLOEXEC), QStringLiteral("a.json"), {});
    auto first = rows.next();
    QVERIFY(first && *first);
    QCOMPARE((*first)->dump(), std::string("{\"a\":1,\"b\":[true,null]}"));
    auto second = rows.next();
    QCOMPARE((*second)->dump(), std::string("{\"a\":9007199254740993}"));
    auto end = rows.next();
    QVERIFY(end && !*end);
    const QString other = write(QStringLiteral("b.json"), "{\"a\":1}\n[7]");
    JsonRows wrong(::open(other.toUtf8().constData(), O_RDONLY | O_CLOEXEC), QStringLiteral("b.json"), {});
    QVERIFY(wrong.next());
    const auto refused = wrong.next();
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, QStringLiteral("b.json:2"));
}

SLIPWAY_TEST(TestJsonSource)
#include "TestJsonSource.moc"
