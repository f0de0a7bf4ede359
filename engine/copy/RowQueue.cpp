#include "engine/copy/RowQueue.h"

#include "engine/base/CrashPoint.h"
#include "engine/base/WideRegisters.h"

#include <QCoreApplication>

namespace engine {
namespace {

constexpr int batchesAhead = 4;
constexpr std::chrono::milliseconds pollInterval(50);

struct RowQueueText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RowQueue)
};

} // namespace

RowQueue::RowQueue(Source &source, const CancelToken &cancel, std::function<void()> onWait, OnBadRow onBadRow)
    : m_source(source)
    , m_cancel(cancel)
    , m_onWait(std::move(onWait))
    , m_onBadRow(std::move(onBadRow))
{
    for (int i = 0; i < batchesAhead; ++i)
        m_free.push_back(std::make_unique<RowBatch>());
    m_reader = std::thread([this] { read(); });
}

RowQueue::~RowQueue()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    m_source.stop();
    m_reader.join();
}

std::chrono::nanoseconds RowQueue::readingTime() const
{
    return std::chrono::nanoseconds(m_readingNanoseconds.load(std::memory_order_relaxed));
}

// Blocks until the sink has given one back; nullptr when nobody wants rows any more.
std::unique_ptr<RowBatch> RowQueue::freeBatch()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_stopping || !m_free.empty(); });
    if (m_stopping)
        return nullptr;
    auto batch = std::move(m_free.back());
    m_free.pop_back();
    return batch;
}

bool RowQueue::isStopping()
{
    const std::lock_guard lock(m_mutex);
    return m_stopping;
}

void RowQueue::read()
{
    End end;
    auto batch = freeBatch();
    while (batch) {
        const auto started = std::chrono::steady_clock::now();
        clearUpperHalves();
        const auto answer = m_source.read(*batch);
        m_readingNanoseconds += std::chrono::nanoseconds(std::chrono::steady_clock::now() - started).count();
        const bool *more = std::get_if<bool>(&answer);
        if (more && *more) {
            m_rowsRead += batch->rows;
            {
                const std::lock_guard lock(m_mutex);
                m_full.push_back(std::move(batch));
            }
            m_changed.notify_all();
            batch = freeBatch();
            continue;
        }
        if (more) {
            if (const auto unchanged = m_source.verifyUnchanged(); !unchanged)
                end.error = unchanged.error();
        } else {
            const auto &what = std::get<Source::ReadError>(answer).what;
            const auto *const problem = std::get_if<RowProblem>(&what);
            if (problem && m_onBadRow) {
                ++m_rowsRead;
                const Result<> kept = m_onBadRow(*problem);
                if (kept && !isStopping() && !m_cancel.isCancelled())
                    continue; // with the same batch, which is empty
                if (!kept)
                    end.error = kept.error();
            } else if (problem) {
                end.problem = *problem;
            } else {
                end.error = std::get<Error>(what);
            }
        }
        break;
    }
    {
        const std::lock_guard lock(m_mutex);
        m_end = std::move(end);
    }
    m_changed.notify_all();
}

// Until there is a batch or the end.
Result<> RowQueue::waitForBatch()
{
    const auto started = std::chrono::steady_clock::now();
    std::unique_lock lock(m_mutex);
    while (m_full.empty() && !m_end) {
        if (m_cancel.isCancelled())
            break;
        m_changed.wait_for(lock, pollInterval, [this] { return !m_full.empty() || m_end; });
        lock.unlock();
        m_onWait();
        lock.lock();
    }
    m_waitingTime += std::chrono::steady_clock::now() - started;
    if (m_cancel.isCancelled()) {
        m_source.stop();
        return Error{ErrorCode::Cancelled, RowQueueText::tr("The copy was cancelled."), {}};
    }
    return {};
}

Result<bool> RowQueue::hasRows()
{
    if (auto waited = waitForBatch(); !waited)
        return waited.error();
    const std::lock_guard lock(m_mutex);
    if (!m_full.empty())
        return true;
    m_rowProblem = m_end->problem;
    if (m_rowProblem)
        return Error{ErrorCode::InvalidInput, m_rowProblem->message, {}};
    if (m_end->error)
        return *m_end->error;
    return false;
}

Result<const RowBatch *> RowQueue::next()
{
    crashPoint(CrashPoint::copyLoad);
    if (m_current) {
        {
            const std::lock_guard lock(m_mutex);
            m_free.push_back(std::move(m_current));
        }
        m_changed.notify_all();
    }
    m_onWait();
    const auto more = hasRows();
    if (!more)
        return more.error();
    if (!*more)
        return nullptr;
    {
        const std::lock_guard lock(m_mutex);
        m_current = std::move(m_full.front());
        m_full.pop_front();
    }
    m_rowsGiven += m_current->rows;
    clearUpperHalves();
    return m_current.get();
}

} // namespace engine
