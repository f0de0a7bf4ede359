#pragma once

#include "engine/connectors/files/BoundFolder.h"

namespace engine {

// The files that a dataset and the store settings of an activity mean together.
struct FileSet
{
    QString root = {}; // absolute: what the linked service is bound to
    QString container = {}; // Data Factory's container: the first folder; empty where the store has none
    QString path = {}; // below the root, the container included: a file or a folder
    QString fileName = {}; // the last part of `path` when it names a file or a pattern of names
    FileChoice choice = {};
};

// Those files in the order of paths: the one file, or all that the choice means. Names that begin with "." or "_" are
// left out, and what is below such folders, unless a pattern or a list chooses. NotFound for no such file or folder.
Result<QList<BoundFolder::Entry>> filesIn(const BoundFolder &folder, const FileSet &set, const CancelToken &cancel);

} // namespace engine
