#pragma once

#include "engine/records/RunEvent.h"

#include <QObject>

#include <memory>

namespace engine {

// One point in the course of an attempt.
struct ProgressRecord
{
    int attempt = 1;
    Instant at;
    Json progress;
    bool operator==(const ProgressRecord &) const = default;
};

// Cell outputs and progress (`telemetry.db`): D2. Own writer thread, WAL, synchronous=NORMAL, flushed within 250 ms; a
// power loss may take the last second, a crash of the process takes at most what was not flushed. Engine loop only.
class TelemetryLog final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TelemetryLog)

public:
    static Result<std::unique_ptr<TelemetryLog>> open(const QString &folder);
    ~TelemetryLog() override; // flushes

    void append(const RunEvent &event); // a CellOutput or ActivityProgress; emits recorded() at once

    // The outputs of every cell of one attempt as they stand now, flushed or not: cell index → list of nbformat
    // outputs. Preview: large ones as outputPreview() makes them, with "position"; nothing large is read.
    enum class Outputs { Whole, Preview };
    Result<QMap<int, Json>>
    outputs(const ActivityRunId &activityRun, int attempt, Outputs which = Outputs::Whole) const;
    // One output, whole, as JSON text. NotFound.
    Result<QByteArray> output(const ActivityRunId &activityRun, int attempt, int cell, int position) const;
    Result<Json> progress(const ActivityRunId &activityRun) const; // the last one, or null
    // How it got there: at most some 600 points an attempt, evenly thinned out, the first and the last among them.
    Result<QList<ProgressRecord>> progressHistory(const ActivityRunId &activityRun) const;

signals:
    void recorded(const engine::RunEvent &event);

private:
    TelemetryLog();
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace engine
