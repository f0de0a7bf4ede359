#include "engine/expression/Expression.h"
#include "engine/expression/ExpressionContext.h"
#include "tests/support/TestMain.h"

#include <thread>

using namespace engine;

namespace {

QString problemOf(const QString &text)
{
    const Result<Expression> expression = Expression::parse(text);
    if (!expression)
        return expression.error().where + u": " + expression.error().message;
    ExpressionContext context;
    const Result<Json> value = evaluate(*expression, context);
    return value ? QString() : value.error().where + u": " + value.error().message;
}

QString nested(int depth)
{
    return u'@' + QStringLiteral("toLower(").repeated(depth) + QStringLiteral("'x'") + QString(depth, u')');
}

} // namespace

class TestExpression : public QObject
{
    Q_OBJECT

private slots:
    void printsItsCanonicalForm_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char *text, const char *printed) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(printed);
        };
        row("@ CONCAT( 'a' ,2 , null )", "@concat('a', 2, null)");
        row("@PIPELINE()['parameters']?['odd name'].x[0]", "@pipeline().parameters?['odd name'].x[0]");
        row("@activity( 'It''s' ).output", "@activity('It''s').output");
        row("@variables(concat('a'))", "@variables(concat('a'))");
        row("@1.50", "@1.5");
        row("@1e2", "@100.0");
        row("a @{ item( ) } b", "a @{item()} b");
        row("@{'a'}b@{item()}", "ab@{item()}");
        row("@{'@a'}@{item()}", "@{'@a'}@{item()}");
        row("x@{'@'}@{item()}", "@{'x@'}@{item()}");
        row("@@text", "@@text");
        row("a @@{b}", "a @@{b}");
        row("@@{b}", "@@{b}");
        row("@@@{b}", "@@@{b}");
        row("@item()['a-b']", "@item()['a-b']");
        row("@item().a-b", "@item()['a-b']");
        row("@item().0a", "@item()['0a']");
        row("plain", "plain");
        row("", "");
    }

    void printsItsCanonicalForm()
    {
        QFETCH(QString, text);
        QFETCH(QString, printed);
        const Result<Expression> expression = Expression::parse(text);
        VERIFY_OK(expression);
        QCOMPARE(expression->text(), printed);
        const Result<Expression> again = Expression::parse(printed);
        VERIFY_OK(again);
        QCOMPARE(again->text(), printed);
    }

    void listsWhatItRefersTo()
    {
        const Result<Expression> expression = Expression::parse(
            QStringLiteral("a @{activity('Look up').output.value[0].id} @{concat(pipeline()?.parameters['x'], "
                           "variables(item().name))[variables('i')]} @{json('{}').y}"));
        VERIFY_OK(expression);
        const QList<ExpressionReference> &found = expression->references();
        QCOMPARE(found.size(), 5);
        const auto is =
            [&found](int i, ExpressionRoot root, const char *name, QStringList members, int position, bool q) {
                return found.at(i) == ExpressionReference{root, QString::fromUtf8(name), members, position, q};
            };
        QVERIFY(
            is(0, ExpressionRoot::Activity, "Look up", {QStringLiteral("output"), QStringLiteral("value")}, 5, false));
        QVERIFY(is(1, ExpressionRoot::Pipeline, "", {QStringLiteral("parameters"), QStringLiteral("x")}, 54, true));
        QVERIFY(is(2, ExpressionRoot::Variables, "", {}, 83, false));
        QVERIFY(is(3, ExpressionRoot::Item, "", {QStringLiteral("name")}, 93, false));
        QVERIFY(is(4, ExpressionRoot::Variables, "i", {}, 107, false));
    }

    void boundsDepthAndSize()
    {
        QCOMPARE(problemOf(nested(120)), QString());
        QVERIFY(problemOf(nested(200)).contains(u"nested more than 128 deep"));
        QVERIFY(problemOf(nested(20000)).contains(u"nested more than 128 deep"));
        QVERIFY(problemOf(u'@' + QStringLiteral("item()[").repeated(5000)).contains(u"nested more than"));
        QVERIFY(problemOf(QString(1 << 21, u'x')).contains(u"longer than 1048576 characters"));
        // A long chain of members is no depth.
        const QString chain = QStringLiteral("@json('{}')") + QStringLiteral("?.a").repeated(100000);
        QCOMPARE(problemOf(chain), QString());
    }

    void boundsWhatItMakes()
    {
        QString text = QStringLiteral("'0123456789'");
        for (int i = 0; i < 30; ++i)
            text = QStringLiteral("replace('aa', 'a', ") + text + u')';
        QVERIFY(problemOf(u'@' + text).contains(u"MiB"));
        QString lists = QStringLiteral("range(0, 100000)");
        for (int i = 0; i < 30; ++i)
            lists = QStringLiteral("createArray(%1, 1)").arg(lists);
        QString many = lists;
        for (int i = 0; i < 100; ++i)
            many += QStringLiteral(", ") + lists;
        QVERIFY(problemOf(QStringLiteral("@createArray(") + many + u')').contains(u"MiB"));
    }

    void evaluatesInManyThreads()
    {
        const Result<Expression> expression = Expression::parse(QStringLiteral(
            "@concat(toLower('A'), formatDateTime(convertFromUtc('2024-07-01', 'Europe/Berlin'), 'HH'))"));
        VERIFY_OK(expression);
        std::vector<std::thread> threads;
        std::atomic<int> right = 0;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                ExpressionContext context;
                for (int j = 0; j < 500; ++j) {
                    const Result<Json> value = evaluate(*expression, context);
                    right += value && *value == "a02" ? 1 : 0;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(right.load(), 2000);
    }

    void describesEveryFunction()
    {
        QCOMPARE(expressionFunctions().size(), 84);
        for (const FunctionDescription &function : expressionFunctions()) {
            QVERIFY2(function.signature.startsWith(function.name + u'('), qPrintable(function.name));
            QVERIFY2(function.help.endsWith(u'.'), qPrintable(function.name));
            const QString inside = function.signature.mid(function.name.size() + 1).chopped(1);
            const QStringList names = inside.isEmpty() ? QStringList() : inside.split(QStringLiteral(", "));
            const auto optional = names.filter(QStringLiteral("?")).size();
            if (names.contains(QStringLiteral("…"))) {
                QCOMPARE(function.maximumArguments, -1);
            } else {
                QCOMPARE(function.maximumArguments, int(names.size()));
                QCOMPARE(function.minimumArguments, int(names.size() - optional));
            }
        }
    }

    void refusesAContextThatIsNone()
    {
        const auto problem = [](const char *json) {
            const Result<ExpressionContext> made = ExpressionContext::make(*parseJson(json, QStringLiteral("c")));
            return made ? QString() : made.error().message;
        };
        QCOMPARE(problem("{}"), QString());
        QVERIFY(problem("[]").contains(u"object"));
        QVERIFY(problem("{\"activity\": {}}").contains(u"\"activity\""));
        QVERIFY(problem("{\"variables\": []}").contains(u"\"variables\""));
        QVERIFY(problem("{\"now\": \"soon\"}").contains(u"\"now\""));
    }
};

SLIPWAY_TEST(TestExpression)

#include "TestExpression.moc"
