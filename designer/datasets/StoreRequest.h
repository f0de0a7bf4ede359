#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

namespace designer {

class FactoryDocument;

// What the engine is asked about a store with: the draft as it is in the window, nothing needs to be saved.
// Errors: NotFound, no such linked service.
engine::Result<engine::Json> storeRequest(const FactoryDocument &document, const QString &linkedService);
// The same for the store of a dataset, with the dataset.
engine::Result<engine::Json> datasetRequest(const FactoryDocument &document, const engine::Json &datasetFile);

} // namespace designer
