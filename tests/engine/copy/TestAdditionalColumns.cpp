#include "engine/connectors/files/CsvSource.h"
#include "engine/copy/AdditionalColumns.h"
#include "engine/copy/Endpoints.h"
#include "engine/copy/FileSetPlan.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

#include <QDir>

using namespace engine;

// Columns that a copy adds, and what it does with the files when it is done.
class TestAdditionalColumns : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<tests::CopyFixture>(); }
    void columnsAreAppended();
    void rowsThatAreLeftOutKeepTheirPlace();
    void foldersBecomeColumns();
    void foldersOfOtherNamesAreRefused();
    void aNameThatIsThereIsRefused();
    void aColumnThatIsNotThereIsNotRepeated();
    void aValueThatDoesNotFitIsRefused();
    void planSaysWherePartitionsBegin_data();
    void planSaysWherePartitionsBegin();
    void filesAreDeletedWhenTheyAreLoaded();
    void aFileThatChangedSinceStays();
    void filesStayWhenTheLoadFails();

private:
    // Reads the files below a folder of the fixture into t(a, b, c, d).
    CopyPlan plan(const char *folder) const
    {
        m_fixture->execute("DROP TABLE t; CREATE TABLE t(a INTEGER, b TEXT, c, d TEXT)");
        CopyPlan made = m_fixture->plan(folder);
        auto &source = std::get<CsvFileSource>(made.source);
        FileSet files;
        files.root = QDir::cleanPath(m_fixture->path("."));
        files.path = QString::fromLatin1(folder);
        source.files = *chosenFrom(files, Json(), {});
        made.preCopyScript.clear();
        made.additional.storeRoot = files.root;
        made.additional.filePathFolder = files.path;
        return made;
    }
    static AdditionalColumn column(const char *name, AdditionalColumn::Kind kind, const char *value = "")
    {
        return {kind, QString::fromUtf8(name), QString::fromUtf8(value), false};
    }
    QString loaded() const
    {
        return m_fixture->text("SELECT group_concat(a || '/' || coalesce(b,'NULL') || '/' || coalesce(c,'NULL') || "
                               "'/' || coalesce(d,'NULL'), ' ') FROM (SELECT * FROM t ORDER BY a)");
    }
    void write(const char *path, const char *text) const
    {
        QDir().mkpath(QFileInfo(m_fixture->path(path)).path());
        m_fixture->write(path, text);
    }

    std::unique_ptr<tests::CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestAdditionalColumns)

using Kind = AdditionalColumn::Kind;

void TestAdditionalColumns::columnsAreAppended()
{
    write("in/x/1.csv", "a\n1\n2\n");
    write("in/2.csv", "a\n3\n");
    CopyPlan made = plan("in");
    made.additional.columns = {
        column("b", Kind::FilePath), column("c", Kind::Literal, "7"), column("d", Kind::Column, "a")};
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(loaded(), QStringLiteral("1/x/1.csv/7/1 2/x/1.csv/7/2 3/2.csv/7/3"));

    made.additional.columns = {AdditionalColumn{Kind::Literal, QStringLiteral("b"), {}, true}};
    m_fixture->execute("DELETE FROM t");
    QVERIFY(tests::copyNow(made).status == CopyOutcome::Status::Succeeded);
    QCOMPARE(loaded(), QStringLiteral("1/NULL/NULL/NULL 2/NULL/NULL/NULL 3/NULL/NULL/NULL"));
}

void TestAdditionalColumns::rowsThatAreLeftOutKeepTheirPlace()
{
    write("in/1.csv", "a,c\n1,x\nbad,y\n3,z\n");
    CopyPlan made = plan("in");
    made.additional.columns = {column("b", Kind::FilePath), column("d", Kind::Literal, "lit")};
    made.skip.isOn = true;
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(loaded(), QStringLiteral("1/1.csv/x/lit 3/1.csv/z/lit"));
    QCOMPARE(outcome.counts.rowsSkipped, 1);
    made.skip.isOn = false;
    const CopyOutcome refused = tests::copyNow(made);
    QCOMPARE(stringAt(refused.error.details, "file"), QStringLiteral("in/1.csv"));
    QCOMPARE(intAt(refused.error.details, "row"), 2);
    QCOMPARE(intAt(refused.error.details, "line"), 3);
    QCOMPARE(stringAt(refused.error.details, "value"), QStringLiteral("bad"));
}

void TestAdditionalColumns::foldersBecomeColumns()
{
    write("in/year=2025/month=12/1.csv", "a\n1\n");
    write("in/year=2026/month=01/1.csv", "a\n2\n");
    write("in/year=2027/month=__HIVE_DEFAULT_PARTITION__/1.csv", "a\n3\n");
    CopyPlan made = plan("in");
    made.additional.partitionRoot = QStringLiteral("in");
    made.additional.columns = {column("d", Kind::FilePath)};
    made.mappings = {{QStringLiteral("a"), 0, {}, QStringLiteral("a"), {}},
                     {QStringLiteral("year"), 0, {}, QStringLiteral("c"), InterimType::Int32},
                     {QStringLiteral("month"), 0, {}, QStringLiteral("b"), {}}};
    CopyOutcome outcome = tests::copyNow(made);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(loaded(), QStringLiteral("1/12/2025/NULL 2/01/2026/NULL 3/NULL/2027/NULL"));
    QCOMPARE(m_fixture->text("SELECT typeof(c) FROM t"), QStringLiteral("integer"));

    made.additional.partitionRoot = QStringLiteral("in/year=2025");
    auto &source = std::get<CsvFileSource>(made.source);
    source.files->path = source.files->choice.folder = QStringLiteral("in/year=2025");
    outcome = tests::copyNow(made);
    QVERIFY(outcome.status == CopyOutcome::Status::Failed); // "year" is above the root
    QVERIFY2(outcome.error.message.contains(u"year"), qPrintable(outcome.error.message));
}

void TestAdditionalColumns::foldersOfOtherNamesAreRefused()
{
    write("in/year=2025/1.csv", "a\n1\n");
    write("in/month=2/1.csv", "a\n2\n");
    CopyPlan made = plan("in");
    made.additional.partitionRoot = QStringLiteral("in");
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY(outcome.status == CopyOutcome::Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"year=2025"), qPrintable(outcome.error.message));
}

void TestAdditionalColumns::aNameThatIsThereIsRefused()
{
    write("in/1.csv", "a\n1\n");
    CopyPlan made = plan("in");
    made.additional.columns = {column("a", Kind::Literal, "x")};
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY(outcome.status == CopyOutcome::Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"“a”"), qPrintable(outcome.error.message));
}

void TestAdditionalColumns::aColumnThatIsNotThereIsNotRepeated()
{
    write("in/1.csv", "fare\n1\n");
    CopyPlan made = plan("in");
    made.additional.columns = {column("b", Kind::Column, "fair")};
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY(outcome.status == CopyOutcome::Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"fare."), qPrintable(outcome.error.message));
}

void TestAdditionalColumns::aValueThatDoesNotFitIsRefused()
{
    write("in/1.csv", "b\nx\n");
    CopyPlan made = plan("in");
    made.additional.columns = {column("a", Kind::Literal, "many")};
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY(outcome.status == CopyOutcome::Status::Failed);
    QVERIFY2(outcome.error.message.contains(u"“many”"), qPrintable(outcome.error.message));
}

void TestAdditionalColumns::planSaysWherePartitionsBegin_data()
{
    QTest::addColumn<QByteArray>("store");
    QTest::addColumn<QString>("root");
    const auto row = [](const char *store, const char *root) {
        QTest::newRow(store) << QByteArray(store) << QString::fromLatin1(root);
    };
    row(R"({})", "data/in");
    row(R"({"partitionRootPath":"in/year=2025"})", "data/in/year=2025");
    row(R"({"partitionRootPath":"/data/in/"})", "data/in");
    row(R"({"wildcardFolderPath":"in/year=*/month=01"})", "data/in");
    row(R"({"prefix":"in/year=2025/mo"})", "data/in/year=2025");
    row(R"({"fileListPath":"data/list.txt"})", "data/in");
}

void TestAdditionalColumns::planSaysWherePartitionsBegin()
{
    QFETCH(QByteArray, store);
    FileSet files;
    files.root = QStringLiteral("/store");
    files.container = QStringLiteral("data");
    files.path = QStringLiteral("data/in");
    Json settings = *parseJson(store, QStringLiteral("test"));
    files = *chosenFrom(files, settings, {});
    settings["enablePartitionDiscovery"] = true;
    const auto made = planAdditionalColumns({{"storeSettings", settings}}, QStringLiteral("source"), files);
    VERIFY_OK(made);
    QTEST(made->partitionRoot.value_or(QString()), "root");
    QCOMPARE(made->filePathFolder, QStringLiteral("data/in"));
}

void TestAdditionalColumns::filesAreDeletedWhenTheyAreLoaded()
{
    write("in/1.csv", "a\n1\n");
    write("in/2.csv", "a\n2\n");
    write("in/_marks.csv", "a\n3\n"); // not read, so not deleted
    CopyPlan made = plan("in");
    made.deleteSourceFiles = true;
    const CopyOutcome outcome = tests::copyNow(made);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(QDir(m_fixture->path("in")).entryList(QDir::Files), QStringList{QStringLiteral("_marks.csv")});
    QCOMPARE(intAt(memberAt(outcome.output, "slipway"), "sourceFilesDeleted"), 2);
    QVERIFY(memberAt(memberAt(outcome.output, "slipway"), "warnings").is_null());
}

void TestAdditionalColumns::aFileThatChangedSinceStays()
{
    write("in/1.csv", "a\n1\n");
    write("in/2.csv", "a\n2\n");
    CopyPlan made = plan("in");
    made.deleteSourceFiles = true;
    CopyHooks hooks;
    hooks.beforeCommit = [this](const CommitIntent &) {
        write("in/2.csv", "a\n2\n3\n");
        return Result<>();
    };
    const CopyOutcome outcome = tests::copyNow(made, tests::CopyFixture::identity(), hooks);
    QVERIFY2(outcome.status == CopyOutcome::Status::Succeeded, tests::described(outcome).constData());
    QCOMPARE(QDir(m_fixture->path("in")).entryList(QDir::Files), QStringList{QStringLiteral("2.csv")});
    const Json &warnings = memberAt(memberAt(outcome.output, "slipway"), "warnings");
    QCOMPARE(warnings.size(), size_t(1));
    QVERIFY(toQString(warnings[0].get<std::string>()).contains(u"in/2.csv"));
}

void TestAdditionalColumns::filesStayWhenTheLoadFails()
{
    write("in/1.csv", "a\nx\n");
    CopyPlan made = plan("in");
    made.deleteSourceFiles = true;
    QVERIFY(tests::copyNow(made).status == CopyOutcome::Status::Failed);
    QVERIFY(QFile::exists(m_fixture->path("in/1.csv")));
}

#include "TestAdditionalColumns.moc"
