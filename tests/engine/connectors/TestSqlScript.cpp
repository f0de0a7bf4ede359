#include "engine/connectors/NearNames.h"
#include "engine/connectors/SqlScript.h"
#include "tests/support/TestMain.h"

using namespace engine;

class TestSqlScript : public QObject
{
    Q_OBJECT

private slots:
    void bracketsBecomeQuotes_data();
    void bracketsBecomeQuotes();
    void truncateBecomesDelete_data();
    void truncateBecomesDelete();
    void transactionStatementIsFound_data();
    void transactionStatementIsFound();
    void tokensTogetherAreTheScript();
    void identifiersAreQuoted();
    void nearNameIsSuggested();
};

SLIPWAY_TEST(TestSqlScript)

void TestSqlScript::bracketsBecomeQuotes_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *script, const char *expected) {
        QTest::newRow(name) << QString::fromUtf8(script) << QString::fromUtf8(expected);
    };
    row("schema and table", "delete from [dbo].[titanic_predictions]", "delete from \"dbo\".\"titanic_predictions\"");
    row("plain", "delete from t where a = 1", "delete from t where a = 1");
    row("spaces inside", "delete from [my table]", "delete from \"my table\"");
    row("doubled bracket", "delete from [a]]b]", "delete from \"a]b\"");
    row("quote inside", "delete from [a\"b]", "delete from \"a\"\"b\"");
    row("in a text", "delete from t where a = '[x]'", "delete from t where a = '[x]'");
    row("in a text with a doubled quote", "select 'it''s [x]', [y]", "select 'it''s [x]', \"y\"");
    row("in an escaped text", "select E'\\'[x]', [y]", "select E'\\'[x]', \"y\"");
    row("in a dollar text", "select $$[x]$$, $a$ [y] $a$, [z]", "select $$[x]$$, $a$ [y] $a$, \"z\"");
    row("in a quoted name", "select \"[x]\" from [t]", "select \"[x]\" from \"t\"");
    row("in a line comment", "select 1 -- [x]\nfrom [t]", "select 1 -- [x]\nfrom \"t\"");
    row("in nested comments", "/* [x] /* [y] */ [z] */ select [a]", "/* [x] /* [y] */ [z] */ select \"a\"");
    row("array element", "update t set a[1] = b[i]", "update t set a[1] = b[i]");
    row("array literal", "select ARRAY[a, 2], array [1,2]", "select ARRAY[a, 2], array [1,2]");
    row("array type", "select '{}'::int[], x::text [] from t", "select '{}'::int[], x::text [] from t");
    row("subscript of a subscript", "select a[1][j]", "select a[1][j]");
    row("subscript of a bracket", "select (f(x))[j]", "select (f(x))[j]");
    row("alias", "select a [the name] from t", "select a \"the name\" from t");
    row("not closed", "select [x", "select [x");
    row("parameter", "select $1, [x]", "select $1, \"x\"");
}

void TestSqlScript::bracketsBecomeQuotes()
{
    QFETCH(QString, script);
    QFETCH(QString, expected);
    QCOMPARE(translateScript(script, SqlDialect::PostgreSql), expected);
}

void TestSqlScript::truncateBecomesDelete_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *script, const char *expected) {
        QTest::newRow(name) << QString::fromUtf8(script) << QString::fromUtf8(expected);
    };
    row("alone", "TRUNCATE TABLE [dbo].[t]", "delete from [dbo].[t]");
    row("second statement", "delete from a; truncate  table b;", "delete from a; delete from b;");
    row("after a comment", "-- all of it\ntruncate /* really */ table t", "-- all of it\ndelete from t");
    row("a name", "select truncate from t", "select truncate from t");
    row("in a text", "insert into t values (';truncate table t')", "insert into t values (';truncate table t')");
    row("brackets stay", "delete from [t]", "delete from [t]");
}

void TestSqlScript::truncateBecomesDelete()
{
    QFETCH(QString, script);
    QFETCH(QString, expected);
    QCOMPARE(translateScript(script, SqlDialect::Sqlite), expected);
}

void TestSqlScript::transactionStatementIsFound_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("found"); // empty = none
    const auto row = [](const char *name, const char *script, const char *found) {
        QTest::newRow(name) << QString::fromUtf8(script) << QString::fromUtf8(found);
    };
    row("none", "delete from t; insert into t values (1)", "");
    row("commit", "delete from t; commit", "COMMIT");
    row("rollback", "/* */ rollback work;", "ROLLBACK");
    row("rollback to a savepoint", "savepoint a; delete from t; rollback to a; rollback work to savepoint a", "");
    row("begin", "begin; delete from t", "BEGIN");
    row("end", "delete from t; end", "END");
    row("abort", "abort", "ABORT");
    row("start transaction", "start transaction read only", "START");
    row("prepare transaction", "prepare transaction 'x'", "PREPARE");
    row("prepare a statement", "prepare p as select 1", "");
    row("in a text", "insert into t values ('x; commit;')", "");
    row("in a comment", "delete from t -- ; commit\n", "");
    row("in a block", "do $$ begin delete from t; end $$", "");
    row("in a function's body",
        "create function f() returns int begin atomic; delete from t; select case 1 when 1 then 2 end; end; select 1",
        "");
    row("after a function's body", "create function f() returns int begin atomic; select 1; end; commit", "COMMIT");
    row("commit and chain", "delete from t; Commit And Chain", "COMMIT");
    row("a column called end", "select a as \"end\" from t; select end_date from t", "");
}

void TestSqlScript::transactionStatementIsFound()
{
    QFETCH(QString, script);
    QFETCH(QString, found);
    QCOMPARE(transactionStatement(script, SqlDialect::PostgreSql).value_or(QString()), found);
}

void TestSqlScript::tokensTogetherAreTheScript()
{
    const QString script =
        QStringLiteral("select 'a''b', \"c\", [d], 1.5e3, $x$ y $x$ -- z\n/* open [ ' \" from t; 'open");
    for (const SqlDialect dialect : {SqlDialect::Sqlite, SqlDialect::PostgreSql}) {
        for (qsizetype length = 0; length <= script.size(); ++length) {
            const QString part = script.left(length);
            QString together;
            const QList<SqlToken> tokens = tokenizeSql(part, dialect);
            for (const SqlToken &token : tokens)
                together += token.text;
            QCOMPARE(together, part);
        }
    }
}

void TestSqlScript::identifiersAreQuoted()
{
    QCOMPARE(quoteIdentifier(QStringLiteral("a\"b; drop table x")), QStringLiteral("\"a\"\"b; drop table x\""));
    QCOMPARE(qualifiedName(QStringLiteral("dbo"), QStringLiteral("t")), QStringLiteral("\"dbo\".\"t\""));
    QCOMPARE(qualifiedName({}, QStringLiteral("t")), QStringLiteral("\"t\""));
}

void TestSqlScript::nearNameIsSuggested()
{
    const QStringList names{QStringLiteral("fare"), QStringLiteral("age"), QStringLiteral("predictions")};
    QCOMPARE(suggestName(QStringLiteral("Fare"), names), QStringLiteral("Did you mean “fare”?"));
    QCOMPARE(suggestName(QStringLiteral("prediction"), names), QStringLiteral("Did you mean “predictions”?"));
    QCOMPARE(suggestName(QStringLiteral("cabin"), names), QStringLiteral("There are: fare, age, predictions."));
    QCOMPARE(suggestName(QStringLiteral("cabin"), {}), QString());
}

#include "TestSqlScript.moc"
