#pragma once

#include "engine/base/Result.h"
#include "engine/data/RowBatch.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace engine {

struct DuckFunction;
struct DuckTable;

// A column as DuckDB gives it, and as which interim type it is read: whole and real numbers, DECIMAL, BOOLEAN, VARCHAR,
// BLOB, UUID as what they are; HUGEINT as Decimal; DATE and every TIMESTAMP as DateTime, one WITH TIME ZONE as
// DateTimeOffset in UTC; TIME as TimeSpan; LIST, STRUCT, MAP, ARRAY and UNION as JSON text; the rest as text.
struct DuckColumn
{
    QString name;
    InterimType type = InterimType::String;
    QString spelled; // "DECIMAL(18,3)", "STRUCT"
    QString expression; // SQL that gives it as a value DuckRows can take: "\"a\"", "to_json(\"b\")::VARCHAR"
};

// Some rows of a result, columnar.
struct DuckBatch
{
    int rows = 0; // at most RowBatch::maximumRows
    std::vector<Column> columns; // texts and bytes point into `hold` and `arena`
    Arena arena;
    std::shared_ptr<const void> hold;

    // Values no interim type holds: a date after the year 9999, nanoseconds, an integer of 39 digits. Their slots are
    // NULL. By column, then by row.
    struct Refused
    {
        int column = 0;
        int row = 0;
        QString value;
        QString reason; // a clause: "it has fractions of 100 ns"
    };
    std::vector<Refused> refused;
};

// The rows of a query, as they come: memory does not grow with them. Goes before its session.
class DuckRows
{
public:
    ~DuckRows();
    Q_DISABLE_COPY_MOVE(DuckRows)

    // The next rows into `batch`, cleared first; false at the end.
    Result<bool> next(DuckBatch &batch);
    bool isResult() const; // false: the statement gives no rows, next() at most a count
    qint64 changed() const; // rows, of a statement that changes some; -1 = it does not

private:
    friend class DuckSession;
    struct State;
    explicit DuckRows(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

// A DuckDB in memory with one connection. It loads no extension, reaches no network and no folder, writes no file but
// those named: what its memory does not hold is an error. One thread at a time, but for interrupt(); calls block.
//
// Errors: InvalidInput (what is read is damaged, the statement is wrong), Io (also: the memory is used up), Cancelled.
class DuckSession
{
public:
    struct Options
    {
        QStringList files; // absolute paths; nothing else is opened
        qint64 memory = defaultMemory; // bytes
        int threads = 2;
        bool keepsOrder = true; // false: with one thread rows keep their order anyway, in less memory
        // For statements somebody writes: every file the process may open, and what the memory does not hold goes into
        // this folder. `files` does not count.
        std::optional<QString> workFolder = {};
        bool tellsPositions = false; // errorPosition() of what fails
    };
    static constexpr qint64 defaultMemory = qint64(64) * 1024 * 1024;

    static Result<std::unique_ptr<DuckSession>> open(const Options &options);
    ~DuckSession();
    Q_DISABLE_COPY_MOVE(DuckSession)

    Result<> run(const QString &sql);
    Result<QList<DuckColumn>> describe(const QString &sql); // the columns of a query, which is not run
    Result<std::unique_ptr<DuckRows>> query(const QString &sql);

    // What SQL may call from now on, until the session ends. Names are new ones. Errors: Internal.
    Result<> publish(DuckFunction function);
    Result<> publish(DuckTable table);

    // Where in the text of the last failed call the error is: bytes of UTF-8 from its beginning, when DuckDB knows it.
    std::optional<int> errorPosition() const { return m_errorPosition; }

    void interrupt() const; // any thread: a call under way ends as Cancelled

    struct State; // DuckHandles.h
    const State &state() const { return *m_state; }

private:
    explicit DuckSession(std::unique_ptr<State> state);
    Error failure(int type, const char *message);
    Result<> endReading();
    std::unique_ptr<State> m_state;
    std::optional<int> m_errorPosition;
};

QString duckName(const QString &name); // "name", quotes inside doubled
QString duckText(const QString &value); // 'value', quotes inside doubled

} // namespace engine
