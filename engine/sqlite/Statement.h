#pragma once

#include "engine/base/Result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <concepts>
#include <memory>
#include <optional>

struct sqlite3;
struct sqlite3_stmt;

namespace engine {

struct SqliteConnection;

// SQLite's extended result code, and what it means for the caller.
struct SqliteCode
{
    int extended = 0; // 0 = no failure

    int primary() const { return extended & 0xff; }
    bool isBusy() const; // BUSY, LOCKED: trying again later can help
    bool isFull() const; // no room, or a limit of the file's size
    bool isReadOnly() const; // READONLY, PERM, or the file cannot be opened for writing
    bool isCorrupt() const; // CORRUPT, NOTADB
    bool isConstraint() const;
    bool isInterrupted() const;
    bool isIo() const; // the device failed
    bool operator==(const SqliteCode &) const = default;
};

// A prepared statement. Move-only. Binding never fails by itself: the first mistake is reported by the next step().
// Indexes of parameters start at 1, of columns at 0, as in SQLite.
class Statement
{
public:
    Statement(Statement &&) noexcept = default;
    Statement &operator=(Statement &&) noexcept = default;

    template <std::integral T> Statement &bind(int index, T value) { return bindInteger(index, qint64(value)); }
    Statement &bind(int index, double value);
    Statement &bind(int index, const QString &text); // a null QString is the empty text
    template <typename T> Statement &bind(int index, const std::optional<T> &value)
    {
        return value ? bind(index, *value) : bindNull(index);
    }
    Statement &bindText(int index, QByteArrayView utf8); // copied
    Statement &bindBorrowedText(int index, QByteArrayView utf8); // must live until the next step() is over
    Statement &bindBlob(int index, QByteArrayView bytes); // copied
    Statement &bindBorrowedBlob(int index, QByteArrayView bytes);
    Statement &bindNull(int index);
    int parameter(const char *name) const; // ":name" → its index, 0 = none such

    Result<bool> step(); // true = there is a row
    Result<> run(); // steps to the end and resets, ready for the next binding
    void reset(); // keeps the bindings
    void clearBindings();

    enum class Type { Integer, Real, Text, Blob, Null };
    int columnCount() const;
    QString columnName(int column) const;
    QString declaredType(int column) const; // of a table's column, as in CREATE TABLE; may be empty
    Type type(int column) const; // of the value in this row
    bool isNull(int column) const { return type(column) == Type::Null; }
    qint64 integer(int column) const;
    double real(int column) const;
    QString text(int column) const;
    QByteArrayView utf8(int column) const; // valid until the next step() or reset()
    QByteArrayView blob(int column) const; // valid until the next step() or reset()
    bool isReadOnly() const; // changes nothing in the database
    qsizetype tail() const { return m_tail; } // where the statement ended in the text it was prepared from

    sqlite3_stmt *handle() const { return m_statement.get(); }

private:
    friend class Database;
    struct Finalize
    {
        void operator()(sqlite3_stmt *statement) const;
    };

    Statement(std::shared_ptr<SqliteConnection> connection, sqlite3_stmt *statement, qsizetype tail);
    Statement &bindInteger(int index, qint64 value);
    void note(int code);

    std::shared_ptr<SqliteConnection> m_connection;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement; // finalized before the connection goes
    qsizetype m_tail = 0;
    int m_bindCode = 0;
};

} // namespace engine
