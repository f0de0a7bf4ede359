#include "engine/connectors/sqlite/SqliteStore.h"

#include "engine/connectors/NearNames.h"
#include "engine/connectors/sqlite/SqliteColumn.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <sqlite3.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct SqliteStoreText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqliteStore)
};

constexpr std::chrono::milliseconds lockLimit{3000};
constexpr int lockPollMilliseconds = 10;
constexpr int operationsBetweenPolls = 20000; // of SQLite's virtual machine: well below a millisecond

QList<StoreColumn> described(const SqliteTable &table)
{
    QList<StoreColumn> columns;
    for (const SqliteColumn &column : table.columns)
        columns.append({column.column.name,
                        toString(column.column.type),
                        column.column.physicalType,
                        column.column.nullable && !column.isRowId});
    return columns;
}

void addValue(PreviewText &text, const Statement &row, int column)
{
    const auto viewOf = [](QByteArrayView bytes) { return std::string_view(bytes.data(), size_t(bytes.size())); };
    switch (row.type(column)) {
    case Statement::Type::Null:
        return text.addNull();
    case Statement::Type::Real:
        return text.add(QString::number(row.real(column), 'g', QLocale::FloatingPointShortest));
    case Statement::Type::Blob:
        return text.addBytes(viewOf(row.blob(column)));
    case Statement::Type::Integer:
    case Statement::Type::Text:
        return text.addUtf8(viewOf(row.utf8(column)));
    }
}

} // namespace

// One connection that only reads, and what its failures mean to a person.
class SqliteReading
{
public:
    SqliteReading(QString file, CancelToken cancel) : m_file(std::move(file)), m_cancel(std::move(cancel)) { }
    Q_DISABLE_COPY_MOVE(SqliteReading)

    Result<> open();
    Error explained(const Error &reported, const QString &where) const;
    Result<SqliteTable> table(const QString &name);
    Database &database() { return *m_database; }
    const QString &file() const { return m_file; }

private:
    static int waitForLock(void *reading, int attempt)
    {
        const auto *self = static_cast<SqliteReading *>(reading);
        if (self->m_cancel.isCancelled() || std::chrono::milliseconds(attempt) * lockPollMilliseconds >= lockLimit)
            return 0;
        sqlite3_sleep(lockPollMilliseconds);
        return 1;
    }
    static int isStopped(void *reading) { return static_cast<SqliteReading *>(reading)->m_cancel.isCancelled(); }

    QString m_file;
    CancelToken m_cancel;
    std::optional<Database> m_database;
};

Error SqliteReading::explained(const Error &reported, const QString &where) const
{
    const SqliteCode code = m_database ? m_database->lastCode() : SqliteCode{};
    if (m_cancel.isCancelled())
        return {ErrorCode::Cancelled, SqliteStoreText::tr("Reading %1 was stopped.").arg(m_file), {}};
    if (code.isBusy())
        return {
            ErrorCode::Conflict,
            SqliteStoreText::tr("Another program keeps the database %1 locked; try again when it is done.").arg(m_file),
            where};
    if (code.primary() == SQLITE_NOTADB)
        return {ErrorCode::InvalidInput, SqliteStoreText::tr("The file %1 is no SQLite database.").arg(m_file), where};
    if (code.isCorrupt())
        return {ErrorCode::Io, SqliteStoreText::tr("The database %1 is damaged.").arg(m_file), where};
    if (code.primary() == SQLITE_CANTOPEN)
        return {ErrorCode::Io,
                SqliteStoreText::tr("The database %1 cannot be opened: are you allowed to read it, and to write into "
                                    "its folder?")
                    .arg(m_file),
                where};
    return {reported.code, reported.message, where};
}

Result<> SqliteReading::open()
{
    if (m_database)
        return {};
    const QString where = bindingProperty + QStringLiteral("file");
    const QFileInfo info(m_file);
    if (!info.exists())
        return missingPath(m_file, where);
    if (info.isDir())
        return Error{ErrorCode::InvalidInput,
                     SqliteStoreText::tr("%1 is a folder: name the database file in it.").arg(m_file),
                     where};
    if (!info.isFile())
        return Error{ErrorCode::InvalidInput, SqliteStoreText::tr("%1 is no file.").arg(m_file), where};
    if (!info.isReadable())
        return Error{ErrorCode::Io,
                     SqliteStoreText::tr("The file %1 cannot be read: give yourself the permission.").arg(m_file),
                     where};
    // A database in WAL mode needs its two files beside it, also for reading: with ReadWrite SQLite takes them away
    // again, and it reads only when that is all the file permits.
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadWrite;
    auto opened = Database::open(m_file, options);
    if (!opened)
        return explained(opened.error(), where);
    m_database = std::move(*opened);
    sqlite3_busy_handler(m_database->handle(), &SqliteReading::waitForLock, this);
    sqlite3_progress_handler(m_database->handle(), operationsBetweenPolls, &SqliteReading::isStopped, this);
    Result<> usable = m_database->exec("PRAGMA query_only=1; PRAGMA schema_version");
    if (!usable) {
        const Error error = explained(usable.error(), where);
        m_database.reset();
        return error;
    }
    return {};
}

Result<SqliteTable> SqliteReading::table(const QString &name)
{
    if (const Result<> opened = open(); !opened)
        return opened.error();
    m_database->forgetCode();
    auto found = describeSqliteTable(*m_database, QStringLiteral("main"), name);
    if (!found)
        return explained(found.error(), datasetProperty + QStringLiteral("table"));
    return found;
}

SqliteStore::SqliteStore(QString file, CancelToken cancel)
    : m_reading(std::make_unique<SqliteReading>(std::move(file), std::move(cancel)))
{
}

SqliteStore::~SqliteStore() = default;

Result<QString> SqliteStore::test()
{
    if (const Result<> opened = m_reading->open(); !opened)
        return opened.error();
    Database &database = m_reading->database();
    const QString where = bindingProperty + QStringLiteral("file");
    const auto tables = database.integer("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type IN "
                                         "('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name "
                                         "NOT LIKE '\\_slipway\\_%' ESCAPE '\\'");
    if (!tables)
        return m_reading->explained(tables.error(), where);
    const auto journal = database.text("PRAGMA journal_mode");
    if (!journal)
        return m_reading->explained(journal.error(), where);
    QStringList parts{QStringLiteral("SQLite ") + QString::fromLatin1(sqlite3_libversion()),
                      SqliteStoreText::tr("%n table(s)", nullptr, int(tables->value_or(0))),
                      journal->value_or(QString()) == u"wal" ? QStringLiteral("WAL")
                                                             : SqliteStoreText::tr("rollback journal")};
    if (sqlite3_db_readonly(database.handle(), "main") == 1)
        parts.append(SqliteStoreText::tr("read-only"));
    return parts.join(QStringLiteral(", "));
}

Result<StoreListing> SqliteStore::browse(const QString &path)
{
    if (const Result<> opened = m_reading->open(); !opened)
        return opened.error();
    const QString where = QStringLiteral("path");
    if (!path.isEmpty()) {
        auto table = m_reading->table(path);
        if (!table)
            return Error{table.error().code, table.error().message, where};
        return StoreListing{};
    }
    auto tables = m_reading->database().prepare(
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual', 'view') AND "
        "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_slipway\\_%' ESCAPE '\\' "
        "ORDER BY type = 'view', name COLLATE NOCASE");
    if (!tables)
        return m_reading->explained(tables.error(), where);
    StoreListing listing;
    while (true) {
        const auto row = tables->step();
        if (!row)
            return m_reading->explained(row.error(), where);
        if (!*row)
            return listing;
        if (listing.entries.size() == maximumEntries) {
            listing.truncated = true;
            return listing;
        }
        StoreEntry entry;
        entry.name = tables->text(0);
        entry.path = entry.name;
        entry.kind = tables->text(1) == u"view" ? StoreEntry::Kind::View : StoreEntry::Kind::Table;
        listing.entries.append(entry);
    }
}

SqliteRows::SqliteRows(QString file, QString table, CancelToken cancel)
    : m_table(std::move(table))
    , m_reading(std::make_unique<SqliteReading>(std::move(file), std::move(cancel)))
{
}

SqliteRows::~SqliteRows() = default;

Result<QList<StoreColumn>> SqliteRows::schema()
{
    const auto table = m_reading->table(m_table);
    if (!table)
        return table.error();
    return described(*table);
}

Result<StorePreview> SqliteRows::preview(int rows)
{
    const auto table = m_reading->table(m_table);
    if (!table)
        return table.error();
    const QString where = datasetProperty + QStringLiteral("table");
    QStringList names;
    for (const SqliteColumn &column : table->columns)
        names.append(quoteIdentifier(column.column.name));
    const QString sql = QStringLiteral("SELECT %1 FROM %2 LIMIT %3")
                            .arg(names.join(QStringLiteral(", ")),
                                 qualifiedName(QStringLiteral("main"), table->name),
                                 QString::number(rows + 1));
    auto statement = m_reading->database().prepare(sql.toUtf8());
    if (!statement)
        return m_reading->explained(statement.error(), where);
    StorePreview preview;
    preview.columns = described(*table);
    PreviewText text(preview);
    while (true) {
        const auto row = statement->step();
        if (!row)
            return m_reading->explained(row.error(), where);
        if (!*row)
            return preview;
        if (preview.rows.size() == rows || text.isFull()) {
            preview.more = true;
            return preview;
        }
        text.beginRow(preview.rows.size() + 1);
        for (int column = 0; column < names.size(); ++column)
            addValue(text, *statement, column);
    }
}

} // namespace engine
