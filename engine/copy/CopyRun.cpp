#include "engine/copy/CopyRun.h"

#include "engine/base/CrashPoint.h"
#include "engine/base/ProcessState.h"
#include "engine/copy/Endpoints.h"
#include "engine/copy/rejects/RejectPlan.h"
#include "engine/copy/SourceCleanup.h"

#include <QCoreApplication>

namespace engine {
namespace {

struct CopyRunText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CopyRun)
};

constexpr std::chrono::milliseconds reportInterval(100);

QString sourceErrorCode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::NotFound:
        return QStringLiteral("UserErrorFileNotFound");
    case ErrorCode::InvalidInput:
        return QStringLiteral("UserErrorInvalidDelimitedText");
    case ErrorCode::Conflict:
        return QStringLiteral("SourceChangedDuringRead");
    case ErrorCode::Unsupported:
        return QStringLiteral("UserErrorUnsupportedFormat");
    default:
        return QStringLiteral("UserErrorFailedFileOperation");
    }
}

RejectKeeper::End endOf(const CopyOutcome &outcome, const CopyFacts &facts)
{
    if (facts.alreadyLoaded)
        return RejectKeeper::End::AlreadyLoaded;
    switch (outcome.status) {
    case CopyOutcome::Status::Succeeded:
        return RejectKeeper::End::Loaded;
    case CopyOutcome::Status::OutcomeUnknown:
        return RejectKeeper::End::Unknown;
    default:
        return RejectKeeper::End::Failed;
    }
}

// Measures into `sum` until it goes out of scope.
class Stopwatch
{
public:
    explicit Stopwatch(std::chrono::nanoseconds &sum) : m_sum(sum), m_start(std::chrono::steady_clock::now()) { }
    ~Stopwatch() { m_sum += std::chrono::steady_clock::now() - m_start; }
    Stopwatch(const Stopwatch &) = delete;
    Stopwatch &operator=(const Stopwatch &) = delete;

private:
    std::chrono::nanoseconds &m_sum;
    std::chrono::steady_clock::time_point m_start;
};

} // namespace

// What the sink refuses joins what the source could not read.
class CopyRun::SinkRefusals final : public RowRejecter
{
public:
    SinkRefusals(RejectedRows &rows, const Source &source, const QList<ProjectedColumn> &projection, QString name)
        : m_rows(rows)
        , m_source(source)
        , m_projection(projection)
        , m_name(std::move(name))
    {
    }
    Result<> reject(const RowProblem &problem) override
    {
        RowProblem told = problem;
        if (auto fields = m_source.fieldsOf(problem)) {
            told.fields = std::move(fields);
            told.isConverted = false;
        } else if (problem.fields) {
            told.fields = bySource(*problem.fields);
        }
        if (told.file.isEmpty())
            told.file = m_name;
        return m_rows.add(told);
    }

private:
    // From those of a batch. Of a column that goes to several places its text tells most.
    RowProblem::Fields bySource(const RowProblem::Fields &converted) const
    {
        RowProblem::Fields fields;
        for (size_t i = 0; i < converted.size() && qsizetype(i) < m_projection.size(); ++i) {
            const ProjectedColumn &column = m_projection.at(qsizetype(i));
            const auto place = size_t(column.source);
            if (fields.size() <= place)
                fields.resize(place + 1);
            if (!fields[place] || column.type == InterimType::String)
                fields[place] = converted[i];
        }
        return fields;
    }

    RejectedRows &m_rows;
    const Source &m_source;
    const QList<ProjectedColumn> &m_projection;
    QString m_name; // of the source
};

CopyRun::CopyRun(std::unique_ptr<Source> source,
                 std::unique_ptr<Sink> sink,
                 const CopyPlan &plan,
                 const LoadIdentity &identity,
                 const CopyHooks &hooks,
                 const CancelToken &cancel)
    : m_source(std::move(source))
    , m_sink(std::move(sink))
    , m_plan(plan)
    , m_identity(identity)
    , m_hooks(hooks)
    , m_cancel(cancel)
{
    m_facts.times.start = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    m_facts.hasScript = !plan.preCopyScript.trimmed().isEmpty();
}

CopyRun::~CopyRun() = default;

CopyOutcome CopyRun::execute()
{
    crashPoint(CrashPoint::copyBegin);
    enter(CopyPhase::Connecting);
    const bool isDone = connect() && lookAtSource() && begin() && runScript() && transfer() && commit();
    if (!isDone && m_outcome.status != CopyOutcome::Status::Succeeded)
        m_sink->rollBack();
    if (m_outcome.status == CopyOutcome::Status::Failed || m_outcome.status == CopyOutcome::Status::Cancelled)
        m_outcome.counts.rowsCopied = 0;
    if (m_rows) {
        m_outcome.counts.rowsRead = std::max(m_outcome.counts.rowsRead, m_rows->rowsRead());
        m_outcome.counts.dataRead = m_source->bytesRead();
        m_facts.times.reading = m_rows->readingTime();
        m_rows.reset(); // ends the reader
    }
    if (m_rejected) {
        m_outcome.counts.rowsSkipped = m_rejected->count();
        if (m_rejected->count() > 0)
            m_facts.rejected = m_rejected->summary();
        m_facts.logPath = m_rejected->logPath();
        if (m_hooks.rejects)
            m_hooks.rejects->end(endOf(m_outcome, m_facts));
    }
    m_facts.times.total = Clock::now() - m_start;
    m_outcome.output = copyOutput(m_plan, m_outcome, m_facts);
    enter(CopyPhase::Done);
    return m_outcome;
}

void CopyRun::enter(CopyPhase phase)
{
    m_phase = phase;
    m_lastReport = {};
    report();
}

void CopyRun::report()
{
    if (Clock::now() - m_lastReport < reportInterval)
        return;
    m_lastReport = Clock::now();
    m_facts.peakMemory = std::max(m_facts.peakMemory, residentBytes());
    if (!m_hooks.progress)
        return;
    if (m_rows && m_phase != CopyPhase::Done) {
        m_outcome.counts.rowsRead = m_rows->rowsRead();
        m_outcome.counts.dataRead = m_source->bytesRead();
        m_outcome.counts.rowsSkipped = m_rejected ? m_rejected->count() : 0;
    }
    CopyProgress progress{m_phase, m_outcome.counts};
    if (m_phase == CopyPhase::Transferring && m_rows) {
        progress.counts.rowsCopied = m_rows->rowsGiven();
        m_pace.add(m_lastReport, m_outcome.counts.rowsRead, m_outcome.counts.dataRead);
        progress.rowsPerSecond = m_pace.rowsPerSecond();
        progress.bytesPerSecond = m_pace.bytesPerSecond();
        progress.remaining = m_pace.remaining(m_outcome.counts.sourceSize);
    }
    if (std::holds_alternative<BinaryFileSource>(m_plan.source)) // pieces of files are no rows
        progress.counts.rowsRead = progress.counts.rowsCopied = 0;
    m_hooks.progress(progress);
}

bool CopyRun::fail(const QString &errorCode, const Error &error, bool isTransient, Json details)
{
    m_outcome.transient = isTransient;
    if (m_cancel.isCancelled() && error.code == ErrorCode::Cancelled) {
        m_outcome.status = CopyOutcome::Status::Cancelled;
        m_outcome.transient = false;
        m_outcome.error = {QStringLiteral("UserErrorCancelled"),
                           CopyRunText::tr("The copy was cancelled; the sink is as it was."),
                           QStringLiteral("UserError"),
                           m_identity.activity,
                           Json::object()};
        return false;
    }
    m_outcome.status = CopyOutcome::Status::Failed;
    if (!error.where.isEmpty())
        details["where"] = toStdString(error.where);
    const bool isSystem = error.code == ErrorCode::Internal || isTransient;
    m_outcome.error = {errorCode,
                       error.message,
                       isSystem ? QStringLiteral("SystemError") : QStringLiteral("UserError"),
                       m_identity.activity,
                       std::move(details)};
    return false;
}

bool CopyRun::failSource(const Error &error)
{
    if (error.code == ErrorCode::Cancelled) // the source may still be reading
        return fail(sourceErrorCode(error.code), error, false);
    if (const QString name = m_source->failureName(); !name.isEmpty())
        return fail(name, error, m_source->isTransient());
    return fail(sourceErrorCode(error.code), error, error.code == ErrorCode::Conflict);
}

bool CopyRun::failSink(const Error &error)
{
    const QString name = m_sink->failureName();
    return fail(name.isEmpty() ? QStringLiteral("SqlOperationFailed") : name, error, m_sink->isTransient());
}

bool CopyRun::failRow(RowProblem problem)
{
    if (problem.file.isEmpty())
        problem.file = displayName(m_plan.source);
    Json details = Json::object();
    details["file"] = toStdString(problem.file);
    if (problem.row > 0)
        details["row"] = problem.row;
    if (problem.line > 0)
        details["line"] = problem.line;
    details["column"] = toStdString(problem.column);
    details["value"] = toStdString(problem.value);
    const QString where = problem.line > 0 ? QStringLiteral("%1:%2").arg(problem.file).arg(problem.line) : problem.file;
    return fail(problem.code, {ErrorCode::InvalidInput, problem.message, where}, false, std::move(details));
}

bool CopyRun::failRows(const Error &error)
{
    if (m_rows->rowProblem())
        return failRow(*m_rows->rowProblem());
    if (m_rejected && m_rejected->isTooMany())
        return fail(QStringLiteral("UserErrorTooManyBadRows"), error, false, m_rejected->summary());
    return failSource(error);
}

bool CopyRun::connect()
{
    const Stopwatch watch(m_facts.times.connecting);
    const auto sourceColumns = m_source->open();
    if (!sourceColumns)
        return failSource(sourceColumns.error());
    m_outcome.counts.sourceSize = m_source->size();
    m_facts.source = m_source->fingerprint();
    m_facts.readers = m_source->readers();
    auto sinkColumns = m_sink->open(m_cancel);
    if (!sinkColumns)
        return failSink(sinkColumns.error());
    if (m_sink->makesColumns())
        sinkColumns = proposeColumns(m_plan, *sourceColumns);
    auto match =
        sinkColumns ? matchColumns(m_plan, *sourceColumns, *sinkColumns) : Result<ColumnMatch>(sinkColumns.error());
    if (!match)
        return fail(QStringLiteral("UserErrorInvalidColumnMapping"), match.error(), false);
    m_match = std::move(*match);
    if (m_sink->makesColumns()) {
        if (const auto defined = m_sink->define(*sinkColumns); !defined)
            return failSink(defined.error());
    }
    m_facts.ignoredColumns = m_match.ignored;
    if (m_hooks.rejects)
        m_hooks.rejects->begin(rejectHead(m_plan, m_identity, m_match, *sourceColumns, *sinkColumns));
    if (const auto projected = m_source->project(m_match.projection); !projected)
        return fail(QStringLiteral("UserErrorInvalidColumnMapping"), projected.error(), false);
    return true;
}

// The first rows are read before anything is deleted: a missing upload must not empty the table.
bool CopyRun::lookAtSource()
{
    RowQueue::OnBadRow leaveOut;
    if (m_plan.skip.isOn) {
        m_rejected = std::make_unique<RejectedRows>(
            m_plan.skip, m_identity.activity, m_identity.activityRun, m_hooks.rejects.get());
        leaveOut = [this](const RowProblem &problem) { return m_rejected->add(problem); };
        m_refusals =
            std::make_unique<SinkRefusals>(*m_rejected, *m_source, m_match.projection, displayName(m_plan.source));
        m_sink->setRejecter(m_refusals.get());
        m_source->keepOriginals();
    }
    m_rows = std::make_unique<RowQueue>(
        *m_source, m_cancel, [this] { report(); }, leaveOut);
    const auto hasRows = m_rows->hasRows();
    if (!hasRows)
        return failRows(hasRows.error());
    m_facts.times.firstByte = Clock::now() - m_start;
    if (!*hasRows && m_facts.hasScript && !m_plan.allowEmptySource)
        return fail(
            QStringLiteral("EmptySource"),
            {ErrorCode::InvalidInput,
             CopyRunText::tr("The source %1 has no rows, and the pre-copy script would replace the table with nothing: "
                             "set allowEmptySource if that is meant.")
                 .arg(displayName(m_plan.source)),
             displayName(m_plan.source)},
            false);
    return true;
}

bool CopyRun::begin()
{
    if (!m_identity.load.isEmpty())
        m_sink->setLoad(m_identity.load);
    if (auto begun = m_sink->begin(); !begun)
        return failSink(begun.error());
    if (m_identity.load.isEmpty())
        return true;
    const auto found = m_sink->findLoad(m_identity.load);
    if (!found)
        return failSink(found.error());
    if (!*found)
        return true;
    // An earlier attempt did commit: once is enough.
    m_sink->rollBack();
    m_facts.alreadyLoaded = true;
    m_outcome.status = CopyOutcome::Status::Succeeded;
    m_outcome.counts.rowsRead = (*found)->rowsWritten;
    m_outcome.counts.rowsCopied = (*found)->rowsWritten;
    return false;
}

bool CopyRun::runScript()
{
    if (m_facts.hasScript) {
        enter(CopyPhase::PreCopyScript);
        const Stopwatch watch(m_facts.times.script);
        const auto changed = m_sink->runScript(m_plan.preCopyScript);
        if (!changed)
            return failSink(changed.error());
        m_facts.scriptRows = *changed;
    }
    crashPoint(CrashPoint::copyScript);
    return true;
}

bool CopyRun::transfer()
{
    enter(CopyPhase::Transferring);
    const Stopwatch watch(m_facts.times.transfer);
    if (!countBefore())
        return false;
    const auto started = Clock::now();
    const auto waitedBefore = m_rows->waitingTime();
    const auto loaded = m_sink->load(m_match.sinkColumns, *m_rows);
    m_facts.times.writing = (Clock::now() - started) - (m_rows->waitingTime() - waitedBefore);
    if (!loaded) {
        const auto refused = m_rows->rowProblem() ? std::nullopt : m_sink->rowProblem();
        if (refused)
            return failRow(*refused);
        return m_sink->failureName().isEmpty() ? failRows(loaded.error()) : failSink(loaded.error());
    }
    CopyCounts &counts = m_outcome.counts;
    counts.rowsRead = m_rows->rowsRead();
    counts.dataRead = m_source->bytesRead();
    counts.dataWritten = loaded->bytesWritten;
    counts.rowsCopied = loaded->rowsWritten;
    m_facts.filesWritten = loaded->filesWritten;
    m_facts.filesLeftOut = loaded->filesLeftOut;
    m_facts.source = m_source->fingerprint(); // without the files that were left out
    counts.rowsSkipped = m_rejected ? m_rejected->count() : 0;
    if (m_rejected) {
        if (const Result<> finished = m_rejected->finish(counts.rowsRead); !finished)
            return failRows(finished.error());
    }
    if (counts.rowsRead != counts.rowsCopied + counts.rowsSkipped)
        return fail(
            QStringLiteral("CopyCountMismatch"),
            {ErrorCode::Internal,
             CopyRunText::tr("The source gave %1 rows, but %2 were written and %3 skipped; nothing was committed.")
                 .arg(counts.rowsRead)
                 .arg(counts.rowsCopied)
                 .arg(counts.rowsSkipped),
             {}},
            false);
    return validate();
}

bool CopyRun::countBefore()
{
    if (!m_plan.validateConsistency)
        return true;
    const auto counted = m_sink->countRows();
    if (!counted)
        return failSink(counted.error());
    m_rowsBefore = *counted;
    return true;
}

// What the table itself says about the load, before it is committed.
bool CopyRun::validate()
{
    m_facts.isVerified = m_plan.validateConsistency && std::holds_alternative<BinaryFileSink>(m_plan.sink);
    if (!m_rowsBefore)
        return true;
    const auto counted = m_sink->countRows();
    if (!counted)
        return failSink(counted.error());
    if (!*counted)
        return true;
    const qint64 added = **counted - *m_rowsBefore;
    m_facts.isVerified = added == m_outcome.counts.rowsCopied;
    if (m_facts.isVerified)
        return true;
    const bool isTable =
        std::holds_alternative<SqliteTableSink>(m_plan.sink) || std::holds_alternative<PostgresTableSink>(m_plan.sink);
    if (!isTable)
        return fail(QStringLiteral("DataConsistencyRowCountMismatch"),
                    {ErrorCode::Conflict,
                     CopyRunText::tr("%1 rows were written, but the files hold %2. Nothing was committed.")
                         .arg(m_outcome.counts.rowsCopied)
                         .arg(added),
                     {}},
                    false);
    return fail(QStringLiteral("DataConsistencyRowCountMismatch"),
                {ErrorCode::Conflict,
                 CopyRunText::tr("%1 rows were written, but the table has %2 more: a trigger or a rule changes what is "
                                 "loaded. Nothing was committed.")
                     .arg(m_outcome.counts.rowsCopied)
                     .arg(added),
                 {}},
                false);
}

// The rows are in the sink for good: a file that cannot be deleted is told, and no more.
void CopyRun::cleanUpSource()
{
    if (!m_plan.deleteSourceFiles)
        return;
    if (m_facts.filesLeftOut > 0) {
        m_facts.warnings +=
            CopyRunText::tr("Files were left out because what was written of them was not what they hold: no file of "
                            "the source is deleted.");
        return;
    }
    const SourceCleanup cleanup = deleteReadFiles(m_plan.additional.storeRoot, m_facts.source);
    m_facts.filesDeleted = cleanup.deleted;
    m_facts.warnings += cleanup.warnings;
}

bool CopyRun::commit()
{
    enter(CopyPhase::Committing);
    const Stopwatch watch(m_facts.times.committing);
    const CommitIntent intent{m_outcome.counts, {}, m_facts.source};
    if (!m_identity.load.isEmpty()) {
        const auto written = m_sink->writeLedger({m_identity.load,
                                                  m_identity.run.text(),
                                                  m_identity.activity,
                                                  m_identity.attempt,
                                                  intent.counts.rowsCopied,
                                                  intent.checksum});
        if (!written)
            return failSink(written.error());
    }
    if (m_cancel.isCancelled())
        return fail({}, {ErrorCode::Cancelled, {}, {}}, false);
    if (m_hooks.beforeCommit) {
        if (auto recorded = m_hooks.beforeCommit(intent); !recorded)
            return fail(
                QStringLiteral("CommitNotRecorded"), recorded.error(), recorded.error().code != ErrorCode::Cancelled);
    }
    crashPoint(CrashPoint::copyBeforeCommit);
    const auto [answer, error] = m_sink->commit();
    crashPoint(CrashPoint::copyAfterCommit);
    switch (answer) {
    case Sink::CommitAnswer::Committed:
        m_outcome.status = CopyOutcome::Status::Succeeded;
        cleanUpSource();
        return true;
    case Sink::CommitAnswer::RolledBack:
        if (const auto refused = m_sink->rowProblem())
            return failRow(*refused);
        return failSink(error);
    case Sink::CommitAnswer::Unknown:
        break;
    }
    failSink(error);
    m_outcome.status = CopyOutcome::Status::OutcomeUnknown;
    m_outcome.error.errorCode = QStringLiteral("OutcomeUnknown");
    m_outcome.error.message =
        CopyRunText::tr("It is not known whether the load was committed: %1. The load ledger of the sink will tell.")
            .arg(error.message);
    m_outcome.error.failureType = QStringLiteral("SystemError");
    return false;
}

} // namespace engine
