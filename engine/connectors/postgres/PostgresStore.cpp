#include "engine/connectors/postgres/PostgresStore.h"

#include "engine/connectors/NearNames.h"
#include "engine/connectors/postgres/PostgresColumn.h"
#include "engine/connectors/postgres/PostgresConnection.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct PostgresStoreText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PostgresStore)
};

constexpr std::chrono::seconds lookLimit{10}; // for a server that does not answer, so that there is time to say so
constexpr qint64 charactersAtOnce = 1024 * 1024; // fetched, about
constexpr qint64 firstRowsAtOnce = 10;
constexpr qint64 mostRowsAtOnce = 500;

// libpq's keyword → the property of the binding.
QString propertyOf(const QString &keyword)
{
    if (keyword == u"dbname")
        return QStringLiteral("database");
    return keyword == u"sslmode" ? QStringLiteral("sslMode") : keyword;
}

QString adviceFor(const QString &property)
{
    if (property == u"password")
        return PostgresStoreText::tr("The password is read from ~/.pgpass: a line host:port:database:user:password in "
                                     "a file that only you may read (chmod 600).");
    if (property == u"host")
        return PostgresStoreText::tr("Is the server running, and are host and port right?");
    if (property == u"database")
        return PostgresStoreText::tr("Name a database that is there.");
    if (property == u"user")
        return PostgresStoreText::tr("Name a user whom the server lets in from here.");
    return {};
}

QList<StoreColumn> described(const PostgresTable &table)
{
    QList<StoreColumn> columns;
    for (const PostgresColumn &column : table.columns)
        columns.append({column.column.name,
                        toString(column.column.supported ? column.column.type : InterimType::String),
                        column.column.physicalType,
                        column.column.nullable});
    return columns;
}

QString encodedName(QString name)
{
    return name.replace(u'%', QStringLiteral("%25")).replace(u'/', QStringLiteral("%2F"));
}

QString decodedName(QString name)
{
    return name.replace(QStringLiteral("%2F"), QStringLiteral("/")).replace(QStringLiteral("%25"), QStringLiteral("%"));
}

QString schemaList() // of what is not the server's own
{
    return QStringLiteral("nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'");
}

} // namespace

// One read-only session, and what its failures mean to a person.
class PostgresReading
{
public:
    PostgresReading(QString conninfo, CancelToken cancel) : m_conninfo(std::move(conninfo)), m_cancel(std::move(cancel))
    {
    }

    Result<> open();
    Error explained(const Error &reported, const QString &where) const;
    Result<PostgresTable> table(const QString &schema, const QString &name);
    PostgresConnection &connection() { return *m_connection; }

private:
    QString m_conninfo;
    CancelToken m_cancel;
    std::optional<PostgresConnection> m_connection;
};

Error PostgresReading::explained(const Error &reported, const QString &where) const
{
    if (m_cancel.isCancelled())
        return {ErrorCode::Cancelled, PostgresStoreText::tr("Reading from PostgreSQL was stopped."), {}};
    const QByteArray state = m_connection ? m_connection->serverError().state : QByteArray();
    if (state == "42501") // insufficient_privilege
        return {ErrorCode::InvalidInput,
                PostgresStoreText::tr("%1 Let the server's administrator GRANT the right to read it.")
                    .arg(reported.message),
                where};
    return {reported.code, reported.message, where};
}

Result<> PostgresReading::open()
{
    if (m_connection)
        return {};
    auto opened = PostgresConnection::open(m_conninfo, m_cancel, lookLimit);
    if (!opened) {
        const Error &error = opened.error();
        if (m_cancel.isCancelled())
            return explained(error, {});
        const QString property = propertyOf(error.where);
        const QString place = bindingProperty + (property.isEmpty() ? QStringLiteral("host") : property);
        return Error{error.code, QString(error.message + u' ' + adviceFor(property)).trimmed(), place};
    }
    m_connection = std::move(*opened);
    auto readOnly = m_connection->script("SET default_transaction_read_only = on; SET extra_float_digits = 1");
    if (!readOnly)
        return explained(readOnly.error(), bindingProperty + QStringLiteral("host"));
    return {};
}

Result<PostgresTable> PostgresReading::table(const QString &schema, const QString &name)
{
    if (const Result<> opened = open(); !opened)
        return opened.error();
    const QString where = datasetProperty + QStringLiteral("table");
    auto found = describePostgresTable(*m_connection, schema, name);
    if (!found) // NotFound names the schema when that is what is missing
        return explained(found.error(), where);
    static const QStringList readable{
        QStringLiteral("r"), QStringLiteral("p"), QStringLiteral("f"), QStringLiteral("v"), QStringLiteral("m")};
    if (!readable.contains(found->kind))
        return Error{ErrorCode::Unsupported,
                     PostgresStoreText::tr("“%1.%2” is no table and no view.").arg(found->schema, name),
                     where};
    return found;
}

PostgresStore::PostgresStore(QString connection, CancelToken cancel)
    : m_reading(std::make_unique<PostgresReading>(std::move(connection), std::move(cancel)))
{
}

PostgresStore::~PostgresStore() = default;

Result<QString> PostgresStore::test()
{
    if (const Result<> opened = m_reading->open(); !opened)
        return opened.error();
    const auto rows = m_reading->connection().query(
        "SELECT current_setting('server_version'), count(c.oid), current_user FROM pg_namespace n LEFT JOIN pg_class "
        "c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND c.relname NOT LIKE "
        "'\\_slipway\\_%' WHERE "
        + schemaList().toUtf8());
    if (!rows)
        return m_reading->explained(rows.error(), bindingProperty + QStringLiteral("database"));
    // "15.6 (Debian 15.6-0+deb12u1)"
    const QString version = rows->text(0, 0).section(u' ', 0, 0);
    return PostgresStoreText::tr("PostgreSQL %1, %2, as user %3")
        .arg(version, PostgresStoreText::tr("%n table(s)", nullptr, int(rows->integer(0, 1))), rows->text(0, 2));
}

Result<StoreListing> PostgresStore::browse(const QString &path)
{
    if (const Result<> opened = m_reading->open(); !opened)
        return opened.error();
    const QString where = QStringLiteral("path");
    const QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    if (parts.size() > 1) {
        const auto table = m_reading->table(decodedName(parts.first()), decodedName(parts.at(1)));
        if (!table)
            return Error{table.error().code, table.error().message, where};
        return StoreListing{};
    }
    const QString schema = parts.isEmpty() ? QString() : decodedName(parts.first());
    PostgresConnection &connection = m_reading->connection();
    const auto schemas =
        connection.query("SELECT nspname FROM pg_namespace WHERE " + schemaList().toUtf8() + " ORDER BY 1");
    if (!schemas)
        return m_reading->explained(schemas.error(), where);
    StoreListing listing;
    if (parts.isEmpty()) {
        for (int i = 0; i < std::min(schemas->count(), maximumEntries); ++i)
            listing.entries.append({schemas->text(i, 0),
                                    encodedName(schemas->text(i, 0)),
                                    StoreEntry::Kind::Schema,
                                    std::nullopt,
                                    std::nullopt});
        listing.truncated = schemas->count() > maximumEntries;
        return listing;
    }
    QStringList names;
    for (int i = 0; i < schemas->count(); ++i)
        names.append(schemas->text(i, 0));
    if (!names.contains(schema))
        return Error{ErrorCode::NotFound,
                     PostgresStoreText::tr("There is no schema “%1” in the PostgreSQL database. %2")
                         .arg(schema, suggestName(schema, names)),
                     where};
    const auto tables = connection.query(
        "SELECT c.relname, c.relkind IN ('v', 'm') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition AND c.relname NOT "
        "LIKE '\\_slipway\\_%' ORDER BY 2, lower(c.relname), 1 LIMIT "
            + QByteArray::number(maximumEntries + 1),
        {schema});
    if (!tables)
        return m_reading->explained(tables.error(), where);
    for (int i = 0; i < std::min(tables->count(), maximumEntries); ++i)
        listing.entries.append({tables->text(i, 0),
                                QString(parts.first() + u'/' + encodedName(tables->text(i, 0))),
                                tables->isTrue(i, 1) ? StoreEntry::Kind::View : StoreEntry::Kind::Table,
                                std::nullopt,
                                std::nullopt});
    listing.truncated = tables->count() > maximumEntries;
    return listing;
}

PostgresRows::PostgresRows(QString connection, QString schema, QString table, CancelToken cancel)
    : m_schema(std::move(schema))
    , m_table(std::move(table))
    , m_reading(std::make_unique<PostgresReading>(std::move(connection), std::move(cancel)))
{
}

PostgresRows::~PostgresRows() = default;

Result<QList<StoreColumn>> PostgresRows::schema()
{
    const auto table = m_reading->table(m_schema, m_table);
    if (!table)
        return table.error();
    return described(*table);
}

Result<StorePreview> PostgresRows::preview(int rows)
{
    const auto table = m_reading->table(m_schema, m_table);
    if (!table)
        return table.error();
    const QString where = datasetProperty + QStringLiteral("table");
    // As text, and a long value cut by the server: whole it need not travel.
    QStringList fields;
    for (const PostgresColumn &column : table->columns)
        fields.append(QStringLiteral("left(%1::text, %2)")
                          .arg(quoteIdentifier(column.column.name), QString::number(PreviewText::longestValue + 1)));
    const QString cursor = QStringLiteral("DECLARE preview NO SCROLL CURSOR FOR SELECT %1 FROM %2 LIMIT %3")
                               .arg(fields.join(QStringLiteral(", ")), table->qualified(), QString::number(rows + 1));
    PostgresConnection &connection = m_reading->connection();
    for (const QByteArray &statement : {QByteArray("BEGIN READ ONLY"), cursor.toUtf8()}) {
        if (const auto begun = connection.query(statement); !begun)
            return m_reading->explained(begun.error(), where);
    }
    StorePreview preview;
    preview.columns = described(*table);
    PreviewText text(preview);
    qint64 atOnce = firstRowsAtOnce;
    while (true) {
        const auto fetched = connection.query("FETCH FORWARD " + QByteArray::number(atOnce) + " FROM preview");
        if (!fetched)
            return m_reading->explained(fetched.error(), where);
        if (fetched->count() == 0)
            return preview;
        qint64 longest = 1;
        for (int row = 0; row < fetched->count(); ++row) {
            if (preview.rows.size() == rows || text.isFull()) {
                preview.more = true;
                return preview;
            }
            text.beginRow(preview.rows.size() + 1);
            qint64 characters = 0;
            for (int column = 0; column < fields.size(); ++column) {
                const QString value = fetched->text(row, column);
                characters += value.size();
                if (value.isNull())
                    text.addNull();
                else
                    text.add(value);
            }
            longest = std::max(longest, characters);
        }
        atOnce = std::clamp<qint64>(charactersAtOnce / longest, 1, mostRowsAtOnce);
    }
}

} // namespace engine
