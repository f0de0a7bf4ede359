#pragma once

#include "engine/run/PipelineRun.h"
#include "tests/engine/run/ScriptedRunner.h"
#include "tests/support/FakeClock.h"

#include <QTemporaryDir>

namespace tests {

// One pipeline run on a real journal in a temporary folder, with virtual time and a runner that does as it is told.
class RunStage
{
public:
    RunStage();
    ~RunStage();

    std::shared_ptr<ScriptedRunner> runner; // of activities of type Copy
    engine::RunRecord record;
    QString failure; // of the plan

    // `properties` as of a pipeline's file: {"activities", "parameters", "variables"}
    bool plan(const engine::Json &properties, const engine::Json &parameters = engine::Json::object());
    engine::PipelineRun &make();
    engine::PipelineRun &restart(); // another engine takes up what is recorded
    bool start(); // and runs to the end; virtual time passes as fast as it can

    enum class Time { Passes, StandsStill };
    bool finish(Time time = Time::Passes); // of what is running
    QList<engine::ActivityRecord> activities() const; // as recorded
    engine::ActivityRecord activity(const QString &path) const;
    QStringList log; // every recorded change of a status: "Loop[0]/Load InProgress {…input}"

    FakeClock &clock() { return *m_clock; }
    engine::RunJournal &journal() { return *m_journal; }
    engine::PipelineRun &run() { return *m_run; }

private:
    void open();
    void note(const engine::RunEvent &event);

    QTemporaryDir m_folder;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<engine::RunJournal> m_journal;
    std::unique_ptr<engine::TelemetryLog> m_telemetry;
    engine::RunnerRegistry m_runners;
    std::shared_ptr<const engine::RunPlan> m_plan;
    std::unique_ptr<engine::PipelineRun> m_run;
    QHash<QString, engine::ActivityStatus> m_known;
};

} // namespace tests
