#pragma once

#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"

namespace engine {

// Rows in the form of one kind of file: delimited text, JSON, Parquet. FileSink makes the files, temporary ones, and
// decides when one ends; a writer fills one after the other. Used on one thread at a time; calls block.
//
// Errors: Io (full disk), InvalidInput.
class RowWriter
{
public:
    virtual ~RowWriter();

    // Once, before the first file: what the columns will be. Errors: InvalidInput, Unsupported.
    virtual Result<> define(const QList<SinkColumn> &columns) = 0;

    // A new, empty file, for writing from its beginning. FileSink closes the descriptor and syncs the file after
    // finish(). `path` leads to the same file, for libraries that open by name.
    struct File
    {
        int descriptor = -1;
        QString path; // absolute; the file keeps this name until finish()
        QString name; // what it will be called when it is committed: an archive calls what is in it so
    };
    virtual Result<> begin(const File &file) = 0;
    // Rows `first` … `first + count - 1` of the batch. `columns`: for each column of the batch its index among the
    // defined ones; all defined ones are there. How many rows were taken: fewer than `count` when the next one cannot
    // be written, rowProblem() says why; another call may go on behind it. Errors are final.
    virtual Result<int> write(const RowBatch &rows, int first, int count, const QList<int> &columns) = 0;
    virtual Result<> finish() = 0; // everything is with the kernel; begin() may follow
    // How many rows a finished file holds, read again as a source reads it; nothing where files have no rows. Errors:
    // what is wrong with the file.
    virtual Result<std::optional<qint64>> rowsIn(const QString & /*path*/, const QString & /*name*/) const
    {
        return std::optional<qint64>();
    }
    virtual void abandon() { } // after a failure: lets go of the file, whatever it holds

    virtual std::optional<RowProblem> rowProblem() const { return {}; } // why the last write() took fewer rows
    // After define(), before begin(): why the first value of `value` cannot be written in that column, in a clause.
    virtual std::optional<QString> refusal(int /*column*/, const Column & /*value*/) { return {}; }
    virtual int systemError() const { return 0; } // errno of the last failure; 0 = none is known
};

// All rows of a source that is not open yet. Errors: its own; InvalidInput for the first row that is a problem.
Result<std::optional<qint64>> countRows(Source &source);

} // namespace engine
