#pragma once

#include "engine/records/RunEvent.h"
#include "engine/store/ProgressPoints.h"

#include <QMap>

#include <map>
#include <tuple>

namespace engine {

// What has happened to outputs and progress since the last flush, folded: only the last state of each place. Applying
// the same changes twice is applying them once.
class TelemetryChanges
{
public:
    using Cell = std::tuple<QString, int, int>; // activity run, attempt, index
    struct Outputs
    {
        bool cleared = false; // what was there before is gone
        QMap<int, Json> positions;
    };

    using Attempt = std::pair<QString, int>; // activity run, attempt

    void apply(const CellOutput &output);
    void apply(const ActivityProgress &progress, qint64 number, Instant at); // number: ProgressPoints
    void apply(const TelemetryChanges &later);

    bool isEmpty() const { return m_cells.empty() && m_progress.empty(); }
    const std::map<Cell, Outputs> &cells() const { return m_cells; }
    const std::map<QString, Json> &progress() const { return m_progress; }
    const std::map<Attempt, ProgressPoints> &points() const { return m_points; }

private:
    std::map<Cell, Outputs> m_cells;
    std::map<QString, Json> m_progress; // by activity run
    std::map<Attempt, ProgressPoints> m_points;
};

} // namespace engine
