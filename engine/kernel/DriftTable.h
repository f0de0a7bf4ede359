#pragma once

#include "engine/base/Json.h"
#include "engine/base/OutputForms.h"
#include "scoring/metrics/Drift.h"

namespace engine {

// Drift as a cell shows it, form → content: driftForm, which the engine records with the run, and those that any
// program shows, "text/html" and "text/plain".
Json driftForms(const scoring::DriftReport &report);

} // namespace engine
