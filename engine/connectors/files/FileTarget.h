#pragma once

#include <QString>

#include <cstdint>

namespace engine {

// Where a copy writes files: below a folder that a linked service is bound to, never outside of it.
struct FileTarget
{
    QString root = {}; // absolute: what the linked service is bound to
    QString container = {}; // Data Factory's container: the first folder; empty where the store has none
    QString folder = {}; // below the root, the container included; made when it is missing
    // Of one file, or, with maxRowsPerFile, nothing: such names are "<prefix>_00000.<extension>". Empty = a name is
    // made.
    QString fileName = {};
    QString namePrefix = {}; // ADF's fileNamePrefix; empty = one is made
    QString extension = {}; // ".csv", with its dot and that of a compression; of names that are made
    int64_t maxRowsPerFile = 0; // 0 = all rows in one file

    // Of names that are made: one file, or one for each file of the source, called as that one is below `sourceFolder`.
    enum class Naming { Made, MadeForEach, AsSource } naming = Naming::Made;
    QString sourceFolder = {}; // below the root of the source; empty = only the name of the file is kept
    // AsSource: a file that is not what the source holds, once it is written, is left out instead of failing the load.
    bool leavesOutInconsistent = false;
    QString displayPath = {}; // for messages: "out/sales.csv"
};

} // namespace engine
