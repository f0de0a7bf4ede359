#pragma once

#include "engine/connectors/files/DelimitedText.h"
#include "engine/connectors/files/FileSet.h"

namespace engine {

// Files that are copied as they are, or unpacked on the way.
struct BinaryFileSource
{
    FileSet files = {};
    QString displayPath = {}; // for messages: "data/in"
    FileCompression compression = FileCompression::None;
    bool keepsArchiveName = true; // what an archive holds comes into a folder that is called as the archive
    bool isFlattened = false; // each file gets a name that is made
    QString addedExtension = {}; // of the files the sink packs: ".gz"
    bool skipsMissing = false; // a file that is gone when its turn comes is left out
    bool skipsForbidden = false; // and one that may not be read
    bool skipsInconsistent = false; // and one that changes while it is read
};

} // namespace engine
