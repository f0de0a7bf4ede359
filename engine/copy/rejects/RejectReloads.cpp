#include "engine/copy/rejects/RejectFile.h"

#include "engine/sqlite/Transaction.h"

#include <QCoreApplication>
#include <QUuid>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RejectReloadsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectFile)
};

// Always the same for the same reload, so that whoever asks the ledger knows what to ask for.
LoadId loadOf(const RejectHead &head, int reload)
{
    return LoadId(
        QUuid::createUuidV5(QUuid(head.activityRun), QStringLiteral("%1/reload/%2").arg(head.activityRun).arg(reload))
            .toString(QUuid::WithoutBraces));
}

} // namespace

Result<std::optional<RejectFile::Reload>> RejectFile::reloadWhere(const QByteArray &condition)
{
    auto statement = m_database.prepare("SELECT record, load FROM reloads WHERE " + condition + " LIMIT 1");
    if (!statement)
        return statement.error();
    const Result<bool> row = statement->step();
    if (!row)
        return row.error();
    if (!*row)
        return std::optional<Reload>();
    const Result<Json> json = parseJson(statement->utf8(0).toByteArray(), m_database.path());
    if (!json)
        return json.error();
    return std::optional(Reload{reloadRecordFromJson(*json), LoadId(statement->text(1))});
}

Result<std::optional<RejectFile::Reload>> RejectFile::openReload() { return reloadWhere("open=1 ORDER BY number"); }

Result<RejectFile::Reload> RejectFile::beginReload(const QList<qint64> &ids, const QString &by, Instant now)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return transaction.error();
    const auto open = openReload();
    if (!open)
        return open.error();
    if (*open)
        return Error{ErrorCode::Conflict,
                     RejectReloadsText::tr("Corrected rows are being loaded already: wait until that is over."),
                     {}};
    const auto last = m_database.integer("SELECT coalesce(max(number), 0) FROM reloads");
    if (!last)
        return last.error();
    Reload reload;
    reload.record.number = int(last->value_or(0)) + 1;
    reload.record.by = by;
    reload.record.startedAt = now;
    reload.load = loadOf(m_head, reload.record.number);
    const QByteArray number = QByteArray::number(reload.record.number);
    QByteArray condition;
    if (!ids.isEmpty()) {
        condition = " AND id IN (-1";
        for (const qint64 id : ids)
            condition += ',' + QByteArray::number(id);
        condition += ')';
    }
    auto mark =
        m_database.prepare("UPDATE rejects SET state=2, again=NULL, reload=" + number + " WHERE state=1" + condition);
    if (!mark)
        return mark.error();
    if (const Result<> marked = mark->run(); !marked)
        return marked.error();
    reload.record.rows = m_database.changes();
    if (reload.record.rows == 0)
        return Error{ErrorCode::InvalidInput,
                     RejectReloadsText::tr("There is no corrected row to load: correct some first."),
                     {}};
    auto insert = m_database.prepare("INSERT INTO reloads(number, load, open, record) VALUES(?,?,1,?)");
    if (!insert)
        return insert.error();
    insert->bind(1, reload.record.number).bind(2, reload.load.text()).bindText(3, toCompact(toJson(reload.record)));
    if (const Result<> inserted = insert->run(); !inserted)
        return inserted.error();
    if (const Result<> committed = transaction->commit(); !committed)
        return committed.error();
    return reload;
}

Result<QList<RejectedRow>> RejectFile::loadingRows(int reload, qint64 after, int limit)
{
    auto statement =
        m_database.prepare("SELECT id, file, row, line, \"column\", value, code, message, '', fields, \"values\", "
                           "problem, state, reload, redacted, converted FROM rejects WHERE state=2 AND reload=? AND "
                           "again IS NULL AND id>? ORDER BY id LIMIT ?");
    if (!statement)
        return statement.error();
    statement->bind(1, reload).bind(2, after).bind(3, limit);
    return read(*statement);
}

Result<qint64> RejectFile::loadingRow(int reload, qint64 row)
{
    auto statement = m_database.prepare("SELECT min(id), count(*) FROM rejects WHERE state=2 AND reload=? AND row=?");
    if (!statement)
        return statement.error();
    statement->bind(1, reload).bind(2, row);
    const Result<bool> found = statement->step();
    if (!found)
        return found.error();
    return statement->integer(1) == 1 ? statement->integer(0) : 0;
}

Result<> RejectFile::refuse(int reload, const QList<Refusal> &refusals)
{
    if (refusals.isEmpty())
        return {};
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return transaction.error();
    auto update = m_database.prepare("UPDATE rejects SET again=? WHERE id=? AND state=2 AND reload=?");
    if (!update)
        return update.error();
    for (const Refusal &refusal : refusals) {
        Json again = toJson(refusal.problem);
        again["code"] = toStdString(refusal.code);
        update->bindText(1, toCompact(again)).bind(2, refusal.id).bind(3, reload);
        if (const Result<> written = update->run(); !written)
            return written;
    }
    return transaction->commit();
}

Result<ReloadRecord> RejectFile::saveReload(const ReloadRecord &record)
{
    auto update = m_database.prepare("UPDATE reloads SET open=?, record=? WHERE number=?");
    if (!update)
        return update.error();
    const bool isOpen = record.state == ReloadRecord::State::Loading || record.state == ReloadRecord::State::Unknown;
    update->bind(1, int(isOpen)).bindText(2, toCompact(toJson(record))).bind(3, record.number);
    if (const Result<> written = update->run(); !written)
        return written.error();
    return record;
}

Result<ReloadRecord> RejectFile::setUnknown(int reload, const RunError &error)
{
    auto found = reloadWhere("number=" + QByteArray::number(reload));
    if (!found)
        return found.error();
    if (!*found)
        return Error{ErrorCode::NotFound, RejectReloadsText::tr("There is no reload %1.").arg(reload), {}};
    ReloadRecord record = (*found)->record;
    record.state = ReloadRecord::State::Unknown;
    record.error = error;
    return saveReload(record);
}

Result<ReloadRecord> RejectFile::endReload(int reload, bool isCommitted, Instant now, const RunError &error)
{
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return transaction.error();
    auto found = reloadWhere("open=1 AND number=" + QByteArray::number(reload));
    if (!found)
        return found.error();
    if (!*found)
        return Error{ErrorCode::NotFound, RejectReloadsText::tr("There is no reload %1 under way.").arg(reload), {}};
    ReloadRecord record = (*found)->record;
    const QByteArray own = " WHERE state=2 AND reload=" + QByteArray::number(reload);
    const Result<> refused =
        m_database.exec("UPDATE rejects SET state=0, reload=0, code=json_extract(again,'$.code'), "
                        "\"column\"=json_extract(again,'$.column'), value=json_extract(again,'$.value'), "
                        "message=json_extract(again,'$.message'), problem=json_remove(again,'$.code'), again=NULL"
                        + own + " AND again IS NOT NULL");
    if (!refused)
        return refused.error();
    record.refused = m_database.changes();
    const Result<> settled = m_database.exec(
        (isCommitted ? QByteArray("UPDATE rejects SET state=3") : QByteArray("UPDATE rejects SET state=1, reload=0"))
        + own);
    if (!settled)
        return settled.error();
    record.loaded = isCommitted ? m_database.changes() : 0;
    record.state = isCommitted ? ReloadRecord::State::Loaded : ReloadRecord::State::Failed;
    record.endedAt = now;
    record.error = isCommitted ? RunError() : error;
    auto saved = saveReload(record);
    if (!saved)
        return saved;
    if (const Result<> committed = transaction->commit(); !committed)
        return committed.error();
    return saved;
}

} // namespace engine
