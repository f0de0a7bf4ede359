#pragma once

#include "engine/store/RunJournal.h"
#include "engine/store/StatementCache.h"

namespace engine {

// The reading side of the run store, on the engine loop: a connection that can neither write nor checkpoint.
class JournalReader
{
public:
    static Result<std::unique_ptr<JournalReader>> open(const QString &path);

    Result<std::optional<RunRecord>> run(const RunId &id);
    Result<QList<RunRecord>> runs(const RunFilter &filter);
    Result<RunPage> find(const RunSearch &search);
    Result<QList<RunRecord>> unfinishedRuns();
    Result<QList<ActivityRecord>> activities(const RunId &run);
    Result<QList<AttemptRecord>> attempts(const RunId &run);
    Result<QList<CellRecord>> cells(const RunId &run);
    Result<QHash<QString, Json>> hidden(const RunId &run);
    Result<QList<RunEvent>> events(qint64 after, int limit);
    Result<qint64> lastSequence(); // 0 = no event yet
    Result<std::optional<FireRecord>> fire(const FactoryId &factory, const QString &trigger, Instant planned);
    Result<QList<FireRecord>> fires(const FactoryId &factory, const QString &trigger, int limit);
    Result<QList<TriggerState>> triggerStates();
    Result<QList<FactoryRecord>> factories();
    Result<std::optional<VersionRecord>> version(const FactoryId &factory, int number);
    Result<QList<VersionRecord>> versions(const FactoryId &factory);
    Result<std::optional<VersionRecord>> lastDraft(const FactoryId &factory);

private:
    explicit JournalReader(Database database) : m_database(std::move(database)), m_statements(m_database) { }

    Database m_database;
    StatementCache m_statements;
};

} // namespace engine
