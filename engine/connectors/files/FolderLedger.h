#pragma once

#include "engine/connectors/files/BoundFolder.h"
#include "engine/connectors/Sink.h"

#include <QList>
#include <QStringList>

#include <memory>

namespace engine {

// A file of a load: where it is written and what it becomes. Paths below the root of the store.
struct NewFile
{
    QString temporary;
    QString path;
    uint64_t device = 0; // what tells it from other files, once it is written
    uint64_t inode = 0;
};

// A load as it is noted down beside the files.
struct LoadNote
{
    // Prepared: the files are written; a single one is committed by its rename. Committed: of several, the renames may
    // not be finished. Done: all files are in their place.
    enum class State { Prepared, Committed, Done } state = State::Prepared;
    LedgerRow row;
    QList<NewFile> files;
};

// What is known of the loads into the files of one folder, in its folder ".slipway-loads" (".slipway" is a factory's):
// for each load a note, and while it is written a lock with the names of its temporary files. A process that dies
// leaves what the next one needs to finish or to remove its load. Notes are kept for 30 days. Several processes may use
// one folder. One thread at a time; calls block. Errors: those of BoundFolder; Conflict when another process keeps a
// load; Cancelled.
class FolderLedger
{
public:
    FolderLedger(BoundFolder root, QString folder);
    ~FolderLedger(); // lets go of the lock, and nothing else
    Q_DISABLE_COPY_MOVE(FolderLedger)

    static QString temporaryName(const LoadId &load, int number); // ".slipway-<load>-0.part"

    // Keeps the load, so that nobody else settles it; what an earlier process left of it is settled first. Makes the
    // folder. Waits while another process keeps it.
    Result<> take(const LoadId &load, const CancelToken &cancel);
    Result<> addTemporary(const QString &path); // before it is made
    Result<> note(const LoadNote &note); // durably, in the place of the one before
    Result<std::optional<LoadNote>> noteOf(const LoadId &load) const;

    Result<> finish(LoadNote note); // the renames of a committed load, and that they are done
    void release(); // no temporary file is left
    void
    discard(); // removes the temporary files of the load that is kept, and its note unless that is of a committed one

    // Finishes or removes what is left of a load; the note of one that is done. Waits while another process keeps it.
    Result<std::optional<LedgerRow>> settle(const LoadId &load, const CancelToken &cancel);
    // All loads that nobody keeps any more, and notes that are too old. Best effort.
    void settleAbandoned();

private:
    class Lock;
    enum class Wait { No, Yes };
    Result<std::unique_ptr<Lock>> lock(const QString &name, Wait wait, const CancelToken &cancel) const;
    Result<std::optional<LedgerRow>> settleLocked(const QString &name, Lock &lock);
    Result<std::optional<LoadNote>> readNote(const QString &name) const;
    Result<bool> isCommitted(const LoadNote &note) const;
    void removeTemporaries(const QString &name, const Lock &lock) const;
    QString notePath(const QString &name) const;
    QString lockPath(const QString &name) const;

    BoundFolder m_root;
    QString m_folder; // below the root
    QString m_ledger; // m_folder/.slipway-loads
    QString m_name; // of the load that is kept
    std::unique_ptr<Lock> m_lock;
};

} // namespace engine
