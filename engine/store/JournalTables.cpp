#include "engine/store/JournalTables.h"

#include <QCoreApplication>

namespace engine {

namespace {

struct JournalText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunJournal)
};

qint64 millis(Instant instant) { return instant.time_since_epoch().count(); }

std::optional<qint64> millis(const std::optional<Instant> &instant)
{
    return instant ? std::optional(millis(*instant)) : std::nullopt;
}

} // namespace

Result<> JournalTables::checkEpoch(qint64 epoch)
{
    const auto statement = m_statements.get("SELECT value FROM identity WHERE name='epoch'");
    if (!statement)
        return statement.error();
    const auto row = (*statement)->step();
    if (!row)
        return row.error();
    const qint64 current = *row ? (*statement)->integer(0) : 0;
    (*statement)->reset();
    if (current == epoch)
        return {};
    return Error{ErrorCode::Conflict,
                 JournalText::tr("Another engine has taken over this store (its turn is %1, ours was %2). This engine "
                                 "writes nothing any more; stop it.")
                     .arg(current)
                     .arg(epoch),
                 m_database.path()};
}

Result<> JournalTables::append(QList<RunEvent> &events)
{
    for (RunEvent &event : events) {
        if (!event.isDurable())
            return Error{ErrorCode::InvalidInput,
                         JournalText::tr("An event of kind \"%1\" belongs into the telemetry, not into the journal.")
                             .arg(event.kind()),
                         event.run.text()};
        const auto record = std::visit(
            [](const auto &body) {
                if constexpr (requires { engine::toJson(body); })
                    return toCompact(engine::toJson(body));
                else
                    return QByteArray();
            },
            event.body);
        const auto insert = m_statements.get("INSERT INTO event(at, factory, run, kind, body) VALUES(?,?,?,?,?)");
        if (!insert)
            return insert.error();
        (*insert)->bind(1, millis(event.at)).bind(2, event.factory.text()).bind(3, event.run.text());
        (*insert)->bind(4, event.kind()).bindBorrowedText(5, record);
        if (auto inserted = (*insert)->run(); !inserted)
            return inserted;
        event.sequence = m_database.lastInsertId();
        const auto put = std::visit(
            [this, &record](const auto &body) -> Result<> {
                if constexpr (requires { this->put(body, record); })
                    return this->put(body, record);
                else
                    return {};
            },
            event.body);
        if (!put)
            return put;
    }
    return {};
}

Result<> JournalTables::put(const RunRecord &run, const QByteArray &record)
{
    // Terminal states are final: nothing but a rerun's claim to be the latest may change such a run.
    const auto known = m_statements.get("SELECT status FROM run WHERE id=?");
    if (!known)
        return known.error();
    const auto row = (*known)->bind(1, run.id.text()).step();
    if (!row)
        return row.error();
    const auto status = *row ? statusFromString<RunStatus>((*known)->text(0)) : std::nullopt;
    (*known)->reset();
    if (status && isTerminal(*status) && run.status != *status)
        return Error{ErrorCode::Conflict,
                     JournalText::tr("The run has ended as %1 already; it cannot become %2.")
                         .arg(toString(*status), toString(run.status)),
                     run.id.text()};
    const auto upsert = m_statements.get(
        "INSERT INTO run(id, run_group, is_latest, factory, pipeline, invoked_by, status, queued_at, started_at, "
        "ended_at, updated_at, record, begun_at, version, search) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
        "ON CONFLICT(id) DO UPDATE SET run_group=excluded.run_group, is_latest=excluded.is_latest, "
        "factory=excluded.factory, pipeline=excluded.pipeline, invoked_by=excluded.invoked_by, "
        "status=excluded.status, queued_at=excluded.queued_at, started_at=excluded.started_at, "
        "ended_at=excluded.ended_at, updated_at=excluded.updated_at, record=excluded.record, "
        "begun_at=excluded.begun_at, version=excluded.version, search=excluded.search");
    if (!upsert)
        return upsert.error();
    (*upsert)->bind(1, run.id.text()).bind(2, run.group.text()).bind(3, run.isLatest).bind(4, run.factory.text());
    (*upsert)->bind(5, run.pipeline).bind(6, run.invokedBy.name).bind(7, toString(run.status));
    (*upsert)->bind(8, millis(run.queuedAt)).bind(9, millis(run.start)).bind(10, millis(run.end));
    (*upsert)->bind(11, millis(run.lastUpdated)).bindBorrowedText(12, record);
    (*upsert)->bind(13, millis(run.start.value_or(run.queuedAt))).bind(14, run.version).bind(15, searchTextOf(run));
    if (auto put = (*upsert)->run(); !put || !isTerminal(run.status))
        return put;
    const auto forget = m_statements.get("DELETE FROM hidden WHERE run=?");
    if (!forget)
        return forget.error();
    return (*forget)->bind(1, run.id.text()).run();
}

Result<> JournalTables::hide(const QList<HiddenValue> &values)
{
    for (const HiddenValue &hidden : values) {
        const auto upsert = m_statements.get("INSERT INTO hidden(activity_run, run, value) VALUES(?,?,?) "
                                             "ON CONFLICT(activity_run) DO UPDATE SET value=excluded.value");
        if (!upsert)
            return upsert.error();
        (*upsert)->bind(1, hidden.activityRun.text()).bind(2, hidden.run.text()).bindText(3, toCompact(hidden.value));
        if (auto kept = (*upsert)->run(); !kept)
            return kept;
    }
    return {};
}

Result<> JournalTables::put(const ActivityRecord &activity, const QByteArray &record)
{
    const auto upsert = m_statements.get("INSERT INTO activity(id, run, record) VALUES(?,?,?) "
                                         "ON CONFLICT(id) DO UPDATE SET record=excluded.record");
    if (!upsert)
        return upsert.error();
    (*upsert)->bind(1, activity.id.text()).bind(2, activity.run.text()).bindBorrowedText(3, record);
    return (*upsert)->run();
}

Result<> JournalTables::put(const AttemptRecord &attempt, const QByteArray &record)
{
    const auto upsert = m_statements.get("INSERT INTO attempt(activity_run, number, run, record) VALUES(?,?,?,?) "
                                         "ON CONFLICT(activity_run, number) DO UPDATE SET record=excluded.record");
    if (!upsert)
        return upsert.error();
    (*upsert)->bind(1, attempt.activityRun.text()).bind(2, attempt.number).bind(3, attempt.run.text());
    (*upsert)->bindBorrowedText(4, record);
    return (*upsert)->run();
}

Result<> JournalTables::put(const CellRecord &cell, const QByteArray &record)
{
    const auto upsert =
        m_statements.get("INSERT INTO cell(activity_run, attempt, number, run, record) VALUES(?,?,?,?,?) "
                         "ON CONFLICT(activity_run, attempt, number) DO UPDATE SET record=excluded.record");
    if (!upsert)
        return upsert.error();
    (*upsert)->bind(1, cell.activityRun.text()).bind(2, cell.attempt).bind(3, cell.index).bind(4, cell.run.text());
    (*upsert)->bindBorrowedText(5, record);
    return (*upsert)->run();
}

Result<> JournalTables::recordFire(const FireRecord &fire)
{
    // An occurrence deferred while the disk was full is still open; every other outcome stands.
    const auto insert = m_statements.get(
        "INSERT INTO fire(factory, trigger_name, planned, noticed, outcome, run, pipeline, coalesced_into, tz_version) "
        "VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(factory, trigger_name, planned) DO UPDATE SET noticed=excluded.noticed, "
        "outcome=excluded.outcome, run=excluded.run, pipeline=excluded.pipeline, "
        "coalesced_into=excluded.coalesced_into, tz_version=excluded.tz_version "
        "WHERE fire.outcome='DeferredDegraded' AND excluded.outcome<>'DeferredDegraded'");
    if (!insert)
        return insert.error();
    (*insert)->bind(1, fire.factory.text()).bind(2, fire.trigger).bind(3, millis(fire.planned));
    (*insert)->bind(4, millis(fire.noticed)).bind(5, toString(fire.outcome)).bind(9, fire.tzVersion);
    if (fire.outcome == FireRecord::Outcome::Fired)
        (*insert)->bind(6, fire.run.text()).bind(7, fire.pipeline);
    if (fire.outcome == FireRecord::Outcome::Coalesced)
        (*insert)->bind(8, millis(fire.coalescedInto));
    if (auto inserted = (*insert)->run(); !inserted)
        return inserted;
    if (m_database.changes() == 0)
        return Error{ErrorCode::Conflict,
                     JournalText::tr("The occurrence %1 of the trigger %2 is in the ledger already.")
                         .arg(toIso(fire.planned), fire.trigger),
                     fire.trigger};
    const auto hint = m_statements.get("UPDATE trigger_state SET cursor=max(cursor, ?3) "
                                       "WHERE factory=?1 AND trigger_name=?2");
    if (!hint)
        return hint.error();
    (*hint)->bind(1, fire.factory.text()).bind(2, fire.trigger).bind(3, millis(fire.planned));
    return (*hint)->run();
}

Result<> JournalTables::setTriggerState(const TriggerState &state)
{
    const auto upsert = m_statements.get(
        "INSERT INTO trigger_state(factory, trigger_name, started, changed_at, cursor) VALUES(?,?,?,?,?) "
        "ON CONFLICT(factory, trigger_name) DO UPDATE SET started=excluded.started, changed_at=excluded.changed_at, "
        "cursor=excluded.cursor");
    if (!upsert)
        return upsert.error();
    (*upsert)->bind(1, state.factory.text()).bind(2, state.trigger).bind(3, state.started);
    (*upsert)->bind(4, millis(state.changedAt)).bind(5, millis(state.cursor));
    return (*upsert)->run();
}

Result<> JournalTables::saveFactory(const FactoryRecord &factory)
{
    const auto upsert = m_statements.get(
        "INSERT INTO factory(id, name, path, published_version) VALUES(?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
        "name=excluded.name, path=excluded.path, published_version=excluded.published_version");
    if (!upsert)
        return upsert.error();
    (*upsert)->bind(1, factory.id.text()).bind(2, factory.name).bind(3, factory.path).bind(4, factory.publishedVersion);
    return (*upsert)->run();
}

Result<> JournalTables::addVersion(const VersionRecord &version)
{
    const auto publish = m_statements.get("UPDATE factory SET published_version=? WHERE id=?");
    if (!publish)
        return publish.error();
    if (auto published = (*publish)->bind(1, version.number).bind(2, version.factory.text()).run(); !published)
        return published;
    if (m_database.changes() == 0)
        return Error{ErrorCode::NotFound,
                     JournalText::tr("The factory %1 is not known to this engine.").arg(version.factory.text()),
                     version.factory.text()};
    const auto last = m_statements.get("SELECT coalesce(max(number), 0) FROM version WHERE factory=? AND number>0");
    if (!last)
        return last.error();
    const auto row = (*last)->bind(1, version.factory.text()).step();
    if (!row)
        return row.error();
    const qint64 expected = (*last)->integer(0) + 1;
    (*last)->reset();
    if (version.number != expected)
        return Error{ErrorCode::Conflict,
                     JournalText::tr("The next version of the factory is %1, not %2: somebody else has published in "
                                     "between. Look at the current version and publish again.")
                         .arg(expected)
                         .arg(version.number),
                     version.factory.text()};
    return insertVersion(version);
}

Result<> JournalTables::addDraft(const VersionRecord &draft)
{
    const auto last = m_statements.get("SELECT coalesce(min(number), 0) FROM version WHERE factory=? AND number<0");
    if (!last)
        return last.error();
    const auto row = (*last)->bind(1, draft.factory.text()).step();
    if (!row)
        return row.error();
    const qint64 expected = (*last)->integer(0) - 1;
    (*last)->reset();
    if (draft.number != expected)
        return Error{ErrorCode::Conflict,
                     JournalText::tr("The next draft of the factory is %1, not %2.").arg(expected).arg(draft.number),
                     draft.factory.text()};
    return insertVersion(draft);
}

Result<> JournalTables::insertVersion(const VersionRecord &version)
{
    const auto insert = m_statements.get(
        "INSERT INTO version(factory, number, published_at, comment, restored_from, manifest) VALUES(?,?,?,?,?,?)");
    if (!insert)
        return insert.error();
    (*insert)->bind(1, version.factory.text()).bind(2, version.number).bind(3, millis(version.publishedAt));
    (*insert)->bind(4, version.comment).bind(5, version.restoredFrom).bindText(6, toCompact(version.manifest));
    return (*insert)->run();
}

} // namespace engine
