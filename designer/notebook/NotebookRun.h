#pragma once

#include "designer/shell/EngineConnection.h"
#include "engine/records/Records.h"
#include "engine/records/RunEvent.h"

#include <QMap>
#include <QObject>

namespace designer {

// What is known of one notebook activity of a run: the records, and the cells with their outputs of every attempt. Asks
// the engine once and follows its events from then on. GUI thread.
class NotebookRun final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NotebookRun)

public:
    explicit NotebookRun(EngineConnection &engine, QObject *parent = nullptr);

    struct Cell
    {
        engine::CellRecord record;
        QList<engine::Json> outputs; // nbformat; large ones are previews
    };

    void load(const engine::RunRecord &run, const engine::ActivityRecord &activity); // the latest attempt is shown
    void reload(); // asks for everything again; what is there stays until the answer
    bool isLoading() const { return m_pending > 0; }
    bool isLoaded() const { return m_isLoaded; }
    const std::optional<engine::Error> &error() const { return m_error; } // of the last load

    const engine::RunRecord &run() const { return m_run; }
    const engine::ActivityRecord &activity() const { return m_activity; }
    const QList<engine::AttemptRecord> &attempts() const { return m_attempts; }
    const engine::AttemptRecord *attempt() const; // the shown one; nullptr: none was started
    int shownAttempt() const { return m_shown; }
    void showAttempt(int number);

    const QList<Cell> &cells() const; // of the shown attempt
    int failedCell() const; // index of the one that ended the notebook; -1 = none
    int runningCell() const; // -1 = none
    bool isProblem(int index) const;

    // The whole of an output of which there is a preview.
    void fetchOutput(int cell, int position, QObject *context, engine::EngineClient::Answer answer);

signals:
    void loaded(); // or failed: see error()
    void attemptShown(); // other cells are shown
    void cellChanged(int index);
    void cellsAdded(); // at the end
    void headChanged(); // run, activity or attempts

private:
    void ask();
    void takeCells(engine::Json answer);
    void happened(const engine::RunEvent &event);
    void apply(const engine::RunEvent &event);
    void apply(const engine::CellRecord &record);
    void apply(const engine::CellOutput &output);
    void apply(const engine::AttemptRecord &record);

    EngineConnection &m_engine;
    engine::RunRecord m_run;
    engine::ActivityRecord m_activity;
    QList<engine::AttemptRecord> m_attempts;
    QMap<int, QList<Cell>> m_cells; // by attempt
    int m_shown = 1;
    bool m_followsLatest = true;
    int m_pending = 0; // answers
    int m_load = 0; // answers to earlier ones are void
    bool m_isLoaded = false;
    std::optional<engine::Error> m_error;
    QList<engine::RunEvent> m_meanwhile; // events while answers are on their way
};

} // namespace designer
