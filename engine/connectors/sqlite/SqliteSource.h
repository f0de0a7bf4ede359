#pragma once

#include "engine/connectors/Source.h"
#include "engine/data/ValueConversion.h"
#include "engine/sqlite/Database.h"

#include <array>
#include <atomic>
#include <chrono>
#include <optional>

struct sqlite3_context;
struct sqlite3_value;

namespace engine {

// The rows of a table or a query of a SQLite file, as they were at one moment: in one read transaction, which ends with
// the last row. Statements that change something, and ATTACH, are refused. Memory does not grow with the rows.
//
// In SQLite each value has a type of its own, whatever its column was declared: it is converted from that one (Int64,
// Double, String, Byte[]) to the one asked for, or is a RowProblem. A text in a column of bytes is not taken for
// base64, and a text that is not UTF-8 is refused. The columns of open() have the types they were declared with.
class SqliteSource final : public Source
{
public:
    struct Origin
    {
        QString file; // absolute
        QString schema; // as written ("dbo"), a name of the main database
        QString table; // or
        QString query; // one statement
        std::chrono::milliseconds queryTimeout{0}; // spent reading, not waiting for the sink; 0 = none
        std::chrono::milliseconds busyTimeout{15000}; // how long to wait for other programs' locks
    };

    explicit SqliteSource(Origin origin, CancelToken cancel = {});
    ~SqliteSource() override;
    Q_DISABLE_COPY_MOVE(SqliteSource)

    Result<QList<SourceColumn>> open() override;
    Result<> project(const QList<ProjectedColumn> &columns) override;
    std::variant<bool, ReadError> read(RowBatch &batch) override;
    qint64 bytesRead() const override { return m_bytesRead.load(std::memory_order_relaxed); }
    qint64 size() const override { return 0; }
    Json fingerprint() const override;
    Result<> verifyUnchanged() const override { return {}; }
    void stop() override { m_stop.cancel(); }
    QString failureName() const override { return m_failureName; }
    bool isTransient() const override { return m_isTransient; }

private:
    // What SQLite keeps a value as; each has a way to the type that is asked for, or none.
    enum Stored { Integer, Real, Text, Blob, StoredCount };
    struct Field
    {
        int index = 0; // in the statement
        QString name;
        std::array<std::optional<ValueConverter>, StoredCount> ways;
        std::optional<ValueConverter> declared; // of a text: into the type that the column is declared as, …
        std::optional<ValueConverter> fromDeclared; // … and from there to what is asked for
        std::array<bool, StoredCount> isSame{}; // the way changes nothing
    };

    // What all rows need of a field.
    struct Cell
    {
        Column::Places to;
        std::array<bool, StoredCount> isSame; // Field's
    };

    Result<> connect();
    Result<> prepare(const QString &sql);
    bool hasRoom() const;
    void take(sqlite3_value *const *values);
    static void takeNext(sqlite3_context *context, int, sqlite3_value **values);
    std::optional<RowProblem> takeRow();
    std::optional<RowProblem::Fields> rowFields();
    bool takeSame(const Cell &cell, sqlite3_value *value, size_t row, Arena &arena, qint64 &size) const;
    std::optional<RowProblem> takeValue(size_t number, Column &column, int row, Arena &arena);
    Result<> makeDeclared(Field &field, InterimType type, const ProjectedColumn &column) const;
    bool takeDeclared(const Field &field, const Column &text, Column &column, int row, Arena &arena);
    void startClock();
    Error failure(const Error &reported);
    void close();

    static int waitForLock(void *source, int attempt);
    static int isStopped(void *source);
    static int authorize(void *source, int action, const char *, const char *, const char *, const char *);

    Origin m_origin;
    CancelToken m_cancel;
    CancelToken m_stop;
    std::optional<Database> m_database;
    std::optional<Statement> m_statement; // gone before the database
    QString m_table; // as the database spells it
    bool m_isView = false; // or another thing that is not simply walked through
    bool m_isTaken = false; // the statement's condition takes the rows: takeNext()
    QList<SourceColumn> m_columns;
    QList<ProjectedColumn> m_projection;
    std::vector<Field> m_fields; // one per projected column
    RowBatch *m_batch = nullptr; // that is being read, and
    std::vector<Cell> m_cells; // its row: one per field
    sqlite3_value *const *m_values = nullptr; // of this row, one per field; SQLite's
    std::array<Column, StoredCount> m_value; // of one row: what SQLite gave
    Column m_declared; // of one row: the date in a text
    std::optional<ReadError> m_pending; // after the rows before it
    qint64 m_row = 0;
    qint64 m_batchBytes = 0;
    std::atomic<qint64> m_bytesRead{0};
    std::chrono::steady_clock::duration m_timeLeft{};
    std::optional<std::chrono::steady_clock::time_point> m_deadline;
    bool m_isLate = false;
    bool m_wantedOtherFile = false;
    QString m_failureName;
    bool m_isTransient = false;
};

} // namespace engine
