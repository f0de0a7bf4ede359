#pragma once

#include "engine/connectors/files/DelimitedText.h"

#include <QList>
#include <QString>

#include <optional>

namespace engine {

// A column that a mapping wants, and where its values are.
struct JsonColumn
{
    QString name; // as the mapping writes it; a path may be its own name
    QString path; // JsonPath; from a row, or with "$" from the root of the document
};

// Which JSON files a dataset means, and what a row is in them.
struct JsonFileSource
{
    QString path; // absolute: one file, or a folder whose files are read
    QString displayPath; // for messages
    std::optional<FileSet> files = {}; // as in CsvFileSource
    QString encoding = QStringLiteral("UTF-8");
    FileCompression compression = FileCompression::None;
    QString collection = {}; // path of the array whose elements are the rows; empty = the objects themselves
    QList<JsonColumn> columns = {}; // what is mapped; the members of the first rows come behind
};

} // namespace engine
