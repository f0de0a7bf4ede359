#pragma once

#include "engine/connectors/Source.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace engine {

// The rows of several sources as those of one: parts of one table, read by some threads at once. Rows come in any
// order and are numbered in the one they come in; each comes once. A store that does not take so many readers is read
// by those it takes. Memory: two batches for each reader.
class ParallelSource final : public Source
{
public:
    // Of each part, as of Source; all have the same columns. The token ends what its open() waits for.
    using MakePart = std::function<std::unique_ptr<Source>(const CancelToken &cancel)>;
    struct Parts
    {
        std::vector<MakePart> parts; // at least one
        int readers = 1; // at once, at most; not more than there are parts
        Json fingerprint; // of all
        std::shared_ptr<void> hold = {}; // kept until all parts are open: what they have in common
    };
    struct Failure
    {
        Error error;
        QString name = {}; // failureName()
        bool isTransient = false;
    };
    // Which parts there are, found out by open().
    using Plan = std::function<std::variant<Parts, Failure>(const CancelToken &cancel)>;

    explicit ParallelSource(Plan plan, CancelToken cancel = {});
    ~ParallelSource() override;
    Q_DISABLE_COPY_MOVE(ParallelSource)

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;
    int readers() const override { return m_readers; }
    qint64 bytesRead() const override;
    qint64 size() const override { return 0; }
    Json fingerprint() const override { return m_parts.fingerprint; }
    Result<> verifyUnchanged() const override { return {}; }
    void stop() override;
    QString failureName() const override { return m_failure.name; }
    bool isTransient() const override { return m_failure.isTransient; }

private:
    struct Rows // or what came instead of them
    {
        std::unique_ptr<RowBatch> batch;
        std::optional<RowProblem> problem;
    };

    void start();
    void work();
    std::unique_ptr<Source> takePart();
    bool leaveToOthers(Source &part, size_t number);
    void partIsOpen(); // under the lock
    bool readPart(Source &part);
    std::unique_ptr<RowBatch> freeBatch();
    bool give(Rows rows); // false: nobody wants them any more
    void release(Source *part); // it gives no more rows
    void fail(const Source &part, const Error &error);

    Plan m_plan;
    CancelToken m_cancel;
    Parts m_parts;
    int m_readers = 1;
    std::unique_ptr<Source> m_first; // the part that open() opens
    QList<SourceColumn> m_columns;
    QList<ProjectedColumn> m_projection;
    qint64 m_row = 0;
    Failure m_failure;

    mutable std::mutex m_mutex; // of the members up to the blank line
    std::condition_variable m_changed;
    std::deque<size_t> m_left; // parts that nobody has taken
    size_t m_opened = 0;
    int m_working = 0; // threads
    bool m_isStopped = false;
    bool m_hasFailed = false; // m_failure says why
    qint64 m_bytesOfEnded = 0; // parts
    std::vector<Source *> m_active;
    std::deque<Rows> m_full;
    std::vector<std::unique_ptr<RowBatch>> m_free;

    CancelToken m_stop; // of opening parts
    std::vector<std::thread> m_threads; // last: they use the others
};

} // namespace engine
