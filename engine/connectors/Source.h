#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/data/RowBatch.h"

#include <QList>

#include <optional>
#include <variant>

namespace engine {

struct SourceColumn
{
    QString name; // of a file without header: "Prop_0", "Prop_1" … as Data Factory names them
    InterimType type = InterimType::String;
};

// One column that the copy wants, and as what.
struct ProjectedColumn
{
    int source = 0; // index among the source's columns
    InterimType type = InterimType::String;
    QString format; // .NET pattern of dates and times; empty = ISO 8601 and the culture's usual forms
    bool treatBooleanAsNumber = false; // "true" and "false" go into a numeric column as 1 and 0
    QString culture = {}; // of numbers and dates in text: "de-DE"; empty = the invariant one
};

// Rows out of a store. Made, used and destroyed on one pool thread at a time; all calls block.
class Source
{
public:
    virtual ~Source() = default;

    // Of a file; more are no table: another delimiter, or another file.
    static constexpr size_t mostColumns = 20'000;

    // Opens and finds the columns. Errors: NotFound, Io, Unsupported, InvalidInput (`where`: file:line).
    virtual Result<QList<SourceColumn>> open() = 0;
    // After open, before the first read. Errors: InvalidInput for a format that cannot be used; `where` is the column.
    virtual Result<> project(const QList<ProjectedColumn> &columns) = 0;

    // Before the first read(): batches shall carry RowBatch::originals, when the source has such a form of them.
    virtual void keepOriginals() { }

    // Fills `batch` (cleared first) with up to RowBatch::maximumRows converted rows. false = no more rows. A row that
    // is ragged or does not convert is a RowProblem: nothing is changed to fit; reading may go on after it, with the
    // next row. An Error is final. Problems come in the order of the rows: the rows before one are given out first.
    struct ReadError
    {
        std::variant<RowProblem, Error> what;
    };
    virtual std::variant<bool, ReadError> read(RowBatch &batch) = 0;

    // The values of a row that was given out, by source column, from its `original` and `file`: for one that the sink
    // refused. Nothing when they cannot be told. From any thread, once project() is done.
    virtual std::optional<RowProblem::Fields> fieldsOf(const RowProblem &) const { return {}; }

    virtual qint64 bytesRead() const = 0; // so far; may be called from another thread
    virtual qint64 size() const = 0; // bytes in all; 0 = not known
    virtual Json fingerprint() const = 0; // after open: path, device, inode, size, mtime, ctime of each file
    virtual Result<> verifyUnchanged() const = 0; // after the last read; Conflict = changed during the read

    virtual int readers() const { return 1; } // after open: how many read at once
    virtual void stop() { } // from any thread: a read() that waits gives up, with an Error that nobody needs
    // Of the last Error, once read() is over: Data Factory's name for it (empty = by its code), and whether another
    // attempt may succeed.
    virtual QString failureName() const { return {}; }
    virtual bool isTransient() const { return false; }
};

} // namespace engine
