#include "engine/copy/Endpoints.h"

#include "engine/connectors/files/CsvSource.h"
#include "engine/connectors/postgres/PostgresSink.h"
#include "engine/connectors/sqlite/SqliteSink.h"

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

} // namespace

std::unique_ptr<Source> makeSource(const CopySource &source)
{
    return std::visit([](const auto &described) { return make(described); }, source);
}

std::unique_ptr<Sink> makeSink(const CopySink &sink)
{
    return std::visit([](const auto &described) { return make(described); }, sink);
}

QString displayName(const CopySource &source) { return std::get<CsvFileSource>(source).displayPath; }

} // namespace engine
