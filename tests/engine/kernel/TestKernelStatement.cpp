#include "engine/kernel/KernelStatement.h"
#include "engine/kernel/MappedText.h"
#include "tests/support/TestMain.h"

using namespace engine;

namespace {

QStringList sources(const QByteArray &sql)
{
    QStringList texts;
    for (const SqlToken &token : sqlTokens(sql))
        texts += QString::fromUtf8(token.source(sql));
    return texts;
}

KernelStatement statement(const CellSource &cell)
{
    const QList<TokenRange> ranges = statementsIn(cell);
    const Result<KernelStatement> read = readStatement(cell, ranges.value(0), {QStringLiteral("Sales")});
    return read ? *read : KernelStatement(PlainStatement{});
}

} // namespace

class TestKernelStatement final : public QObject
{
    Q_OBJECT

private slots:
    void takesTextApart()
    {
        QCOMPARE(sources("a.\"b \"\"c\" -- x\n + 'it''s' /* /* y */ z */ E'\\'' $$d;$$ 1.5e-3 $q$ $ $q$;").join(u'~'),
                 QStringLiteral("a~.~\"b \"\"c\"~+~'it''s'~E'\\''~$$d;$$~1.5e-3~$q$ $ $q$~;"));
        QCOMPARE(sources("'open"), QStringList{QStringLiteral("'open")});
        QCOMPARE(sources("/* open"), QStringList());
        const QByteArray name("\"a\"\"b\"");
        QCOMPARE(sqlTokens(name).first().name(name), QStringLiteral("a\"b"));
        const QByteArray dollars("$x$it's$x$");
        QCOMPARE(sqlTokens(dollars).first().text(dollars), QStringLiteral("it's"));
    }

    void readsCreateModel()
    {
        const CellSource cell("CREATE OR REPLACE MODEL `m` OPTIONS(model_type = 'logistic_reg', input_label_cols = "
                              "['a', 'b'], l2_reg = f(1, 2)) AS SELECT 1");
        const KernelStatement read = statement(cell);
        QVERIFY(std::holds_alternative<CreateModel>(read));
        const auto &create = std::get<CreateModel>(read);
        QCOMPARE(create.model.name, QStringLiteral("m"));
        QVERIFY(create.replaces);
        QCOMPARE(create.options.size(), 3);
        QCOMPARE(create.options.at(1).name, QStringLiteral("input_label_cols"));
        QCOMPARE(create.options.at(1).value.last - create.options.at(1).value.first, 5);
        QCOMPARE(cell.startOf(create.query.first), cell.sql.indexOf("SELECT"));
    }

    void readsWritesIntoBoundTablesOnly()
    {
        const CellSource bound("INSERT INTO sales.dbo.t (a, \"b\") SELECT 1, 2");
        const KernelStatement read = statement(bound);
        QVERIFY(std::holds_alternative<InsertRows>(read));
        QCOMPARE(std::get<InsertRows>(read).table.service, QStringLiteral("Sales"));
        QCOMPARE(std::get<InsertRows>(read).table.schema, QStringLiteral("dbo"));
        QCOMPARE(std::get<InsertRows>(read).columns, (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
        QVERIFY(std::get<InsertRows>(statement(CellSource("INSERT OVERWRITE Sales.t SELECT 1"))).overwrites);
        QVERIFY(std::get<InsertRows>(statement(CellSource("CREATE TABLE Sales.t AS SELECT 1"))).makesTable);
        QVERIFY(std::holds_alternative<PlainStatement>(statement(CellSource("INSERT INTO t SELECT 1"))));
        QVERIFY(std::holds_alternative<PlainStatement>(statement(CellSource("CREATE TABLE main.t (a INT)"))));
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("cell");
        QTest::addColumn<int>("position");
        QTest::newRow("no name") << QByteArray("CREATE MODEL AS SELECT 1") << 13;
        QTest::newRow("an open bracket") << QByteArray("CREATE MODEL m OPTIONS(a = 1 AS SELECT 1") << 22;
        QTest::newRow("an option twice") << QByteArray("CREATE MODEL m OPTIONS(a = 1, A = 2) AS SELECT 1") << 30;
        QTest::newRow("an option without value") << QByteArray("CREATE MODEL m OPTIONS(a = ) AS SELECT 1") << 27;
        QTest::newRow("no query") << QByteArray("EXPORT DATA OPTIONS(uri = 'a') AS 5") << 34;
        QTest::newRow("more than a drop") << QByteArray("DROP MODEL m n") << 13;
    }

    void saysWhatIsWrong()
    {
        QFETCH(QByteArray, cell);
        QFETCH(int, position);
        const CellSource source(cell);
        const Result<KernelStatement> read = readStatement(source, statementsIn(source).first(), {});
        QVERIFY(!read);
        QCOMPARE(positionOf(read.error()).value_or(-1), qsizetype(position));
    }

    void mapsPlacesBack()
    {
        const QByteArray cell("SELECT x FROM y");
        MappedText inner;
        inner.add("(made)", 7);
        MappedText text;
        text.copy(cell, 0, 7);
        text.append(inner);
        text.copy(cell, 8, 15);
        QCOMPARE(text.text(), QByteArray("SELECT (made) FROM y"));
        QCOMPARE(text.positionInCell(3), 3);
        QCOMPARE(text.positionInCell(9), 7);
        QCOMPARE(text.positionInCell(19), 14);
    }

    void countsLinesAndCharacters()
    {
        const QByteArray cell = QStringLiteral("a\nöß\U0001F600x").toUtf8();
        const CellPlace place = placeOf(cell, cell.size() - 1);
        QCOMPARE(place.line, 2);
        QCOMPARE(place.column, 4);
    }
};

SLIPWAY_TEST(TestKernelStatement)

#include "TestKernelStatement.moc"
