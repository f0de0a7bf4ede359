#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Ids.h"
#include "engine/base/Result.h"
#include "engine/data/RowBatch.h"

#include <QList>
#include <QString>

#include <optional>
#include <utility>

namespace engine {

struct SinkColumn
{
    QString name;
    QString physicalType; // as the database spells it: "bigint", "INTEGER"
    InterimType type = InterimType::String; // what a value must be to be stored exactly
    int precision = 0; // digits of a Decimal, as a mapping asks of a column that is made; 0 = not said
    int scale = -1; // of them behind the point; -1 = not said
    bool nullable = true;
    bool hasDefault = false; // may stay unmapped although not nullable
    bool generated = false; // computed or identity: not loaded unless mapped, then refused by name
    bool anyType = false; // holds a value of any type as it is: `type` is then only a proposal
    bool supported = true; // false: a type no value can be written to exactly
    QString path = {}; // where a sink of nested values puts it: "$['a']['b']"; empty = a member called `name`
    // How a sink whose values are all text spells them; empty = as appendText() does.
    QString format = {}; // .NET pattern of dates, times and intervals
    QString culture = {}; // of numbers and dates: "de-DE"
};

// Batches in source order, pulled by the sink on its own thread. nullptr = the end; an error stops the load and rolls
// back.
class BatchStream
{
public:
    virtual ~BatchStream();
    virtual Result<const RowBatch *> next() = 0; // valid until the following call
};

// Is told which rows a sink's table refuses: those are left out instead of failing the load.
class RowRejecter
{
public:
    virtual ~RowRejecter();
    // On the thread of load(); not always in the order of the rows. An error (too many) ends the load.
    virtual Result<> reject(const RowProblem &problem) = 0;
};

struct LedgerRow
{
    LoadId load;
    QString run;
    QString activity;
    int attempt = 1;
    qint64 rowsWritten = 0;
    QString checksum;
};

struct LoadResult
{
    qint64 rowsWritten = 0;
    qint64 bytesWritten = 0;
    qint64 filesWritten = -1; // -1 = the sink has no files
    qint64 filesLeftOut = 0; // that were written, but not as the source has them
};

// Rows into a store. One object is one session and at most one load; used on one pool thread at a time; all calls block
// and poll the CancelToken given to open(). Destroying it rolls back whatever is not committed.
class Sink
{
public:
    virtual ~Sink();

    // Connects and reads the table's columns. Errors: NotFound (table; says what is there), Io (cannot connect, locked,
    // read-only: `transient` says whether trying again may help), Unsupported.
    virtual Result<QList<SinkColumn>> open(const CancelToken &cancel) = 0;

    // After open(): the sink has no columns of its own (a new file, a table that the copy makes), the copy proposes
    // them and define() takes them, between open() and begin(); load()'s `columns` are then indexes into that list. In
    // it, names or paths are unique, `type` is what the values will have, `physicalType` is empty. Errors: InvalidInput
    // for a column this sink cannot have.
    virtual bool makesColumns() const { return false; }
    virtual Result<> define(const QList<SinkColumn> &columns);
    // Before begin(), when the load has a name: what is temporary carries it. As findLoad() will be asked for it.
    virtual void setLoad(const LoadId & /*load*/) { }

    // One transaction, in this order. Each call after a failed one is a programming error; rollBack() is always legal.
    virtual Result<> begin() = 0;
    // Rows the script changed, -1 = not known. InvalidInput when the script ended the transaction; then all is rolled
    // back. Unsupported where scripts have no meaning.
    virtual Result<qint64> runScript(const QString &script) = 0;
    // `columns`: indexes into open()'s list, one per column of the batches. Conversion is done before; the sink only
    // sees valid typed values, and refuses rather than changes what its column cannot hold.
    virtual Result<LoadResult> load(const QList<int> &columns, BatchStream &rows) = 0;
    // The rows of the table as this transaction sees them: all, or those it wrote itself where others may write too. Of
    // files: the rows of those that were written, read again. Asked before and after load(), for the difference.
    // Nothing where that says nothing about the load.
    virtual Result<std::optional<qint64>> countRows() { return std::optional<qint64>(); }
    // Before load(): a row that a key or another constraint of the table refuses, or that holds a value its column
    // cannot hold, is left out and told; of rows with the same key the first one is kept. Without it the first such row
    // fails the load. Borrowed: must live as long as load() runs. A sink that knows no constraints needs none.
    virtual void setRejecter(RowRejecter *) { }
    virtual Result<> writeLedger(const LedgerRow &row) = 0; // makes _slipway_load_ledger when missing; prunes 30 days
    // Committed, or known not to be, or not known.
    enum class CommitAnswer { Committed, RolledBack, Unknown };
    virtual std::pair<CommitAnswer, Error> commit() = 0;
    virtual void rollBack() = 0;

    // After open(), or define(): why its column would not hold the first value of `value` exactly, in a sentence;
    // nothing when it would. Keys, checks and NOT NULL do not count.
    virtual std::optional<QString> refusal(int /*column*/, const Column & /*value*/) const { return {}; }

    virtual std::optional<RowProblem> rowProblem() const = 0; // of the last failed load: which row the sink refused
    virtual bool isTransient() const = 0; // of the last error
    // Of the last error, as Data Factory would name it: "SqlFailedToConnect", "SqlOperationFailed", or ours:
    // "SinkFull", "SinkLocked", "SinkReadOnly", "SinkTableNotFound" …
    virtual QString failureName() const = 0;
    virtual Result<std::optional<LedgerRow>>
    findLoad(const LoadId &load) = 0; // waits for a session still committing it
};

} // namespace engine
