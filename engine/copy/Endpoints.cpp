#include "engine/copy/Endpoints.h"

#include "engine/connectors/files/BinarySource.h"
#include "engine/connectors/files/BinaryWriter.h"
#include "engine/connectors/files/CsvSource.h"
#include "engine/connectors/files/FileSink.h"
#include "engine/connectors/files/FolderStore.h"
#include "engine/connectors/files/JsonSource.h"
#include "engine/connectors/files/ParquetSource.h"
#include "engine/connectors/files/ParquetWriter.h"
#include "engine/connectors/files/SourceRows.h"
#include "engine/connectors/ParallelSource.h"
#include "engine/connectors/postgres/PostgresPartsPlan.h"
#include "engine/connectors/postgres/PostgresSink.h"
#include "engine/connectors/postgres/PostgresSource.h"
#include "engine/connectors/postgres/PostgresStore.h"
#include "engine/connectors/sqlite/SqliteSink.h"
#include "engine/connectors/sqlite/SqliteSource.h"
#include "engine/connectors/sqlite/SqliteStore.h"
#include "engine/copy/AdditionalColumns.h"

#include <QCoreApplication>

namespace engine {
namespace {

struct EndpointsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Endpoints)
};

std::unique_ptr<Source> makeReading(const CsvFileSource &source, const CancelToken &cancel)
{
    CsvSource::Tuning tuning;
    tuning.cancel = cancel;
    return std::make_unique<CsvSource>(source, tuning);
}

std::unique_ptr<Source> makeReading(const JsonFileSource &source, const CancelToken &cancel)
{
    return std::make_unique<JsonSource>(source, cancel);
}

std::unique_ptr<Source> makeReading(const ParquetFileSource &source, const CancelToken &cancel)
{
    return std::make_unique<ParquetSource>(source, cancel);
}

std::unique_ptr<Source> makeReading(const SqliteQuerySource &source, const CancelToken &cancel)
{
    return std::make_unique<SqliteSource>(
        SqliteSource::Origin{source.file, source.schema, source.table, source.query, source.queryTimeout}, cancel);
}

std::unique_ptr<Source> makeReading(const PostgresQuerySource &source, const CancelToken &cancel)
{
    PostgresSource::Origin origin{source.connection,
                                  source.schema,
                                  source.table,
                                  source.query,
                                  source.queryTimeout,
                                  source.procedure,
                                  source.parameters};
    if (!source.parts)
        return std::make_unique<PostgresSource>(std::move(origin), cancel);
    return std::make_unique<ParallelSource>(
        [origin, parts = *source.parts](const CancelToken &token) { return planPostgresParts(origin, parts, token); },
        cancel);
}

std::unique_ptr<Source> makeReading(const BinaryFileSource &source, const CancelToken &cancel)
{
    return std::make_unique<BinarySource>(source, cancel);
}

template <typename AnySource> QString nameOf(const AnySource &source)
{
    if constexpr (requires { source.displayPath; }) {
        return source.displayPath;
    } else {
        if (!source.query.isEmpty())
            return EndpointsText::tr("the query");
        if constexpr (requires { source.procedure; }) {
            if (!source.procedure.isEmpty())
                return source.procedure;
        }
        return source.schema.isEmpty() ? source.table : QString(source.schema + u'.' + source.table);
    }
}

std::unique_ptr<Sink> make(const SqliteTableSink &sink)
{
    return std::make_unique<SqliteSink>(
        SqliteSink::Target{sink.file, sink.schema, sink.table, sink.busyTimeout, sink.options});
}

std::unique_ptr<Sink> make(const PostgresTableSink &sink)
{
    PostgresSink::Target target{sink.connection, sink.schema, sink.table};
    target.options = sink.options;
    return std::make_unique<PostgresSink>(std::move(target));
}

std::unique_ptr<Sink> make(const BinaryFileSink &sink)
{
    const auto validation = sink.validates ? BinaryWriter::Validation::ReadAgain : BinaryWriter::Validation::None;
    return std::make_unique<FileSink>(sink.target, std::make_unique<BinaryWriter>(sink.packing, validation));
}

std::unique_ptr<Sink> make(const DelimitedTextFileSink &sink)
{
    return std::make_unique<FileSink>(sink.target, std::make_unique<DelimitedTextWriter>(sink.format, sink.writing));
}

std::unique_ptr<Sink> make(const JsonFileSink &sink)
{
    return std::make_unique<FileSink>(sink.target, std::make_unique<JsonTextWriter>(sink.format));
}

std::unique_ptr<Sink> make(const ParquetFileSink &sink)
{
    return std::make_unique<FileSink>(sink.target, std::make_unique<ParquetWriter>(sink.codec));
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

template <typename FileSource> std::unique_ptr<StoredRows> makeRows(const FileSource &source, const CancelToken &cancel)
{
    SourceRows::Origin origin{
        [source, cancel] { return makeReading(source, cancel); }, source.path, source.displayPath};
    if constexpr (std::is_same_v<FileSource, JsonFileSource>)
        origin.describe = [source, cancel] { return JsonSource(source, cancel).shape(); };
    return std::make_unique<SourceRows>(std::move(origin), cancel);
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

std::unique_ptr<Source> makeSource(const CopySource &source, const CancelToken &cancel)
{
    return std::visit([&cancel](const auto &described) { return makeReading(described, cancel); }, source);
}

std::unique_ptr<Source> makeSource(const CopyPlan &plan, const CancelToken &cancel)
{
    std::unique_ptr<Source> source = makeSource(plan.source, cancel);
    if (plan.additional.isEmpty())
        return source;
    return std::make_unique<AdditionalColumns>(std::move(source), plan.additional);
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

QString displayName(const CopySource &source)
{
    return std::visit([](const auto &described) { return nameOf(described); }, source);
}

} // namespace engine
