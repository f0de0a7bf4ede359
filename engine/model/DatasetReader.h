#pragma once

#include "engine/model/Factory.h"

namespace engine {

// The types of datasets that are a table in a database, as Data Factory spells them.
const QStringList &tableDatasetTypes();
const QStringList &fileDatasetTypes(); // of files with rows that can be read: DelimitedText, Json, Parquet
const QStringList &fileSourceTypes(); // of a Copy's source that reads such a dataset
const QStringList &tableSourceTypes(); // of a Copy's source that reads such a dataset, or a query on its store
const QStringList &fileSinkTypes(); // of a Copy's sink that writes files of rows
const QStringList &fileCompressions(); // a dataset's compressionCodec

Dataset readDataset(const Json &json, const QString &name, const QString &file);

} // namespace engine
