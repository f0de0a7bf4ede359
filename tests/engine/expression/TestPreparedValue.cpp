#include "engine/expression/Expression.h"
#include "engine/expression/ExpressionContext.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

const char *const dynamicJson =
    "{ "
    "\"url\": \"http:x/@{item().name}\", \"count\": \"@item().n\", \"mail\": \"@@home\", \"text\": \"a @@{b}\", "
    "\"object\": {\"type\": \"Expression\", \"value\": \"@item()\"}, \"plain\": {\"type\": \"Expression\", \"value\": "
    "\"x\"}, "
    "\"list\": [\"@item().n\", {\"deep\": \"@null\"}, 7, null], \"empty\": {}, \"activities\": [\"@broken(\"] "
    "}";
const char *const evaluatedJson =
    "{ "
    "\"url\": \"http:x/Sales\", \"count\": 3, \"mail\": \"@home\", \"text\": \"a @{b}\", "
    "\"object\": {\"name\": \"Sales\", \"n\": 3}, \"plain\": \"x\", "
    "\"list\": [3, {\"deep\": null}, 7, null], \"empty\": {}, \"activities\": [\"@broken(\"] "
    "}";

Json parsed(const char *json)
{
    const Result<Json> value = parseJson(json, QStringLiteral("test"));
    return value ? *value : Json("broken");
}

ExpressionContext context(const char *json) { return *ExpressionContext::make(parsed(json)); }

} // namespace

class TestPreparedValue : public QObject
{
    Q_OBJECT

private slots:
    void tellsDynamicContent_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<bool>("dynamic");
        const auto row = [](const char *json, bool dynamic) { QTest::newRow(json) << QByteArray(json) << dynamic; };
        row("\"x\"", false);
        row("\"\"", false);
        row("\"@\"", true);
        row("\"@x\"", true);
        row("\"@@x\"", false);
        row("\"@@\"", false);
        row("\" @x\"", false);
        row("\"a@{x}\"", true);
        row("\"a@@{x}\"", false);
        row("\"a@@@{x}\"", false);
        row("\"@@{a}@{b}\"", true);
        row("\"@@x@{b}\"", false);
        row("{\"type\":\"Expression\",\"value\":\"@x\"}", true);
        row("{\"type\":\"expression\",\"value\":\"a @{x}\"}", true);
        row("{\"type\":\"Expression\",\"value\":\"x\"}", false);
        row("{\"type\":\"Expression\"}", false);
        row("{\"type\":\"Other\",\"value\":\"@x\"}", false);
        row("12", false);
        row("null", false);
    }

    void tellsDynamicContent()
    {
        QFETCH(QByteArray, json);
        QFETCH(bool, dynamic);
        QCOMPARE(isDynamic(parsed(json.constData())), dynamic);
    }

    void evaluatesAtAnyDepth()
    {
        ExpressionContext values = context(R"j({"item": {"name": "Sales", "n": 3}})j");
        const Json json = parsed(dynamicJson);
        const Result<Json> result =
            evaluateAll(json, values, QStringLiteral("pipeline/X"), {QStringLiteral("activities")});
        VERIFY_OK(result);
        QCOMPARE(toCompact(*result), toCompact(parsed(evaluatedJson)));
    }

    void saysWhereItFails_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("where");
        const auto row = [](const char *name, const char *json, const char *place, const char *where) {
            QTest::newRow(name) << QByteArray(json) << QString::fromUtf8(place) << QString::fromUtf8(where);
        };
        row("syntax, in a member", R"j({"url": "@concat(x)"})j", "pipeline/X", "pipeline/X.url, character 9");
        row("value, in a member", R"j({"a": {"b": [1, "@div(1, 0)"]}})j", "P", "P.a.b[1], character 9");
        row("inside an expression object",
            R"j({"a": {"type": "Expression", "value": "@x"}})j",
            "P",
            "P.a, character 2");
        row("the text itself", R"j("@x")j", "P.url", "P.url, character 2");
        row("without a place", R"j({"a": "@x"})j", "", "a, character 2");
        row("the text itself without a place", R"j("@x")j", "", "character 2");
        row("an array", R"j(["@x"])j", "P", "P[0], character 2");
    }

    void saysWhereItFails()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, place);
        QFETCH(QString, where);
        ExpressionContext values;
        const Result<Json> result = evaluateAll(parsed(json.constData()), values, place);
        QVERIFY(!result);
        QCOMPARE(result.error().where, where);
    }

    void isMadeOnceAndEvaluatedOften()
    {
        const Result<PreparedValue> prepared =
            PreparedValue::make(parsed(R"j({"path": "out/@{item()}", "fixed": [1]})j"), QStringLiteral("P"));
        VERIFY_OK(prepared);
        QVERIFY(!prepared->isConstant());
        for (const auto &[item, text] : {std::pair("1", "1"), std::pair("true", "True"), std::pair("null", "")}) {
            ExpressionContext values = *ExpressionContext::make(Json{{"item", parsed(item)}});
            const Result<Json> value = prepared->evaluate(values);
            VERIFY_OK(value);
            QCOMPARE(stringAt(*value, "path"), QStringLiteral("out/") + QString::fromUtf8(text));
            QCOMPARE(memberAt(*value, "fixed").size(), size_t(1));
        }
        const Result<PreparedValue> constant =
            PreparedValue::make(parsed(R"j({"a": "@@b", "c": {"type": "SecureString", "value": "x"}})j"), {});
        VERIFY_OK(constant);
        QVERIFY(constant->isConstant());
        ExpressionContext none;
        QCOMPARE(toCompact(*constant->evaluate(none)),
                 QByteArray(R"j({"a":"@b","c":{"type":"SecureString","value":"x"}})j"));
    }

    void keepsTheKindOfAResolversError()
    {
        ExpressionContext values;
        const Result<Json> result = evaluateAll(Json("@item()"), values, QStringLiteral("P"));
        QVERIFY(!result);
        QVERIFY(result.error().code == ErrorCode::NotFound);
    }

    void boundsTheDepthOfAValue()
    {
        Json deep = "@item()";
        for (int i = 0; i < 600; ++i)
            deep = Json::array({deep});
        ExpressionContext values;
        QVERIFY(!evaluateAll(deep, values, QStringLiteral("P")));
    }
};

SLIPWAY_TEST(TestPreparedValue)

#include "TestPreparedValue.moc"
