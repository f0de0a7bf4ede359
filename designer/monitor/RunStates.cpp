#include "designer/monitor/RunStates.h"

#include "designer/canvas/PipelineCanvas.h"
#include "designer/monitor/ActivityTableModel.h"
#include "designer/monitor/Now.h"
#include "designer/monitor/RunListFilter.h"
#include "designer/monitor/RunWatch.h"
#include "designer/widgets/Format.h"

#include <QSet>

namespace designer {

using namespace engine;

namespace {

std::optional<qint64> rowsOf(const RunWatch &run, const ActivityRecord &activity)
{
    if (activity.output.contains("rowsCopied"))
        return intAt(activity.output, "rowsCopied");
    const CopyProgress &progress = run.progress(activity.id);
    return progress.isEmpty() ? std::nullopt : std::optional(progress.rows());
}

} // namespace

RunStates statesOf(const RunWatch &run, const PipelineCanvas &canvas)
{
    RunStates states;
    const QString inside = canvas.recordPath({}); // "Loop[3]/"
    const QString loop = canvas.loopPath();
    QSet<int> failed;
    for (const ActivityRecord &activity : run.activities()) {
        if (!loop.isEmpty() && activity.path.startsWith(loop + u'[')) {
            const int turn = activity.path.mid(loop.size() + 1).section(u']', 0, 0).toInt();
            states.iterations = std::max(states.iterations, turn + 1);
            if (activity.status == ActivityStatus::Failed)
                failed.insert(turn);
        }
        if (!activity.path.startsWith(inside) || activity.path.indexOf(u'/', inside.size()) >= 0)
            continue; // elsewhere, or inside of a container
        NodeState state;
        state.look = lookOf(activity);
        if (activity.start)
            state.duration = durationText(durationOf(activity, now()));
        state.rows = rowsOf(run, activity);
        states.byName.insert(activity.name, state);
    }
    states.failed = failed.values();
    std::sort(states.failed.begin(), states.failed.end());
    return states;
}

} // namespace designer
