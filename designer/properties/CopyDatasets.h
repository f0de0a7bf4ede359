#pragma once

#include "engine/base/Json.h"

namespace designer {

// What a copy's source and sink are called for a dataset: sets "inputs" or "outputs" and the types that go with it.
// What means nothing to the new type goes, what still does stays: a query under its new name, the files' choice,
// retries.
enum class CopyEnd { Source, Sink };
void setCopyDataset(engine::Json &copy, CopyEnd end, const engine::Json &reference, const engine::Json &datasetFile);
// Store and format settings of source and sink get the type they lack, by the files of their datasets.
void completeSettings(engine::Json &copy, const engine::Json &source, const engine::Json &sink);

// The types by which a Lookup, GetMetadata or Delete reads what its dataset is: "AzureSqlSource",
// "AzureBlobStorageReadSettings".
void setReaderTypes(engine::Json &activity, const engine::Json &datasetFile);

} // namespace designer
