#include "engine/model/PlacedJson.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

// "line:column text" of a value, as it stands in the document.
QString shown(const PlacedJson &document, const QByteArray &text, const char *pointer)
{
    const ValuePlace place = document.placeOf(QString::fromLatin1(pointer));
    return QStringLiteral("%1:%2 %3")
        .arg(place.line)
        .arg(place.column)
        .arg(QString::fromUtf8(text.mid(place.begin, place.end - place.begin)));
}

} // namespace

// Documents that people write: their values, and where each of them stands.
class TestPlacedJson : public QObject
{
    Q_OBJECT

private slots:
    void readsYaml_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("json");
        const auto row = [](const char *name, const QByteArray &text, const QByteArray &json) {
            QTest::newRow(name) << text << json;
        };
        row("blocks", "a:\n  b: 1\n  c:\n    - x\n    - y: 2\n", R"({"a":{"b":1,"c":["x",{"y":2}]}})");
        row("brackets", "{a: [1, two, {b: 3}], c: {}}", R"({"a":[1,"two",{"b":3}],"c":{}})");
        row("JSON", R"({"a": [1, "x", null, true, -2.5e3]})", R"({"a":[1,"x",null,true,-2500.0]})");
        row("null", "a: null\nb: ~\nc:\n", R"({"a":null,"b":null,"c":null})");
        row("truth", "a: true\nb: False\nc: yes\nd: 'true'\n", R"({"a":true,"b":false,"c":"yes","d":"true"})");
        row("numbers", "[1, -2, +3, 0x1F, 0o17, 1.5, .5, 2., 1e3, 007]", "[1,-2,3,31,15,1.5,0.5,2.0,1000.0,7]");
        row("a number too large for whole ones",
            "[9223372036854775807, 9223372036854775808]",
            "[9223372036854775807,9.223372036854776e+18]");
        row("texts that look like more",
            "[2026-01-31, 1.2.3, 0.00:10:00, .inf, 1_000, '1', \"2\", !!str 3]",
            R"(["2026-01-31","1.2.3","0.00:10:00",".inf","1_000","1","2","3"])");
        row("long texts", "a: |\n  id,name\n  1,x\nb: >-\n  one\n  two\n", R"({"a":"id,name\n1,x\n","b":"one two"})");
        row("an alias", "a: &rows [1]\nb: *rows\n", R"({"a":[1],"b":[1]})");
        row("keys are texts", "1: a\ntrue: b\n", R"({"1":"a","true":"b"})");
        row("comments", "# first\na: 1 # second\n", R"({"a":1})");
        row("nothing", "# only this\n", "null");
        row("a byte order mark",
            "\xEF\xBB\xBF"
            "a: ä\n",
            R"({"a":"ä"})");
    }

    void readsYaml()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, json);
        const auto read = parseYaml(text, QStringLiteral("x.yaml"));
        VERIFY_OK(read);
        QCOMPARE(toCompact(read->json), json);
    }

    void refusesWhatIsNoDocument_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where");
        const auto row = [](const char *name, const QByteArray &text, const char *where) {
            QTest::newRow(name) << text << QString::fromLatin1(where);
        };
        row("a stray bracket", "a: 1\nb: [1, 2\nc: 3\n", "x.yaml:3:2");
        row("a tab as indentation", "a:\n\tb: 1\n", "x.yaml:2:3");
        row("a duplicate key", "a: 1\nb: 2\na: 3\n", "x.yaml:3:1");
        row("an unknown alias", "a: *rows\n", "x.yaml:1:4");
        row("two documents", "a: 1\n---\nb: 2\n", "x.yaml:3:1");
        row("a key that is a list", "[1, 2]: x\n", "x.yaml:1:1");
        row("a tag of one's own", "a: !date 2026\n", "x.yaml:1:4");
        row("columns are characters", "ä: !date 2026\n", "x.yaml:1:4");
    }

    void refusesWhatIsNoDocument()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        const auto read = parseYaml(text, QStringLiteral("x.yaml"));
        QVERIFY(!read);
        QCOMPARE(read.error().where, where);
        QVERIFY(read.error().code == ErrorCode::InvalidInput);
        QVERIFY(!read.error().message.isEmpty());
    }

    void refusesAliasesThatGrow()
    {
        QByteArray text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 10; ++i) {
            const QByteArray before = "*a" + QByteArray::number(i - 1);
            text += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" + before;
            for (int j = 1; j < 10; ++j)
                text += ", " + before;
            text += "]\n";
        }
        QVERIFY(!parseYaml(text, QStringLiteral("x.yaml")));
    }

    void refusesDeepNesting()
    {
        QVERIFY(!parseYaml(QByteArray(100000, '['), QStringLiteral("x.yaml")));
        QVERIFY(!parseYaml(QByteArray(400, '[') + QByteArray(400, ']'), QStringLiteral("x.yaml")));
    }

    void tellsWhereYamlStands()
    {
        const QByteArray text = "name: a scored file\n"
                                "expect:\n"
                                "  status: Failed # or so\n"
                                "  ü: [1, {n: 'it''s', m: \"]\\\"\"}, 3]\n"
                                "  rows:\n"
                                "    - n: 1\n"
                                "      m: two words\n"
                                "    - n: -2.5\n"
                                "  text: |\n"
                                "    x\n";
        const auto read = parseYaml(text, QStringLiteral("x.yaml"));
        VERIFY_OK(read);
        QCOMPARE(shown(*read, text, "/name"), QStringLiteral("1:1 a scored file"));
        QCOMPARE(shown(*read, text, "/expect/status"), QStringLiteral("3:3 Failed"));
        QCOMPARE(read->placeOf(QStringLiteral("/expect/ü")).line, 4);
        const ValuePlace list = read->placeOf(QStringLiteral("/expect/ü"));
        QCOMPARE(text.mid(list.begin, list.end - list.begin), QByteArray("[1, {n: 'it''s', m: \"]\\\"\"}, 3]"));
        const ValuePlace quoted = read->placeOf(QStringLiteral("/expect/ü/1/n"));
        QCOMPARE(text.mid(quoted.begin, quoted.end - quoted.begin), QByteArray("'it''s'"));
        QCOMPARE(shown(*read, text, "/expect/rows"), QStringLiteral("5:3 - n: 1\n      m: two words\n    - n: -2.5"));
        QCOMPARE(shown(*read, text, "/expect/rows/1/n"), QStringLiteral("8:7 -2.5"));
        const ValuePlace block = read->placeOf(QStringLiteral("/expect/text"));
        QVERIFY(block.end <= block.begin); // not known
        QCOMPARE(block.line, 9);
    }

    void tellsWhereJsonStands()
    {
        const QByteArray text =
            "{\"a\": [1,\r\n  {\"ü\": \"x\\\"y\", \"b\" : [ ] , \"c\":true}\r\n ],\n \"d/e\": -1.5e3}";
        const auto read = parsePlacedJson(text, QStringLiteral("x.json"));
        VERIFY_OK(read);
        QCOMPARE(shown(*read, text, "/a/0"), QStringLiteral("1:8 1"));
        QCOMPARE(shown(*read, text, "/a/1/b"), QStringLiteral("2:17 [ ]"));
        QCOMPARE(shown(*read, text, "/a/1/c"), QStringLiteral("2:29 true"));
        QCOMPARE(shown(*read, text, "/d~1e"), QStringLiteral("4:2 -1.5e3"));
        const ValuePlace escaped = read->placeOf(QStringLiteral("/a/1/ü"));
        QCOMPARE(text.mid(escaped.begin, escaped.end - escaped.begin), QByteArray("\"x\\\"y\""));
        QVERIFY(!parsePlacedJson("{\"a\": 1, \"a\": 2}", QStringLiteral("x.json")));
    }
};

SLIPWAY_TEST(TestPlacedJson)

#include "TestPlacedJson.moc"
