#pragma once

#include "engine/base/Result.h"
#include "engine/records/RunEvent.h"

#include "designer/monitor/CopyProgress.h"

#include <QHash>
#include <QMap>
#include <QObject>

namespace designer {

class Workbench;

// Everything known of one run, kept up to date by the engine's events: the run, its activities in order of appearance,
// the cells of its notebooks and the progress of its copies. Pages and models read it and listen. GUI thread.
class RunWatch final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RunWatch)

public:
    RunWatch(Workbench &workbench, engine::RunId run, QObject *parent = nullptr);

    enum class State { Loading, Ready, Failed };
    State state() const { return m_state; }
    const engine::Error &error() const { return m_error; }
    void reload(); // asks for everything again; what changed is announced

    const engine::RunId &id() const { return m_id; }
    const engine::RunRecord &run() const { return m_run; }
    const QString &factoryName() const { return m_factoryName; }

    const QList<engine::ActivityRecord> &activities() const { return m_activities; }
    const engine::ActivityRecord *activity(const engine::ActivityRunId &id) const; // nullptr: not known
    const engine::ActivityRecord *activityAt(const QString &path) const; // the last run of it
    const engine::ActivityRecord *firstFailure() const; // nullptr: none; the one that began first
    QList<engine::CellRecord> cells(const engine::ActivityRunId &activity) const; // of the last attempt, by index
    QList<engine::AttemptRecord> attempts(const engine::ActivityRunId &activity) const; // by number
    const CopyProgress &progress(const engine::ActivityRunId &activity) const; // empty: none heard of

    // The pipeline as the run's version has it: {"pipeline","layout","datasets","version"}; null until
    // pipelineLoaded().
    const engine::Json &pipeline() const { return m_pipeline; }
    const engine::Json &definitions() const; // of the pipeline's activities; null until then
    const engine::Json &definition(const QString &activity) const; // by name; null when it is not known

signals:
    void stateChanged();
    void runChanged();
    void activityAdded(int index); // of activities()
    void activityChanged(int index);
    void cellsChanged(const engine::ActivityRunId &activity);
    void progressed(const engine::ActivityRunId &activity);
    void pipelineLoaded();

private:
    struct Parts // what one loading has brought so far
    {
        int missing = 4;
        engine::RunRecord run;
        QString factoryName;
        QList<engine::ActivityRecord> activities;
        QList<engine::CellRecord> cells;
        QList<engine::AttemptRecord> attempts;
        std::optional<engine::Error> error;
    };

    void
    ask(const std::shared_ptr<Parts> &parts, const char *what, void (*read)(Parts &parts, const engine::Json &answer));
    void arrived(const std::shared_ptr<Parts> &parts);
    void askForPipeline();
    void happened(const engine::RunEvent &event);
    void take(const engine::RunRecord &run);
    void take(const engine::ActivityRecord &activity);
    void take(const engine::CellRecord &cell);
    void take(const engine::AttemptRecord &attempt);
    void setState(State state, const engine::Error &error = {});

    Workbench &m_workbench;
    const engine::RunId m_id;
    State m_state = State::Loading;
    engine::Error m_error;
    engine::RunRecord m_run;
    QString m_factoryName;
    QList<engine::ActivityRecord> m_activities;
    QHash<engine::ActivityRunId, QMap<int, engine::AttemptRecord>> m_attempts;
    QHash<engine::ActivityRunId, QMap<std::pair<int, int>, engine::CellRecord>> m_cells; // by attempt, index
    QHash<engine::ActivityRunId, CopyProgress> m_progress;
    engine::Json m_pipeline;
    std::shared_ptr<Parts> m_loading; // the newest; answers to an older one are dropped
    QList<engine::RunEvent> m_meanwhile; // events that came while loading
};

} // namespace designer
