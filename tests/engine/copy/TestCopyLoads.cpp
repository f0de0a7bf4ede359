#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// How rows go into a table, the same on every store.
class TestCopyLoads : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void badRowsOfEveryKindAreLeftOut_data() { stores(); }
    void badRowsOfEveryKindAreLeftOut();
    void theFirstRowWithAKeyWins_data() { stores(); }
    void theFirstRowWithAKeyWins();
    void everyConstraintLeavesItsRowOut_data() { stores(); }
    void everyConstraintLeavesItsRowOut();
    void tooManyRefusedRowsFail_data() { stores(); }
    void tooManyRefusedRowsFail();
    void aFailingTriggerFailsTheLoad_data() { stores(); }
    void aFailingTriggerFailsTheLoad();
    void upsertReplacesAndAdds_data() { stores(); }
    void upsertReplacesAndAdds();
    void upsertGoesByThePrimaryKey_data() { stores(); }
    void upsertGoesByThePrimaryKey();
    void upsertRefusesASecondRowWithTheKey_data() { stores(); }
    void upsertRefusesASecondRowWithTheKey();
    void upsertNeedsAUniqueKey_data();
    void upsertNeedsAUniqueKey();
    void manyRowsAreUpserted_data() { stores(); }
    void manyRowsAreUpserted();
    void aMissingTableIsMade_data() { stores(); }
    void aMissingTableIsMade();
    void aFailedCopyMakesNoTable_data() { stores(); }
    void aFailedCopyMakesNoTable();
    void anUpsertMakesTheTableWithItsKey_data() { stores(); }
    void anUpsertMakesTheTableWithItsKey();
    void hostileNamesAreOnlyNames_data() { stores(); }
    void hostileNamesAreOnlyNames();
    void aLateBatchFails_data() { stores(); }
    void aLateBatchFails();
    void aBusySinkIsTriedAgain();
    void lockedTableTakesNoOtherRows();

private:
    static void stores()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::newRow("SQLite") << false;
        QTest::newRow("PostgreSQL") << true;
    }
    bool isPostgres() const
    {
        QFETCH(bool, isPostgres);
        return isPostgres;
    }
    QString psql(const QString &statements) const { return m_server.sql(statements); }
    void execute(const QByteArray &sql) const
    {
        if (isPostgres())
            QCOMPARE(psql(QString::fromUtf8("SET client_min_messages = error; SET search_path = dbo; " + sql)),
                     QString());
        else
            m_fixture->execute(sql);
    }
    QString text(const QByteArray &sql) const
    {
        return isPostgres() ? psql(QString::fromUtf8("SET search_path = dbo; " + sql)) : m_fixture->text(sql);
    }
    // The rows of a query of one text column, in its order.
    QString all(const QByteArray &value, const QByteArray &from = "t ORDER BY a, b") const
    {
        return text("SELECT " + QByteArray(isPostgres() ? "string_agg(v, ' ')" : "group_concat(v, ' ')")
                    + " FROM (SELECT " + value + " AS v FROM " + from + ") AS x");
    }
    QString all() const { return all("a || ':' || coalesce(b, 'NULL')"); }
    CopyPlan plan(const char *table = "t") const
    {
        CopyPlan made = m_fixture->plan("in.csv", table);
        made.preCopyScript.clear();
        if (isPostgres())
            made.sink = PostgresTableSink{m_server.connection(), QStringLiteral("dbo"), QString::fromUtf8(table)};
        return made;
    }
    static LoadOptions &optionsOf(CopyPlan &plan)
    {
        if (auto *const postgres = std::get_if<PostgresTableSink>(&plan.sink))
            return postgres->options;
        return std::get<SqliteTableSink>(plan.sink).options;
    }
    CopyPlan upsert(const QStringList &keys) const
    {
        CopyPlan made = plan();
        optionsOf(made).behavior = LoadOptions::Behavior::Upsert;
        optionsOf(made).keys = keys;
        return made;
    }
    static Json rejectedRows(const CopyOutcome &outcome)
    {
        return memberAt(memberAt(memberAt(outcome.output, "slipway"), "rejected"), "rows");
    }

    tests::PostgresServer m_server;
    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestCopyLoads)

void TestCopyLoads::initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.error())); }

void TestCopyLoads::init()
{
    m_fixture = std::make_unique<CopyFixture>();
    m_fixture->execute("DROP TABLE t; CREATE TABLE t(a INTEGER NOT NULL, b TEXT)");
    QCOMPARE(psql(QStringLiteral("SET client_min_messages = error; DROP SCHEMA IF EXISTS dbo CASCADE; "
                                 "CREATE SCHEMA dbo; CREATE TABLE dbo.t(a bigint NOT NULL, b text)")),
             QString());
}

void TestCopyLoads::badRowsOfEveryKindAreLeftOut()
{
    execute("CREATE UNIQUE INDEX u ON t(a); INSERT INTO t VALUES (5, 'there before')");
    QByteArray csv = "a,b\n";
    int bad = 0;
    for (int i = 1; i <= 10'000; ++i) {
        if (i == 5 || i % 300 == 0) { // 34 of 10,000
            ++bad;
            const int kind = i % 900;
            if (i == 5)
                csv += "5,has a key that is there\n";
            else if (kind == 0)
                csv += QByteArray::number(i) + ",ragged,row\n";
            else if (kind == 300)
                csv += "no number,x\n";
            else
                csv += QByteArray::number(i - 1) + ",again\n";
        } else {
            csv += QByteArray::number(i) + ",row " + QByteArray::number(i) + '\n';
        }
        if (i == 9'997) { // and three with the key of the row before them
            csv += "9997,a\n9997,b\n9997,c\n";
            bad += 3;
        }
    }
    m_fixture->write("in.csv", csv);
    QCOMPARE(bad, 37);
    CopyPlan made = plan();
    made.skip.isOn = true;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsRead, 10'003);
    QCOMPARE(outcome.counts.rowsSkipped, 37);
    QCOMPARE(outcome.counts.rowsCopied, 9'966);
    QCOMPARE(text("SELECT count(*) || ' ' || count(DISTINCT a) FROM t"), QStringLiteral("9967 9967"));
    QCOMPARE(text("SELECT b FROM t WHERE a = 5"), QStringLiteral("there before"));
    QCOMPARE(text("SELECT b FROM t WHERE a = 9997"), QStringLiteral("row 9997"));
    const Json rows = rejectedRows(outcome);
    QCOMPARE(rows.size(), size_t(37));
    bool found = false;
    for (const Json &row : rows) {
        QVERIFY2(intAt(row, "row") > 0 && intAt(row, "line") == intAt(row, "row") + 1, toPretty(row).constData());
        QVERIFY(!stringAt(row, "message").isEmpty());
        if (intAt(row, "row") != 600)
            continue;
        found = true;
        QCOMPARE(stringAt(row, "column"), QStringLiteral("a"));
        QCOMPARE(stringAt(row, "value"), QStringLiteral("599"));
        QCOMPARE(stringAt(row, "code"), QStringLiteral("UserErrorSinkConstraint"));
    }
    QVERIFY(found);
}

void TestCopyLoads::theFirstRowWithAKeyWins()
{
    execute("CREATE UNIQUE INDEX u ON t(a); CREATE UNIQUE INDEX v ON t(b)");
    // The third row is refused by neither of the rows that count: the second, which has its text, is none of them.
    m_fixture->write("in.csv", "a,b\n1,x\n1,\"y\"\n2,y\n3,x\n");
    CopyPlan made = plan();
    made.skip.isOn = true;
    made.skip.log = SkipRules::Log::Activity;
    made.skip.root = m_fixture->path("");
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(all(), QStringLiteral("1:x 2:y"));
    QCOMPARE(outcome.counts.rowsSkipped, 2);
    QFile log(m_fixture->path(stringAt(outcome.output, "logFilePath").toUtf8().constData()));
    QVERIFY2(log.open(QIODevice::ReadOnly), described(outcome).constData());
    const QByteArray logged = log.readAll();
    QVERIFY2(logged.contains("TabularRowSkip,\"1,\"\"y\"\"\","), logged.constData()); // as the file has them
    QVERIFY2(logged.contains("TabularRowSkip,\"3,x\","), logged.constData());
}

void TestCopyLoads::everyConstraintLeavesItsRowOut()
{
    execute("DROP TABLE t; CREATE TABLE parent(id " + QByteArray(isPostgres() ? "bigint" : "INTEGER")
            + " PRIMARY KEY); INSERT INTO parent VALUES (1), (2); CREATE TABLE t(a bigint NOT NULL REFERENCES "
              "parent(id), b text CHECK (length(b) < 5))");
    m_fixture->write("in.csv", "a,b\n1,good\n,null\n2,too long\n7,none\n2,fine\n");
    CopyPlan made = plan();
    made.skip.isOn = true;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(all(), QStringLiteral("1:good 2:fine"));
    const Json rows = rejectedRows(outcome);
    QCOMPARE(rows.size(), size_t(3));
    QCOMPARE(intAt(rows[0], "row"), 2);
    QCOMPARE(stringAt(rows[0], "column"), QStringLiteral("a"));
    QCOMPARE(stringAt(rows[0], "value"), QStringLiteral("NULL"));
    QCOMPARE(intAt(rows[1], "row"), 3);
    QCOMPARE(stringAt(rows[1], "column"), QStringLiteral("b"));
    QCOMPARE(stringAt(rows[1], "value"), QStringLiteral("too long"));
    QCOMPARE(intAt(rows[2], "row"), 4);
}

void TestCopyLoads::tooManyRefusedRowsFail()
{
    execute("CREATE UNIQUE INDEX u ON t(a); INSERT INTO t VALUES (9, 'old')");
    m_fixture->write("in.csv", "a,b\n1,x\n1,y\n1,z\n2,x\n");
    CopyPlan made = plan();
    made.preCopyScript = QStringLiteral("delete from [dbo].[t]");
    made.skip.isOn = true;
    made.skip.maxErrors = 1;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorTooManyBadRows"));
    QCOMPARE(all(), QStringLiteral("9:old"));
}

void TestCopyLoads::aFailingTriggerFailsTheLoad()
{
    if (isPostgres())
        execute("CREATE FUNCTION bad() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.a = 3 THEN RAISE EXCEPTION "
                "''three is not wanted''; END IF; RETURN NEW; END'; CREATE TRIGGER bad BEFORE INSERT ON t FOR EACH ROW "
                "EXECUTE FUNCTION bad()");
    else
        execute(
            "CREATE TRIGGER bad BEFORE INSERT ON t WHEN NEW.a = 3 BEGIN SELECT RAISE(ABORT, 'three is not wanted'); "
            "END");
    m_fixture->write("in.csv", "a,b\n1,x\n2,x\n3,x\n4,x\n");
    for (const bool skips : {false, true}) {
        CopyPlan made = plan();
        made.skip.isOn = skips;
        const CopyOutcome outcome = copyNow(made);
        QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
        QVERIFY2(outcome.error.message.contains(u"three is not wanted"), qPrintable(outcome.error.message));
        QCOMPARE(text("SELECT count(*) FROM t"), QStringLiteral("0"));
    }
}

void TestCopyLoads::upsertReplacesAndAdds()
{
    execute("CREATE UNIQUE INDEX u ON t(a); INSERT INTO t VALUES (1, 'old'), (2, 'old'), (3, 'old')");
    m_fixture->write("in.csv", "b,a\nnew,2\nadded,7\n,3\n");
    const CopyOutcome outcome = copyNow(upsert({QStringLiteral("A")}));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(all(), QStringLiteral("1:old 2:new 3:NULL 7:added"));
    QCOMPARE(outcome.counts.rowsRead, 3);
    QCOMPARE(outcome.counts.rowsCopied, 3);
}

void TestCopyLoads::upsertGoesByThePrimaryKey()
{
    execute("DROP TABLE t; CREATE TABLE t(a text, b text, c text DEFAULT 'kept', PRIMARY KEY (b, a)); "
            "INSERT INTO t VALUES ('x', '1', 'mine')");
    m_fixture->write("in.csv", "a,b\nx,1\ny,1\n");
    const CopyOutcome outcome = copyNow(upsert({}));
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(all("a || b || c"), QStringLiteral("x1mine y1kept"));
    QCOMPARE(outcome.counts.rowsCopied, 2);
}

void TestCopyLoads::upsertRefusesASecondRowWithTheKey()
{
    execute("CREATE UNIQUE INDEX u ON t(a); INSERT INTO t VALUES (1, 'old')");
    m_fixture->write("in.csv", "a,b\n1,first\n2,x\n1,second\n");
    CopyPlan made = upsert({QStringLiteral("a")});
    CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Failed, described(outcome).constData());
    QCOMPARE(outcome.error.details["row"].get<int>(), 3);
    QCOMPARE(stringAt(outcome.error.details, "value"), QStringLiteral("1"));
    QVERIFY2(outcome.error.message.contains(u"of a row before it"), qPrintable(outcome.error.message));
    QCOMPARE(all(), QStringLiteral("1:old"));
    made.skip.isOn = true;
    outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(all(), QStringLiteral("1:first 2:x"));
    QCOMPARE(outcome.counts.rowsSkipped, 1);
}

void TestCopyLoads::upsertNeedsAUniqueKey_data()
{
    QTest::addColumn<bool>("isPostgres");
    QTest::addColumn<QStringList>("keys");
    QTest::addColumn<QString>("said");
    for (const bool isPostgres : {false, true}) {
        const auto row = [&](const char *name, const QStringList &keys, const char *said) {
            QTest::addRow("%s, %s", isPostgres ? "PostgreSQL" : "SQLite", name)
                << isPostgres << keys << QString::fromUtf8(said);
        };
        row("no primary key", {}, "has no primary key to upsert by");
        row("not unique", {QStringLiteral("b")}, "It has unique keys on: (a, b).");
        row("part of a key", {QStringLiteral("a")}, "It has unique keys on: (a, b).");
        row("key without a value", {QStringLiteral("b"), QStringLiteral("a")}, "The key column “b” of the upsert gets");
    }
}

void TestCopyLoads::upsertNeedsAUniqueKey()
{
    QFETCH(QStringList, keys);
    QFETCH(QString, said);
    execute("CREATE UNIQUE INDEX u ON t(a, b); CREATE UNIQUE INDEX partly ON t(a) WHERE b = 'x'");
    m_fixture->write("in.csv", "a\n1\n");
    const CopyOutcome outcome = copyNow(upsert(keys));
    QVERIFY(outcome.status == Status::Failed);
    QVERIFY2(outcome.error.message.contains(said), qPrintable(outcome.error.message));
    QCOMPARE(outcome.error.errorCode, QStringLiteral("UserErrorInvalidUpsertKeys"));
    QCOMPARE(text("SELECT count(*) FROM t"), QStringLiteral("0"));
}

void TestCopyLoads::manyRowsAreUpserted()
{
    execute("CREATE UNIQUE INDEX u ON t(a)");
    m_fixture->writeRows("in.csv", 45'000);
    QVERIFY(copyNow(plan()).status == Status::Succeeded);
    QByteArray csv = "a,b\n";
    for (int i = 0; i < 45'000; ++i) // half of them are there
        csv += QByteArray::number(i + 22'501) + ",new\n";
    m_fixture->write("in.csv", csv + "22501,again\n"); // two windows later
    CopyPlan made = upsert({QStringLiteral("a")});
    made.skip.isOn = true;
    const CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsCopied, 45'000);
    QCOMPARE(outcome.counts.rowsSkipped, 1);
    QCOMPARE(text("SELECT count(*) FROM t"), QStringLiteral("67500"));
    QCOMPARE(text("SELECT count(*) FROM t WHERE b = 'new'"), QStringLiteral("45000"));
}

void TestCopyLoads::aMissingTableIsMade()
{
    m_fixture->write("in.csv", "a,some text,when\n1,x,2024-01-31\n-9223372036854775808,\"it's\",\n");
    CopyPlan made = plan("made");
    optionsOf(made).makesTable = true;
    made.mappings += ColumnMapping();
    made.mappings.last().sourceName = made.mappings.last().sinkName = QStringLiteral("a");
    made.mappings.last().sinkType = InterimType::Int64;
    made.mappings += ColumnMapping();
    made.mappings.last().sourceName = made.mappings.last().sinkName = QStringLiteral("some text");
    CopyOutcome outcome = copyNow(made);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(all("a || ':' || \"some text\"", "made ORDER BY a"), QStringLiteral("-9223372036854775808:it's 1:x"));
    outcome = copyNow(made); // now it is there
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(text("SELECT count(*) FROM made"), QStringLiteral("4"));
}

void TestCopyLoads::aFailedCopyMakesNoTable()
{
    m_fixture->write("in.csv", "a\n1\nx\n");
    CopyPlan made = plan("made");
    optionsOf(made).makesTable = true;
    made.mappings += ColumnMapping();
    made.mappings.last().sourceName = made.mappings.last().sinkName = QStringLiteral("a");
    made.mappings.last().sinkType = InterimType::Int64;
    const LoadIdentity identity = CopyFixture::identity();
    QVERIFY(copyNow(made, identity).status == Status::Failed);
    QVERIFY(text("SELECT count(*) FROM made").contains(isPostgres() ? u"does not exist" : u"no such table"));
    const auto found = lookUpLoad(made.sink, identity.load);
    VERIFY_OK(found);
    QVERIFY(!found->committed);
}

void TestCopyLoads::anUpsertMakesTheTableWithItsKey()
{
    m_fixture->write("in.csv", "a,b\n1,x\n2,y\n");
    CopyPlan made = plan("made");
    optionsOf(made).makesTable = true;
    optionsOf(made).behavior = LoadOptions::Behavior::Upsert;
    optionsOf(made).keys = {QStringLiteral("a")};
    for (int i = 0; i < 2; ++i) {
        const CopyOutcome outcome = copyNow(made);
        QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    }
    QCOMPARE(all("a || b", "made ORDER BY a"), QStringLiteral("1x 2y"));
}

void TestCopyLoads::hostileNamesAreOnlyNames()
{
    const QByteArray table = "t\"; DROP TABLE t; --\n$slipway$";
    m_fixture->write("in.csv", "\"a\"\"]b\",\"line\nbreak $slipway$\"\n1,x\n1,y\n2,z\n");
    for (const bool upserts : {true, false}) {
        CopyPlan made = plan(table.constData());
        optionsOf(made).makesTable = true;
        made.skip.isOn = true;
        if (upserts) {
            optionsOf(made).behavior = LoadOptions::Behavior::Upsert;
            optionsOf(made).keys = {QStringLiteral("a\"]b")};
        }
        const CopyOutcome outcome = copyNow(made);
        QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
        QCOMPARE(outcome.counts.rowsSkipped, upserts ? 1 : 3);
    }
    QCOMPARE(all("\"a\"\"]b\" || \"line\nbreak $slipway$\"", "\"t\"\"; DROP TABLE t; --\n$slipway$\" ORDER BY 1"),
             QStringLiteral("1x 2z"));
    QCOMPARE(text("SELECT count(*) FROM t"), QStringLiteral("0"));
    CopyPlan made = plan("other");
    optionsOf(made).makesTable = true;
    m_fixture->write("in.csv", QByteArray("a\0b,c\n1,2\n", 10));
    QVERIFY(copyNow(made).status == Status::Failed);
}

void TestCopyLoads::aLateBatchFails()
{
    if (isPostgres())
        execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(600); RETURN NEW; "
                "END'; CREATE TRIGGER slow BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION slow()");
    else
        execute("CREATE TRIGGER slow BEFORE INSERT ON t BEGIN WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                "FROM n) SELECT max(i) FROM n; END");
    m_fixture->write("in.csv", "a,b\n1,x\n");
    for (const bool skips : {false, true}) {
        CopyPlan made = plan();
        made.skip.isOn = skips;
        optionsOf(made).batchTimeout = std::chrono::milliseconds(300);
        const CopyOutcome outcome = copyNow(made);
        QVERIFY(outcome.status == Status::Failed);
        QVERIFY2(outcome.error.message.contains(u"writeBatchTimeout"), qPrintable(outcome.error.message));
        QCOMPARE(text("SELECT count(*) FROM t"), QStringLiteral("0"));
    }
}

void TestCopyLoads::aBusySinkIsTriedAgain()
{
    m_fixture->write("in.csv", "a,b\n1,x\n");
    CopyPlan made = m_fixture->plan("in.csv");
    std::get<SqliteTableSink>(made.sink).busyTimeout = std::chrono::milliseconds(50);
    made.retry = {20, std::chrono::milliseconds(100)};
    std::optional<Database> other = m_fixture->database();
    VERIFY_OK(other->exec("BEGIN IMMEDIATE"));
    int begun = 0;
    CopyHooks hooks;
    hooks.progress = [&](const CopyProgress &progress) {
        if (progress.phase == CopyPhase::Connecting && ++begun == 3)
            other.reset();
    };
    const CopyOutcome outcome = copyNow(made, CopyFixture::identity(), hooks);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QVERIFY(begun >= 3);
    QCOMPARE(m_fixture->rows(), QStringLiteral("1:x"));
}

void TestCopyLoads::lockedTableTakesNoOtherRows()
{
    m_fixture->write("in.csv", "a,b\n1,x\n");
    CopyPlan made = m_fixture->plan("in.csv");
    made.preCopyScript.clear();
    PostgresTableSink sink{m_server.connection(), QStringLiteral("dbo"), QStringLiteral("t")};
    sink.options.locksTable = true;
    made.sink = sink;
    QString insert;
    QString select;
    CopyHooks hooks;
    hooks.beforeCommit = [&](const CommitIntent &) {
        insert = psql(QStringLiteral("SET lock_timeout = 200; INSERT INTO dbo.t VALUES (2, 'y')"));
        select = psql(QStringLiteral("SET lock_timeout = 200; SELECT count(*) FROM dbo.t"));
        return Result<>();
    };
    const CopyOutcome outcome = copyNow(made, CopyFixture::identity(), hooks);
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QVERIFY2(insert.contains(u"lock timeout"), qPrintable(insert));
    QCOMPARE(select, QStringLiteral("0"));
}

#include "TestCopyLoads.moc"
