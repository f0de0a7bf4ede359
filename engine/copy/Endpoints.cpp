#include "engine/copy/Endpoints.h"

#include "engine/connectors/files/CsvSource.h"
#include "engine/connectors/files/FolderStore.h"
#include "engine/connectors/files/TextFileRows.h"
#include "engine/connectors/postgres/PostgresSink.h"
#include "engine/connectors/postgres/PostgresStore.h"
#include "engine/connectors/sqlite/SqliteSink.h"
#include "engine/connectors/sqlite/SqliteStore.h"

namespace engine {
namespace {

std::unique_ptr<Source> make(const CsvFileSource &source) { return std::make_unique<CsvSource>(source); }

std::unique_ptr<Sink> make(const SqliteTableSink &sink)
{
    return std::make_unique<SqliteSink>(SqliteSink::Target{sink.file, sink.schema, sink.table, sink.busyTimeout});
}

std::unique_ptr<Sink> make(const PostgresTableSink &sink)
{
    return std::make_unique<PostgresSink>(PostgresSink::Target{sink.connection, sink.schema, sink.table});
}

std::unique_ptr<Store> makeLook(const FolderPlace &place, const CancelToken &cancel)
{
    const auto content = place.holdsNotebooks ? FolderStore::Content::Notebooks : FolderStore::Content::Files;
    return std::make_unique<FolderStore>(place.root, content, cancel);
}

std::unique_ptr<Store> makeLook(const SqlitePlace &place, const CancelToken &cancel)
{
    return std::make_unique<SqliteStore>(place.file, cancel);
}

std::unique_ptr<Store> makeLook(const PostgresPlace &place, const CancelToken &cancel)
{
    return std::make_unique<PostgresStore>(place.connection, cancel);
}

std::unique_ptr<StoredRows> makeRows(const CsvFileSource &source, const CancelToken &cancel)
{
    return std::make_unique<TextFileRows>(source, cancel);
}

std::unique_ptr<StoredRows> makeRows(const SqliteTableSink &table, const CancelToken &cancel)
{
    return std::make_unique<SqliteRows>(table.file, table.table, cancel);
}

std::unique_ptr<StoredRows> makeRows(const PostgresTableSink &table, const CancelToken &cancel)
{
    return std::make_unique<PostgresRows>(table.connection, table.schema, table.table, cancel);
}

} // namespace

std::unique_ptr<Source> makeSource(const CopySource &source)
{
    return std::visit([](const auto &described) { return make(described); }, source);
}

std::unique_ptr<Sink> makeSink(const CopySink &sink)
{
    return std::visit([](const auto &described) { return make(described); }, sink);
}

std::unique_ptr<Store> makeStore(const StorePlan &store, const CancelToken &cancel)
{
    return std::visit([&cancel](const auto &place) { return makeLook(place, cancel); }, store);
}

std::unique_ptr<StoredRows> makeStoredRows(const DatasetPlan &dataset, const CancelToken &cancel)
{
    return std::visit([&cancel](const auto &described) { return makeRows(described, cancel); }, dataset);
}

QString displayName(const CopySource &source) { return std::get<CsvFileSource>(source).displayPath; }

} // namespace engine
