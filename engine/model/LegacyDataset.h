#pragma once

#include "engine/model/Factory.h"

namespace engine {

// Datasets as Data Factory wrote them before each form had a type of its own: AzureBlob and FileShare, with "format"
// and "compression" beside the path. The same dataset in today's words (DelimitedText, Json, Parquet; Binary without a
// format), with a location, and with the defaults of its time: no quote, no escape, NULL as "\N". Any other dataset is
// given back as it is. Pure; expressions stay where they are.
bool isLegacyDataset(const Dataset &dataset);
Dataset modernDataset(const Dataset &dataset);

// The sources and sinks of their time, which are called after the store: BlobSource, FileSystemSource … In today's
// words they are called after the form of the dataset; what their dataset says about reading (skipLineCount, the times
// of files) is said by the source. Others, and those of a form that is not read here, are given back as they are.
bool isLegacySource(const QString &type);
Json modernSource(const Json &source, const Dataset &dataset);
// With files as they are on both sides, their copy.
CopyActivity modernCopy(const CopyActivity &copy, const Dataset *input, const Dataset *output);

} // namespace engine
