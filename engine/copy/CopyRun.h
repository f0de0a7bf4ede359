#pragma once

#include "engine/copy/ColumnMatch.h"
#include "engine/copy/CopyPace.h"
#include "engine/copy/CopyReport.h"
#include "engine/copy/RowQueue.h"

#include <memory>

namespace engine {

// One copy between two opened-on-demand ends: what runCopy() does once it has made them. Used once, on one thread.
class CopyRun
{
public:
    CopyRun(std::unique_ptr<Source> source,
            std::unique_ptr<Sink> sink,
            const CopyPlan &plan,
            const LoadIdentity &identity,
            const CopyHooks &hooks,
            const CancelToken &cancel);
    ~CopyRun();
    CopyRun(const CopyRun &) = delete;
    CopyRun &operator=(const CopyRun &) = delete;

    CopyOutcome execute();

private:
    using Clock = std::chrono::steady_clock;
    class SinkRefusals;

    // Each returns false when the copy is over; m_outcome then says how.
    bool connect();
    bool lookAtSource();
    bool begin();
    bool runScript();
    bool transfer();
    bool commit();
    bool countBefore();
    bool validate();
    void cleanUpSource();

    void enter(CopyPhase phase);
    void report(); // at most ten a second; also looks at the memory
    bool fail(const QString &errorCode, const Error &error, bool isTransient, Json details = Json::object());
    bool failSource(const Error &error);
    bool failSink(const Error &error);
    bool failRow(RowProblem problem);
    bool failRows(const Error &error); // the rows ended early

    std::unique_ptr<Source> m_source;
    std::unique_ptr<Sink> m_sink;
    const CopyPlan &m_plan;
    const LoadIdentity &m_identity;
    const CopyHooks &m_hooks;
    CancelToken m_cancel;

    ColumnMatch m_match;
    std::unique_ptr<RejectedRows> m_rejected; // when rows may be left out
    std::unique_ptr<SinkRefusals> m_refusals; // adds to them
    std::unique_ptr<RowQueue> m_rows; // gone before the source and the rejected rows
    CopyPhase m_phase = CopyPhase::Connecting;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_lastReport;
    std::optional<qint64> m_rowsBefore; // in the table, when the load is to be validated
    CopyPace m_pace;
    CopyFacts m_facts;
    CopyOutcome m_outcome;
};

} // namespace engine
