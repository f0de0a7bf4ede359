#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>

namespace engine {

// A value that a script names: "@from" in its text, or ":from".
struct SqlParameter
{
    enum class Direction { Input, Output, InputOutput };

    QString name; // without the sign before it
    Json value; // null = NULL
    QString type; // as Data Factory spells it: Boolean, DateTime, Int64, String …; empty = by the value
    Direction direction = Direction::Input;
};

// How much of a result is kept in memory.
struct SqlLimits
{
    qint64 rows = 0; // of each set; those after them are not kept. 0 = no rows at all
    qint64 bytes = 0; // of all rows as JSON
    std::chrono::milliseconds timeout{0}; // of each call; 0 = none
};

// Rows as JSON objects, a member for each column. Whole numbers and truth values keep their type, as do real numbers;
// a decimal number is a number when a double holds it exactly enough to print it again, else its text. Dates and times
// are ISO 8601 in UTC ("2024-01-31T12:34:56.5Z"), bytes are base64, everything else is text.
struct SqlRows
{
    QStringList columns;
    Json rows = Json::array();
    bool more = false; // rows were left out for SqlLimits::rows
};

struct SqlOutcome
{
    QList<SqlRows> sets; // of the statements that give rows, in their order
    qint64 recordsAffected = -1; // by the others, in all; -1 = there was none
    QStringList messages; // what the database said meanwhile
    Json outputParameters = Json::object(); // name → value; null when no set has a column of that name
    bool tooLarge = false; // the limit of bytes was reached: what is kept is not all
};

// A connection for statements somebody wrote. Made, used and destroyed on one pool thread at a time; calls block and
// poll the CancelToken it was made with. What is not committed when it goes is rolled back.
//
// Errors: NotFound and Io (no database there, not reachable), InvalidInput (the statement: `where` is "line 3" when
// that is known), Conflict (a constraint, a lock), Timeout, Cancelled, Unsupported.
class SqlSession
{
public:
    virtual ~SqlSession();

    virtual Result<> open() = 0;

    // Any number of statements, run as they stand: in the database's own way to begin and end transactions. Output
    // parameters take the column of their name in the first row of the last set that has one. With parameters,
    // statements are sent one by one, without them PostgreSQL takes them all as one transaction.
    virtual Result<SqlOutcome>
    run(const QString &script, const QList<SqlParameter> &parameters, const SqlLimits &limits) = 0;
    // A query for its rows, in a transaction of its own. Reading stops at the limit of rows; a query without a set of
    // rows, or with two, is rolled back and InvalidInput.
    virtual Result<SqlRows> query(const QString &text, const SqlLimits &limits, bool *tooLarge) = 0;
    // A stored procedure or function by its name, "[dbo].[load]". Unsupported where there are none.
    virtual Result<SqlOutcome>
    call(const QString &procedure, const QList<SqlParameter> &parameters, const SqlLimits &limits) = 0;

    virtual bool isInTransaction() const = 0;
    virtual QString state() const = 0; // of the last error: SQLSTATE or SQLite's extended code; empty = none
    virtual bool isTransient() const = 0; // of the last error: another attempt may succeed
};

// Keeps the rows of one call within its limits.
class SqlRowKeeper
{
public:
    explicit SqlRowKeeper(const SqlLimits &limits) : m_limits(limits) { }

    // Errors: InvalidInput when two columns have one name.
    Result<> beginSet(const QStringList &columns);
    bool wantsRow() const; // false: nothing more is kept of this set
    void addRow(Json row);
    void leaveOut(); // there is one more row, and it is not wanted

    QList<SqlRows> sets() && { return std::move(m_sets); }
    qsizetype count() const { return m_sets.size(); }
    bool isTooLarge() const { return m_isTooLarge; }

private:
    SqlLimits m_limits;
    QList<SqlRows> m_sets;
    qint64 m_bytes = 0;
    bool m_isTooLarge = false;
};

// name → value from the sets, for those that are not Input.
Json outputParametersOf(const QList<SqlParameter> &parameters, const QList<SqlRows> &sets);

// "[dbo].[my table]", "dbo.t" or "\"dbo\".t" → the names of its parts.
QStringList partsOfSqlName(const QString &name);

// {"name": {"value", "type"}, "other": value, …}: how storedProcedureParameters are written.
QList<SqlParameter> readProcedureParameters(const Json &object);

// The text of a decimal number as a JSON number when that prints the same digits again, else as text.
Json decimalToJson(const QByteArray &text);
// A date or time that a database spelled ("2024-01-31 12:34:56.5+02") as ISO 8601 in UTC; nothing when it is none.
std::optional<QString> isoFromSqlTime(const QString &text);

} // namespace engine
