#include "engine/expression/Expression.h"
#include "engine/expression/ExpressionContext.h"
#include "tests/support/CaseFile.h"
#include "tests/support/TestMain.h"

#include <QFile>

using namespace engine;

namespace {

// Each line of a case's input is an expression, each line of what is expected its typed result as JSON, or
// "character N: message". A first line "context {…}" is what they read.
const QByteArray standardContext = R"j({
    "now": "2018-04-15T13:00:00Z",
    "parameters": {"name": "Sophie", "count": 3, "rate": 0.5, "flag": true, "nothing": null, "list": [1, 2, 3],
                   "person": {"name": "Sophie Owen", "Age": 33, "tags": ["a", "b"]}, "odd name": "odd"},
    "globalParameters": {"environment": "test"},
    "variables": {"text": "Hello", "list": ["a", "b"]},
    "activities": {"Look up": {"output": {"count": 2, "value": [{"id": 1}, {"id": 2}], "firstRow": {"id": 7}},
                               "status": "Succeeded"},
                   "Broken": {"status": "Failed", "error": {"message": "It broke.", "errorCode": "17"}}},
    "item": {"name": "Sales", "path": null},
    "trigger": {"scheduledTime": "2018-04-15T12:00:00.0000000Z", "startTime": "2018-04-15T12:00:01.0000000Z",
                "outputs": {"windowStartTime": "2018-04-15T00:00:00Z", "body": {"fileName": "in.csv"}}},
    "dataset": {"table": "sales"},
    "linkedService": {"server": "db1"},
    "pipeline": {"RunId": "7f8f", "Pipeline": "Load", "TriggerTime": "2018-04-15T12:00:02.1234567Z"}
})j";

QByteArray evaluated(const QString &text, ExpressionContext &context)
{
    const auto failed = [](const Error &error) { return (error.where + u": " + error.message).toUtf8(); };
    const Result<Expression> expression = Expression::parse(text);
    if (!expression)
        return failed(expression.error());
    const QString printed = expression->text();
    const Result<Expression> again = Expression::parse(printed);
    if (!again || again->text() != printed)
        return "printed as what reads otherwise: " + printed.toUtf8();
    const Result<Json> value = evaluate(*expression, context);
    if (!value)
        return failed(value.error());
    const Result<Json> same = evaluate(*again, context);
    if (!same || (toCompact(*same) != toCompact(*value) && !text.contains(u"rand")))
        return "printed as what means otherwise: " + printed.toUtf8();
    return toCompact(*value);
}

} // namespace

class TestExpressionCases : public QObject
{
    Q_OBJECT

private slots:
    void evaluatesAsDataFactoryDoes_data()
    {
        QTest::addColumn<QByteArray>("context");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        for (const QString &file : tests::caseFiles(QStringLiteral("tests/cases/expression"))) {
            for (const tests::Case &each : tests::readCases(file)) {
                QByteArrayList lines = each.input.split('\n');
                QByteArray context = standardContext;
                if (lines.first().startsWith("context "))
                    context = lines.takeFirst().mid(8);
                const QByteArrayList expected = each.expected.split('\n');
                if (lines.size() != expected.size())
                    QFAIL(qPrintable(QStringLiteral("%1, %2: as many expressions as results").arg(file, each.name)));
                for (qsizetype i = 0; i < lines.size(); ++i)
                    QTest::newRow(QByteArray(each.name.toUtf8() + ": " + lines.at(i)).constData())
                        << context << tests::unescaped(lines.at(i)) << expected.at(i);
            }
        }
    }

    void evaluatesAsDataFactoryDoes()
    {
        QFETCH(QByteArray, context);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const Result<Json> json = parseJson(context, QStringLiteral("context"));
        VERIFY_OK(json);
        Result<ExpressionContext> resolver = ExpressionContext::make(*json);
        VERIFY_OK(resolver);
        QCOMPARE(evaluated(QString::fromUtf8(text), *resolver), expected);
    }

    void theHelpNamesEveryFunction()
    {
        QFile help(qEnvironmentVariable("SLIPWAY_SOURCE_DIR") + QStringLiteral("/resources/help/expressions.md"));
        QVERIFY(help.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(help.readAll());
        for (const FunctionDescription &function : expressionFunctions())
            QVERIFY2(text.contains(QString(u'`' + function.name + u'`')), qPrintable(function.name));
    }

    void everyFunctionHasACase()
    {
        QByteArray all;
        for (const QString &file : tests::caseFiles(QStringLiteral("tests/cases/expression"))) {
            for (const tests::Case &each : tests::readCases(file))
                all += each.input.toLower();
        }
        for (const FunctionDescription &function : expressionFunctions())
            QVERIFY2(all.contains(QByteArray(function.name.toLower().toUtf8() + '(')), qPrintable(function.name));
    }
};

SLIPWAY_TEST(TestExpressionCases)

#include "TestExpressionCases.moc"
