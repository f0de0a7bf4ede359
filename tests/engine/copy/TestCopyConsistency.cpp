#include "engine/connectors/files/BinaryWriter.h"
#include "engine/connectors/files/FileSink.h"
#include "engine/connectors/files/ParquetWriter.h"
#include "engine/copy/BinaryPlan.h"
#include "engine/copy/CopyRun.h"
#include "engine/copy/Endpoints.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

#include <QDir>
#include <QFile>

using namespace engine;
using tests::CopyFixture;
using tests::copyNow;
using tests::described;
using Status = CopyOutcome::Status;

namespace {

// Loses the rows from the third one on, as a broken disk would, and says nothing.
class LosingWriter final : public RowWriter
{
public:
    explicit LosingWriter(std::unique_ptr<RowWriter> writer) : m_writer(std::move(writer)) { }
    Result<> define(const QList<SinkColumn> &columns) override { return m_writer->define(columns); }
    Result<> begin(const File &file) override { return m_writer->begin(file); }
    Result<int> write(const RowBatch &rows, int first, int count, const QList<int> &columns) override
    {
        (void)m_writer->write(rows, first, std::min(count, 2), columns);
        return count;
    }
    Result<> finish() override { return m_writer->finish(); }
    Result<std::optional<qint64>> rowsIn(const QString &path, const QString &name) const override
    {
        return m_writer->rowsIn(path, name);
    }

private:
    std::unique_ptr<RowWriter> m_writer;
};

} // namespace

// validateDataConsistency where a copy writes files, and what becomes of files that are not consistent.
class TestCopyConsistency : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void filesAreCountedAgain_data();
    void filesAreCountedAgain();
    void lostRowsFailTheCopy_data();
    void lostRowsFailTheCopy();
    void fileThatCannotBeReadAgainFailsTheCopy();
    void outputSaysWhetherAnybodyLooked();
    void fileThatChangesIsLeftOut_data();
    void fileThatChangesIsLeftOut();
    void fileWithAnotherCheckSumIsLeftOut();
    void onlyInconsistentFilesLeaveNothing();

private:
    FileTarget target(qint64 rowsPerFile = 0) const
    {
        FileTarget target;
        target.root = m_fixture->path("store");
        target.folder = QStringLiteral("out");
        target.fileName = rowsPerFile > 0 ? QString() : QStringLiteral("all");
        target.namePrefix = QStringLiteral("part");
        target.maxRowsPerFile = rowsPerFile;
        QDir().mkpath(target.root);
        return target;
    }
    static CopySink sink(const QString &form, const FileTarget &target)
    {
        if (form == u"Parquet")
            return ParquetFileSink{target, DuckFeed::Codec::Snappy};
        if (form == u"JSON")
            return JsonFileSink{target, {}};
        DelimitedTextFileSink sink;
        sink.target = target;
        sink.format.firstRowAsHeader = form != u"text without header";
        if (form == u"packed text")
            sink.format.compression = FileCompression::Gzip;
        return sink;
    }
    static void forms()
    {
        QTest::addColumn<QString>("form");
        for (const char *form : {"text", "text without header", "packed text", "JSON", "Parquet"})
            QTest::newRow(form) << QString::fromLatin1(form);
    }
    CopyPlan plan(const CopySink &sink) const
    {
        m_fixture->write("in.csv", "a,b\n1,\"x\ny\"\n2,\n3,\"\"\n4,z\n5,z\n");
        CopyPlan plan = m_fixture->plan("in.csv");
        plan.preCopyScript.clear();
        plan.validateConsistency = true;
        plan.sink = sink;
        return plan;
    }
    static QString verification(const CopyOutcome &outcome)
    {
        const Json &told = memberAt(outcome.output, "dataConsistencyVerification");
        return stringAt(told, "VerificationResult") + u'/' + stringAt(told, "InconsistentData");
    }
    QStringList found() const
    {
        QStringList names =
            QDir(m_fixture->path("store/out")).entryList(QDir::Files | QDir::Hidden | QDir::NoDotAndDotDot);
        return names;
    }
    // Files as they are from "in", of which inconsistent ones may be left out.
    CopyPlan binary() const;
    void change(const char *name) const { m_fixture->write(name, "something else altogether"); }

    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestCopyConsistency)

void TestCopyConsistency::init() { m_fixture = std::make_unique<CopyFixture>(); }

void TestCopyConsistency::filesAreCountedAgain_data() { forms(); }

void TestCopyConsistency::filesAreCountedAgain()
{
    QFETCH(QString, form);
    for (const qint64 rowsPerFile : {0, 2}) {
        const CopyPlan made = plan(sink(form, target(rowsPerFile)));
        const CopyOutcome outcome = copyNow(made);
        QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
        QCOMPARE(verification(outcome), QStringLiteral("Verified/None"));
        QCOMPARE(intAt(outcome.output, "filesWritten"), rowsPerFile == 0 ? 1 : 3);
        m_fixture->write("in.csv", "a,b\n"); // no row at all
        const CopyOutcome none = copyNow(made);
        QVERIFY2(none.status == Status::Succeeded, described(none).constData());
        QCOMPARE(verification(none), QStringLiteral("Verified/None"));
    }
}

void TestCopyConsistency::lostRowsFailTheCopy_data() { forms(); }

void TestCopyConsistency::lostRowsFailTheCopy()
{
    QFETCH(QString, form);
    const CopyPlan made = plan(sink(form, target()));
    const auto writer = [&]() -> std::unique_ptr<RowWriter> {
        if (const auto *text = std::get_if<DelimitedTextFileSink>(&made.sink))
            return std::make_unique<DelimitedTextWriter>(text->format, text->writing);
        if (form == u"JSON")
            return std::make_unique<JsonTextWriter>(JsonTextFormat());
        return std::make_unique<ParquetWriter>(DuckFeed::Codec::Snappy);
    };
    const LoadIdentity identity = CopyFixture::identity();
    const CopyHooks hooks;
    CopyRun run(makeSource(made, {}),
                std::make_unique<FileSink>(target(), std::make_unique<LosingWriter>(writer())),
                made,
                identity,
                hooks,
                {});
    const CopyOutcome outcome = run.execute();
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("DataConsistencyRowCountMismatch"));
    QVERIFY2(outcome.error.message.contains(u"5 rows were written, but the files hold 2"),
             qPrintable(outcome.error.message));
    QCOMPARE(verification(outcome), QStringLiteral("NotVerified/Found"));
    QCOMPARE(found(), QStringList());
}

void TestCopyConsistency::fileThatCannotBeReadAgainFailsTheCopy()
{
    const CopyPlan made = plan(sink(QStringLiteral("text"), target()));
    class BreakingWriter final : public RowWriter
    {
    public:
        Result<> define(const QList<SinkColumn> &) override { return {}; }
        Result<> begin(const File &file) override { return write(file.descriptor); }
        Result<int> write(const RowBatch &, int, int count, const QList<int> &) override { return count; }
        Result<> finish() override { return {}; }
        Result<std::optional<qint64>> rowsIn(const QString &path, const QString &name) const override
        {
            return DelimitedTextWriter({}, {}).rowsIn(path, name);
        }

    private:
        static Result<> write(int descriptor)
        {
            QFile file;
            const bool isWritten =
                file.open(descriptor, QIODevice::WriteOnly) && file.write("a,b\n1\n") > 0 && file.flush();
            return isWritten ? Result<>() : Result<>(Error{ErrorCode::Io, {}, {}});
        }
    };
    const LoadIdentity identity = CopyFixture::identity();
    const CopyHooks hooks;
    CopyRun run(makeSource(made, {}),
                std::make_unique<FileSink>(target(), std::make_unique<BreakingWriter>()),
                made,
                identity,
                hooks,
                {});
    const CopyOutcome outcome = run.execute();
    QVERIFY(outcome.status == Status::Failed);
    QCOMPARE(outcome.error.errorCode, QStringLiteral("DataConsistencyFileUnreadable"));
    QVERIFY2(outcome.error.message.contains(u"“out/all”"), qPrintable(outcome.error.message));
    QCOMPARE(found(), QStringList());
}

void TestCopyConsistency::outputSaysWhetherAnybodyLooked()
{
    CopyPlan made = plan(sink(QStringLiteral("text"), target()));
    made.validateConsistency = false;
    QCOMPARE(verification(copyNow(made)), QStringLiteral("NotVerified/None"));
    made.validateConsistency = true;
    SqliteTableSink table{m_fixture->path("sink.db"), {}, QStringLiteral("t"), {}};
    made.sink = table;
    QCOMPARE(verification(copyNow(made)), QStringLiteral("Verified/None"));
    m_fixture->execute("DELETE FROM t; CREATE UNIQUE INDEX key ON t(a)");
    table.options.behavior = LoadOptions::Behavior::Upsert;
    table.options.keys = QStringList{QStringLiteral("a")};
    made.sink = table;
    QCOMPARE(verification(copyNow(made)), QStringLiteral("Unsupported/None")); // rows that are replaced do not add up
}

CopyPlan TestCopyConsistency::binary() const
{
    for (const char *name : {"in/a", "in/b", "in/c"}) {
        QDir().mkpath(m_fixture->path("in"));
        m_fixture->write(name, QByteArray(3'000'000, 'x'));
    }
    Dataset dataset;
    dataset.name = QStringLiteral("Files");
    dataset.type = QStringLiteral("Binary");
    const auto at = [&dataset](const char *folder) {
        Dataset placed = dataset;
        placed.typeProperties = {{"location", {{"folderPath", folder}}}};
        return placed;
    };
    FolderBinding bound;
    bound.root = QDir::cleanPath(m_fixture->path("."));
    const Json source = {{"type", "BinarySource"}, {"storeSettings", {{"recursive", true}}}};
    const Json sink = {{"type", "BinarySink"}};
    const Json activity = {{"validateDataConsistency", true}, {"skipErrorFile", {{"dataInconsistency", true}}}};
    const auto planned = planBinaryCopy({source, QStringLiteral("source"), at("in"), Binding(bound)},
                                        {sink, QStringLiteral("sink"), at("store/out"), Binding(bound)},
                                        activity,
                                        bound.root);
    if (!planned)
        qFatal("%s", qPrintable(planned.error().message));
    CopyPlan plan;
    plan.source = planned->source;
    plan.sink = planned->sink;
    plan.validateConsistency = true;
    plan.additional.storeRoot = bound.root;
    return plan;
}

void TestCopyConsistency::fileThatChangesIsLeftOut_data()
{
    QTest::addColumn<QString>("when");
    for (const char *when : {"before it is read", "while it is read"})
        QTest::newRow(when) << QString::fromLatin1(when);
}

// The sink's thread cannot stop the reader: the source is asked here, piece by piece.
void TestCopyConsistency::fileThatChangesIsLeftOut()
{
    QFETCH(QString, when);
    const CopyPlan made = binary();
    class Changing final : public Source
    {
    public:
        Changing(std::unique_ptr<Source> source, std::function<void(const RowBatch &)> after)
            : m_source(std::move(source))
            , m_after(std::move(after))
        {
        }
        Result<QList<SourceColumn>> open() override { return m_source->open(); }
        Result<> project(const QList<ProjectedColumn> &columns) override { return m_source->project(columns); }
        std::variant<bool, ReadError> read(RowBatch &batch) override
        {
            auto answer = m_source->read(batch);
            m_after(batch);
            return answer;
        }
        qint64 bytesRead() const override { return m_source->bytesRead(); }
        qint64 size() const override { return m_source->size(); }
        Json fingerprint() const override { return m_source->fingerprint(); }
        Result<> verifyUnchanged() const override { return m_source->verifyUnchanged(); }

    private:
        std::unique_ptr<Source> m_source;
        std::function<void(const RowBatch &)> m_after;
    };
    const QString trigger = when == u"before it is read" ? QStringLiteral("in/a") : QStringLiteral("in/b");
    bool isChanged = false;
    const auto changing = [&](const RowBatch &batch) {
        if (batch.file == trigger && !std::exchange(isChanged, true))
            change("in/b");
    };
    const LoadIdentity identity = CopyFixture::identity();
    const CopyHooks hooks;
    CopyPlan deleting = made;
    deleting.deleteSourceFiles = true;
    CopyRun run(
        std::make_unique<Changing>(makeSource(made, {}), changing), makeSink(made.sink), deleting, identity, hooks, {});
    const CopyOutcome outcome = run.execute();
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QVERIFY(isChanged);
    QCOMPARE(found(), (QStringList{QStringLiteral("a"), QStringLiteral("c")}));
    QCOMPARE(intAt(outcome.output, "filesSkipped"), 1);
    QCOMPARE(intAt(outcome.output, "filesWritten"), 2);
    QCOMPARE(verification(outcome), QStringLiteral("Verified/Skipped"));
    QCOMPARE(QDir(m_fixture->path("in")).entryList(QDir::Files), QStringList{QStringLiteral("b")}); // not deleted
}

void TestCopyConsistency::fileWithAnotherCheckSumIsLeftOut()
{
    const CopyPlan made = binary();
    // Changes what was written of "b" before it is read again.
    class Spoiling final : public RowWriter
    {
    public:
        Result<> define(const QList<SinkColumn> &columns) override { return m_writer.define(columns); }
        Result<> begin(const File &file) override
        {
            m_file = file;
            return m_writer.begin(file);
        }
        Result<int> write(const RowBatch &rows, int first, int count, const QList<int> &columns) override
        {
            const auto written = m_writer.write(rows, first, count, columns);
            QFile file(m_file.path);
            if (m_file.name == u"b" && file.open(QIODevice::ReadWrite)) // of what is on the disk already
                file.write("spoilt");
            return written;
        }
        Result<> finish() override { return m_writer.finish(); }
        void abandon() override { m_writer.abandon(); }

    private:
        BinaryWriter m_writer{Packing(), BinaryWriter::Validation::ReadAgain};
        File m_file;
    };
    const LoadIdentity identity = CopyFixture::identity();
    const CopyHooks hooks;
    CopyPlan deleting = made;
    deleting.deleteSourceFiles = true;
    CopyRun run(makeSource(made, {}),
                std::make_unique<FileSink>(std::get<BinaryFileSink>(made.sink).target, std::make_unique<Spoiling>()),
                deleting,
                identity,
                hooks,
                {});
    const CopyOutcome outcome = run.execute();
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(found(), (QStringList{QStringLiteral("a"), QStringLiteral("c")}));
    QCOMPARE(intAt(outcome.output, "filesSkipped"), 1);
    QCOMPARE(verification(outcome), QStringLiteral("Verified/Skipped"));
    QCOMPARE(QDir(m_fixture->path("in")).entryList(QDir::Files).size(), 3); // which one is known to the sink alone
    QVERIFY(!memberAt(memberAt(outcome.output, "slipway"), "warnings").empty());
}

void TestCopyConsistency::onlyInconsistentFilesLeaveNothing()
{
    CopyPlan made = binary();
    std::unique_ptr<Source> source = makeSource(made, {});
    QVERIFY(source->open());
    for (const char *name : {"in/a", "in/b", "in/c"})
        change(name);
    QVERIFY(source->project({{0, InterimType::Binary, {}}}));
    RowBatch batch;
    const auto answer = source->read(batch);
    QVERIFY(std::holds_alternative<bool>(answer) && !std::get<bool>(answer));
    QCOMPARE(memberAt(source->fingerprint(), "changed").size(), 3U);
}

#include "TestCopyConsistency.moc"
