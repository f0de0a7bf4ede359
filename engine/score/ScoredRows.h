#pragma once

#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"
#include "engine/score/ScoreJob.h"
#include "scoring/InputBinding.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace engine {

InterimType interimTypeOf(scoring::FieldType type); // of an output that is written

// The rows of a source with their scores, in the source's order. One thread reads, some score, and whoever calls next()
// takes what is done; a ring of batches lies between them. Destroying it ends the threads.
class ScoredRows final : public BatchStream
{
public:
    struct Plan
    {
        const scoring::InputBinding &binding; // of the model to the columns as they are projected
        std::vector<int> kept; // columns as projected, in the order they are written
        BadRows badRows;
        int threads; // that score
        // One for each batch under way: its dictionaries are those of the batch.
        std::vector<std::unique_ptr<scoring::Scorer>> scorers;
        std::optional<scoring::ModelDrift> drift; // what the rows are compared with; none: they are not
    };
    static int batchesUnderWay(int threads) { return threads * 2 + 2; }

    ScoredRows(Source &source, Plan plan, const CancelToken &cancel);
    ~ScoredRows() override;
    Q_DISABLE_COPY_MOVE(ScoredRows)

    Result<const RowBatch *> next() override;

    // Once next() has given nullptr or an error:
    qint64 rows() const { return m_rows; }
    qint64 badRows() const { return m_badRows; }
    std::vector<RowProblem> takeProblems() { return std::move(m_problems); }
    std::optional<scoring::DriftReport> drift() const;

private:
    enum class State : uint8_t { Free, Read, Taken, Scored };
    struct Slot
    {
        State state = State::Free;
        RowBatch read;
        std::optional<RowProblem> ragged; // instead of rows
        std::optional<Error> error; // the end, as is a batch without rows
        scoring::OutputBatch scored;
        RowBatch written;
    };

    void readAll();
    void scoreSome(scoring::DriftCounter *drift);
    void score(Slot &slot, scoring::Scorer &scorer, scoring::BoundInputs &inputs, scoring::DriftCounter *drift);
    void finish(Slot &slot, const QList<scoring::OutputField> &outputs) const;
    std::optional<Error> count(Slot &slot);
    bool wait(std::unique_lock<std::mutex> &lock, const Slot &slot, State state);

    Source &m_source;
    Plan m_plan;
    CancelToken m_cancel;
    std::vector<Slot> m_slots;
    std::vector<scoring::DriftCounter> m_drift; // one for each thread that scores

    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_stops = false;
    size_t m_nextToScore = 0; // batches are numbered as they are read; slot = number % slots
    bool m_isRead = false; // the last one has been read
    size_t m_lastRead = 0;

    size_t m_nextOut = 0; // of the caller's thread
    qint64 m_rows = 0;
    qint64 m_badRows = 0;
    std::vector<RowProblem> m_problems;
    std::vector<std::thread> m_threads;
};

} // namespace engine
