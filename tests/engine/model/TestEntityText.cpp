#include "engine/model/EntityText.h"

#include "tests/support/TestMain.h"

#include <QDirIterator>
#include <QRandomGenerator>

using namespace engine;

class TestEntityText : public QObject
{
    Q_OBJECT

private slots:
    void tellsTheStyleOfAFile_data();
    void tellsTheStyleOfAFile();
    void sameValueGivesTheSameBytes();
    void writesNewFilesWithTabs();
    void keepsTheTextOfWhatDoesNotChange_data();
    void keepsTheTextOfWhatDoesNotChange();
    void keepsUtf16();
    void refusesWhatIsNoJsonWithItsPlace_data();
    void refusesWhatIsNoJsonWithItsPlace();
    void refusesWhatIsTooLarge();
    void saysWhatItShouldWhateverIsChanged();
};

SLIPWAY_TEST(TestEntityText)

namespace {

Json parsed(const QByteArray &text) { return *parseEntity(text, QStringLiteral("x")); }

// Changes something somewhere in the document.
void scramble(Json &json, QRandomGenerator &random)
{
    if (json.is_object() && !json.empty() && random.bounded(4) != 0) {
        auto member = json.begin();
        std::advance(member, random.bounded(int(json.size())));
        scramble(member.value(), random);
        return;
    }
    if (json.is_array() && !json.empty() && random.bounded(4) != 0) {
        const size_t at = size_t(random.bounded(int(json.size())));
        switch (random.bounded(4)) {
        case 0:
            json.erase(at);
            return;
        case 1: {
            const Json copy = json[at];
            json.insert(json.begin() + int(random.bounded(int(json.size()))), copy);
            return;
        }
        case 2:
            std::swap(json[at], json[0]);
            return;
        default:
            scramble(json[at], random);
            return;
        }
    }
    if (json.is_object() && !json.empty() && random.bounded(2) == 0) {
        json.erase(json.begin());
        return;
    }
    if (json.is_object()) {
        json["n\"ew" + std::to_string(random.bounded(3))] = {
            {"a", 1}, {"b", {1, "zwei\n", nullptr}}, {"c", Json::object()}};
        return;
    }
    json = random.bounded(2) == 0 ? Json("\\\"text ☕ }]") : Json(random.bounded(1000));
}

} // namespace

void TestEntityText::tellsTheStyleOfAFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("indentation");
    QTest::addColumn<QByteArray>("lineEnd");
    QTest::addColumn<bool>("hasFinalNewline");
    QTest::newRow("tabs") << QByteArray("{\n\t\"a\": 1\n}") << QByteArray("\t") << QByteArray("\n") << false;
    QTest::newRow("two spaces, newline") << QByteArray("{\n  \"a\": 1\n}\n") << QByteArray("  ") << QByteArray("\n")
                                         << true;
    QTest::newRow("windows") << QByteArray("{\r\n    \"a\": 1\r\n}\r\n") << QByteArray("    ") << QByteArray("\r\n")
                             << true;
    QTest::newRow("one line") << QByteArray("{\"a\": 1}") << QByteArray("\t") << QByteArray("\n") << false;
    QTest::newRow("empty lines") << QByteArray("{\n   \n\t\"a\": 1}") << QByteArray("\t") << QByteArray("\n") << false;
    QTest::newRow("nothing") << QByteArray() << QByteArray("\t") << QByteArray("\n") << false;
}

void TestEntityText::tellsTheStyleOfAFile()
{
    QFETCH(QByteArray, text);
    const TextStyle style = styleOf(text);
    QTEST(style.indentation, "indentation");
    QTEST(style.lineEnd, "lineEnd");
    QTEST(style.hasFinalNewline, "hasFinalNewline");
}

void TestEntityText::sameValueGivesTheSameBytes()
{
    QDirIterator each(tests::sourceDir() + QStringLiteral("/resources/samples"),
                      {QStringLiteral("*.json")},
                      QDir::Files | QDir::Hidden,
                      QDirIterator::Subdirectories);
    int count = 0;
    while (each.hasNext()) {
        QFile file(each.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray text = file.readAll();
        QCOMPARE(rewriteEntity(parsed(text), text), text);
        ++count;
    }
    QVERIFY(count >= 10);
    const QByteArray odd =
        "\xEF\xBB\xBF \r\n{ \"a\" :1.0,\"b\":[ ],\"c\":1e3, \"d\": 123456789012345678901234567890 }\n\n";
    QCOMPARE(rewriteEntity(parsed(odd), odd), odd);
}

void TestEntityText::writesNewFilesWithTabs()
{
    const Json json = {{"name", "Größe ☕ 🚢"},
                       {"properties", {{"a", Json::array()}, {"b", {1, 2.5}}, {"c", Json::object()}}}};
    QCOMPARE(writeEntity(json),
             QByteArray("{\n\t\"name\": \"Größe ☕ 🚢\",\n\t\"properties\": {\n\t\t\"a\": [],\n\t\t\"b\": [\n"
                        "\t\t\t1,\n\t\t\t2.5\n\t\t],\n\t\t\"c\": {}\n\t}\n}"));
}

void TestEntityText::keepsTheTextOfWhatDoesNotChange_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char *name, const char *before, const char *json, const char *after) {
        QTest::newRow(name) << QByteArray(before) << QByteArray(json) << QByteArray(after);
    };
    row("a value", "{ \"a\": 1.0, \"b\": 2 }\n", R"({"a":1,"b":3})", "{ \"a\": 1.0, \"b\": 3 }\n");
    row("a new member on one line",
        "{ \"a\": 1 }",
        R"({"a":1,"b":{"c":[1,2]}})",
        "{ \"a\": 1, \"b\": { \"c\": [1, 2] } }");
    row("a new member",
        "{\n\t\"a\": 1\n}",
        R"({"a":1,"b":{"c":2}})",
        "{\n\t\"a\": 1,\n\t\"b\": {\n\t\t\"c\": 2\n\t}\n}");
    row("a new member first", "{\n  \"a\": 1\n}\n", R"({"b":2,"a":1})", "{\n  \"b\": 2,\n  \"a\": 1\n}\n");
    row("a member less", "{\n  \"a\": 1e3,\n  \"b\": [1,2]\n}", R"({"b":[1,2]})", "{\n  \"b\": [1,2]\n}");
    row("the last goes", "{\n  \"a\": 1\n}", "{}", "{}");
    row("an element in between",
        "[\n  {\"n\": 1.50},\n  {\"n\": 2}\n]",
        R"([{"n":1.5},{"n":9},{"n":2}])",
        "[\n  {\"n\": 1.50},\n  {\n    \"n\": 9\n  },\n  {\"n\": 2}\n]");
    row("an element by its name",
        "[\n\t{ \"name\": \"x\", \"v\": 1.0 },\n\t{ \"name\": \"y\", \"v\": 2.0 }\n]",
        R"([{"name":"y","v":2.0,"w":3}])",
        "[\n\t{ \"name\": \"y\", \"v\": 2.0, \"w\": 3 }\n]");
    row("windows",
        "{\r\n  \"a\": {\r\n    \"b\": 1\r\n  }\r\n}\r\n",
        R"({"a":{"b":1,"c":{"d":2}}})",
        "{\r\n  \"a\": {\r\n    \"b\": 1,\r\n    \"c\": {\r\n      \"d\": 2\r\n    }\r\n  }\r\n}\r\n");
    row("brackets in strings", R"({"a": "]}\"", "b": 1})", R"({"a":"]}\"","b":2})", R"({"a": "]}\"", "b": 2})");
    row("another key",
        "{ \"a\": { \"b\":1.0 }, \"c\": 2 }",
        R"({"z":{"b":1.0},"c":2})",
        "{ \"z\": { \"b\":1.0 }, \"c\": 2 }");
    row("lines of old",
        "{\r  \"a\": {\r    \"b\": 1\r  }\r}\r",
        R"({"a":{"b":1,"c":{"d":2}}})",
        "{\r  \"a\": {\r    \"b\": 1,\r    \"c\": {\r      \"d\": 2\r    }\r  }\r}\r");
    row("a compact file",
        R"({"a":1,"b":[{"c":1}]})",
        R"({"a":1,"b":[{"c":1,"d":{"e":[1,2]}}]})",
        R"({"a":1,"b":[{"c":1,"d":{"e":[1,2]}}]})");
    row("mixed indentation",
        "{\n  \"a\": {\n\t\t\"b\": 1\n  },\n      \"z\": [ ]\n}",
        R"({"a":{"b":1,"c":{"d":2}},"z":[]})",
        "{\n  \"a\": {\n\t\t\"b\": 1,\n\t\t\"c\": {\n\t\t  \"d\": 2\n\t\t}\n  },\n      \"z\": [ ]\n}");
    row("brackets beside each other",
        "{\n  \"a\": [{\n    \"n\": 1\n  }, {\n    \"n\": 2\n  }]\n}",
        R"({"a":[{"n":1},{"n":2,"m":3},{"n":4}]})",
        "{\n  \"a\": [{\n    \"n\": 1\n  }, {\n    \"n\": 2,\n    \"m\": 3\n  }, {\n    \"n\": 4\n  }]\n}");
    row("escapes and numbers as they are",
        R"({ "\u0061": "\/\u00e4", "n": [-0, 1E5, 0.10, 12345678901234567890], "x": 1 })",
        R"({"a":"/ä","n":[0,100000.0,0.1,12345678901234567890],"x":2})",
        R"({ "\u0061": "\/\u00e4", "n": [-0, 1E5, 0.10, 12345678901234567890], "x": 2 })");
    row("no JSON", "{\n\t\"a\": \n", R"({"a":1})", "{\n\t\"a\": 1\n}\n");
}

void TestEntityText::keepsTheTextOfWhatDoesNotChange()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, json);
    const QByteArray after = rewriteEntity(parsed(json), before);
    QTEST(after, "after");
}

void TestEntityText::keepsUtf16()
{
    QStringEncoder encoder(QStringConverter::Utf16LE, QStringConverter::Flag::WriteBom);
    const QByteArray before = encoder(QStringLiteral("{\r\n  \"a\": \"ä\"\r\n}"));
    const QByteArray after = rewriteEntity({{"a", "🚢"}}, before);
    QStringDecoder decoder(QStringConverter::Utf16LE);
    const QString text = decoder(after);
    QCOMPARE(text, QStringLiteral("{\r\n  \"a\": \"🚢\"\r\n}"));
    QVERIFY(after.startsWith("\xFF\xFE"));
}

void TestEntityText::refusesWhatIsNoJsonWithItsPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    const auto row = [](const char *name, const QByteArray &text, const char *where) {
        QTest::newRow(name) << text << QString::fromLatin1(where);
    };
    row("nothing", "", "x:1:1");
    row("a key twice", "{\n \"a\": 1,\n \"a\": 2}", "x:3:4");
    row("a key twice among many",
        "{\"0\":0,\"1\":0,\"2\":0,\"3\":0,\"4\":0,\"5\":0,\"6\":0,\"7\":0,\"8\":0,\"9\":0,\"a\":0,\"b\":0,\"c\":0,"
        "\"d\":0,\"e\":0,"
        "\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,\"k\":0,\"l\":0,\"m\":0,\"n\":0,\"o\":0,\"p\":0,\n\"c\":1}",
        "x:2:3");
    row("a comment", "{\r\n  // why\r\n  \"a\": 1\r\n}", "x:2:3");
    row("a comma too many", "{\r  \"a\": 1,\r}", "x:3:1");
    row("half of a pair", R"({"a": "\ud83d"})", "x:1:14");
    row("no UTF-8", "{\"a\": \"\xff\"}", "x:1:8");
    row("a zero", QByteArray("{}\n\0", 4), "x:2:1");
    row("too deep", QByteArray(300, '['), "x:1:257");
    row("cut off", "{\"a\":\n", "x:2:1");
    row("text behind", "{}\n{}", "x:2:1");
    row("two byte order marks", "\xEF\xBB\xBF\xEF\xBB\xBF{}", "x:1:1");
    row("UTF-16 cut off", QByteArray("\xFF\xFE{\0\n\0}", 7), "x:2:1");
    row("UTF-16 with half of a pair", QByteArray("{\0\"\0\x3d\xd8\"\0", 8), "x:1:3");
}

void TestEntityText::refusesWhatIsNoJsonWithItsPlace()
{
    QFETCH(QByteArray, text);
    const Result<Json> json = parseEntity(text, QStringLiteral("x"));
    QVERIFY(!json);
    QVERIFY(!json.error().message.isEmpty());
    QTEST(json.error().where, "where");
}

void TestEntityText::refusesWhatIsTooLarge()
{
    const QByteArray text = '"' + QByteArray(largestEntity, 'x') + '"';
    const Result<Json> json = parseEntity(text, QStringLiteral("x"));
    QVERIFY(!json);
    QCOMPARE(json.error().where, QStringLiteral("x:1:1"));
    QVERIFY(json.error().message.contains(u"16 MiB"));
}

void TestEntityText::saysWhatItShouldWhateverIsChanged()
{
    QFile file(tests::sourceDir() + QStringLiteral("/resources/samples/titanic/pipeline/PublishPythonSql.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QByteArray text = file.readAll();
    QRandomGenerator random(7);
    for (int i = 0; i < 2000; ++i) {
        if (i % 100 == 0)
            text = i % 200 == 0 ? writeEntity(parsed(text)) : toPretty(parsed(text)).replace("\n", "\r\n");
        if (text.size() > 60'000)
            text = "{ \"a\": [1,2 , { } ], \"b\":{\"name\":\"x\"} }";
        Json json = parsed(text);
        for (int change = random.bounded(1, 4); change > 0; --change)
            scramble(json, random);
        text = rewriteEntity(json, text);
        const Result<Json> again = parseEntity(text, QStringLiteral("x"));
        VERIFY_OK(again);
        QVERIFY2(*again == json, text.constData());
    }
}

#include "TestEntityText.moc"
