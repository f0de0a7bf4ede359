#pragma once

#include "engine/api/ApiParts.h"
#include "engine/api/Router.h"

namespace engine {

// One function a resource; each adds its routes. The routes of Data Factory's management REST API are those of
// format.md §3.1; Slipway's own stand under /slipway/v1.
void addConnectionRoutes(Router &router, const ApiParts &parts);
void addCopyTrialRoutes(Router &router, const ApiParts &parts); // preview of conversion, dry run of the script
void addDatasetRoutes(Router &router, const ApiParts &parts);
void addDebugRoutes(Router &router, const ApiParts &parts); // a run of the draft
void addFactoryRoutes(Router &router, const ApiParts &parts);
void addMachineRoutes(Router &router, const ApiParts &parts); // kernels, setup, the engine's log, the sample
void addModelRoutes(Router &router, const ApiParts &parts); // of the registry
void addRejectRoutes(Router &router, const ApiParts &parts); // rejected rows of copies
void addRunRoutes(Router &router, const ApiParts &parts);
void addRunListRoutes(Router &router, const ApiParts &parts); // runs/query, rerun
void addRunDetailRoutes(Router &router, const ApiParts &parts); // one run: records, cells, outputs, drift, pipeline …
void addScheduleRoutes(Router &router, const ApiParts &parts); // triggers of all factories, recurrences, time zones
void addSecretRoutes(Router &router, const ApiParts &parts); // names and values in, never values out
void addTriggerRoutes(Router &router, const ApiParts &parts);

} // namespace engine
