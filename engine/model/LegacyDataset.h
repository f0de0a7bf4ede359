#pragma once

#include "engine/model/Factory.h"

namespace engine {

// Datasets as Data Factory wrote them before each form had a type of its own: AzureBlob and FileShare, with "format"
// and "compression" beside the path. The same dataset in today's words (DelimitedText, Json, Parquet; Binary without a
// format), with a location, and with the defaults of its time: no quote, no escape, NULL as "\N". Any other dataset is
// given back as it is. Pure; expressions stay where they are.
bool isLegacyDataset(const Dataset &dataset);
Dataset modernDataset(const Dataset &dataset);

} // namespace engine
