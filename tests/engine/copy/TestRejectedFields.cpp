#include "engine/copy/FileSetPlan.h"
#include "engine/copy/rejects/RejectReload.h"
#include "engine/copy/rejects/RejectWriter.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/PostgresServer.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

// Whatever refuses a row, and wherever it is from: its values are kept, by the columns of the source, so that it can be
// corrected and loaded.
class TestRejectedFields : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void textRefusedByTheKeysOfTheSink();
    void textRefusedByPostgres();
    void rowsWithAdditionalColumns();
    void raggedRowWithAdditionalColumns();
    void jsonThatDoesNotConvert();
    void jsonRefusedByTheKeysOfTheSink();
    void parquetThatDoesNotConvert();
    void typedRowsRefusedByPostgres();
    void columnThatGoesToTwoPlacesKeepsItsText();
    void textTheEncodingOfAFileLacks();

private:
    QString store() const { return m_fixture->path("rejects.db"); }
    void copy(const CopyPlan &plan) const
    {
        CopyHooks hooks;
        hooks.rejects = std::make_shared<RejectWriter>(RejectWriter::Options{.file = store()});
        LoadIdentity identity = CopyFixture::identity();
        identity.activityRun = QStringLiteral("0f2f0e44-37a1-4ad5-b1a5-98bb3ba4ae6c");
        const CopyOutcome outcome = copyNow(plan, identity, hooks);
        QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    }
    CopyPlan plan(const char *file) const
    {
        CopyPlan plan = m_fixture->plan(file);
        plan.preCopyScript.clear();
        plan.skip.isOn = true;
        return plan;
    }
    // "id | name=value, …" of the only row.
    QString kept() const
    {
        auto file = RejectFile::open(store());
        if (!file)
            return file.error().message;
        const auto page = file->page({});
        if (!page || page->total != 1)
            return QStringLiteral("%1 rows").arg(page ? page->total : -1);
        const RejectedRow &row = page->rows.first();
        if (!row.fields)
            return QStringLiteral("no fields");
        if (row.fields->size() != page->columns.size())
            return QStringLiteral("%1 fields").arg(row.fields->size());
        QStringList all;
        for (qsizetype i = 0; i < row.fields->size(); ++i)
            all += page->columns.at(i).name + u'=' + row.fields->at(i).value_or(QStringLiteral("NULL"));
        return all.join(u' ');
    }
    // Gives one value, and loads the row.
    void correct(const CopyPlan &plan, const char *column, const char *value) const
    {
        auto file = RejectFile::open(store());
        VERIFY_OK(file);
        const auto edited = file->edit({{1, {{QString::fromLatin1(column), QString::fromLatin1(value)}}}});
        VERIFY_OK(edited);
        QVERIFY2(edited->first().isOk, qPrintable(edited->first().row.problem.value_or(RejectProblem()).message));
        const auto lock = RejectLock::take(store());
        QVERIFY(lock.has_value());
        const auto begun = file->beginReload({}, QStringLiteral("anna"), {});
        VERIFY_OK(begun);
        const auto record =
            runReload({store(), plan, {}, [] { return Instant(std::chrono::milliseconds(1)); }}, *begun);
        VERIFY_OK(record);
        QCOMPARE(record->loaded, 1);
    }
    CopySource parquet(const QByteArray &csv, const QByteArray &type) const;

    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestRejectedFields)

void TestRejectedFields::init()
{
    m_fixture = std::make_unique<CopyFixture>();
    m_fixture->execute("DROP TABLE t; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)");
}

void TestRejectedFields::textRefusedByTheKeysOfTheSink()
{
    m_fixture->write("in.csv", "a,b,note\n1,x,\n1,\"y \"\"z\"\",\n2\",\"two\nlines\"\n");
    const CopyPlan made = plan("in.csv");
    copy(made);
    QCOMPARE(
        kept(),
        QStringLiteral("a=1 b=y \"z\",\n2 note=two\nlines")); // as the file has them, the one that is not mapped too
    correct(made, "a", "3");
    QCOMPARE(m_fixture->rows(), QStringLiteral("1:x 3:y \"z\",\n2"));
}

void TestRejectedFields::textRefusedByPostgres()
{
    tests::PostgresServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    QCOMPARE(server.sql(QStringLiteral("CREATE TABLE t(a int PRIMARY KEY, b text CHECK (b <> 'bad'))")), QString());
    m_fixture->write("in.csv", "a,b\n1,x\n2,bad\n");
    CopyPlan made = plan("in.csv");
    made.sink = PostgresTableSink{server.connection(), {}, QStringLiteral("t"), {}};
    copy(made);
    QCOMPARE(kept(), QStringLiteral("a=2 b=bad"));
    correct(made, "b", "good");
    QCOMPARE(server.sql(QStringLiteral("SELECT string_agg(a || b, ' ' ORDER BY a) FROM t")),
             QStringLiteral("1x 2good"));
}

void TestRejectedFields::rowsWithAdditionalColumns()
{
    m_fixture->execute("DROP TABLE t; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c TEXT, d INTEGER)");
    QDir().mkpath(m_fixture->path("in"));
    m_fixture->write("in/1.csv", "a\n1\nbad\n1\n");
    CopyPlan made = plan("in");
    auto &source = std::get<CsvFileSource>(made.source);
    FileSet files;
    files.root = QDir::cleanPath(m_fixture->path("."));
    files.path = QStringLiteral("in");
    source.files = *chosenFrom(files, Json(), {});
    made.additional.storeRoot = files.root;
    made.additional.filePathFolder = files.path;
    using Kind = AdditionalColumn::Kind;
    made.additional.columns = {{Kind::FilePath, QStringLiteral("b"), {}, false},
                               {Kind::Column, QStringLiteral("c"), QStringLiteral("a"), false},
                               {Kind::Literal, QStringLiteral("d"), QStringLiteral("7"), false}};
    copy(made);
    auto file = RejectFile::open(store());
    VERIFY_OK(file);
    const auto page = file->page({});
    VERIFY_OK(page);
    QCOMPARE(page->total, 2);
    const auto fields = [](const char *value) {
        return RejectedRow::Fields{
            QString::fromLatin1(value), QStringLiteral("1.csv"), QString::fromLatin1(value), QStringLiteral("7")};
    };
    QVERIFY(page->rows.at(0).fields == fields("bad")); // by the source
    QVERIFY(page->rows.at(1).fields == fields("1")); // by the sink
    correct(made, "a", "5");
    QCOMPARE(m_fixture->text("SELECT a || b || c || d FROM t WHERE a = 5"), QStringLiteral("51.csvbad7"));
}

void TestRejectedFields::raggedRowWithAdditionalColumns()
{
    m_fixture->write("in.csv", "a\n1\n2,more\n");
    CopyPlan made = plan("in.csv");
    made.additional.columns = {{AdditionalColumn::Kind::Literal, QStringLiteral("b"), QStringLiteral("lit"), false}};
    copy(made);
    // As many fields as columns, but the second one is not that of "b".
    QCOMPARE(kept(), QStringLiteral("no fields"));
    auto file = RejectFile::open(store());
    VERIFY_OK(file);
    QCOMPARE((*file->row(1))->original, QStringLiteral("2,more"));
    const auto edited = file->edit({{1, {{QStringLiteral("a"), QStringLiteral("2")}}}});
    VERIFY_OK(edited);
    QVERIFY(!edited->first().isOk);
    correct(made, "b", "lit");
    QCOMPARE(m_fixture->rows(), QStringLiteral("1:lit 2:lit"));
}

void TestRejectedFields::jsonThatDoesNotConvert()
{
    m_fixture->write("in.json",
                     R"({"a":1,"b":"x"})"
                     "\n"
                     R"({"a":1.5,"b":["y",null]})"
                     "\n");
    CopyPlan made = plan("in.csv");
    made.source = JsonFileSource{m_fixture->path("in.json"), QStringLiteral("in.json")};
    copy(made);
    QCOMPARE(kept(), QStringLiteral("a=1.5 b=[\"y\",null]"));
    correct(made, "a", "2");
    QCOMPARE(m_fixture->rows(), QStringLiteral("1:x 2:[\"y\",null]"));
}

void TestRejectedFields::jsonRefusedByTheKeysOfTheSink()
{
    m_fixture->write("in.json", R"([{"a":1,"b":"x"},{"b":null,"a":1}])");
    CopyPlan made = plan("in.csv");
    made.source = JsonFileSource{m_fixture->path("in.json"), QStringLiteral("in.json")};
    copy(made);
    QCOMPARE(kept(), QStringLiteral("a=1 b=NULL"));
    correct(made, "a", "2");
    QCOMPARE(m_fixture->rows(), QStringLiteral("1:x 2:NULL"));
}

CopySource TestRejectedFields::parquet(const QByteArray &csv, const QByteArray &type) const
{
    m_fixture->write("typed.csv", csv);
    CopyPlan made = m_fixture->plan("typed.csv");
    made.preCopyScript.clear();
    ParquetFileSink sink;
    sink.target.root = m_fixture->path(".");
    sink.target.fileName = QStringLiteral("typed.parquet");
    made.sink = sink;
    made.mappings = {
        {QStringLiteral("a"), 0, {}, QStringLiteral("a"), interimTypeFromString(QString::fromLatin1(type))},
        {QStringLiteral("b"), 0, {}, QStringLiteral("b"), InterimType::DateTime}};
    const CopyOutcome outcome = copyNow(made);
    if (outcome.status != Status::Succeeded)
        qFatal("%s", described(outcome).constData());
    return ParquetFileSource{m_fixture->path("typed.parquet"), QStringLiteral("typed.parquet")};
}

void TestRejectedFields::parquetThatDoesNotConvert()
{
    CopyPlan made = plan("in.csv");
    made.source = parquet("a,b\n1,2024-01-31\n1.5,2024-02-01\n", "Double");
    made.formats.dateTime = QStringLiteral("dd.MM.yyyy");
    copy(made);
    QCOMPARE(kept(), QStringLiteral("a=1.5 b=2024-02-01T00:00:00"));
    correct(made, "a", "2");
    QCOMPARE(m_fixture->rows(), QStringLiteral("1:31.01.2024 2:01.02.2024"));
}

void TestRejectedFields::typedRowsRefusedByPostgres()
{
    tests::PostgresServer server;
    QVERIFY2(server.start(), qPrintable(server.error()));
    QCOMPARE(server.sql(QStringLiteral("CREATE TABLE t(a int PRIMARY KEY, b text)")), QString());
    CopyPlan made = plan("in.csv");
    made.source = parquet("a,b\n1,2024-01-31\n1,2024-02-01\n", "Double");
    made.formats.dateTime = QStringLiteral("dd.MM.yyyy");
    made.sink = PostgresTableSink{server.connection(), {}, QStringLiteral("t"), {}};
    copy(made);
    QCOMPARE(kept(), QStringLiteral("a=1 b=01.02.2024")); // as they would have been loaded
    correct(made, "a", "2");
    QCOMPARE(server.sql(QStringLiteral("SELECT string_agg(a || ' ' || b, ' ' ORDER BY a) FROM t")),
             QStringLiteral("1 31.01.2024 2 01.02.2024"));
}

void TestRejectedFields::columnThatGoesToTwoPlacesKeepsItsText()
{
    m_fixture->execute("CREATE TABLE s(x TEXT); INSERT INTO s VALUES('007'), ('7')");
    CopyPlan made = plan("in.csv");
    made.source = SqliteQuerySource{m_fixture->path("sink.db"), {}, QStringLiteral("s"), {}, {}};
    made.mappings = {{QStringLiteral("x"), 0, {}, QStringLiteral("a"), {}},
                     {QStringLiteral("x"), 0, {}, QStringLiteral("b"), {}}};
    copy(made);
    QCOMPARE(kept(), QStringLiteral("x=7"));
    m_fixture->execute("DELETE FROM t; DELETE FROM s; INSERT INTO s VALUES('7'), ('007')");
    QFile::remove(store());
    copy(made);
    QCOMPARE(kept(), QStringLiteral("x=007"));
}

void TestRejectedFields::textTheEncodingOfAFileLacks()
{
    m_fixture->write("in.csv", "a,b\n1,\xCE\xB1\n2,x\n");
    CopyPlan made = plan("in.csv");
    DelimitedTextFileSink sink;
    sink.target.root = m_fixture->path(".");
    sink.target.fileName = QStringLiteral("out.csv");
    sink.format.encoding = QStringLiteral("ISO-8859-1");
    made.sink = sink;
    copy(made);
    QCOMPARE(kept(), QStringLiteral("a=1 b=α"));
    auto file = RejectFile::open(store());
    QCOMPARE((*file->row(1))->original, QStringLiteral("1,α"));
}

#include "TestRejectedFields.moc"
