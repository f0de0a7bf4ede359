#include "tests/journeys/EngineHome.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>
#include <QProcess>

using namespace engine;

// `slipwayctl copy`: from a file into a table, without an engine.
class TestCopyCommand : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void copiesOneFileWithoutAFactory();
    void leavesBadRowsOut();
    void copiesIntoFiles();
    void needsDuckdbForParquetOnly();
    void refusesOptionsThatMeanNothing_data();
    void refusesOptionsThatMeanNothing();

private:
    tests::EngineHome m_home;
};

void TestCopyCommand::initTestCase()
{
    m_home.makeCopyFactory(10);
    m_home.writeRows(100, 1);
}

void TestCopyCommand::copiesOneFileWithoutAFactory()
{
    const QString from = m_home.factory() + QStringLiteral("/storage/data/in.csv");
    const QString to = QStringLiteral("sqlite:%1/sink.db#dbo.target").arg(m_home.factory());
    const QString script = QStringLiteral("delete from [dbo].[target]");
    m_home.writeRows(7, 5);
    const auto copied = m_home.ctl({QStringLiteral("copy"),
                                    QStringLiteral("--from"),
                                    from,
                                    QStringLiteral("--to"),
                                    to,
                                    QStringLiteral("--pre-copy"),
                                    script,
                                    QStringLiteral("--json")});
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.out + copied.err));
    QCOMPARE(intAt(copied.json().value(0), "rowsCopied"), 7);
    QCOMPARE(m_home.generations(), (QMap<int, int>{{5, 7}}));
    const auto missing = m_home.ctl(
        {QStringLiteral("copy"), QStringLiteral("--from"), QStringLiteral("none.csv"), QStringLiteral("--to"), to});
    QCOMPARE(missing.exitCode, 1);
    QVERIFY2(missing.err.contains(u"none.csv"), qPrintable(missing.err));
    // The table's own rows, by a query: the database is a source as well.
    const auto queried = m_home.ctl({QStringLiteral("copy"),
                                     QStringLiteral("--from"),
                                     to.section(u'#', 0, 0),
                                     QStringLiteral("--query"),
                                     QStringLiteral("SELECT id + 100 AS id, 6 AS generation, text FROM target"),
                                     QStringLiteral("--to"),
                                     to});
    QVERIFY2(queried.exitCode == 0, qPrintable(queried.out + queried.err));
    QCOMPARE(m_home.generations(), (QMap<int, int>{{5, 7}, {6, 7}}));
    m_home.writeRows(100, 1);
}

void TestCopyCommand::leavesBadRowsOut()
{
    QFile csv(m_home.path(QStringLiteral("bad.csv")));
    QVERIFY(csv.open(QIODevice::WriteOnly) && csv.write("id,generation,text\n1,77,a\nx,77,b\n3,77,c,d\n4,77,e\n") > 0);
    csv.close();
    QVERIFY(QDir().mkpath(m_home.path(QStringLiteral("left-out"))));
    const QStringList command{QStringLiteral("copy"),
                              QStringLiteral("--from"),
                              m_home.path(QStringLiteral("bad.csv")),
                              QStringLiteral("--to"),
                              QStringLiteral("sqlite:%1#target").arg(m_home.path(QStringLiteral("factory/sink.db")))};
    QCOMPARE(m_home.ctl(command).exitCode, 1);
    QVERIFY(!m_home.generations().contains(77));
    QCOMPARE(m_home.ctl(command + QStringList{QStringLiteral("--max-errors"), QStringLiteral("1")}).exitCode, 2);
    const auto one = m_home.ctl(
        command + QStringList{QStringLiteral("--skip"), QStringLiteral("--max-errors"), QStringLiteral("1")});
    QCOMPARE(one.exitCode, 1);
    QVERIFY2(one.err.contains(u"2 rows are bad, and 1 are allowed"), qPrintable(one.err));
    QVERIFY(!m_home.generations().contains(77));
    const auto copied = m_home.ctl(
        command
        + QStringList{QStringLiteral("--skip"), QStringLiteral("--log"), m_home.path(QStringLiteral("left-out"))});
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.err));
    QVERIFY2(copied.out.contains(u"4 rows read, 2 copied, 2 skipped"), qPrintable(copied.out));
    QVERIFY2(copied.out.contains(u"Column 'id' contains an invalid value 'x'"), qPrintable(copied.out));
    QVERIFY2(copied.out.contains(u"copyactivity-logs/copy/"), qPrintable(copied.out));
    QCOMPARE(m_home.generations().value(77), 2);
}

void TestCopyCommand::copiesIntoFiles()
{
    m_home.writeRows(7, 5);
    const auto content = [this](const QString &name) {
        QFile file(m_home.path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(nothing)");
    };
    const auto copy = [this](const QString &from, const QString &to, const QStringList &more = {}) {
        const QString source = from.contains(u':') ? from : m_home.path(from);
        return m_home.ctl(
            QStringList{
                QStringLiteral("copy"), QStringLiteral("--from"), source, QStringLiteral("--to"), m_home.path(to)}
            + more);
    };
    const QString table = QStringLiteral("sqlite:%1/sink.db").arg(m_home.factory());
    const auto json = copy(
        table,
        QStringLiteral("new/folder/rows.jsonl"),
        {QStringLiteral("--query"), QStringLiteral("SELECT 9007199254740993 AS id, NULL AS none, 'a\"é' AS text")});
    QVERIFY2(json.exitCode == 0, qPrintable(json.err));
    // What a query computes has no type in SQLite: it is text.
    QCOMPARE(content(QStringLiteral("new/folder/rows.jsonl")),
             QByteArray("{\"id\":\"9007199254740993\",\"none\":null,\"text\":\"a\\\"\xC3\xA9\"}\n"));
    // Out in one form, back in another: the rows are the same.
    const QString rows = QStringLiteral("factory/storage/data/in.csv");
    const auto packed = copy(rows,
                             QStringLiteral("out.tsv.gz"),
                             {QStringLiteral("--to-encoding"),
                              QStringLiteral("UTF-16"),
                              QStringLiteral("--quote-all"),
                              QStringLiteral("--to-null"),
                              QStringLiteral("NULL"),
                              QStringLiteral("--json")});
    QVERIFY2(packed.exitCode == 0, qPrintable(packed.err));
    QCOMPARE(intAt(packed.json().value(0), "filesWritten"), 1);
    const auto back = copy(
        QStringLiteral("out.tsv.gz"),
        QStringLiteral("back.csv"),
        {QStringLiteral("--encoding"), QStringLiteral("UTF-16"), QStringLiteral("--null"), QStringLiteral("NULL")});
    QVERIFY2(back.exitCode == 0, qPrintable(back.err));
    const QByteArray plain = content(rows).replace("\"", ""); // quotes only where they are needed
    QCOMPARE(content(QStringLiteral("back.csv")), plain);
    const auto columns =
        copy(rows, QStringLiteral("rows.parquet"), {QStringLiteral("--to-compression"), QStringLiteral("zstd")});
    QVERIFY2(columns.exitCode == 0, qPrintable(columns.err));
    QVERIFY(content(QStringLiteral("rows.parquet")).startsWith("PAR1"));
    for (const char *command : {"schema", "preview"}) {
        for (const char *name : {"rows.parquet", "back.csv", "new/folder/rows.jsonl"}) {
            const auto looked = m_home.ctl({QString::fromLatin1(command), m_home.path(QString::fromLatin1(name))});
            QVERIFY2(looked.exitCode == 0, qPrintable(looked.err));
            QVERIFY2(looked.out.contains(u"id") && looked.out.contains(u"text"), qPrintable(looked.out));
        }
    }
    const auto again = copy(QStringLiteral("rows.parquet"), QStringLiteral("again.csv"));
    QVERIFY2(again.exitCode == 0, qPrintable(again.err));
    QCOMPARE(content(QStringLiteral("again.csv")), plain);
    // Several files; an existing one is replaced, others stay.
    const auto several =
        copy(rows, QStringLiteral("part.csv"), {QStringLiteral("--rows-per-file"), QStringLiteral("3")});
    QVERIFY2(several.exitCode == 0, qPrintable(several.err));
    QCOMPARE(content(QStringLiteral("part_00002.csv")).count('\n'), 2);
    QCOMPARE(content(QStringLiteral("part.csv")), QByteArray("(nothing)"));
    // What the encoding lacks is refused, and nothing is left behind.
    QFile odd(m_home.path(QStringLiteral("odd.csv")));
    QVERIFY(odd.open(QIODevice::WriteOnly) && odd.write("skipped\na|b\n1|'\xE4\xB8\xAD'\n") > 0);
    odd.close();
    const QStringList form{QStringLiteral("--delimiter"),
                           QStringLiteral("|"),
                           QStringLiteral("--quote"),
                           QStringLiteral("'"),
                           QStringLiteral("--skip-lines"),
                           QStringLiteral("1")};
    const auto refused = copy(QStringLiteral("odd.csv"),
                              QStringLiteral("latin.csv"),
                              form + QStringList{QStringLiteral("--to-encoding"), QStringLiteral("ISO-8859-1")});
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.err.contains(u"lacks a character"), qPrintable(refused.err));
    QCOMPARE(content(QStringLiteral("latin.csv")), QByteArray("(nothing)"));
    QVERIFY(copy(QStringLiteral("odd.csv"), QStringLiteral("array.json"), form).exitCode == 0);
    QCOMPARE(content(QStringLiteral("array.json")), QByteArray("[\n{\"a\":\"1\",\"b\":\"\xE4\xB8\xAD\"}\n]\n"));
    m_home.writeRows(100, 1);
}

// The program alone, without what lies beside it.
void TestCopyCommand::needsDuckdbForParquetOnly()
{
    const QString folder = m_home.path(QStringLiteral("alone/bin"));
    const QString program = folder + QStringLiteral("/slipwayctl");
    QVERIFY(QDir().mkpath(folder) && QFile::copy(tests::EngineHome::program(QStringLiteral("slipwayctl")), program));
    m_home.writeRows(7, 5);
    const auto errorOf = [&](const QString &to) {
        QProcess copy;
        copy.setProcessEnvironment(m_home.environment());
        copy.start(program,
                   {QStringLiteral("copy"),
                    QStringLiteral("--from"),
                    m_home.factory() + QStringLiteral("/storage/data/in.csv"),
                    QStringLiteral("--to"),
                    m_home.path(to)});
        copy.waitForFinished(60000);
        const QString said = QString::fromUtf8(copy.readAllStandardError());
        return copy.exitCode() == 0 ? QString() : said;
    };
    QCOMPARE(errorOf(QStringLiteral("alone.csv")), QString());
    const QString refused = errorOf(QStringLiteral("alone.parquet"));
    QVERIFY2(refused.contains(u"DuckDB cannot be loaded") && refused.contains(u"/alone/lib/libduckdb.so"),
             qPrintable(refused));
    QVERIFY(!QFile::exists(m_home.path(QStringLiteral("alone.parquet"))));
    m_home.writeRows(100, 1);
}

void TestCopyCommand::refusesOptionsThatMeanNothing_data()
{
    QTest::addColumn<QString>("to");
    QTest::addColumn<QStringList>("options");
    QTest::newRow("rows per file of a table")
        << QStringLiteral("sqlite:x.db#t") << QStringList{QStringLiteral("--rows-per-file"), QStringLiteral("3")};
    QTest::newRow("a database without its scheme") << QStringLiteral("x.db#t") << QStringList();
    QTest::newRow("another scheme") << QStringLiteral("mysql:x#t") << QStringList();
    QTest::newRow("no number") << QStringLiteral("x.csv")
                               << QStringList{QStringLiteral("--rows-per-file"), QStringLiteral("many")};
    QTest::newRow("no encoding") << QStringLiteral("x.csv")
                                 << QStringList{QStringLiteral("--to-encoding"), QStringLiteral("klingon")};
    QTest::newRow("no compression") << QStringLiteral("x.csv")
                                    << QStringList{QStringLiteral("--to-compression"), QStringLiteral("rar")};
    QTest::newRow("no compression of Parquet")
        << QStringLiteral("x.parquet") << QStringList{QStringLiteral("--to-compression"), QStringLiteral("lz4")};
    QTest::newRow("two characters") << QStringLiteral("x.csv")
                                    << QStringList{QStringLiteral("--to-quote"), QStringLiteral("<>")};
    QTest::newRow("no form") << QStringLiteral("x.csv")
                             << QStringList{QStringLiteral("--to-format"), QStringLiteral("xml")};
}

void TestCopyCommand::refusesOptionsThatMeanNothing()
{
    QFETCH(QString, to);
    QFETCH(QStringList, options);
    const auto refused = m_home.ctl(QStringList{QStringLiteral("copy"),
                                                QStringLiteral("--from"),
                                                m_home.path(QStringLiteral("factory/storage/data/in.csv")),
                                                QStringLiteral("--to"),
                                                to}
                                    + options);
    QVERIFY2(refused.exitCode != 0 && !refused.err.isEmpty(), qPrintable(refused.out));
}

SLIPWAY_TEST(TestCopyCommand)
#include "TestCopyCommand.moc"
