#include "engine/connectors/sqlite/SqliteRowLoad.h"

#include "engine/connectors/RowRefusals.h"
#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>

#include <sqlite3.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct SqliteRowLoadText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SqliteRowLoad)
};

constexpr char keysTable[] = "temp._slipway_keys";

// A type of that affinity: values are then compared as the table's column compares them.
QByteArray typeOf(SqliteAffinity affinity)
{
    switch (affinity) {
    case SqliteAffinity::Text:
        return "TEXT";
    case SqliteAffinity::Numeric:
        return "NUMERIC";
    case SqliteAffinity::Integer:
        return "INTEGER";
    case SqliteAffinity::Real:
        return "REAL";
    case SqliteAffinity::None:
        break;
    }
    return "BLOB";
}

// The columns of a unique index; nothing when it is on an expression.
Result<std::optional<TableKey>> readIndex(Database &database, const QString &index)
{
    auto columns = database.prepare("SELECT name, coll FROM pragma_index_xinfo(?1, 'main') WHERE key ORDER BY seqno");
    if (!columns)
        return columns.error();
    columns->bind(1, index);
    TableKey key;
    while (true) {
        const auto row = columns->step();
        if (!row)
            return row.error();
        if (!*row)
            return std::optional(key);
        if (columns->isNull(0))
            return std::optional<TableKey>();
        key.columns += columns->text(0);
        key.collations += columns->text(1);
    }
}

} // namespace

Result<QList<TableKey>> readSqliteKeys(Database &database, const QString &table)
{
    QList<TableKey> keys;
    auto primary = database.prepare("SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE pk > 0 ORDER BY pk");
    if (!primary)
        return primary.error();
    primary->bind(1, table);
    TableKey rowId{{}, {}, true};
    while (true) {
        const auto row = primary->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        rowId.columns += primary->text(0);
        rowId.collations += QStringLiteral("BINARY");
    }
    auto indexes = database.prepare(
        "SELECT name, origin FROM pragma_index_list(?1, 'main') WHERE \"unique\" AND NOT partial ORDER BY seq");
    if (!indexes)
        return indexes.error();
    indexes->bind(1, table);
    bool hasPrimaryIndex = false;
    while (true) {
        const auto row = indexes->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        auto key = readIndex(database, indexes->text(0));
        if (!key)
            return key.error();
        if (!*key)
            continue;
        (*key)->isPrimary = indexes->text(1) == u"pk";
        hasPrimaryIndex |= (*key)->isPrimary;
        keys += **key;
    }
    if (!hasPrimaryIndex && !rowId.columns.isEmpty()) // INTEGER PRIMARY KEY: the table itself is the index
        keys.prepend(rowId);
    return keys;
}

QStringList constrainedColumns(const QString &message, const QList<SqliteColumn> &columns)
{
    QStringList named;
    const qsizetype colon = message.indexOf(u": ");
    if (colon >= 0
        && (message.startsWith(u"UNIQUE") || message.startsWith(u"NOT NULL") || message.startsWith(u"cannot store"))) {
        const QStringList parts = message.mid(colon + 2).split(QStringLiteral(", "));
        for (const QString &part : parts)
            named += part.mid(part.indexOf(u'.') + 1);
    }
    if (!message.startsWith(u"CHECK")) // names a column when the constraint has no name of its own
        return named;
    const QList<SqlToken> words = tokenizeSql(message, SqlDialect::Sqlite);
    for (const SqlToken &word : words) {
        for (const SqliteColumn &column : columns) {
            if (named.isEmpty() && word.text.compare(column.column.name, Qt::CaseInsensitive) == 0)
                named += column.column.name;
        }
    }
    return named;
}

SqliteRowLoad::SqliteRowLoad(Database &database, Into into, const CancelToken &cancel)
    : m_database(database)
    , m_into(std::move(into))
    , m_cancel(cancel)
{
    for (const SqliteColumn &column : std::as_const(m_into.columns))
        m_encoders.emplace_back(column);
}

int SqliteRowLoad::indexOf(const QString &column) const
{
    for (size_t i = 0; i < m_encoders.size(); ++i) {
        if (m_encoders[i].target().column.name.compare(column, Qt::CaseInsensitive) == 0)
            return int(i);
    }
    return -1;
}

Result<> SqliteRowLoad::prepare()
{
    QByteArray names;
    QByteArray values;
    QByteArray updates; // of what is no key
    for (qsizetype i = 0; i < m_into.columns.size(); ++i) {
        const QString &column = m_into.columns.at(i).column.name;
        const QByteArray name = quoteIdentifier(column).toUtf8();
        names += (i ? ", " : "") + name;
        values += (i ? ", ?" : "?") + QByteArray::number(i + 1);
        if (m_into.key && !m_into.key->columns.contains(column, Qt::CaseInsensitive))
            updates += (updates.isEmpty() ? "" : ", ") + name + " = excluded." + name;
    }
    // OR ABORT: a row is refused alone, whatever conflict clause the table's constraints have.
    QByteArray sql = "INSERT OR ABORT INTO main." + quoteIdentifier(m_into.table).toUtf8() + " (" + names + ") VALUES ("
        + values + ')';
    if (m_into.key) {
        QByteArray target;
        QByteArray definitions;
        QByteArray places;
        for (qsizetype i = 0; i < m_into.key->columns.size(); ++i) {
            const QByteArray name = quoteIdentifier(m_into.key->columns.at(i)).toUtf8();
            const QByteArray collation = " COLLATE " + quoteIdentifier(m_into.key->collations.at(i)).toUtf8();
            const auto column = size_t(indexOf(m_into.key->columns.at(i)));
            m_keyColumns.push_back(column);
            target += (i ? ", " : "") + name + collation;
            const QByteArray type = typeOf(m_into.columns.at(qsizetype(column)).affinity);
            definitions += (i ? ", k" : "k") + QByteArray::number(i) + ' ' + type + collation;
            places += (i ? ", k" : "k") + QByteArray::number(i);
            if (updates.isEmpty() && i + 1 == m_into.key->columns.size())
                updates = name + " = excluded." + name; // there is nothing else to replace
        }
        sql += " ON CONFLICT (" + target + ") DO UPDATE SET " + updates;
        if (auto made = m_database.exec(QByteArray("CREATE TABLE ") + keysTable + " (" + definitions + ", UNIQUE ("
                                        + places + "))");
            !made)
            return made;
        QByteArray parameters;
        for (size_t i = 0; i < m_keyColumns.size(); ++i)
            parameters += (i ? ", ?" : "?") + QByteArray::number(qulonglong(i + 1));
        auto enter =
            m_database.prepare(QByteArray("INSERT OR ABORT INTO ") + keysTable + " VALUES (" + parameters + ')', true);
        if (!enter)
            return enter.error();
        m_enterKey = *std::move(enter);
        auto leave = m_database.prepare(QByteArray("DELETE FROM ") + keysTable + " WHERE rowid = ?1", true);
        if (!leave)
            return leave.error();
        m_leaveKey = *std::move(leave);
    }
    auto insert = m_database.prepare(sql, true);
    if (!insert)
        return insert.error();
    m_insert = *std::move(insert);
    return {};
}

Result<LoadResult> SqliteRowLoad::run(BatchStream &rows)
{
    if (auto prepared = prepare(); !prepared)
        return prepared.error();
    const auto stop = [this](Error error) {
        m_streamError = std::move(error);
        return *m_streamError;
    };
    while (true) {
        if (m_cancel.isCancelled())
            return stop({ErrorCode::Cancelled, {}, {}});
        const auto next = rows.next();
        if (!next)
            return stop(next.error());
        if (!*next)
            return m_result;
        const RowBatch &batch = **next;
        const std::map<int, RowProblem> refusals = refusalsIn(m_encoders, batch);
        auto refusal = refusals.cbegin();
        for (int row = 0; row < batch.rows; ++row) {
            Result<> done;
            if (refusal != refusals.cend() && refusal->first == row)
                done = reject((refusal++)->second);
            else
                done = insertRow(batch, row);
            if (!done)
                return done.error();
        }
        for (const SqliteEncoder &encoder : m_encoders)
            m_result.bytesWritten += encoder.byteCount();
    }
}

Result<> SqliteRowLoad::reject(const RowProblem &problem)
{
    if (!m_into.rejecter) {
        m_rowProblem = problem;
        return Error{ErrorCode::InvalidInput, problem.message, {}};
    }
    Result<> kept = m_into.rejecter->reject(problem);
    if (!kept)
        m_streamError = kept.error();
    return kept;
}

Result<> SqliteRowLoad::insertRow(const RowBatch &batch, int row)
{
    if (m_enterKey) {
        for (size_t i = 0; i < m_keyColumns.size(); ++i)
            m_encoders[m_keyColumns[i]].bind(m_enterKey->handle(), int(i + 1), row);
        if (const auto entered = m_enterKey->run(); !entered) {
            if (!m_database.lastCode().isConstraint())
                return entered;
            RowProblem problem = problemAt(batch, row);
            problem.code = QStringLiteral("UserErrorSinkConstraint");
            problem.column = m_into.key->columns.join(QStringLiteral(", "));
            QStringList values;
            for (const size_t column : m_keyColumns)
                values += displayedValue(batch.columns[column], row);
            problem.value = values.join(QStringLiteral(", ")).left(200);
            problem.message = SqliteRowLoadText::tr("Row %1 has the key %2 = (%3) of a row before it: of rows with one "
                                                    "key the first is written.")
                                  .arg(problem.row)
                                  .arg(problem.column, problem.value);
            return reject(problem);
        }
    }
    const qint64 key = m_enterKey ? m_database.lastInsertId() : 0;
    for (size_t i = 0; i < m_encoders.size(); ++i)
        m_encoders[i].bind(m_insert->handle(), int(i + 1), row);
    const auto inserted = m_insert->run();
    if (inserted) {
        if (m_database.changes() == 1) {
            ++m_result.rowsWritten;
            return {};
        }
        m_rowProblem = problemAt(batch, row);
        m_rowProblem->code = QStringLiteral("UserErrorSinkConstraint");
        m_rowProblem->message =
            SqliteRowLoadText::tr("The table “%1” did not take row %2: a trigger of it drops rows silently.")
                .arg(m_into.table)
                .arg(m_rowProblem->row);
        return Error{ErrorCode::InvalidInput, m_rowProblem->message, {}};
    }
    const SqliteCode code = m_database.lastCode();
    if (!code.isConstraint() && code.primary() != SQLITE_MISMATCH)
        return inserted;
    const bool canGoOn = code.extended != SQLITE_CONSTRAINT_TRIGGER && m_database.inTransaction();
    const Result<> refused = refuse(batch, row, canGoOn);
    if (refused && m_leaveKey) {
        m_leaveKey->bind(1, key);
        return m_leaveKey->run();
    }
    return refused;
}

// A trigger may have done something before it refused, so that only a rollback of all is clean.
Result<> SqliteRowLoad::refuse(const RowBatch &batch, int row, bool canGoOn)
{
    const QString said = QString::fromUtf8(sqlite3_errmsg(m_database.handle()));
    RowProblem problem = problemAt(batch, row);
    problem.code = QStringLiteral("UserErrorSinkConstraint");
    const QStringList columns = constrainedColumns(said, m_into.columns);
    QStringList values;
    for (const QString &column : columns) {
        if (const int index = indexOf(column); index >= 0)
            values += displayedValue(batch.columns[size_t(index)], row);
    }
    problem.column = columns.join(QStringLiteral(", "));
    problem.value = values.join(QStringLiteral(", ")).left(200);
    problem.message =
        SqliteRowLoadText::tr("The table “%1” refuses row %2: %3.").arg(m_into.table).arg(problem.row).arg(said);
    if (!problem.value.isEmpty())
        problem.message += u' ' + SqliteRowLoadText::tr("The value is “%1”.").arg(problem.value);
    if (canGoOn)
        return reject(problem);
    m_rowProblem = problem;
    return Error{ErrorCode::InvalidInput, problem.message, {}};
}

} // namespace engine
