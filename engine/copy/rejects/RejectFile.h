#pragma once

#include "engine/copy/rejects/RejectHead.h"
#include "engine/sqlite/Database.h"

#include <functional>

namespace engine {

QByteArray rejectSchema(); // the tables of a reject store, as SQL

// The reject store of one copy, once the copy is over: its rows are read, corrected, and marked in the course of a
// reload. Every change is on the disk when a call returns. One thread at a time; several objects and processes may
// have the same file open, changes are transactions. Errors: NotFound (no such file), Io.
class RejectFile
{
public:
    static Result<RejectFile> open(const QString &file);

    const RejectHead &head() const { return m_head; }
    Result<> setOutcome(RejectHead::Outcome outcome);

    Result<RejectSummary> summary(); // canReload by the head alone
    Result<RejectPage> page(const RejectQuery &query);
    Result<std::optional<RejectedRow>> row(qint64 id);
    // All that match, in order; memory stays flat. An error of `take` ends it.
    Result<> forEach(const RejectQuery &query, const std::function<Result<>(const RejectedRow &)> &take);

    struct Edit
    {
        qint64 id = 0;
        RejectedRow::Values values = {}; // on top of earlier ones
        bool reset = false; // take back all corrections; `values` count for nothing then
    };
    struct Edited
    {
        RejectedRow row; // as it is afterwards
        bool isOk = false; // its values convert: it is Corrected
    };
    // In one transaction. Keep::Nothing checks only. InvalidInput for a column that there is not, NotFound for a row,
    // Conflict for one that is being loaded or is loaded.
    enum class Keep { Changes, Nothing };
    Result<QList<Edited>> edit(const QList<Edit> &edits, Keep keep = Keep::Changes);

    // A reload. begin() makes Corrected rows Loading and records it under a load id of its own, in one transaction;
    // InvalidInput when there are none. `ids` empty = all.
    struct Reload
    {
        ReloadRecord record;
        LoadId load;
    };
    Result<Reload> beginReload(const QList<qint64> &ids, const QString &by, Instant now);
    Result<std::optional<Reload>> openReload(); // the one that is Loading or Unknown
    // The rows of a reload that are yet to be loaded, after row `after`, at most `limit`.
    Result<QList<RejectedRow>> loadingRows(int reload, qint64 after, int limit);
    // The id of the Loading row with this number of the source; 0 = none, or not one alone.
    Result<qint64> loadingRow(int reload, qint64 row);
    // The sink or the conversion refuses these again; they are not loaded with the others.
    struct Refusal
    {
        qint64 id = 0;
        RejectProblem problem;
        QString code;
    };
    Result<> refuse(int reload, const QList<Refusal> &refusals);
    // How it ended, all in one transaction: with `isCommitted` its rows are Loaded, else Corrected again; those refused
    // are Rejected with their new reason either way.
    Result<ReloadRecord> endReload(int reload, bool isCommitted, Instant now, const RunError &error = {});
    Result<ReloadRecord> setUnknown(int reload, const RunError &error);

private:
    explicit RejectFile(Database database) : m_database(std::move(database)) { }

    Result<Edited> editOne(const Edit &edit, Keep keep, const class RejectConversion &conversion);
    Result<QList<RejectedRow>> read(Statement &statement);
    Result<Statement> select(const RejectQuery &query, bool isCount);
    Result<ReloadRecord> saveReload(const ReloadRecord &record);
    Result<std::optional<Reload>> reloadWhere(const QByteArray &condition);

    Database m_database;
    RejectHead m_head;
};

} // namespace engine
