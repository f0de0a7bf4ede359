#pragma once

#include "engine/run/ActivityRunner.h"
#include "engine/run/Slots.h"

#include <QThreadPool>

namespace engine {

// Where a copy keeps the rows it leaves out. Without `file` nobody keeps them.
struct RejectKeeping
{
    std::function<QString(const RunId &, const ActivityRunId &)> file = {};
    std::function<QString(const QString &)> redact = {}; // any thread
    qint64 mostRows = 100'000; // of one copy
};

// Runs Copy activities on pool threads: all or nothing in the sink, at most once per activity run (semantics.md §2).
class CopyRunner final : public ActivityRunner
{
public:
    CopyRunner(Slots &copies, QThreadPool &pool, Clock &clock, RejectKeeping rejects = {});

    void acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting) override;
    std::unique_ptr<ActivityExecution> make(const ActivityTask &task) override;
    Json input(const ActivityTask &task) const override; // the activity's typeProperties
    Restart onEngineRestart(const ActivityTask &task) const override; // Again: the load is atomic and has a ledger
    void resolve(const ActivityTask &task,
                 const AttemptRecord &attempt,
                 QObject *context,
                 std::function<void(Result<std::optional<Json>>)> answer) override;

private:
    Slots &m_copies;
    QThreadPool &m_pool;
    Clock &m_clock;
    RejectKeeping m_rejects;
};

} // namespace engine
