#include "engine/sqlite/Database.h"
#include "tests/engine/kernel/WorkbenchRun.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::WorkbenchRun;

// Tables of a bound SQLite database in cells.
class TestBoundTables final : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString file = m_folder->filePath(QStringLiteral("sales.db"));
        Result<Database> database = Database::open(file);
        VERIFY_OK(database);
        VERIFY_OK(database->exec("CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT, price REAL); INSERT INTO "
                                 "orders VALUES (1, 'nut', 0.5), (2, NULL, 7), (3, 'bolt', 1.25); CREATE TABLE "
                                 "totals (item TEXT NOT NULL, total REAL)"));
        KernelContext context;
        context.connections = Json{{"Sales", {{"store", "sqlite"}, {"file", toStdString(file)}}}};
        m_run = std::make_unique<WorkbenchRun>(context);
    }

    void readsThem()
    {
        QCOMPARE(
            m_run->rows(QStringLiteral("SELECT * FROM sales.orders ORDER BY id")),
            (QStringList{QStringLiteral("1|nut|0.5"), QStringLiteral("2|NULL|7.0"), QStringLiteral("3|bolt|1.25")}));
        QCOMPARE(m_run->rows(QStringLiteral("SELECT sum(o.price), count(*) FROM Sales.dbo.orders AS o JOIN (SELECT "
                                            "orders.id FROM Sales.orders WHERE orders.id > 1) USING (id)")),
                 QStringList{QStringLiteral("8.25|2")});
        QCOMPARE(m_run->rows(QStringLiteral("DESCRIBE Sales.orders")).size(), 3);
        QCOMPARE(m_run->rows(QStringLiteral("SELECT count(*) FROM range(2), Sales.orders")),
                 QStringList{QStringLiteral("6")});
    }

    void writesAllRowsOrNone()
    {
        QCOMPARE(m_run->run(QStringLiteral("INSERT INTO Sales.totals SELECT item, sum(price) FROM Sales.orders WHERE "
                                           "item IS NOT NULL GROUP BY item")),
                 QString());
        QCOMPARE(m_run->texts, QStringLiteral("2 row(s) written to Sales.totals\n"));
        QVERIFY(!m_run
                     ->run(QStringLiteral("INSERT INTO Sales.totals (total, item) SELECT 1, 'a' UNION ALL SELECT 2, "
                                          "NULL"))
                     .isEmpty());
        QCOMPARE(m_run->rows(QStringLiteral("SELECT count(*) FROM Sales.totals")), QStringList{QStringLiteral("2")});
        QCOMPARE(m_run->run(QStringLiteral("INSERT OVERWRITE Sales.totals SELECT 'all', 9")), QString());
        QCOMPARE(m_run->rows(QStringLiteral("FROM Sales.totals")), QStringList{QStringLiteral("all|9.0")});
    }

    void makesTables()
    {
        QCOMPARE(m_run->run(QStringLiteral("CREATE TABLE Sales.copies AS SELECT id, item, price * 2 AS twice FROM "
                                           "Sales.orders")),
                 QString());
        QCOMPARE(m_run->rows(QStringLiteral("SELECT sum(twice) FROM Sales.copies")),
                 QStringList{QStringLiteral("17.5")});
        QVERIFY(m_run->run(QStringLiteral("CREATE TABLE Sales.copies AS SELECT 1 AS a")).contains(u"is there already"));
        QCOMPARE(m_run->run(QStringLiteral("CREATE TABLE IF NOT EXISTS Sales.copies AS SELECT 1 AS a")), QString());
    }

    void saysWhatCannotBe()
    {
        QVERIFY(m_run->run(QStringLiteral("SELECT * FROM\n Sales.order")).startsWith(u"2:2 "));
        QVERIFY(m_run->run(QStringLiteral("UPDATE Sales.orders SET price = 0")).startsWith(u"1:8 Sales is a bound"));
        QVERIFY(m_run->run(QStringLiteral("INSERT INTO Sales.totals SELECT 1")).contains(u"gives 1 columns"));
        QVERIFY(m_run->run(QStringLiteral("INSERT INTO Sales.totals (nope) SELECT 1")).contains(u"has no column nope"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<WorkbenchRun> m_run;
};

SLIPWAY_TEST(TestBoundTables)

#include "TestBoundTables.moc"
