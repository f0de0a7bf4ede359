#include "engine/base/Json.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestJson : public QObject
{
    Q_OBJECT

private slots:
    void readsTextsFromTheirFirstCharacterOn()
    {
        const QString mark(QChar(0xFEFF));
        const QStringList texts{QString(), QStringLiteral("a"), mark, mark.repeated(2), mark.repeated(2) + u'a' + mark};
        for (const QString &text : texts)
            QCOMPARE(toQString(toStdString(text)), text);
    }
    void keepsOrderAndUnknownKeys()
    {
        const QByteArray text = R"({"z":1,"a":[true,null,"ä"],"m":{"y":1.5,"b":-3}})";
        const auto json = parseJson(text, QStringLiteral("x.json"));
        VERIFY_OK(json);
        QCOMPARE(toCompact(*json), text);
        const auto again = parseJson(toPretty(*json), QStringLiteral("x.json"));
        VERIFY_OK(again);
        QVERIFY(*again == *json);
        QVERIFY(toPretty(*json).endsWith("}\n"));
        QVERIFY(toPretty(*json).contains("\n  \"a\""));
    }

    void namesLineAndColumn_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("where");
        const auto row = [](const char *name, const QByteArray &text, const char *where) {
            QTest::newRow(name) << text << QString::fromLatin1(where);
        };
        row("empty", "", "x.json:1:1");
        row("spaces only", "  \n ", "x.json:2:2");
        row("a stray character", "{\n  \"a\": x\n}", "x.json:2:8");
        row("a comma too many", "[1,2,]", "x.json:1:6");
        row("a missing colon", "{\"a\" 1}", "x.json:1:6");
        row("text behind the end", "{} x", "x.json:1:4");
        row("a cut text", "{\"a\": [1", "x.json:1:9");
        row("columns are characters, not bytes", "{\"ä\": x}", "x.json:1:7");
        row("a duplicate key", "{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", "x.json:3:4");
        row("a duplicate key in an inner object", "[{\"a\": {\"b\": 1, \"b\": 2}}]", "x.json:1:19");
        row("after a byte order mark", "\xEF\xBB\xBF{x}", "x.json:1:2");
        row("Windows line ends", "{\r\n\"a\": x}", "x.json:2:6");
    }

    void namesLineAndColumn()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, where);
        const auto json = parseJson(text, QStringLiteral("x.json"));
        QVERIFY(!json);
        QCOMPARE(json.error().where, where);
        QVERIFY(json.error().code == ErrorCode::InvalidInput);
        QVERIFY(!json.error().message.isEmpty());
        QVERIFY2(!json.error().message.contains(u"[json.exception"), qPrintable(json.error().message));
    }

    void sameKeysInDifferentObjectsAreFine()
    {
        VERIFY_OK(parseJson(R"([{"a":1},{"a":{"a":2}}])", QStringLiteral("x")));
    }

    void refusesInvalidUtf8()
    {
        QVERIFY(!parseJson("\"\xC3\x28\"", QStringLiteral("x")));
        QVERIFY(!parseJson("\"\xED\xA0\x80\"", QStringLiteral("x"))); // half a surrogate pair
        VERIFY_OK(parseJson("\"\\ud83d\\ude00\"", QStringLiteral("x")));
        QVERIFY(!parseJson("\"\\ud83d\"", QStringLiteral("x")));
    }

    void skipsAByteOrderMark()
    {
        const auto json = parseJson("\xEF\xBB\xBF[1]", QStringLiteral("x"));
        VERIFY_OK(json);
        QCOMPARE(toCompact(*json), QByteArray("[1]"));
    }

    void limitsDepth()
    {
        const auto nested = [](int depth) -> QByteArray { return QByteArray(depth, '[') + QByteArray(depth, ']'); };
        VERIFY_OK(parseJson(nested(256), QStringLiteral("x")));
        const auto deep = parseJson(nested(257), QStringLiteral("x"));
        QVERIFY(!deep);
        QVERIFY(deep.error().message.contains(u"256"));
        QVERIFY(!parseJson(nested(2'000'000), QStringLiteral("x"))); // and the stack is whole
    }

    void copesWithManyKeys()
    {
        QByteArray text = "{";
        for (int i = 0; i < 50'000; ++i)
            text += (i > 0 ? ",\"k" : "\"k") + QByteArray::number(i) + "\":" + QByteArray::number(i);
        const auto json = parseJson(text + '}', QStringLiteral("x"));
        VERIFY_OK(json);
        QCOMPARE(json->size(), size_t(50'000));
        QCOMPARE(intAt(*json, "k49999"), 49'999);
    }

    void writesInvalidUtf8Replaced()
    {
        const Json json = std::string("a\xFFz");
        QCOMPARE(toCompact(json), QByteArray("\"a\xEF\xBF\xBDz\""));
    }

    void readsMembersTolerantly()
    {
        const auto json = parseJson(
            R"({"s":"text","i":12,"is":"13","f":1.9,"b":true,"bs":"False","n":null,"big":1e300,"huge":18446744073709551615})",
            QStringLiteral("x"));
        VERIFY_OK(json);
        QCOMPARE(stringAt(*json, "s"), QStringLiteral("text"));
        QCOMPARE(stringAt(*json, "i", QStringLiteral("other")), QStringLiteral("other"));
        QCOMPARE(stringAt(*json, "none"), QString());
        QCOMPARE(intAt(*json, "i"), 12);
        QCOMPARE(intAt(*json, "is"), 13);
        QCOMPARE(intAt(*json, "f"), 1);
        QCOMPARE(intAt(*json, "s", -1), -1);
        QCOMPARE(intAt(*json, "n", -1), -1);
        QCOMPARE(intAt(*json, "big", -1), -1);
        QCOMPARE(intAt(*json, "huge", -1), -1);
        QVERIFY(boolAt(*json, "b"));
        QVERIFY(!boolAt(*json, "bs", true));
        QVERIFY(boolAt(*json, "s", true));
        QVERIFY(memberAt(*json, "none").is_null());
        QVERIFY(memberAt(Json::array(), "none").is_null());
        QVERIFY(memberAt(memberAt(Json(), "a"), "b").is_null());
    }
};

SLIPWAY_TEST(TestJson)

#include "TestJson.moc"
