#include "engine/sqlite/Statement.h"

#include "engine/sqlite/Connection_p.h"

namespace engine {

bool SqliteCode::isBusy() const { return primary() == SQLITE_BUSY || primary() == SQLITE_LOCKED; }

bool SqliteCode::isFull() const { return primary() == SQLITE_FULL; }

bool SqliteCode::isReadOnly() const
{
    return primary() == SQLITE_READONLY || primary() == SQLITE_PERM || primary() == SQLITE_CANTOPEN;
}

bool SqliteCode::isCorrupt() const { return primary() == SQLITE_CORRUPT || primary() == SQLITE_NOTADB; }

bool SqliteCode::isConstraint() const { return primary() == SQLITE_CONSTRAINT; }

bool SqliteCode::isInterrupted() const { return primary() == SQLITE_INTERRUPT; }

bool SqliteCode::isIo() const { return primary() == SQLITE_IOERR; }

void Statement::Finalize::operator()(sqlite3_stmt *statement) const { sqlite3_finalize(statement); }

Statement::Statement(std::shared_ptr<SqliteConnection> connection, sqlite3_stmt *statement, qsizetype tail)
    : m_connection(std::move(connection))
    , m_statement(statement)
    , m_tail(tail)
{
}

void Statement::note(int code)
{
    if (code != SQLITE_OK && m_bindCode == SQLITE_OK)
        m_bindCode = code;
}

Statement &Statement::bindInteger(int index, qint64 value)
{
    note(sqlite3_bind_int64(handle(), index, value));
    return *this;
}

Statement &Statement::bind(int index, double value)
{
    note(sqlite3_bind_double(handle(), index, value));
    return *this;
}

Statement &Statement::bind(int index, const QString &text) { return bindText(index, text.toUtf8()); }

namespace {

// A null pointer would bind NULL.
const char *sqliteBytes(QByteArrayView bytes) { return bytes.data() ? bytes.data() : ""; }

// SQLITE_TRANSIENT hides an old-style cast of -1 to a function pointer.
const sqlite3_destructor_type copied = reinterpret_cast<sqlite3_destructor_type>(qintptr(-1));
const sqlite3_destructor_type borrowed = nullptr;

} // namespace

Statement &Statement::bindText(int index, QByteArrayView utf8)
{
    note(sqlite3_bind_text64(handle(), index, sqliteBytes(utf8), sqlite3_uint64(utf8.size()), copied, SQLITE_UTF8));
    return *this;
}

Statement &Statement::bindBorrowedText(int index, QByteArrayView utf8)
{
    note(sqlite3_bind_text64(handle(), index, sqliteBytes(utf8), sqlite3_uint64(utf8.size()), borrowed, SQLITE_UTF8));
    return *this;
}

Statement &Statement::bindBlob(int index, QByteArrayView bytes)
{
    note(sqlite3_bind_blob64(handle(), index, sqliteBytes(bytes), sqlite3_uint64(bytes.size()), copied));
    return *this;
}

Statement &Statement::bindBorrowedBlob(int index, QByteArrayView bytes)
{
    note(sqlite3_bind_blob64(handle(), index, sqliteBytes(bytes), sqlite3_uint64(bytes.size()), borrowed));
    return *this;
}

Statement &Statement::bindNull(int index)
{
    note(sqlite3_bind_null(handle(), index));
    return *this;
}

int Statement::parameter(const char *name) const { return sqlite3_bind_parameter_index(handle(), name); }

Result<bool> Statement::step()
{
    if (m_bindCode != SQLITE_OK) {
        const Error error = m_connection->failure(std::exchange(m_bindCode, SQLITE_OK));
        sqlite3_reset(handle());
        return error;
    }
    const int code = sqlite3_step(handle());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    const Error error = m_connection->failure(code);
    sqlite3_reset(handle());
    return error;
}

Result<> Statement::run()
{
    while (true) {
        const auto row = step();
        if (!row)
            return row.error();
        if (!*row)
            break;
    }
    reset();
    return {};
}

void Statement::reset() { sqlite3_reset(handle()); }

void Statement::clearBindings() { sqlite3_clear_bindings(handle()); }

int Statement::columnCount() const { return sqlite3_column_count(handle()); }

QString Statement::columnName(int column) const { return QString::fromUtf8(sqlite3_column_name(handle(), column)); }

QString Statement::declaredType(int column) const
{
    return QString::fromUtf8(sqlite3_column_decltype(handle(), column));
}

Statement::Type Statement::type(int column) const
{
    switch (sqlite3_column_type(handle(), column)) {
    case SQLITE_INTEGER:
        return Type::Integer;
    case SQLITE_FLOAT:
        return Type::Real;
    case SQLITE_TEXT:
        return Type::Text;
    case SQLITE_BLOB:
        return Type::Blob;
    default:
        return Type::Null;
    }
}

qint64 Statement::integer(int column) const { return sqlite3_column_int64(handle(), column); }

double Statement::real(int column) const { return sqlite3_column_double(handle(), column); }

QString Statement::text(int column) const { return QString::fromUtf8(utf8(column)); }

QByteArrayView Statement::utf8(int column) const
{
    // The order matters: the text first, then its length in that encoding.
    const unsigned char *text = sqlite3_column_text(handle(), column);
    return {text, sqlite3_column_bytes(handle(), column)};
}

QByteArrayView Statement::blob(int column) const
{
    const void *bytes = sqlite3_column_blob(handle(), column);
    return {static_cast<const char *>(bytes), sqlite3_column_bytes(handle(), column)};
}

bool Statement::isReadOnly() const { return sqlite3_stmt_readonly(handle()) != 0; }

} // namespace engine
