#pragma once

#include "engine/records/Records.h"

#include <QList>

namespace designer {

class Workbench;

// What can be done with runs from every page of the monitor. Asynchronous; the outcome is told in the message bar.
// GUI thread.
bool canCancel(const engine::RunRecord &run);
void cancelRuns(Workbench &workbench, const QList<engine::RunRecord> &runs); // those that have not ended
void rerunRuns(Workbench &workbench, const QList<engine::RunRecord> &runs); // from the start, same parameters
QString runRoute(const engine::RunId &run, const char *what = ""); // "/slipway/v1/runs/<id>/cancel"

} // namespace designer
