#pragma once

#include "engine/base/Json.h"
#include "engine/connectors/files/BinaryFiles.h"
#include "engine/connectors/files/FileTarget.h"
#include "engine/connectors/files/PackedFile.h"
#include "engine/model/Bindings.h"
#include "engine/model/Factory.h"

namespace engine {

// Files as they are into a folder.
struct BinaryFileSink
{
    FileTarget target;
    Packing packing;
    bool validates = false; // what was written is read again before it is committed
};

// Both sides of a copy of files as they are: from a Binary dataset in a folder into one in a folder.
struct BinaryCopy
{
    BinaryFileSource source;
    BinaryFileSink sink;
};

struct BinarySide
{
    const Json &settings; // "source" or "sink" of the activity, in which nothing is dynamic any more
    QString place; // of the settings
    const Dataset &dataset; // resolved
    const Binding &binding;
};

// `activity`: the other typeProperties (skipErrorFile, validateDataConsistency). Pure; relative paths start at
// `folder`. Errors: InvalidInput and Unsupported; `where` names the entity and property.
Result<BinaryCopy>
planBinaryCopy(const BinarySide &source, const BinarySide &sink, const Json &activity, const QString &folder);

} // namespace engine
