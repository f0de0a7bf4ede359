#pragma once

#include "engine/base/Json.h"

namespace designer {

// What a copy's source and sink are called for a dataset: sets "inputs" or "outputs" and the types that go with it.
enum class CopyEnd { Source, Sink };
void setCopyDataset(engine::Json &copy, CopyEnd end, const engine::Json &reference, const engine::Json &datasetFile);

// The types by which a Lookup, GetMetadata or Delete reads what its dataset is: "AzureSqlSource",
// "AzureBlobStorageReadSettings".
void setReaderTypes(engine::Json &activity, const engine::Json &datasetFile);

} // namespace designer
