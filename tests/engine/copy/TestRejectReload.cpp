#include "engine/base/CrashPoint.h"
#include "engine/copy/rejects/RejectCsv.h"
#include "engine/copy/rejects/RejectReload.h"
#include "engine/copy/rejects/RejectWriter.h"
#include "tests/engine/copy/CopyFixture.h"
#include "tests/support/TestMain.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>

#include <thread>

using namespace engine;
using namespace tests;
using Status = CopyOutcome::Status;

// Rows that a copy left out are kept, corrected, and loaded exactly once.
class TestRejectReload : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_fixture = std::make_unique<CopyFixture>(); }
    void keepsWhatTheCopyLeftOut();
    void countsRowsBeyondTheLimit();
    void keepsNoSecret();
    void saysWhetherACorrectionConverts();
    void wantsEveryValueOfARaggedRow();
    void loadsThirtySevenOnce();
    void loadsOnceWhenTwoPressTheButton();
    void rejectsAgainWhatTheSinkRefuses();
    void loadsOnceAfterACrash_data();
    void loadsOnceAfterACrash();
    void reloadsAndMayDie(); // the child; does nothing when it is not asked to
    void exportsRowsWithTheirReasons();

private:
    static constexpr char childVariable[] = "SLIPWAY_TEST_RELOAD"; // folder of the fixture

    QString store() const { return m_fixture->path("store/rejects.db"); }
    CopyPlan plan() const
    {
        CopyPlan plan = m_fixture->plan("in.csv");
        plan.preCopyScript.clear();
        plan.skip.isOn = true;
        return plan;
    }
    // `count` rows, of which `bad` have no number in column a.
    void writeRows(int count, int bad) const
    {
        QByteArray text = "a,b\r\n";
        for (int i = 1; i <= count; ++i)
            text += (i % (count / bad) == 0 && i / (count / bad) <= bad ? "bad " + QByteArray::number(i)
                                                                        : QByteArray::number(i))
                + ",\"row " + QByteArray::number(i) + "\"\r\n";
        m_fixture->write("in.csv", text);
    }
    CopyOutcome copy(RejectWriter::Options options = {}) const
    {
        if (options.file.isEmpty())
            options.file = store();
        CopyHooks hooks;
        hooks.rejects = std::make_shared<RejectWriter>(options);
        LoadIdentity identity = CopyFixture::identity();
        identity.activityRun = QStringLiteral("0f2f0e44-37a1-4ad5-b1a5-98bb3ba4ae6c");
        m_fixture->execute("delete from t");
        return copyNow(plan(), identity, hooks);
    }
    // Every bad number without its "bad ".
    void correctAll() const
    {
        auto file = RejectFile::open(store());
        VERIFY_OK(file);
        QList<RejectFile::Edit> edits;
        VERIFY_OK(file->forEach({}, [&](const RejectedRow &row) -> Result<> {
            edits.append({row.id, {{QStringLiteral("a"), row.value.mid(4)}}});
            return {};
        }));
        VERIFY_OK(file->edit(edits));
    }
    RejectReload wish() const
    {
        return {store(), plan(), {}, [] { return Instant(std::chrono::milliseconds(1000)); }};
    }
    // As the button does it; nothing when somebody else was at it, or when there was nothing to load.
    std::optional<ReloadRecord> press() const
    {
        const auto lock = RejectLock::take(store());
        if (!lock)
            return {};
        if (!settleReload(wish()))
            return {};
        auto file = RejectFile::open(store());
        const auto begun = file->beginReload({}, QStringLiteral("anna"), {});
        if (!begun)
            return {};
        const auto record = runReload(wish(), *begun);
        return record ? std::optional(*record) : std::nullopt;
    }
    RejectSummary summary() const { return *RejectFile::open(store())->summary(); }

    std::unique_ptr<CopyFixture> m_fixture;
};

SLIPWAY_TEST(TestRejectReload)

void TestRejectReload::keepsWhatTheCopyLeftOut()
{
    m_fixture->write("in.csv", "a,b\r\n1,x\r\nn/a,\"y \"\"z\"\"\"\r\n2\r\n");
    const CopyOutcome outcome = copy();
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    auto file = RejectFile::open(store());
    VERIFY_OK(file);
    const auto page = file->page({});
    VERIFY_OK(page);
    QCOMPARE(page->total, 2);
    const RejectedRow &first = page->rows.first();
    QCOMPARE(first.row, 2);
    QCOMPARE(first.line, 3);
    QCOMPARE(first.column, QStringLiteral("a"));
    QCOMPARE(first.value, QStringLiteral("n/a"));
    QCOMPARE(first.original, QStringLiteral("n/a,\"y \"\"z\"\"\""));
    QVERIFY(first.fields == RejectedRow::Fields({QStringLiteral("n/a"), QStringLiteral("y \"z\"")}));
    QCOMPARE(page->rows.at(1).fields->size(), 1);
    QCOMPARE(page->columns.first().sink, QStringLiteral("a"));
    QVERIFY(page->summary.canReload);
    QCOMPARE(page->summary.reasons.size(), 2);
    const auto searched = file->page({.search = QStringLiteral("N/A")});
    VERIFY_OK(searched);
    QCOMPARE(searched->total, 1);
    QVERIFY(!QFile::exists(store() + QStringLiteral(".part")));
}

void TestRejectReload::countsRowsBeyondTheLimit()
{
    writeRows(1000, 50);
    const CopyOutcome outcome = copy({.file = store(), .mostRows = 10});
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(summary().kept, 10);
    QCOMPARE(summary().counted, 50);
}

void TestRejectReload::keepsNoSecret()
{
    m_fixture->write("in.csv", "a,b\r\nhunter2,x\r\n");
    const CopyOutcome outcome =
        copy({.file = store(), .redact = [](const QString &text) {
                  return QString(text).replace(QStringLiteral("hunter2"), QStringLiteral("[REDACTED]"));
              }});
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QFile raw(store());
    QVERIFY(raw.open(QIODevice::ReadOnly));
    QVERIFY(!raw.readAll().contains("hunter2"));
    auto file = RejectFile::open(store());
    const auto kept = file->edit({{1, {{QStringLiteral("b"), QStringLiteral("y")}}}});
    VERIFY_OK(kept);
    QVERIFY(!kept->first().isOk);
    const auto given = file->edit({{1, {{QStringLiteral("a"), QStringLiteral("7")}}}});
    VERIFY_OK(given);
    QVERIFY(given->first().isOk);
}

void TestRejectReload::saysWhetherACorrectionConverts()
{
    writeRows(10, 1);
    (void)copy();
    auto file = RejectFile::open(store());
    auto edited = file->edit({{1, {{QStringLiteral("a"), QStringLiteral("1.5")}}}});
    VERIFY_OK(edited);
    QVERIFY(!edited->first().isOk);
    QCOMPARE(edited->first().row.problem->column, QStringLiteral("a"));
    QVERIFY(edited->first().row.state == RejectState::Rejected);
    edited = file->edit({{1, {{QStringLiteral("a"), QStringLiteral("15")}}}}, RejectFile::Keep::Nothing);
    VERIFY_OK(edited);
    QVERIFY(edited->first().isOk);
    QVERIFY((*file->row(1))->state == RejectState::Rejected);
    VERIFY_OK(file->edit({{1, {{QStringLiteral("a"), QStringLiteral("15")}}}}));
    QVERIFY((*file->row(1))->state == RejectState::Corrected);
    VERIFY_OK(file->edit({{1, {}, true}}));
    QVERIFY((*file->row(1))->state == RejectState::Rejected);
    QVERIFY(file->edit({{1, {{QStringLiteral("zz"), {}}}}}).error().code == ErrorCode::InvalidInput);
    QVERIFY(file->edit({{99, {}}}).error().code == ErrorCode::NotFound);
}

void TestRejectReload::wantsEveryValueOfARaggedRow()
{
    m_fixture->write("in.csv", "a,b\r\n1,2,3\r\n");
    (void)copy();
    auto file = RejectFile::open(store());
    auto edited = file->edit({{1, {{QStringLiteral("a"), QStringLiteral("1")}}}});
    VERIFY_OK(edited);
    QVERIFY(!edited->first().isOk);
    edited = file->edit({{1, {{QStringLiteral("b"), QStringLiteral("2,3")}}}});
    VERIFY_OK(edited);
    QVERIFY(edited->first().isOk);
    QCOMPARE(press()->loaded, 1);
    QCOMPARE(m_fixture->rows(), QStringLiteral("1:2,3"));
}

void TestRejectReload::loadsThirtySevenOnce()
{
    writeRows(10'000, 37);
    const CopyOutcome outcome = copy();
    QVERIFY2(outcome.status == Status::Succeeded, described(outcome).constData());
    QCOMPARE(outcome.counts.rowsSkipped, 37);
    correctAll();
    const auto record = press();
    QVERIFY(record.has_value());
    QCOMPARE(record->loaded, 37);
    QVERIFY(record->state == ReloadRecord::State::Loaded);
    QCOMPARE(record->by, QStringLiteral("anna"));
    QVERIFY(!press().has_value()); // there is nothing left
    QCOMPARE(m_fixture->text("select count(*) || ' ' || count(distinct a) || ' ' || sum(a) from t"),
             QStringLiteral("10000 10000 50005000"));
    QCOMPARE(summary().loaded, 37);
    QVERIFY(RejectFile::open(store())->edit({{1, {}}}).error().code == ErrorCode::Conflict);
    QVERIFY(!QFile::exists(RejectLock::pathOf(store())));
}

void TestRejectReload::loadsOnceWhenTwoPressTheButton()
{
    writeRows(1000, 37);
    (void)copy();
    correctAll();
    std::vector<std::thread> pressing;
    for (int i = 0; i < 4; ++i)
        pressing.emplace_back([this] { (void)press(); });
    for (std::thread &one : pressing)
        one.join();
    QCOMPARE(m_fixture->text("select count(*) || ' ' || count(distinct a) from t"), QStringLiteral("1000 1000"));
    QCOMPARE(summary().loaded, 37);
}

void TestRejectReload::rejectsAgainWhatTheSinkRefuses()
{
    writeRows(100, 4);
    (void)copy();
    m_fixture->execute(
        "create trigger no before insert on t when new.a = 50 begin select raise(abort, 'not fifty'); end");
    correctAll();
    const auto record = press();
    QVERIFY(record.has_value());
    QCOMPARE(record->loaded, 3);
    QCOMPARE(record->refused, 1);
    const auto left = RejectFile::open(store())->page({.states = {RejectState::Rejected}});
    VERIFY_OK(left);
    QCOMPARE(left->total, 1);
    QVERIFY2(left->rows.first().message.contains(u"not fifty"), qPrintable(left->rows.first().message));
    QCOMPARE(m_fixture->text("select count(*) from t"), QStringLiteral("99"));
}

void TestRejectReload::reloadsAndMayDie()
{
    const QString job = qEnvironmentVariable(childVariable);
    if (job.isEmpty())
        return;
    const QStringList parts = job.split(u'|');
    RejectReload reload = wish();
    reload.file = parts.at(0);
    reload.plan.sink = SqliteTableSink{parts.at(1), {}, QStringLiteral("t"), std::chrono::milliseconds(500)};
    const auto lock = RejectLock::take(reload.file);
    QVERIFY(lock.has_value());
    auto file = RejectFile::open(reload.file);
    const auto begun = file->beginReload({}, QStringLiteral("anna"), {});
    VERIFY_OK(begun);
    VERIFY_OK(runReload(reload, *begun));
}

void TestRejectReload::loadsOnceAfterACrash_data()
{
    QTest::addColumn<QString>("place");
    for (const std::string_view place : {CrashPoint::reloadRecorded,
                                         CrashPoint::copyBegin,
                                         CrashPoint::copyLoad,
                                         CrashPoint::copyBeforeCommit,
                                         CrashPoint::copyAfterCommit,
                                         CrashPoint::reloadCommitted}) {
        const QString name = QString::fromUtf8(place.data(), qsizetype(place.size()));
        QTest::newRow(qPrintable(name)) << name;
    }
}

void TestRejectReload::loadsOnceAfterACrash()
{
    QFETCH(QString, place);
    writeRows(1000, 37);
    (void)copy();
    correctAll();
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString sink = std::get<SqliteTableSink>(plan().sink).file;
    environment.insert(QLatin1String(childVariable), store() + u'|' + sink);
    environment.insert(QStringLiteral("SLIPWAY_CRASH_AT"), place);
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--class"), QStringLiteral("TestRejectReload"), QStringLiteral("reloadsAndMayDie")});
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.exitCode(), 9);
    QVERIFY(QFile::exists(RejectLock::pathOf(store()))); // by which the next engine sees it
    (void)press(); // settles, and loads what is not loaded
    (void)press();
    QCOMPARE(m_fixture->text("select count(*) || ' ' || count(distinct a) from t"), QStringLiteral("1000 1000"));
    QCOMPARE(summary().loaded, 37);
}

void TestRejectReload::exportsRowsWithTheirReasons()
{
    m_fixture->write("in.csv", "a,b\r\nn/a,=1+1\r\n");
    (void)copy();
    auto file = RejectFile::open(store());
    VERIFY_OK(file->edit({{1, {{QStringLiteral("a"), QStringLiteral("5")}}}}));
    const auto csv = rejectsCsv(*file, {}, true);
    VERIFY_OK(csv);
    QVERIFY2(csv->startsWith("\"a\",\"b\",_row,_line,_file,_state,_code,_message,_original\r\n\"5\",\"'=1+1\",1,2,"),
             csv->constData());
}

#include "TestRejectReload.moc"
