#pragma once

#include "engine/connectors/Sink.h"

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
    virtual void abandon() { } // after a failure: lets go of the file, whatever it holds

    virtual std::optional<RowProblem> rowProblem() const { return {}; } // why the last write() took fewer rows
    virtual int systemError() const { return 0; } // errno of the last failure; 0 = none is known
};

} // namespace engine
