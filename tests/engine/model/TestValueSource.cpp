#include "engine/model/Factory.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestValueSource : public QObject
{
    Q_OBJECT

private slots:
    void tellsExpressionsFromLiterals_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<bool>("isExpression");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const char *json, bool isExpression, const char *text) {
            QTest::newRow(name) << QByteArray(json) << isExpression << QString::fromUtf8(text);
        };
        row("plain text", R"j("abc")j", false, "abc");
        row("expression", R"j("@pipeline().RunId")j", true, "@pipeline().RunId");
        row("whole interpolation", R"j("@{utcnow()}")j", true, "@{utcnow()}");
        row("interpolation inside", R"j("a/@{utcnow()}/b")j", true, "a/@{utcnow()}/b");
        row("escaped at sign", R"j("@@home")j", false, "@home");
        row("escaped interpolation", R"j("a@@{b}")j", false, "a@{b}");
        row("space before the at sign", R"j(" @x")j", false, " @x");
        row("mail address", R"j("a@b.c")j", false, "a@b.c");
        row("expression object", R"j({"type":"Expression","value":"@item()"})j", true, "@item()");
        row("expression object in lower case", R"j({"value":"@item()","type":"expression"})j", true, "@item()");
        row("expression object with plain text", R"j({"type":"Expression","value":"abc"})j", false, "abc");
        row("another object",
            R"j({"type":"SecureString","value":"@x"})j",
            false,
            R"j({"type":"SecureString","value":"@x"})j");
        row("number", "12", false, "12");
        row("fraction", "1.5", false, "1.5");
        row("boolean", "true", false, "true");
        row("null", "null", false, "");
        row("list", "[1,2]", false, "[1,2]");
    }

    void tellsExpressionsFromLiterals()
    {
        QFETCH(QByteArray, json);
        QFETCH(bool, isExpression);
        QFETCH(QString, text);
        const auto parsed = parseJson(json, QStringLiteral("x"));
        VERIFY_OK(parsed);
        const ValueSource value = ValueSource::fromJson(*parsed);
        QCOMPARE(value.isExpression, isExpression);
        QCOMPARE(value.text(), text);
        QCOMPARE(value.expression, isExpression ? text : QString());
        QCOMPARE(value.literal.is_null(), isExpression || json == "null");
    }
};

SLIPWAY_TEST(TestValueSource)

#include "TestValueSource.moc"
