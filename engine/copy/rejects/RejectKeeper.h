#pragma once

#include "engine/copy/rejects/RejectHead.h"
#include "engine/data/RowBatch.h"

namespace engine {

// Takes the rows that a copy leaves out, in the course of the copy. One call at a time, on whichever thread.
class RejectKeeper
{
public:
    virtual ~RejectKeeper();

    virtual void begin(const RejectHead &head) = 0; // before the first row
    virtual Result<> add(const RowProblem &problem) = 0; // Io ends the copy
    // After the last row and before COMMIT: what was added is on the disk when this returns. `counted`: rows in all.
    virtual Result<> finish(qint64 counted) = 0;
    // The copy is over. AlreadyLoaded: an earlier attempt has loaded (and kept its rows), this one has done nothing.
    enum class End { Loaded, AlreadyLoaded, Failed, Unknown };
    virtual void end(End how) = 0;
    virtual qint64 kept() const = 0; // rows so far
};

} // namespace engine
