#include "engine/kernel/BoundTables.h"

#include "engine/connectors/postgres/PostgresSink.h"
#include "engine/connectors/postgres/PostgresSource.h"
#include "engine/connectors/sqlite/SqliteSink.h"
#include "engine/connectors/sqlite/SqliteSource.h"
#include "engine/data/DuckFunction.h"
#include "engine/kernel/QueryStream.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct BoundTablesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::BoundTables)
};

// As what a column of a source comes.
DuckFeed::Target targetOf(const SourceColumn &column)
{
    DuckFeed::Target target;
    target.name = column.name;
    target.type = column.type;
    target.inMicroseconds = true;
    if (column.type == InterimType::Decimal)
        target.type = InterimType::Double;
    else if (column.type == InterimType::TimeSpan)
        target.type = InterimType::String;
    return target;
}

class BoundReader final : public DuckTable::Reader
{
public:
    explicit BoundReader(std::unique_ptr<Source> source) : m_source(std::move(source)) { }

    Result<const RowBatch *> next() override
    {
        const std::variant<bool, Source::ReadError> read = m_source->read(m_batch);
        if (const auto *failed = std::get_if<Source::ReadError>(&read)) {
            if (const auto *problem = std::get_if<RowProblem>(&failed->what))
                return Error{ErrorCode::InvalidInput, problem->message, {}};
            return std::get<Error>(failed->what);
        }
        return std::get<bool>(read) ? &m_batch : nullptr;
    }

private:
    std::unique_ptr<Source> m_source;
    RowBatch m_batch;
};

QString tableText(const NamedTable &table)
{
    return table.schema.isEmpty() ? table.table : QString(table.schema + u'.' + table.table);
}

// The sink's columns that the query's go into, in the query's order.
Result<QList<int>> chosenColumns(const BoundTables::Load &load, const QList<SinkColumn> &columns)
{
    QList<int> chosen;
    const NamedTable &table = load.insert.table;
    if (load.insert.columns.isEmpty()) {
        for (int i = 0; i < columns.size(); ++i) {
            if (!columns.at(i).generated)
                chosen.append(i);
        }
    }
    for (const QString &name : load.insert.columns) {
        const auto found = std::find_if(columns.begin(), columns.end(), [&name](const SinkColumn &column) {
            return column.name.compare(name, Qt::CaseInsensitive) == 0;
        });
        if (found == columns.end())
            return errorAt(table.position,
                           BoundTablesText::tr("The table %1 has no column %2.").arg(tableText(table), name),
                           ErrorCode::NotFound);
        chosen.append(int(found - columns.begin()));
    }
    if (chosen.size() != load.columns.size())
        return errorAt(table.position,
                       BoundTablesText::tr("The query gives %1 columns, and %2 are to be filled in the table %3: name "
                                           "them behind it in brackets.")
                           .arg(load.columns.size())
                           .arg(chosen.size())
                           .arg(tableText(table)));
    return chosen;
}

QList<SinkColumn> proposedColumns(const QList<DuckColumn> &columns)
{
    QList<SinkColumn> proposed;
    for (const DuckColumn &column : columns) {
        SinkColumn made;
        made.name = column.name;
        made.type = column.type;
        if (column.type == InterimType::Decimal && column.spelled.startsWith(u"DECIMAL(")) {
            const QStringList digits = column.spelled.mid(8).chopped(1).split(u',');
            made.precision = digits.value(0).toInt();
            made.scale = digits.value(1).toInt();
        }
        proposed.append(made);
    }
    return proposed;
}

} // namespace

std::optional<QString> BoundTables::serviceNamed(const QString &name) const
{
    const QStringList services = m_context.services();
    for (const QString &service : services) {
        if (service.compare(name, Qt::CaseInsensitive) == 0)
            return service;
    }
    return {};
}

Error BoundTables::failed(const NamedTable &table, const Error &error) const
{
    const std::lock_guard lock(m_mutex);
    m_passwords.remove(table.service);
    return error;
}

// The cell's thread is the first that opens a table, so it is the one that asks.
Result<QString> BoundTables::conninfoOf(const NamedTable &table) const
{
    const Json &connection = memberAt(m_context.connections, table.service.toUtf8().constData());
    const QString conninfo = stringAt(connection, "connection");
    const QString asks = stringAt(connection, "password"); // "engine" or "person": who is asked
    if (asks.isEmpty())
        return conninfo;
    const std::lock_guard lock(m_mutex);
    if (!m_passwords.contains(table.service)) {
        const Result<QString> password = m_asked->password(table.service, asks == u"engine");
        if (!password)
            return errorAt(table.position, password.error().message, password.error().code);
        m_passwords.insert(table.service, *password);
    }
    QString quoted = m_passwords.value(table.service);
    quoted.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return QString(conninfo + QStringLiteral(" password='") + quoted + u'\'');
}

Result<std::unique_ptr<Source>> BoundTables::sourceOf(const NamedTable &table) const
{
    const Json &connection = memberAt(m_context.connections, table.service.toUtf8().constData());
    const QString store = stringAt(connection, "store");
    if (store == u"sqlite")
        return std::unique_ptr<Source>(new SqliteSource(SqliteSource::Origin{
            .file = stringAt(connection, "file"), .schema = table.schema, .table = table.table, .query = {}}));
    if (store == u"postgresql") {
        const Result<QString> conninfo = conninfoOf(table);
        if (!conninfo)
            return conninfo.error();
        PostgresSource::Origin origin;
        origin.connection = *conninfo;
        origin.schema = table.schema;
        origin.table = table.table;
        return std::unique_ptr<Source>(new PostgresSource(origin));
    }
    return errorAt(
        table.position,
        BoundTablesText::tr("%1 is bound to “%2”, whose tables a cell cannot name.").arg(table.service, store),
        ErrorCode::Unsupported);
}

Result<std::unique_ptr<Sink>> BoundTables::sinkOf(const InsertRows &insert) const
{
    const NamedTable &table = insert.table;
    const Json &connection = memberAt(m_context.connections, table.service.toUtf8().constData());
    const QString store = stringAt(connection, "store");
    LoadOptions options;
    options.makesTable = insert.makesTable;
    if (store == u"sqlite") {
        SqliteSink::Target target;
        target.file = stringAt(connection, "file");
        target.schema = table.schema;
        target.table = table.table;
        target.options = options;
        return std::unique_ptr<Sink>(new SqliteSink(target));
    }
    if (store == u"postgresql") {
        const Result<QString> conninfo = conninfoOf(table);
        if (!conninfo)
            return conninfo.error();
        PostgresSink::Target target;
        target.connection = *conninfo;
        target.schema = table.schema;
        target.table = table.table;
        target.options = options;
        return std::unique_ptr<Sink>(new PostgresSink(target));
    }
    return errorAt(
        table.position,
        BoundTablesText::tr("%1 is bound to “%2”, whose tables a cell cannot fill.").arg(table.service, store),
        ErrorCode::Unsupported);
}

Result<QString> BoundTables::publish(const NamedTable &table, DuckSession &session, const QString &function) const
{
    const Result<std::unique_ptr<Source>> source = sourceOf(table);
    if (!source)
        return source.error();
    const Result<QList<SourceColumn>> columns = (*source)->open();
    if (!columns)
        return failed(table, columns.error());
    DuckTable rows;
    rows.name = function;
    for (const SourceColumn &column : *columns)
        rows.columns.append(targetOf(column));
    rows.open =
        [this, table, targets = rows.columns](const QList<int> &wanted) -> Result<std::unique_ptr<DuckTable::Reader>> {
        Result<std::unique_ptr<Source>> again = sourceOf(table);
        if (!again)
            return again.error();
        std::unique_ptr<Source> opened = *std::move(again);
        if (const Result<QList<SourceColumn>> found = opened->open(); !found)
            return found.error();
        QList<ProjectedColumn> projection;
        for (const int column : wanted)
            projection.append({column, targets.at(column).type, {}});
        if (const Result<> projected = opened->project(projection); !projected)
            return projected.error();
        return std::unique_ptr<DuckTable::Reader>(new BoundReader(std::move(opened)));
    };
    if (const Result<> published = session.publish(std::move(rows)); !published)
        return published.error();
    return function;
}

Result<qint64> BoundTables::load(const Load &load, DuckSession &session, const CancelToken &cancel) const
{
    const NamedTable &table = load.insert.table;
    Result<std::unique_ptr<Sink>> made = sinkOf(load.insert);
    if (!made)
        return made.error();
    const std::unique_ptr<Sink> sink = *std::move(made);
    const auto placed = [&table](const Error &error) {
        return positionOf(error) || error.code == ErrorCode::Cancelled
            ? error
            : errorAt(table.position, error.message, error.code);
    };
    Result<QList<SinkColumn>> columns = sink->open(cancel);
    if (!columns)
        return placed(failed(table, columns.error()));
    if (load.insert.makesTable && !sink->makesColumns()) {
        if (load.insert.mayExist)
            return 0;
        return errorAt(table.position,
                       BoundTablesText::tr("The table %1 is there already: INSERT OVERWRITE %2 replaces its rows.")
                           .arg(tableText(table), table.service + u'.' + tableText(table)),
                       ErrorCode::Conflict);
    }
    if (load.insert.makesTable) {
        const QList<SinkColumn> proposed = proposedColumns(load.columns);
        if (const Result<> defined = sink->define(proposed); !defined)
            return placed(defined.error());
        columns = proposed;
    }
    const Result<QList<int>> chosen = chosenColumns(load, *columns);
    if (!chosen)
        return chosen.error();
    Result<std::unique_ptr<QueryStream>> rows = QueryStream::open(load.query, load.columns, *columns, *chosen, session);
    if (!rows)
        return placed(rows.error());
    if (const Result<> begun = sink->begin(); !begun)
        return placed(begun.error());
    if (load.insert.overwrites) {
        QString target = duckName(table.table);
        if (!table.schema.isEmpty())
            target.prepend(duckName(table.schema) + u'.');
        if (const Result<qint64> emptied = sink->runScript(QStringLiteral("DELETE FROM ") + target); !emptied)
            return placed(emptied.error());
    }
    const Result<LoadResult> loaded = sink->load(*chosen, **rows);
    if (!loaded) {
        const std::optional<RowProblem> problem = sink->rowProblem();
        const Error error = problem ? Error{ErrorCode::InvalidInput, problem->message, {}} : loaded.error();
        sink->rollBack();
        return placed(error);
    }
    const auto [answer, error] = sink->commit();
    if (answer != Sink::CommitAnswer::Committed)
        return placed(error);
    return loaded->rowsWritten;
}

} // namespace engine
