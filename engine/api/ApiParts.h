#pragma once

#include "engine/api/CopyTrials.h"
#include "engine/api/MachineLooks.h"
#include "engine/api/ModelShelf.h"
#include "engine/api/RejectDesk.h"
#include "engine/api/StoreLooks.h"
#include "engine/run/PipelineRuns.h"
#include "engine/run/PublishedVersions.h"
#include "engine/scheduler/TriggerLoop.h"
#include "engine/secrets/SecretStore.h"
#include "engine/store/ArtifactStore.h"
#include "engine/store/RunJournal.h"
#include "engine/store/TelemetryLog.h"

namespace engine {

// What the controllers work with; all of it outlives them.
struct ApiParts
{
    RunJournal &journal;
    TelemetryLog &telemetry;
    const ArtifactStore &artifacts;
    PublishedVersions &versions;
    PipelineRuns &runs;
    TriggerLoop &triggers;
    StoreLooks &stores;
    CopyTrials &trials;
    RejectDesk &rejects;
    ModelShelf &models;
    MachineLooks &machine;
    SecretStore &secrets;
    Clock &clock;
    QObject &loop; // context of callbacks
};

// "/subscriptions/{s}/resourceGroups/{g}/providers/Microsoft.DataFactory/factories/{factory}"
inline const QString factoryRoute = QStringLiteral(
    "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{factory}");

} // namespace engine
