#pragma once

#include "engine/base/Json.h"
#include "scoring/metrics/Drift.h"

#include <QStringList>

namespace ctl {

// What scored rows were like beside those of training, in lines for a terminal: a headline, then what moved, is unseen
// or out of range; the rest in one line.
QStringList driftLines(const scoring::DriftReport &report);

// The same of what an activity's output keeps of it, in one line for each scoring; none: nothing was compared.
QStringList driftLines(const engine::Json &activityOutput);

} // namespace ctl
