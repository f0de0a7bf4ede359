#pragma once

#include "engine/copy/DatasetPlan.h"
#include "engine/copy/TranslatorPlan.h"

#include <variant>

namespace engine {

// Files as the source of a copy. Pure. `settings` are the source's storeSettings and formatSettings as they stand in
// `source`, at the place `where`. Errors: InvalidInput and Unsupported; `where` names the entity and property.

// "DelimitedText", "Json" or "Parquet".
using FileSource = std::variant<CsvFileSource, JsonFileSource, ParquetFileSource>;

// By the dataset's type; all files that it means itself.
Result<FileSource> planFiles(const Dataset &dataset, const Binding &binding, const QString &folder);

// By the dataset's type, which must be the source's, too.
Result<FileSource> planFileSource(
    const Json &source, const QString &where, const Dataset &dataset, const Binding &binding, const QString &folder);

// Which values of its rows a JSON source gives, as the translator says.
void describeRows(JsonFileSource &source, const Translation &translation);

} // namespace engine
