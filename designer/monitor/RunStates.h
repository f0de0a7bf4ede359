#pragma once

#include "designer/canvas/NodeState.h"

#include <QList>

namespace designer {

class PipelineCanvas;
class RunWatch;

// What a run says about the activities a canvas shows.
struct RunStates
{
    QHash<QString, NodeState> byName;
    int iterations = 0; // of the innermost open loop
    QList<int> failed; // those of them with a failed activity, in ascending order
};

RunStates statesOf(const RunWatch &run, const PipelineCanvas &canvas);

} // namespace designer
