#include "engine/connectors/ParallelSource.h"

#include "engine/base/WideRegisters.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ParallelSourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ParallelSource)
};

constexpr size_t batchesOfReader = 2;

bool isSame(const QList<SourceColumn> &a, const QList<SourceColumn> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const SourceColumn &one, const SourceColumn &other) {
        return one.name == other.name && one.type == other.type;
    });
}

} // namespace

ParallelSource::ParallelSource(Plan plan, CancelToken cancel) : m_plan(std::move(plan)), m_cancel(std::move(cancel)) { }

ParallelSource::~ParallelSource()
{
    stop();
    for (std::thread &thread : m_threads)
        thread.join();
}

Result<QList<SourceColumn>> ParallelSource::open()
{
    auto planned = m_plan(m_cancel);
    if (const auto *failure = std::get_if<Failure>(&planned)) {
        m_failure = *failure;
        return m_failure.error;
    }
    m_parts = std::get<Parts>(std::move(planned));
    m_readers = std::clamp(m_parts.readers, 1, int(m_parts.parts.size()));
    m_first = m_parts.parts.front()(m_cancel);
    auto columns = m_first->open();
    if (!columns) {
        m_failure = {columns.error(), m_first->failureName(), m_first->isTransient()};
        return columns;
    }
    m_columns = *columns;
    return columns;
}

Result<> ParallelSource::project(const QList<ProjectedColumn> &columns)
{
    m_projection = columns;
    const Result<> projected = m_first->project(columns);
    if (!projected)
        m_failure = {projected.error(), m_first->failureName(), m_first->isTransient()};
    return projected;
}

void ParallelSource::start()
{
    for (size_t i = 0; i < batchesOfReader * size_t(m_readers); ++i)
        m_free.push_back(std::make_unique<RowBatch>());
    for (size_t part = 0; part < m_parts.parts.size(); ++part)
        m_left.push_back(part);
    m_working = m_readers;
    for (int i = 0; i < m_readers; ++i)
        m_threads.emplace_back([this] { work(); });
}

void ParallelSource::work()
{
    while (const std::unique_ptr<Source> part = takePart()) {
        const bool goesOn = readPart(*part);
        release(part.get());
        if (!goesOn)
            break;
    }
    {
        const std::lock_guard lock(m_mutex);
        --m_working;
    }
    m_changed.notify_all();
}

// The next one, opened; nothing when there is none, or something failed.
std::unique_ptr<Source> ParallelSource::takePart()
{
    std::unique_ptr<Source> part;
    size_t number = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (m_isStopped || m_hasFailed || m_left.empty())
            return nullptr;
        number = m_left.front();
        m_left.pop_front();
        part = number == 0 ? std::move(m_first) : m_parts.parts[number](m_stop);
        m_active.push_back(part.get());
        if (number == 0) {
            partIsOpen();
            return part;
        }
    }
    const auto columns = part->open();
    if (!columns && part->isTransient() && leaveToOthers(*part, number))
        return nullptr;
    Result<> made = columns ? Result<>() : Result<>(columns.error());
    if (columns && !isSame(*columns, m_columns))
        made = Error{ErrorCode::InvalidInput,
                     ParallelSourceText::tr("The partitions do not have the same columns in the same order: name the "
                                            "columns in a query."),
                     {}};
    else if (columns)
        made = part->project(m_projection);
    if (!made) {
        fail(*part, made.error());
        release(part.get());
        return nullptr;
    }
    const std::lock_guard lock(m_mutex);
    partIsOpen();
    return part;
}

// A store may not take so many readers: then the others read what is left.
bool ParallelSource::leaveToOthers(Source &part, size_t number)
{
    const std::lock_guard lock(m_mutex);
    if (m_active.size() < 2)
        return false;
    m_left.push_front(number);
    std::erase(m_active, &part);
    return true;
}

void ParallelSource::partIsOpen()
{
    if (++m_opened == m_parts.parts.size())
        m_parts.hold.reset();
}

bool ParallelSource::readPart(Source &part)
{
    std::unique_ptr<RowBatch> batch = freeBatch();
    while (batch) {
        clearUpperHalves();
        const auto answer = part.read(*batch);
        if (const bool *more = std::get_if<bool>(&answer)) {
            if (!*more)
                break;
            if (!give({std::move(batch), {}}))
                return false;
            batch = freeBatch();
            continue;
        }
        const auto &what = std::get<ReadError>(answer).what;
        if (const auto *error = std::get_if<Error>(&what)) {
            fail(part, *error);
            return false;
        }
        if (!give({nullptr, std::get<RowProblem>(what)}))
            return false;
    }
    if (!batch)
        return false;
    const std::lock_guard lock(m_mutex);
    m_free.push_back(std::move(batch));
    return true;
}

std::unique_ptr<RowBatch> ParallelSource::freeBatch()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_isStopped || m_hasFailed || !m_free.empty(); });
    if (m_isStopped || m_hasFailed)
        return nullptr;
    auto batch = std::move(m_free.back());
    m_free.pop_back();
    return batch;
}

bool ParallelSource::give(Rows rows)
{
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(
            lock, [this] { return m_isStopped || m_hasFailed || m_full.size() < batchesOfReader * size_t(m_readers); });
        if (m_isStopped || m_hasFailed)
            return false;
        m_full.push_back(std::move(rows));
    }
    m_changed.notify_all();
    return true;
}

void ParallelSource::release(Source *part)
{
    const std::lock_guard lock(m_mutex);
    m_bytesOfEnded += part->bytesRead();
    std::erase(m_active, part);
}

// The first failure counts; it ends the other readers.
void ParallelSource::fail(const Source &part, const Error &error)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_hasFailed)
            return;
        m_failure = {error, part.failureName(), part.isTransient()};
        m_hasFailed = true;
        for (Source *const other : m_active)
            other->stop();
    }
    m_stop.cancel();
    m_changed.notify_all();
}

void ParallelSource::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isStopped = true;
        for (Source *const part : m_active)
            part->stop();
    }
    m_stop.cancel();
    m_changed.notify_all();
}

qint64 ParallelSource::bytesRead() const
{
    const std::lock_guard lock(m_mutex);
    qint64 bytes = m_bytesOfEnded;
    for (const Source *const part : m_active)
        bytes += part->bytesRead();
    return bytes;
}

std::variant<bool, Source::ReadError> ParallelSource::read(RowBatch &batch)
{
    if (m_threads.empty())
        start();
    Rows rows;
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_isStopped || m_hasFailed || !m_full.empty() || m_working == 0; });
        if (m_hasFailed)
            return ReadError{m_failure.error};
        if (m_isStopped)
            return ReadError{Error{ErrorCode::Cancelled, ParallelSourceText::tr("Reading was stopped."), {}}};
        if (m_full.empty()) {
            batch.clear();
            return false;
        }
        rows = std::move(m_full.front());
        m_full.pop_front();
        if (rows.batch) {
            std::swap(batch, *rows.batch);
            m_free.push_back(std::move(rows.batch));
        }
    }
    m_changed.notify_all();
    if (rows.problem) {
        batch.clear();
        rows.problem->row = ++m_row;
        return ReadError{*std::move(rows.problem)};
    }
    for (int64_t &number : batch.rowNumbers)
        number = ++m_row;
    return true;
}

} // namespace engine
