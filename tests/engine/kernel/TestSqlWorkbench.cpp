#include "tests/engine/kernel/WorkbenchRun.h"
#include "tests/support/TestMain.h"

#include <QFile>

#include <thread>

using namespace engine;
using tests::WorkbenchRun;

// Cells of SQL, without Jupyter around them.
class TestSqlWorkbench final : public QObject
{
    Q_OBJECT

private slots:
    void runsStatementAfterStatement()
    {
        WorkbenchRun run;
        QCOMPARE(run.run(QStringLiteral("CREATE TABLE t AS SELECT range AS i FROM range(3);\n"
                                        "INSERT INTO t VALUES (7); -- done\n;"
                                        "SELECT sum(i) AS s FROM t; SELECT 'a;b' AS x")),
                 QString());
        QCOMPARE(run.tables.size(), 2);
        QCOMPARE(run.tables.at(0).rows.at(0).at(0).value(), QStringLiteral("10"));
        QVERIFY(run.tables.at(0).columns.at(0).isNumber);
        QCOMPARE(run.tables.at(1).rows.at(0).at(0).value(), QStringLiteral("a;b"));
    }

    void spellsValuesAsDuckDbDoes()
    {
        WorkbenchRun run;
        QCOMPARE(run.rows(QStringLiteral("SELECT [1, NULL] AS l, {'a': 'x'} AS s, 1.50::DECIMAL(9,2) AS d, DATE "
                                         "'2020-02-29' AS t, NULL AS n, true AS b, 0.1 + 0.2::DOUBLE AS f")),
                 QStringList{QStringLiteral("[1, NULL]|{'a': x}|1.50|2020-02-29|NULL|true|0.30000000000000004")});
        // Two columns of one name.
        QCOMPARE(run.rows(QStringLiteral("SELECT 1 AS a, [2] AS a")), QStringList{QStringLiteral("1|[2]")});
    }

    void showsTheFirstRowsOfMany()
    {
        WorkbenchRun run;
        QCOMPARE(run.run(QStringLiteral("SELECT * FROM range(100000000000)")), QString());
        QCOMPARE(run.tables.at(0).rows.size(), ShownTable::mostRows);
        QVERIFY(run.tables.at(0).hasMore);
        QVERIFY(run.tables.at(0).html().contains(u"999</td>"));
        const QStringList lines = run.tables.at(0).plainText().split(u'\n');
        QCOMPARE(lines.size(), 1 + 5 + 1 + 5 + 1);
        QCOMPARE(lines.at(5).trimmed() + lines.at(6).trimmed() + lines.at(7).trimmed(), QStringLiteral("4…995"));
    }

    void placesErrorsInTheCell_data()
    {
        QTest::addColumn<QString>("cell");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *cell, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(cell) << QString::fromUtf8(expected);
        };
        row("a table", "SELECT 1;\nSELECT *\n  FROM nothing", "3:8 Table with name nothing does not exist!");
        row("a word", "\nSELEC 1", "2:1 syntax error at or near \"SELEC\"");
        row("a column behind letters of two bytes",
            "SELECT 'größe', foo",
            "1:17 Referenced column \"foo\" was not found");
        row("a value", "SELECT 1,\n CAST('a' AS INT)", "2:2 Could not convert string 'a' to INT32");
        row("a model", "SELECT * FROM\n ML.PREDICT(MODEL m, (SELECT 1))", "2:19 There is no model m.");
        row("a function of models", "SELECT * FROM ML.PREDIC(MODEL m)", "1:18 There is no ML.PREDIC. Did you mean");
        row("an option", "EXPORT DATA OPTIONS(uri = 'a', formt = 'CSV') AS SELECT 1", "1:32 There is no option formt");
        row("a query that is missing", "CREATE MODEL m OPTIONS(model_type = 'linear_reg')", "1:50 A query is missing");
    }

    void placesErrorsInTheCell()
    {
        QFETCH(QString, cell);
        QFETCH(QString, expected);
        WorkbenchRun run;
        const QString error = run.run(cell);
        QVERIFY2(error.startsWith(expected), qPrintable(error));
    }

    void readsVariables()
    {
        WorkbenchRun run;
        QCOMPARE(run.run(QStringLiteral("SET VARIABLE Lim = 2;\nSET VARIABLE name = 'it''s'")), QString());
        QCOMPARE(run.rows(QStringLiteral("SELECT range, :name FROM range(9) LIMIT :lim")),
                 (QStringList{QStringLiteral("0|it's"), QStringLiteral("1|it's")}));
        QCOMPARE(run.rows(QStringLiteral("SELECT ${name} || '!', [5, 6][1:1], 3::VARCHAR, ':name'")),
                 QStringList{QStringLiteral("it's!|[5]|3|:name")});
    }

    void readsAndWritesFilesBelowMounts()
    {
        QTemporaryDir storage;
        KernelContext context;
        context.mounts.insert(QStringLiteral("/dbfs/mnt/data"), storage.path());
        WorkbenchRun run(context);
        QCOMPARE(run.run(QStringLiteral("EXPORT DATA OPTIONS(uri = '/dbfs/mnt/data/out/a.csv', format = 'csv') AS "
                                        "SELECT 1 AS a, 'x,y' AS b UNION ALL SELECT 2, NULL ORDER BY a")),
                 QString());
        QFile file(storage.path() + QStringLiteral("/out/a.csv"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("a,b\n1,\"x,y\"\n2,\n"));
        QVERIFY(run.run(QStringLiteral("EXPORT DATA OPTIONS(uri = '/dbfs/mnt/data/out/a.csv') AS SELECT 3"))
                    .contains(u"overwrite = true"));
        QCOMPARE(run.rows(QStringLiteral("SELECT sum(a), count(b) FROM read_csv('/dbfs/mnt/data/out/a.csv')")),
                 QStringList{QStringLiteral("3|1")});
        QCOMPARE(run.run(QStringLiteral("EXPORT DATA OPTIONS(uri = '/dbfs/mnt/data/b.parquet', format = 'PARQUET') AS "
                                        "SELECT * FROM '/dbfs/mnt/data/out/a.csv'")),
                 QString());
        QCOMPARE(run.rows(QStringLiteral("SELECT count(*) FROM '/dbfs/mnt/data/b.parquet'")),
                 QStringList{QStringLiteral("2")});
        QCOMPARE(QDir(storage.path() + QStringLiteral("/out")).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void leavesTheExitValue()
    {
        QTemporaryDir folder;
        KernelContext context;
        context.exitFile = folder.filePath(QStringLiteral("exit"));
        WorkbenchRun run(context);
        QCOMPARE(run.run(QStringLiteral("CREATE TABLE t AS SELECT 1 AS a; EXIT {'rows': (SELECT count(*) FROM t)}; "
                                        "SELECT 2")),
                 QString());
        QVERIFY(run.hasExited);
        QVERIFY(run.tables.isEmpty());
        QFile file(context.exitFile);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray(R"({"rows":1})"));
    }

    void stopsAStatement()
    {
        WorkbenchRun run;
        std::thread stopper([&run] {
            QThread::msleep(200);
            run.workbench().interrupt();
        });
        const QString error = run.run(QStringLiteral("SELECT count(*) FROM range(100000000000) a, range(1000) b"));
        stopper.join();
        QCOMPARE(error, QStringLiteral("1:1 It was stopped."));
        QCOMPARE(run.rows(QStringLiteral("SELECT 1")), QStringList{QStringLiteral("1")});
    }

    void stopsBetweenTwoStatements()
    {
        WorkbenchRun run;
        run.whenShown = [&run] { run.workbench().interrupt(); };
        QCOMPARE(run.run(QStringLiteral("SELECT 1;\nSELECT 2;")), QStringLiteral("2:1 It was stopped."));
        QCOMPARE(run.tables.size(), 1);
    }

    void completesNames()
    {
        WorkbenchRun run;
        QCOMPARE(run.run(QStringLiteral("CREATE TABLE passengers AS SELECT 1 AS passenger_age")), QString());
        const auto completion = run.workbench().complete("SELECT * FROM passen", 20);
        QCOMPARE(completion.start, 14);
        QCOMPARE(completion.matches, (QStringList{QStringLiteral("passenger_age"), QStringLiteral("passengers")}));
        QVERIFY(run.workbench().complete("sel", 3).matches.contains(QStringLiteral("SELECT")));
    }
};

SLIPWAY_TEST(TestSqlWorkbench)

#include "TestSqlWorkbench.moc"
