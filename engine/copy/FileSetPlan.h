#pragma once

#include "engine/base/Json.h"
#include "engine/connectors/files/FileSet.h"

namespace engine {

// The set, and what the store settings of an activity choose in it: recursive, wildcards, prefix, fileListPath, the
// times. A fileName of the dataset with "*" or "?" is a pattern of names. `where` is the place of the settings. Pure.
// Errors: InvalidInput; `where` names the property.
Result<FileSet> chosenFrom(FileSet set, const Json &storeSettings, const QString &where);

// Below the root: the folder that all files of the set are in for certain, before the first wildcard. What is below it
// is kept where a copy preserves the hierarchy.
QString certainFolderOf(const FileSet &set);

} // namespace engine
