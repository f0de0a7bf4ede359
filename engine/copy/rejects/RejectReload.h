#pragma once

#include "engine/copy/CopyJob.h"
#include "engine/copy/rejects/RejectFile.h"

#include <functional>

namespace engine {

// Held while somebody loads rows of a reject store; released when its holder goes, also by kill -9.
class RejectLock
{
public:
    // Nothing when somebody else holds it.
    static std::optional<RejectLock> take(const QString &file);
    static QString pathOf(const QString &file); // is there while a reload is under way, or was when it was cut off
    RejectLock(RejectLock &&other) noexcept;
    RejectLock &operator=(RejectLock &&) = delete;
    ~RejectLock();

private:
    RejectLock(QString path, int descriptor) : m_path(std::move(path)), m_descriptor(descriptor) { }

    QString m_path;
    int m_descriptor = -1;
};

// Loads corrected rows exactly once: they are recorded as Loading under a load id before anything is sent, go into the
// sink in one transaction with the ledger row of that id, and are Loaded when the ledger says so. Whatever is cut off
// in between is settled by asking the ledger. All of it blocks; call it on a pool thread.
struct RejectReload
{
    QString file; // the store
    CopyPlan plan; // of the copy; its sink is what counts
    CancelToken cancel = {};
    std::function<Instant()> now = {};
};

// Settles what an earlier engine or a lost connection has left open: nothing when there is nothing. Only with the lock.
// Errors: as lookUpLoad(); then it stays open.
Result<std::optional<ReloadRecord>> settleReload(const RejectReload &reload);

// Does what beginReload() has recorded. Rows that do not convert or that the sink refuses are Rejected again, with
// their new reason; the others load. Only with the lock. Errors: Io of the store; the state in the sink is settled by
// whoever comes next.
Result<ReloadRecord> runReload(const RejectReload &reload, const RejectFile::Reload &begun);

} // namespace engine
