#include "engine/kernel/SqlWorkbench.h"

#include "engine/kernel/CellRun.h"
#include "engine/kernel/DriftWatch.h"

#include <QCoreApplication>
#include <QFile>
#include <QScopeGuard>
#include <QThread>

#include <algorithm>
#include <sys/resource.h>
#include <unistd.h>

namespace engine {

namespace {

// What DuckDB may take: most of the memory there is, or of the limit the engine has set.
qint64 memoryHere()
{
    const qint64 physical = qint64(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGESIZE);
    qint64 memory = physical / 10 * 6;
    rlimit limit{};
    if (::getrlimit(RLIMIT_DATA, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        memory = std::min(memory, qint64(limit.rlim_cur) / 10 * 6);
    return memory;
}

const QStringList &keywords()
{
    static const QStringList words =
        QStringLiteral("ALL AND AS ASC BETWEEN BY CASE CAST COPY CREATE CROSS DESC DESCRIBE DISTINCT "
                       "DROP ELSE END EXCEPT EXCLUDE EXISTS EXIT EXPLAIN EXPORT FROM FULL GROUP "
                       "HAVING IMPORT IN INNER INSERT INTERSECT INTO IS JOIN LEFT LIKE LIMIT "
                       "ML.CONFUSION_MATRIX ML.EVALUATE ML.FEATURE_INFO ML.PREDICT ML.ROC_CURVE "
                       "ML.WEIGHTS MODEL NOT NULL OFFSET ON OPTIONS OR ORDER OVER OVERWRITE "
                       "PARTITION PIVOT QUALIFY REPLACE RIGHT SELECT SET SHOW STRUCT SUMMARIZE TABLE "
                       "THEN UNION UNNEST UPDATE USING VALUES VARIABLE VIEW WHEN WHERE WINDOW WITH")
            .split(u' ');
    return words;
}

} // namespace

SqlWorkbench::SqlWorkbench(KernelContext context, std::unique_ptr<DuckSession> session)
    : m_context(std::move(context))
    , m_session(std::move(session))
    , m_models(m_context.models)
    , m_tables(m_context)
    , m_world{
          *m_session, m_context, m_models, m_tables, std::make_shared<UnscoredRows>(), std::make_shared<DriftWatches>()}
{
}

SqlWorkbench::~SqlWorkbench() = default;

Result<std::unique_ptr<SqlWorkbench>> SqlWorkbench::open(KernelContext context, const QString &folder)
{
    DuckSession::Options options;
    options.memory = memoryHere();
    options.threads = QThread::idealThreadCount();
    options.workFolder = folder;
    options.tellsPositions = true;
    Result<std::unique_ptr<DuckSession>> session = DuckSession::open(options);
    if (!session)
        return session.error();
    return std::unique_ptr<SqlWorkbench>(new SqlWorkbench(std::move(context), *std::move(session)));
}

SqlWorkbench::Outcome SqlWorkbench::run(const QByteArray &cell, CellOutputs &outputs)
{
    CancelToken cancel;
    {
        const std::lock_guard lock(m_mutex);
        m_cancel = cancel;
        m_isRunning = true;
    }
    const auto ends = qScopeGuard([this] {
        const std::lock_guard lock(m_mutex);
        m_isRunning = false;
    });
    m_tables.setAsked(&outputs);
    const CellSource source(cell);
    CellRun run(source, m_world, outputs, cancel);
    Outcome outcome;
    const QList<TokenRange> statements = statementsIn(source);
    for (const TokenRange statement : statements) {
        if (const Result<> done = run.statement(statement); !done) {
            outcome.end = Outcome::End::Failed;
            outcome.error = done.error();
            if (!positionOf(done.error()))
                outcome.error->where = u'@' + QString::number(source.startOf(statement.first));
            return outcome;
        }
        if (run.hasExited()) {
            outcome.end = Outcome::End::Exit;
            return outcome;
        }
    }
    return outcome;
}

void SqlWorkbench::interrupt()
{
    {
        const std::lock_guard lock(m_mutex);
        m_cancel.cancel();
    }
    m_session->interrupt();
}

void SqlWorkbench::interruptAgain()
{
    const std::lock_guard lock(m_mutex);
    if (m_isRunning && m_cancel.isCancelled())
        m_session->interrupt();
}

SqlWorkbench::Completion SqlWorkbench::complete(const QByteArray &cell, qsizetype cursor)
{
    Completion completion;
    cursor = std::clamp<qsizetype>(cursor, 0, cell.size());
    qsizetype start = cursor;
    const auto isPart = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
            || static_cast<unsigned char>(c) >= 0x80;
    };
    while (start > 0 && isPart(cell.at(start - 1)))
        --start;
    const QString begun = QString::fromUtf8(cell.mid(start, cursor - start));
    completion.start = start;
    completion.end = cursor;
    QStringList candidates = keywords() + m_context.services() + m_models.names();
    const auto rows = m_session->query(QStringLiteral(
        "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal UNION "
        "SELECT column_name FROM duckdb_columns() WHERE NOT internal UNION SELECT function_name FROM "
        "duckdb_functions() WHERE NOT starts_with(function_name, 'slipway_') AND regexp_matches(function_name, "
        "'^[a-z]')"));
    DuckBatch batch;
    while (rows) {
        const Result<bool> more = (*rows)->next(batch);
        if (!more || !*more)
            break;
        for (const std::string_view name : batch.columns.front().bytes)
            candidates += QString::fromUtf8(name.data(), qsizetype(name.size()));
    }
    for (const QString &candidate : std::as_const(candidates)) {
        if (candidate.startsWith(begun, Qt::CaseInsensitive) && candidate != begun)
            completion.matches += candidate;
    }
    completion.matches.sort(Qt::CaseInsensitive);
    completion.matches.removeDuplicates();
    return completion;
}

} // namespace engine
