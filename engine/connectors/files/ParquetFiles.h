#pragma once

#include "engine/connectors/files/FileSet.h"

#include <QString>

#include <optional>

namespace engine {

// Which Parquet files a dataset means; compression is inside of them.
struct ParquetFileSource
{
    QString path; // absolute: one file, or a folder whose files are read
    QString displayPath; // for messages
    std::optional<FileSet> files = {}; // as in CsvFileSource
};

} // namespace engine
