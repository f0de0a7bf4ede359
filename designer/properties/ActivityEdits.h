#pragma once

#include "designer/document/Entity.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"

namespace designer {

class FactoryDocument;

// The pipeline with the activity called `to`, everywhere it is named: dependsOn and activity('…') of expressions. Pure.
engine::Json renamedActivity(const engine::Json &pipelineFile, const QString &from, const QString &to);

// Renames it in the draft, its place on the canvas and its options too: one undo step. Errors: InvalidInput (a name
// Data Factory forbids), Conflict (another activity has it).
engine::Result<> renameActivity(FactoryDocument &document,
                                const EntityRef &pipeline,
                                const QString &from,
                                const QString &to,
                                const QString &mergeKey = {});

// What a copy's source and sink are called for a dataset: sets "inputs" or "outputs" and the types that go with it.
enum class CopyEnd { Source, Sink };
void setCopyDataset(engine::Json &copy, CopyEnd end, const engine::Json &reference, const engine::Json &datasetFile);

} // namespace designer
