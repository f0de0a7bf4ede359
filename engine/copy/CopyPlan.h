#pragma once

#include "engine/base/Json.h"
#include "engine/connectors/files/DelimitedText.h"
#include "engine/model/Factory.h"

#include <QList>
#include <QString>

#include <variant>

namespace engine {

struct SqliteTableSink
{
    QString file; // absolute
    QString schema; // as written ("dbo"); accepted as a name of the main database
    QString table;
};

struct PostgresTableSink
{
    QString connection; // libpq conninfo; holds no password
    QString schema; // empty = search path
    QString table;
};

using CopySource = std::variant<CsvFileSource>;
using CopySink = std::variant<SqliteTableSink, PostgresTableSink>;

// One row of a TabularTranslator.
struct ColumnMapping
{
    QString sourceName; // or, when empty:
    int sourceOrdinal = 0; // 1-based
    QString sourceType; // interim type, "String" when absent
    QString sourceFormat; // of dates and times
    QString sourceCulture;
    QString sinkName;
    QString sinkType; // interim type; empty = the sink column's own
    bool operator==(const ColumnMapping &) const = default;
};

struct CopyPlan
{
    CopySource source;
    CopySink sink;
    QList<ColumnMapping> mappings; // empty = by name, case-sensitive
    bool treatBooleanAsNumber = false;
    QString preCopyScript; // not empty = a replace
    bool allowEmptySource = false; // a replace from nothing is refused otherwise
    std::chrono::seconds timeout{0}; // of single statements; 0 = none
};

// Resolves a Copy activity against datasets, linked services and bindings. Pure; relative paths start at `folder`.
// Errors: InvalidInput and Unsupported, `where` names the entity and property.
Result<CopyPlan>
planCopy(const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder);

} // namespace engine
