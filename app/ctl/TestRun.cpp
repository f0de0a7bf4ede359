#include "app/ctl/TestRun.h"

#include "engine/service/ScratchFactory.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QTimer>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct TestRunText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::TestRun)
};

constexpr int cancelGrace = 10'000; // milliseconds

QString runPath(const RunId &run) { return QStringLiteral("/slipway/v1/runs/") + run.text(); }

// Absent members of a record are empty ones, and expectations may name them.
Json withWholeRecords(Json records)
{
    for (Json &record : records) {
        for (const char *member : {"input", "output", "error"}) {
            if (!record.contains(member))
                record[member] = Json::object();
        }
    }
    return records;
}

Mismatch timeoutMismatch(const PipelineTest &test, const Json &activities)
{
    QStringList busy;
    for (const Json &activity : activities) {
        const QString status = stringAt(activity, "status");
        if (status == u"InProgress" || status == u"Queued")
            busy.append(stringAt(activity, "path") + u' ' + status);
    }
    return {.path = QStringLiteral("timeoutSeconds"),
            .pointer = test.pointer + QStringLiteral("/expect/timeoutSeconds"),
            .expected = test.timeoutSeconds,
            .got = std::nullopt,
            .note = busy.isEmpty() ? TestRunText::tr("the run had not ended and was cancelled")
                                   : TestRunText::tr("the run had not ended and was cancelled; at work: %1")
                                         .arg(busy.join(QStringLiteral(", ")))};
}

} // namespace

TestRun::TestRun(Session &session, QString factoryFolder, QString scratch)
    : m_session(session)
    , m_factoryFolder(std::move(factoryFolder))
    , m_scratch(std::move(scratch))
{
}

TestRun::~TestRun() = default;

Result<> TestRun::open()
{
    QEventLoop loop;
    bool isOpen = false;
    m_session.client().watch(
        -1,
        this,
        [&loop, &isOpen] {
            isOpen = true;
            loop.quit();
        },
        [this](const RunEvent &event) {
            const auto *run = std::get_if<RunRecord>(&event.body);
            if (run == nullptr || !isTerminal(run->status))
                return;
            m_ended.insert(run->id.text());
            if (run->id.text() == m_awaited && m_wake)
                m_wake();
        });
    QTimer::singleShot(cancelGrace, &loop, &QEventLoop::quit);
    if (!isOpen)
        loop.exec();
    if (!isOpen)
        return Error{ErrorCode::Timeout, TestRunText::tr("The engine of the tests does not tell what it does."), {}};
    return {};
}

bool TestRun::waitForEnd(const RunId &run, int milliseconds)
{
    if (m_ended.contains(run.text()))
        return true;
    QEventLoop loop;
    m_awaited = run.text();
    m_wake = [&loop] { loop.quit(); };
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
    m_wake = nullptr;
    return m_ended.contains(run.text());
}

// A refusal with the problems of the factory that led to it.
Error TestRun::explained(const Error &error) const
{
    Error whole = error;
    const Json &details = m_session.errorDetails();
    int count = 0;
    if (details.is_array()) {
        for (const Json &problem : details) {
            if (stringAt(problem, "severity").compare(u"error", Qt::CaseInsensitive) == 0 && count++ < 5)
                whole.message +=
                    QStringLiteral("\n%1: %2").arg(stringAt(problem, "where"), stringAt(problem, "message"));
        }
    }
    return whole;
}

Result<Json> TestRun::mocksOf(const PipelineTest &test, const ScratchFactory &scratch, const QString &beside) const
{
    if (test.mocksFile.isEmpty())
        return test.mocks;
    const Result<QByteArray> text = scratch.read(test.mocksFile, beside);
    if (!text)
        return text.error();
    const Result<Json> recorded = parseJson(*text, test.mocksFile);
    if (!recorded)
        return recorded.error();
    Result<Json> mocks = recordedMocks(*recorded, test.mocksChosen, test.mocksFile);
    if (mocks) {
        for (const auto &item : test.mocks.items())
            (*mocks)[item.key()] = item.value();
    }
    return mocks;
}

Result<ObservedRun>
TestRun::observe(const PipelineTest &test, const ScratchFactory &scratch, const QString &beside, QList<Mismatch> &found)
{
    const Result<Json> mocks = mocksOf(test, scratch, beside);
    if (!mocks)
        return mocks.error();
    const Result<Json> known =
        m_session.call("POST", QStringLiteral("/slipway/v1/factories"), {{"path", toStdString(scratch.folder())}});
    if (!known)
        return explained(known.error());
    Json wish = {{"pipeline", toStdString(test.pipeline)}, {"parameters", test.parameters}, {"mocks", *mocks}};
    if (!test.until.isEmpty())
        wish["until"] = toStdString(test.until);
    const Result<Json> created =
        m_session.call("POST", QStringLiteral("/slipway/v1/factories/%1/debug").arg(stringAt(*known, "factory")), wish);
    if (!created)
        return explained(created.error());
    const RunId id(stringAt(*created, "runId"));
    const bool hasEnded = waitForEnd(id, test.timeoutSeconds * 1000);
    const auto records = [&] { return m_session.call("GET", runPath(id) + QStringLiteral("/activityrecords")); };
    if (!hasEnded) {
        const Result<Json> meanwhile = records();
        found.append(timeoutMismatch(test, meanwhile ? memberAt(*meanwhile, "value") : Json::array()));
        (void)m_session.call("POST", runPath(id) + QStringLiteral("/cancel"), Json::object());
        waitForEnd(id, cancelGrace);
    }
    const Result<Json> run = m_session.call("GET", runPath(id) + QStringLiteral("/record"));
    if (!run)
        return run.error();
    const Result<Json> activities = records();
    if (!activities)
        return activities.error();
    if (const Result<> allowed = checkCalls(stringAt(*known, "factory")); !allowed)
        return allowed.error();
    return ObservedRun{.status = stringAt(*run, "status"),
                       .message = stringAt(*run, "message"),
                       .returnValue = memberAt(*run, "returnValue"),
                       .activities = withWholeRecords(memberAt(*activities, "value"))};
}

// A call that was not allowed is an error of the test, whatever the pipeline has made of it: in any of the runs it has
// led to.
Result<> TestRun::checkCalls(const QString &factory)
{
    const Result<Json> runs = m_session.call("POST",
                                             QStringLiteral("/slipway/v1/runs/query"),
                                             {{"factory", toStdString(factory)}, {"debug", "all"}, {"limit", 1000}});
    if (!runs)
        return runs.error();
    for (const Json &run : memberAt(*runs, "value")) {
        const Result<Json> activities =
            m_session.call("GET", runPath(RunId(stringAt(run, "runId"))) + QStringLiteral("/activityrecords"));
        if (!activities)
            return activities.error();
        for (const Json &activity : memberAt(*activities, "value")) {
            const Json &error = memberAt(activity, "error");
            if (stringAt(memberAt(error, "details"), "where")
                == QString(bindingsFile() + QStringLiteral(": web.calls")))
                return Error{ErrorCode::InvalidInput, stringAt(error, "message"), {}};
        }
    }
    return {};
}

void TestRun::addTables(const PipelineTest &test, const ScratchFactory &scratch, TestOutcome &outcome) const
{
    for (qsizetype i = 0; i < test.tables.size(); ++i) {
        const TableExpectation &table = test.tables.at(i);
        const Result<Json> rows = scratch.rows(table);
        if (!rows)
            outcome.mismatches.append({.path = QStringLiteral("tables[%1]").arg(i),
                                       .pointer = table.pointer,
                                       .expected = table.rows,
                                       .got = std::nullopt,
                                       .note = rows.error().message});
        else
            outcome.mismatches +=
                mismatches(table.rows, *rows, QStringLiteral("tables[%1].rows").arg(i), table.pointer);
    }
}

TestOutcome TestRun::run(PipelineTest test, const PlacedJson &document)
{
    QElapsedTimer timer;
    timer.start();
    TestOutcome outcome;
    outcome.place = document.placeOf(test.pointer);
    const QString beside = QFileInfo(QDir(m_factoryFolder).filePath(test.file)).absolutePath();
    const auto work = [&]() -> Result<> {
        const Result<ScratchFactory> scratch =
            ScratchFactory::make(m_factoryFolder,
                                 QStringLiteral("%1/%2").arg(m_scratch).arg(++m_count),
                                 test.allow.contains(QStringLiteral("network")) ? ScratchFactory::Reach::Network
                                                                                : ScratchFactory::Reach::CopyOnly);
        if (!scratch)
            return scratch.error();
        const FactoryReading reading = readFactory(FolderTree(scratch->folder()));
        if (const QList<Problem> problems = resolveNames(test, reading.factory, document); !problems.isEmpty())
            return Error{ErrorCode::InvalidInput, problems.first().message, problems.first().where};
        const QStringList outside = scratch->outsideBindings();
        if (!outside.isEmpty() && !test.allow.contains(QStringLiteral("postgresql")))
            return Error{ErrorCode::InvalidInput,
                         TestRunText::tr("%1 is bound to PostgreSQL, which is not in the scratch copy; a test that may "
                                         "write there says: allow: [postgresql].")
                             .arg(outside.join(QStringLiteral(", "))),
                         bindingsFile()};
        for (const TestFixture &fixture : test.fixtures) {
            if (const Result<> made = scratch->add(fixture, beside); !made)
                return made;
        }
        const Result<ObservedRun> observed = observe(test, *scratch, beside, outcome.mismatches);
        if (!observed)
            return observed.error();
        if (!outcome.mismatches.isEmpty())
            return {}; // cancelled: nothing else is what it would have been
        outcome.mismatches = compareRun(test, *observed);
        addTables(test, *scratch, outcome);
        return {};
    };
    if (const Result<> done = work(); !done)
        outcome.error = done.error().where.isEmpty()
            ? done.error().message
            : QStringLiteral("%1 [%2]").arg(done.error().message, done.error().where);
    for (const Mismatch &mismatch : std::as_const(outcome.mismatches)) {
        // What is not written in the file, such as the status of the run, is shown at the nearest that is.
        QString pointer = mismatch.pointer;
        while (!document.places.contains(pointer) && pointer.contains(u'/'))
            pointer.truncate(pointer.lastIndexOf(u'/'));
        outcome.places.insert(mismatch.pointer, document.placeOf(pointer));
    }
    outcome.test = std::move(test);
    outcome.milliseconds = timer.elapsed();
    return outcome;
}

} // namespace ctl
