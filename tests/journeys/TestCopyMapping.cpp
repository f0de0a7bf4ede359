#include "engine/sqlite/Database.h"
#include "tests/journeys/EngineHome.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;

// How a copy maps, converts and adds columns, and copies files as they are: by the command and in a pipeline.
class TestCopyMapping : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void mapsByOptions();
    void refusesOptionsThatDoNotFit_data();
    void refusesOptionsThatDoNotFit();
    void makesColumnsOfFolders();
    void readsATableInParallel();
    void evaluatesTheWholeTranslator();
    void copiesFilesAsTheyAre();
    void copiesFoldersByCommand();

private:
    QString rows() const; // of target, in order
    void writeFile(const QString &relative, const QByteArray &content) const
    {
        m_home->write(QStringLiteral("storage/") + relative, content);
    }
    QStringList copy(const QString &from, const QStringList &more) const
    {
        return QStringList{QStringLiteral("copy"),
                           QStringLiteral("--from"),
                           m_home->factory() + QStringLiteral("/storage/") + from,
                           QStringLiteral("--to"),
                           QStringLiteral("sqlite:%1/sink.db#target").arg(m_home->factory())}
        + more;
    }

    std::unique_ptr<tests::EngineHome> m_home;
};

void TestCopyMapping::init()
{
    m_home = std::make_unique<tests::EngineHome>();
    m_home->makeCopyFactory(0);
    auto database = Database::open(m_home->factory() + QStringLiteral("/sink.db"));
    VERIFY_OK(database);
    VERIFY_OK(database->exec("DELETE FROM target"));
}

QString TestCopyMapping::rows() const
{
    auto database = Database::open(m_home->factory() + QStringLiteral("/sink.db"));
    if (!database)
        return database.error().message;
    const auto found = database->text("SELECT group_concat(id || '/' || coalesce(generation,'NULL') || '/' || "
                                      "coalesce(text,'NULL'), ' ') FROM (SELECT * FROM target ORDER BY id, text)");
    return found ? found->value_or(QString()) : found.error().message;
}

void TestCopyMapping::mapsByOptions()
{
    writeFile(QStringLiteral("data/de.csv"), "Nummer;Menge\n1;1.234\n2;5\n");
    const auto copied = m_home->ctl(copy(QStringLiteral("data/de.csv"),
                                         {QStringLiteral("--delimiter"),
                                          QStringLiteral(";"),
                                          QStringLiteral("--culture"),
                                          QStringLiteral("de-DE"),
                                          QStringLiteral("--map"),
                                          QStringLiteral("1:id,Menge:generation,text:text"),
                                          QStringLiteral("--add-column"),
                                          QStringLiteral("text=$$FILEPATH")}));
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.out + copied.err));
    QCOMPARE(rows(), QStringLiteral("1/1234/de.csv 2/5/de.csv"));
    m_home->write(QStringLiteral("translator.json"),
                  R"({"type":"TabularTranslator","columnMappings":"Nummer: id, twice: text"})");
    const auto again = m_home->ctl(copy(QStringLiteral("data/de.csv"),
                                        {QStringLiteral("--delimiter"),
                                         QStringLiteral(";"),
                                         QStringLiteral("--pre-copy"),
                                         QStringLiteral("DELETE FROM target"),
                                         QStringLiteral("--translator"),
                                         m_home->factory() + QStringLiteral("/translator.json"),
                                         QStringLiteral("--add-column"),
                                         QStringLiteral("twice=$$COLUMN:Menge"),
                                         QStringLiteral("--delete-source")}));
    QVERIFY2(again.exitCode == 0, qPrintable(again.out + again.err));
    QCOMPARE(rows(), QStringLiteral("1/NULL/1.234 2/NULL/5"));
    QVERIFY(!QFile::exists(m_home->factory() + QStringLiteral("/storage/data/de.csv")));
}

void TestCopyMapping::refusesOptionsThatDoNotFit_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("said");
    QTest::newRow("culture") << QStringList{QStringLiteral("--culture"), QStringLiteral("Klingon")}
                             << QStringLiteral("Klingon");
    QTest::newRow("map") << QStringList{QStringLiteral("--map"), QStringLiteral("a")} << QStringLiteral("SOURCE:SINK");
    QTest::newRow("column") << QStringList{QStringLiteral("--add-column"), QStringLiteral("a")}
                            << QStringLiteral("NAME=VALUE");
    QTest::newRow("partitions of a file")
        << QStringList{QStringLiteral("--partitions")} << QStringLiteral("name the folder");
    QTest::newRow("readers of a file") << QStringList{QStringLiteral("--parallel"), QStringLiteral("4")}
                                       << QStringLiteral("for PostgreSQL");
    QTest::newRow("column that is not there")
        << QStringList{QStringLiteral("--map"), QStringLiteral("Numer:id")} << QStringLiteral("“Nummer”");
}

void TestCopyMapping::refusesOptionsThatDoNotFit()
{
    QFETCH(QStringList, options);
    QFETCH(QString, said);
    writeFile(QStringLiteral("data/de.csv"), "Nummer,Menge\n1,2\n");
    const auto refused = m_home->ctl(copy(QStringLiteral("data/de.csv"), options));
    QVERIFY(refused.exitCode != 0);
    QVERIFY2(refused.err.contains(said), qPrintable(refused.err));
    QCOMPARE(rows(), QString());
}

void TestCopyMapping::makesColumnsOfFolders()
{
    writeFile(QStringLiteral("parts/generation=1/text=a/x.csv"), "id\n1\n");
    writeFile(QStringLiteral("parts/generation=2/text=b/x.csv"), "id\n2\n");
    const auto copied = m_home->ctl(copy(QStringLiteral("parts"), {QStringLiteral("--partitions")}));
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.out + copied.err));
    QCOMPARE(rows(), QStringLiteral("1/1/a 2/2/b"));
}

void TestCopyMapping::readsATableInParallel()
{
    tests::PostgresServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    QCOMPARE(server.sql(QStringLiteral("CREATE TABLE t(id bigint PRIMARY KEY, generation bigint); INSERT INTO t "
                                       "SELECT i, i * 2 FROM generate_series(1, 3000) i")),
             QString());
    const QString place = QStringLiteral("postgresql://%1@127.0.0.1:%2/postgres").arg(server.user()).arg(server.port());
    const auto copied = [&](const QString &from, const QStringList &more) {
        return m_home->ctl(QStringList{QStringLiteral("copy"),
                                       QStringLiteral("--from"),
                                       from,
                                       QStringLiteral("--to"),
                                       QStringLiteral("sqlite:%1/sink.db#target").arg(m_home->factory()),
                                       QStringLiteral("--pre-copy"),
                                       QStringLiteral("DELETE FROM target"),
                                       QStringLiteral("--json"),
                                       QStringLiteral("--parallel"),
                                       QStringLiteral("3")}
                           + more);
    };
    const auto table = copied(place + QStringLiteral("#t"), {});
    QVERIFY2(table.exitCode == 0, qPrintable(table.out + table.err));
    QCOMPARE(intAt(table.json().value(0), "rowsCopied"), 3000);
    QCOMPARE(intAt(table.json().value(0), "usedParallelCopies"), 3);
    auto database = Database::open(m_home->factory() + QStringLiteral("/sink.db"));
    VERIFY_OK(database);
    const auto sums =
        database->text("SELECT count(DISTINCT id) || ' ' || sum(id) || ' ' || sum(generation) FROM target");
    VERIFY_OK(sums);
    QCOMPARE(sums->value_or(QString()), QStringLiteral("3000 4501500 9003000"));
    const QString query = QStringLiteral("SELECT id, generation FROM t WHERE ?AdfDynamicRangePartitionCondition");
    const auto ranges = copied(
        place, {QStringLiteral("--query"), query, QStringLiteral("--partition-column"), QStringLiteral("generation")});
    QVERIFY2(ranges.exitCode == 0, qPrintable(ranges.out + ranges.err));
    QCOMPARE(intAt(ranges.json().value(0), "rowsCopied"), 3000);
    const auto refused = copied(place, {QStringLiteral("--query"), query});
    QVERIFY(refused.exitCode != 0);
    const QString said = refused.out + refused.err;
    QVERIFY2(said.contains(u"--partition-column"), qPrintable(said));
}

// The mapping is a parameter, the additional column an expression: both are known before anything is planned.
void TestCopyMapping::evaluatesTheWholeTranslator()
{
    m_home->write(QStringLiteral("pipeline/LoadOnly.json"), R"json({
  "name": "LoadOnly",
  "properties": { "parameters": { "mapping": { "type": "String", "defaultValue":
      "{\"type\":\"TabularTranslator\",\"mappings\":[{\"source\":{\"name\":\"a\"},\"sink\":{\"name\":\"id\"}},{\"source\":{\"name\":\"who\"},\"sink\":{\"name\":\"text\"}}]}" } },
    "activities": [ {
    "name": "Load", "type": "Copy", "dependsOn": [],
    "typeProperties": {
      "source": { "type": "DelimitedTextSource",
        "additionalColumns": [ { "name": "who", "value": { "value": "@concat('by ', pipeline().Pipeline)", "type": "Expression" } } ],
        "storeSettings": { "type": "AzureBlobStorageReadSettings" }, "formatSettings": { "type": "DelimitedTextReadSettings" } },
      "sink": { "type": "AzureSqlSink", "writeBehavior": "insert" },
      "translator": { "value": "@json(pipeline().parameters.mapping)", "type": "Expression" } },
    "inputs": [ { "referenceName": "Rows", "type": "DatasetReference" } ],
    "outputs": [ { "referenceName": "Target", "type": "DatasetReference" } ] } ],
    "annotations": [] } })json");
    writeFile(QStringLiteral("data/in.csv"), "a\n7\n");
    const QStringList run{QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--standalone")};
    const auto loaded = m_home->ctl(run);
    QVERIFY2(loaded.exitCode == 0, qPrintable(loaded.out + loaded.err));
    QCOMPARE(rows(), QStringLiteral("7/NULL/by LoadOnly"));
}

void TestCopyMapping::copiesFilesAsTheyAre()
{
    const auto dataset = [](const char *name, const char *folder) -> QByteArray {
        return QByteArray(R"({ "name": ")") + name + R"(", "properties": { "type": "Binary",
          "linkedServiceName": { "referenceName": "Files", "type": "LinkedServiceReference" },
          "typeProperties": { "location": { "type": "AzureBlobStorageLocation", "container": "data", "folderPath": ")"
            + folder + R"(" } } } })";
    };
    m_home->write(QStringLiteral("dataset/Rows.json"), dataset("Rows", "in"));
    m_home->write(QStringLiteral("dataset/Target.json"), dataset("Target", "out"));
    m_home->write(QStringLiteral("pipeline/LoadOnly.json"), R"json({
  "name": "LoadOnly",
  "properties": { "activities": [ {
    "name": "Load", "type": "Copy", "dependsOn": [],
    "typeProperties": {
      "source": { "type": "BinarySource", "storeSettings": { "type": "AzureBlobStorageReadSettings", "recursive": true } },
      "sink": { "type": "BinarySink", "storeSettings": { "type": "AzureBlobStorageWriteSettings" } },
      "validateDataConsistency": true },
    "inputs": [ { "referenceName": "Rows", "type": "DatasetReference" } ],
    "outputs": [ { "referenceName": "Target", "type": "DatasetReference" } ] } ],
    "annotations": [] } })json");
    writeFile(QStringLiteral("data/in/a.bin"), QByteArray("\0\1\2", 3));
    writeFile(QStringLiteral("data/in/deep/b.bin"), "b");
    const auto copied =
        m_home->ctl({QStringLiteral("run"), QStringLiteral("LoadOnly"), QStringLiteral("--standalone")});
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.out + copied.err));
    QVERIFY2(copied.out.contains(u"2 files read, 2 written, 0 skipped"), qPrintable(copied.out));
    QFile file(m_home->factory() + QStringLiteral("/storage/data/out/a.bin"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("\0\1\2", 3));
    QVERIFY(QFile::exists(m_home->factory() + QStringLiteral("/storage/data/out/deep/b.bin")));
}

void TestCopyMapping::copiesFoldersByCommand()
{
    writeFile(QStringLiteral("in/a.bin"), QByteArray("\0\1\2", 3));
    writeFile(QStringLiteral("in/deep/b.csv"), "b");
    const QString store = m_home->factory() + QStringLiteral("/storage/");
    const QStringList command{QStringLiteral("copy-files"),
                              QStringLiteral("--from"),
                              store + QStringLiteral("in"),
                              QStringLiteral("--to"),
                              store + QStringLiteral("out")};
    const auto copied = m_home->ctl(command + QStringList{QStringLiteral("--validate")});
    QVERIFY2(copied.exitCode == 0, qPrintable(copied.out + copied.err));
    QVERIFY2(copied.out.contains(u"2 files read, 2 written, 0 skipped"), qPrintable(copied.out));
    QVERIFY(QFile::exists(store + QStringLiteral("out/deep/b.csv")));
    const auto packed = m_home->ctl(command
                                    + QStringList{QStringLiteral("--name"),
                                                  QStringLiteral("*.csv"),
                                                  QStringLiteral("--pack"),
                                                  QStringLiteral("gzip"),
                                                  QStringLiteral("--delete-source")});
    QVERIFY2(packed.exitCode == 0, qPrintable(packed.out + packed.err));
    QVERIFY(QFile::exists(store + QStringLiteral("out/deep/b.csv.gz")));
    QVERIFY(!QFile::exists(store + QStringLiteral("in/deep/b.csv")));
    QCOMPARE(m_home->ctl(command + QStringList{QStringLiteral("--behavior"), QStringLiteral("Twist")}).exitCode, 2);
    QCOMPARE(m_home->ctl({QStringLiteral("copy-files")}).exitCode, 2);
}

SLIPWAY_TEST(TestCopyMapping)
#include "TestCopyMapping.moc"
