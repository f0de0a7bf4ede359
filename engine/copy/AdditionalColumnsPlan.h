#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/connectors/files/FileSet.h"

#include <QList>
#include <QString>

#include <optional>

namespace engine {

// A column that a copy adds to those of its source.
struct AdditionalColumn
{
    enum class Kind { Literal, FilePath, Column } kind = Kind::Literal;
    QString name;
    QString value; // of a literal its text, of a column the name of the one it repeats
    bool isNull = false; // of a literal
    bool operator==(const AdditionalColumn &) const = default;
};

struct AdditionalColumnsPlan
{
    QList<AdditionalColumn> columns; // in the order they are appended
    QString filePathFolder; // below the store's root: what $$FILEPATH starts at, the folder that the dataset names
    // Folders "year=2026" below this one become columns too; below the store's root.
    std::optional<QString> partitionRoot;
    QString storeRoot; // absolute
    bool isEmpty() const { return columns.isEmpty() && !partitionRoot; }
    bool operator==(const AdditionalColumnsPlan &) const = default;
};

// `additionalColumns` of a source and the partition discovery of its store settings, in which nothing is dynamic any
// more; `files` is what it reads, nothing when it reads no files. Pure. Errors: InvalidInput and Unsupported; `where`
// starts with `place`, the place of the source.
Result<AdditionalColumnsPlan>
planAdditionalColumns(const Json &source, const QString &place, const std::optional<FileSet> &files);

} // namespace engine
