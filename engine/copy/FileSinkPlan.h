#pragma once

#include "engine/base/Json.h"
#include "engine/connectors/files/DelimitedTextWriter.h"
#include "engine/connectors/files/FileTarget.h"
#include "engine/connectors/files/JsonTextWriter.h"
#include "engine/copy/DatasetPlan.h"
#include "engine/data/DuckFeed.h"

#include <optional>
#include <variant>

namespace engine {

struct DelimitedTextFileSink
{
    FileTarget target;
    DelimitedTextFormat format;
    DelimitedTextWriting writing;
};

struct JsonFileSink
{
    FileTarget target;
    JsonTextFormat format;
};

struct ParquetFileSink
{
    FileTarget target;
    DuckFeed::Codec codec = DuckFeed::Codec::Snappy;
};

// The sink of a Copy activity that writes files, and what it is planned from. `where` is the sink's place.
struct FileSinkSettings
{
    const Json &sink; // in which nothing is dynamic any more
    QString where;
    const Dataset &dataset; // resolved
    const Binding &binding;
    QString folder; // where relative paths start
    std::optional<FileSet> source = {}; // when it reads files
};

// Where the files are: the dataset's location, copyBehavior, maxRowsPerFile, fileNamePrefix and fileExtension.
// `extension` is the one of the form (".parquet") with that of a compression; fileExtension wins over it. As Data
// Factory has it, each file of the source becomes a file of its own, called as it is, when the dataset names none (or
// copyBehavior says otherwise). Pure. Errors: InvalidInput and Unsupported, as planCopy().
Result<FileTarget> planFileTarget(const FileSinkSettings &settings, const QString &extension);

using RowFileSink = std::variant<DelimitedTextFileSink, JsonFileSink, ParquetFileSink>;
// DelimitedTextSink, JsonSink, ParquetSink, and the older ones that are called after their store (fileSinkTypes()). As
// above.
Result<RowFileSink> planRowFileSink(const FileSinkSettings &settings);

// "snappy", "gzip", "zstd" (and its older names), "none" or "uncompressed"; empty is snappy, as Data Factory has it.
std::optional<DuckFeed::Codec> parquetCodecNamed(const QString &name);

} // namespace engine
