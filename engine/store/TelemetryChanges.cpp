#include "engine/store/TelemetryChanges.h"

namespace engine {

void TelemetryChanges::apply(const CellOutput &output)
{
    Outputs &cell = m_cells[{output.activityRun.text(), output.attempt, output.cell}];
    if (output.change == CellOutput::Change::Clear) {
        cell.cleared = true;
        cell.positions.clear();
    } else {
        cell.positions.insert(output.position, output.output);
    }
}

void TelemetryChanges::apply(const ActivityProgress &progress, qint64 number, Instant at)
{
    m_progress[progress.activityRun.text()] = progress.progress;
    m_points[{progress.activityRun.text(), progress.attempt}].add(number, {at, progress.progress});
}

void TelemetryChanges::apply(const TelemetryChanges &later)
{
    for (const auto &[key, outputs] : later.m_cells) {
        Outputs &cell = m_cells[key];
        if (outputs.cleared) {
            cell.cleared = true;
            cell.positions.clear();
        }
        for (auto position = outputs.positions.begin(); position != outputs.positions.end(); ++position)
            cell.positions.insert(position.key(), position.value());
    }
    for (const auto &[activityRun, progress] : later.m_progress)
        m_progress[activityRun] = progress;
    for (const auto &[attempt, points] : later.m_points)
        m_points[attempt].add(points);
}

} // namespace engine
