#pragma once

#include "engine/connectors/files/DelimitedText.h"
#include "engine/connectors/files/JsonFiles.h"
#include "engine/connectors/files/ParquetFiles.h"
#include "engine/connectors/LoadOptions.h"
#include "engine/connectors/postgres/PostgresParts.h"
#include "engine/model/Factory.h"

#include <chrono>
#include <variant>

namespace engine {

struct SqliteTableSink
{
    QString file; // absolute
    QString schema; // as written ("dbo"); accepted as a name of the main database
    QString table;
    std::chrono::milliseconds busyTimeout{15000}; // how long to wait for other programs' locks
    LoadOptions options = {}; // of a copy
};

struct PostgresTableSink
{
    QString connection; // libpq conninfo; may hold a password: never shown or kept
    QString schema; // empty = search path
    QString table;
    LoadOptions options = {}; // of a copy
};

// The rows of a table, or of a query when there is one.
struct SqliteQuerySource
{
    QString file; // absolute
    QString schema; // as written ("dbo"); accepted as a name of the main database
    QString table;
    QString query;
    std::chrono::milliseconds queryTimeout{0}; // 0 = none
};

struct PostgresQuerySource
{
    QString connection; // libpq conninfo; may hold a password: never shown or kept
    QString schema; // empty = search path
    QString table;
    QString query;
    std::chrono::milliseconds queryTimeout{0}; // 0 = none
    QString procedure = {}; // or a function that returns rows
    QList<SqlParameter> parameters = {}; // of it
    std::optional<PostgresParts> parts = {}; // read by several readers at once
};

// What a linked service is on this machine.
struct FolderPlace
{
    QString root; // absolute
    bool holdsNotebooks = false;
};
struct SqlitePlace
{
    QString file; // absolute
};
struct PostgresPlace
{
    QString connection; // libpq conninfo; may hold a password: never shown or kept
};
using StorePlan = std::variant<FolderPlace, SqlitePlace, PostgresPlace>;

// What a dataset is on this machine: files to read, or a table to write or look at.
using DatasetPlan = std::variant<CsvFileSource, JsonFileSource, ParquetFileSource, SqliteTableSink, PostgresTableSink>;

// All of these are pure but for the secrets they read; relative paths start at `folder`. Errors: InvalidInput and
// Unsupported, `where` names the entity and property. Datasets are resolved ones (engine/model/ResolvedEntities.h).

// libpq's conninfo of a binding, with the password when a secret holds it. NotFound and Io when the secret does not
// say.
Result<QString> conninfoOf(const PostgresBinding &binding, const QString &linkedService);
Result<Binding> findBinding(const Factory &factory, const Dataset &dataset);
Result<StorePlan> planStore(const QString &linkedService, const Binding &binding, const QString &folder);
// What the location of a dataset names, in a FolderBinding.
Result<FileSet> planFileSet(const Dataset &dataset, const Binding &binding, const QString &folder);
// "gzip", "ZipDeflate" … in any case; nothing for another name.
std::optional<FileCompression> compressionNamed(const QString &codec);
Result<CsvFileSource> planTextFiles(const Dataset &dataset, const Binding &binding, const QString &folder);
// Of a SqliteBinding or PostgresBinding.
Result<DatasetPlan> planTable(const Dataset &dataset, const Binding &binding, const QString &folder);
// One or the other, by the dataset's type.
Result<DatasetPlan> planDataset(const Factory &factory, const Dataset &dataset, const QString &folder);

// A member as text; empty when absent.
QString textAt(const Json &object, const char *key);

} // namespace engine
