#pragma once

#include "engine/run/ActivityRunner.h"

#include <QHash>
#include <QList>
#include <QStringList>

namespace tests {

// A runner whose every attempt ends as the test says, in the order of the attempts of that activity; with nothing said
// it succeeds. An attempt that is told to hang ends only by cancel() or release().
class ScriptedRunner final : public engine::ActivityRunner
{
public:
    enum class Step { Succeed, Fail, FailForGood, TimeOut, Hang, CommitThenSucceed, CommitThenHang, LoseSink };

    QHash<QString, QList<Step>> script; // by activity name
    QHash<QString, engine::Json> slipway; // by activity name: "slipway" of its output
    QStringList log; // "A:1 start", "A:1 cancel", …
    Restart restart = Restart::Again;
    std::optional<engine::Json> ledger; // what resolve() finds
    bool sinkReachable = true;
    QStringList waitingFor; // activities that never get a place, with this reason

    void release(const QString &activity, Step step); // ends a hanging attempt

    void acquire(QObject *context, std::function<void(Lease)> granted, std::function<void(QString)> waiting) override;
    std::unique_ptr<engine::ActivityExecution> make(const engine::ActivityTask &task) override;
    engine::Json input(const engine::ActivityTask &task) const override;
    Restart onEngineRestart(const engine::ActivityTask &) const override { return restart; }
    void resolve(const engine::ActivityTask &task,
                 const engine::AttemptRecord &attempt,
                 QObject *context,
                 std::function<void(engine::Result<std::optional<engine::Json>>)> answer) override;

    QHash<QString, QByteArray> inputs; // by activity name: what its last attempt was given, hidden or not

    class Execution;
    QHash<QString, Execution *> running;
    int leases = 0;
};

} // namespace tests
