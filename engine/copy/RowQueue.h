#pragma once

#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace engine {

// Reads a source on a thread of its own, at most a few batches ahead of the sink: parsing and loading overlap, memory
// stays flat. Everything but the reading itself happens on the sink's thread.
class RowQueue final : public BatchStream
{
public:
    // What becomes of a row of the source that cannot be loaded; an error ends the rows. On the reader's thread.
    using OnBadRow = std::function<Result<>(const RowProblem &)>;

    // `onWait` is called on the sink's thread, per batch and while waiting, for progress. Without `onBadRow` the first
    // bad row ends the rows.
    RowQueue(Source &source, const CancelToken &cancel, std::function<void()> onWait, OnBadRow onBadRow = {});
    ~RowQueue() override;
    RowQueue(const RowQueue &) = delete;
    RowQueue &operator=(const RowQueue &) = delete;

    // Waits until it is known whether there are rows at all.
    Result<bool> hasRows();
    Result<const RowBatch *> next() override;

    const std::optional<RowProblem> &rowProblem() const { return m_rowProblem; } // why next() failed
    qint64 rowsGiven() const { return m_rowsGiven; } // to the sink
    qint64 rowsRead() const { return m_rowsRead.load(std::memory_order_relaxed); } // those left out included
    std::chrono::nanoseconds readingTime() const; // spent in the source so far
    std::chrono::nanoseconds waitingTime() const { return m_waitingTime; } // of the sink for rows

private:
    struct End // after the last batch
    {
        std::optional<RowProblem> problem;
        std::optional<Error> error;
    };

    void read();
    std::unique_ptr<RowBatch> freeBatch();
    bool isStopping();
    Result<> waitForBatch();

    Source &m_source;
    CancelToken m_cancel;
    std::function<void()> m_onWait;
    OnBadRow m_onBadRow;
    std::atomic<qint64> m_rowsRead{0};
    std::atomic<qint64> m_readingNanoseconds{0};

    std::mutex m_mutex; // of the members up to the blank line
    std::condition_variable m_changed;
    std::deque<std::unique_ptr<RowBatch>> m_full;
    std::vector<std::unique_ptr<RowBatch>> m_free;
    std::optional<End> m_end;
    bool m_stopping = false;

    std::unique_ptr<RowBatch> m_current; // with the sink
    std::optional<RowProblem> m_rowProblem;
    qint64 m_rowsGiven = 0;
    std::chrono::nanoseconds m_waitingTime{0};
    std::thread m_reader; // last: it uses the others
};

} // namespace engine
