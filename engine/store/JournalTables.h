#pragma once

#include "engine/store/RunJournal.h"
#include "engine/store/StatementCache.h"

namespace engine {

// The writing side of the run store's tables; inside a transaction of the writer's, on its thread.
class JournalTables
{
public:
    explicit JournalTables(Database &database) : m_database(database), m_statements(database) { }

    // Conflict when another engine has opened the store since: this one must write nothing any more.
    Result<> checkEpoch(qint64 epoch);

    Result<> append(QList<RunEvent> &events); // gives them their sequence numbers
    Result<> hide(const QList<HiddenValue> &values);
    Result<> recordFire(const FireRecord &fire);
    Result<> setTriggerState(const TriggerState &state);
    Result<> saveFactory(const FactoryRecord &factory);
    Result<> addVersion(const VersionRecord &version);
    Result<> addDraft(const VersionRecord &draft);

private:
    Result<> insertVersion(const VersionRecord &version);
    Result<> put(const RunRecord &run, const QByteArray &record);
    Result<> put(const ActivityRecord &activity, const QByteArray &record);
    Result<> put(const AttemptRecord &attempt, const QByteArray &record);
    Result<> put(const CellRecord &cell, const QByteArray &record);

    Database &m_database;
    StatementCache m_statements;
};

} // namespace engine
