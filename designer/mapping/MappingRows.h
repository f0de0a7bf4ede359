#pragma once

#include "designer/mapping/ColumnMatching.h"
#include "engine/base/Json.h"

#include <QHash>

#include <optional>

namespace designer {

// A column of a source or sink as its schema says.
struct SchemaField
{
    QString name;
    QString type; // interim: String, Int64 …
    QString physicalType = {}; // of the store: bigint
    bool isNullable = true;
    int ordinal = 0; // 1-based when the column has no name of its own (text without header); else 0
    bool operator==(const SchemaField &) const = default;
};

// A column of JSON is known by its path: $['customer']['name'], or ['name'] inside the collection.
bool isPath(const QString &column);

// One line of the mapping table. A source or sink that is a path is written as one. `origin` is the entry of the
// translator it was read from; unknown members survive.
struct MappingRow
{
    bool isIncluded = false;
    QString source;
    int ordinal = 0; // > 0: written as an ordinal
    QString sourceType;
    QString sink;
    QString sinkType;
    QString format = {}; // .NET pattern of dates and numbers in the text side
    QString culture = {}; // "de-DE"
    QString matchedBy = {}; // translated
    QString mark = {}; // what is wrong with it, translated
    bool isBadMark = false; // an error, else a warning
    engine::Json origin = {};
    bool operator==(const MappingRow &) const = default;
    bool isMapped() const { return isIncluded && !sink.isEmpty() && (!source.isEmpty() || ordinal > 0); }
};

using Likeness = QHash<std::pair<QString, QString>, double>; // (source, sink) → confidence of an auto-map

// Pure. Columns of an answer of /slipway/v1/datasets/schema, and of the "schema" a dataset keeps. `withoutHeader`:
// the names are made up and columns are known by their place.
enum class Naming { ByName, ByOrdinal };
QList<SchemaField> fieldsOfAnswer(const engine::Json &answer, Naming naming);
QList<SchemaField> fieldsOfDataset(const engine::Json &datasetFile);
// Of JSON, as its rows see them. Without a collection, what is in the elements of an array is none of theirs; with one,
// paths of its elements begin inside of them, and those beside it at the root.
QList<SchemaField> fieldsBelow(const QList<SchemaField> &fields, const QString &collection);
QStringList collectionsIn(const QList<SchemaField> &fields); // arrays of objects, by path: $['orders']
Naming namingOf(const engine::Json &datasetFile); // text without a header has no names
QString interimTypeOf(const QString &physicalType); // "bigint" → "Int64"; an interim type stays itself
const QStringList &interimTypes();

bool isMappedByName(const engine::Json &translator); // it has no mappings: by name when it runs
// Mappings in their order, with the source columns nobody takes where they belong.
QList<MappingRow> mappingRows(const engine::Json &translator,
                              const QList<SchemaField> &source,
                              const QList<SchemaField> &sink,
                              const Likeness &likeness);
// The translator of the rows that are mapped; everything else in `before` is kept.
engine::Json translatorOf(const engine::Json &before,
                          const QList<MappingRow> &rows,
                          const QList<SchemaField> &source,
                          const QList<SchemaField> &sink);
engine::Json translatorByName(const engine::Json &before); // without mappings
// Rows that are not mapped get the columns that fit; the others stay. What was found by likeness is put there.
QList<MappingRow> autoMapped(QList<MappingRow> rows,
                             const QList<SchemaField> &source,
                             const QList<SchemaField> &sink,
                             double threshold,
                             Likeness &likeness);
QStringList requiredButUnmapped(const QList<MappingRow> &rows, const QList<SchemaField> &sink);
QString matchedByText(const QString &source, const QString &sink, const Likeness &likeness);

} // namespace designer
