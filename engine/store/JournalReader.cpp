#include "engine/store/JournalReader.h"

#include "engine/store/RunLister.h"
#include "engine/store/RunQuery.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

struct JournalReaderText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RunJournal)
};

Instant instantAt(const Statement &row, int column) { return Instant(Millis(row.integer(column))); }

Result<Json> jsonAt(const Statement &row, int column)
{
    return parseJson(row.utf8(column).toByteArray(), QStringLiteral("store.db"));
}

// Steps through all rows; `make` gives a Result for each.
template <typename Make> auto collect(Statement &statement, Make make)
{
    using Value = std::decay_t<decltype(make(statement).value())>;
    QList<Value> values;
    while (true) {
        const auto row = statement.step();
        if (!row)
            return Result<QList<Value>>(row.error());
        if (!*row)
            break;
        auto value = make(std::as_const(statement));
        if (!value) {
            statement.reset();
            return Result<QList<Value>>(value.error());
        }
        values.push_back(std::move(value).value());
    }
    statement.reset(); // a statement left open would hold its snapshot, and the log could not be reused
    return Result<QList<Value>>(std::move(values));
}

template <typename Value> Result<std::optional<Value>> firstOf(Result<QList<Value>> values)
{
    if (!values)
        return values.error();
    if (values->isEmpty())
        return std::optional<Value>();
    return std::optional<Value>(std::move(values->first()));
}

template <typename Record> auto recordAt(Record (*read)(const Json &))
{
    return [read](const Statement &row) -> Result<Record> {
        const auto json = jsonAt(row, 0);
        if (!json)
            return json.error();
        return read(*json);
    };
}

Result<RunEvent> eventOf(const Statement &row)
{
    const auto body = jsonAt(row, 5);
    if (!body)
        return body.error();
    RunEvent event{.sequence = row.integer(0),
                   .at = instantAt(row, 1),
                   .factory = FactoryId(row.text(2)),
                   .run = RunId(row.text(3)),
                   .body = {}};
    const QString kind = row.text(4);
    if (kind == u"run")
        event.body = runRecordFromJson(*body);
    else if (kind == u"activity")
        event.body = activityRecordFromJson(*body);
    else if (kind == u"attempt")
        event.body = attemptRecordFromJson(*body);
    else
        event.body = cellRecordFromJson(*body);
    return event;
}

using Outcome = FireRecord::Outcome;
constexpr Outcome outcomes[] = {Outcome::Fired,
                                Outcome::Coalesced,
                                Outcome::SkippedMisfire,
                                Outcome::SkippedConcurrency,
                                Outcome::DeferredDegraded};

Result<FireRecord> fireOf(const Statement &row)
{
    const QString word = row.text(4);
    const auto outcome = std::ranges::find_if(outcomes, [&word](Outcome known) { return toString(known) == word; });
    if (outcome == std::end(outcomes))
        return Error{ErrorCode::Io,
                     JournalReaderText::tr("The ledger has an outcome this engine does not know: \"%1\".").arg(word),
                     QStringLiteral("store.db")};
    return FireRecord{.factory = FactoryId(row.text(0)),
                      .trigger = row.text(1),
                      .planned = instantAt(row, 2),
                      .noticed = instantAt(row, 3),
                      .outcome = *outcome,
                      .run = RunId(row.text(5)),
                      .pipeline = row.text(6),
                      .coalescedInto = instantAt(row, 7),
                      .tzVersion = row.text(8)};
}

Result<VersionRecord> versionOf(const Statement &row)
{
    const auto manifest = jsonAt(row, 5);
    if (!manifest)
        return manifest.error();
    return VersionRecord{.factory = FactoryId(row.text(0)),
                         .number = int(row.integer(1)),
                         .publishedAt = instantAt(row, 2),
                         .comment = row.text(3),
                         .restoredFrom = int(row.integer(4)),
                         .manifest = *manifest};
}

} // namespace

QString toString(FireRecord::Outcome outcome)
{
    switch (outcome) {
    case Outcome::Fired:
        return QStringLiteral("Fired");
    case Outcome::Coalesced:
        return QStringLiteral("Coalesced");
    case Outcome::SkippedMisfire:
        return QStringLiteral("SkippedMisfire");
    case Outcome::SkippedConcurrency:
        return QStringLiteral("SkippedConcurrency");
    case Outcome::DeferredDegraded:
        break;
    }
    return QStringLiteral("DeferredDegraded");
}

Result<std::unique_ptr<JournalReader>> JournalReader::open(const QString &path)
{
    DatabaseOptions options;
    options.mode = DatabaseOptions::Mode::ReadOnly;
    auto database = Database::open(path, options);
    if (!database)
        return database.error();
    if (auto set = database->exec("PRAGMA query_only=1; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY"); !set)
        return set.error();
    return std::unique_ptr<JournalReader>(new JournalReader(std::move(database).value()));
}

Result<std::optional<RunRecord>> JournalReader::run(const RunId &id)
{
    const auto statement = m_statements.get("SELECT record FROM run WHERE id=?");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, id.text());
    return firstOf(collect(**statement, recordAt(runRecordFromJson)));
}

Result<QList<RunRecord>> JournalReader::runs(const RunFilter &filter)
{
    const auto query = runQuery(filter);
    if (!query)
        return query.error();
    auto statement = m_database.prepare(query->sql);
    if (!statement)
        return statement.error();
    int index = 0;
    for (const auto &value : query->values) {
        ++index;
        std::visit([&statement, index](const auto &bound) { statement->bind(index, bound); }, value);
    }
    return collect(*statement, recordAt(runRecordFromJson));
}

Result<RunPage> JournalReader::find(const RunSearch &search) { return listRuns(m_database, m_statements, search); }

Result<QList<RunRecord>> JournalReader::unfinishedRuns()
{
    const auto statement = m_statements.get(
        "SELECT record FROM run WHERE status IN ('Queued', 'InProgress', 'Canceling') ORDER BY queued_at, ordinal");
    if (!statement)
        return statement.error();
    return collect(**statement, recordAt(runRecordFromJson));
}

Result<QList<ActivityRecord>> JournalReader::activities(const RunId &run)
{
    const auto statement = m_statements.get("SELECT record FROM activity WHERE run=? ORDER BY ordinal");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, run.text());
    return collect(**statement, recordAt(activityRecordFromJson));
}

Result<QList<AttemptRecord>> JournalReader::attempts(const RunId &run)
{
    const auto statement = m_statements.get("SELECT record FROM attempt WHERE run=? ORDER BY ordinal");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, run.text());
    return collect(**statement, recordAt(attemptRecordFromJson));
}

Result<QHash<QString, Json>> JournalReader::hidden(const RunId &run)
{
    const auto statement = m_statements.get("SELECT activity_run, value FROM hidden WHERE run=?");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, run.text());
    QHash<QString, Json> values;
    for (;;) {
        const auto row = (*statement)->step();
        if (!row)
            return row.error();
        if (!*row)
            break;
        const Result<Json> value = parseJson((*statement)->text(1).toUtf8(), QStringLiteral("hidden"));
        if (!value)
            return value.error();
        values.insert((*statement)->text(0), *value);
    }
    (*statement)->reset();
    return values;
}

Result<QList<CellRecord>> JournalReader::cells(const RunId &run)
{
    const auto statement =
        m_statements.get("SELECT record FROM cell WHERE run=? ORDER BY activity_run, attempt, number");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, run.text());
    return collect(**statement, recordAt(cellRecordFromJson));
}

Result<QList<RunEvent>> JournalReader::events(qint64 after, int limit)
{
    const auto statement = m_statements.get(
        "SELECT sequence, at, factory, run, kind, body FROM event WHERE sequence>? ORDER BY sequence LIMIT ?");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, after).bind(2, std::max(limit, 0));
    return collect(**statement, eventOf);
}

Result<qint64> JournalReader::lastSequence()
{
    const auto last = m_database.integer("SELECT max(sequence) FROM event");
    if (!last)
        return last.error();
    return last->value_or(0);
}

Result<std::optional<FireRecord>> JournalReader::fire(const FactoryId &factory, const QString &trigger, Instant planned)
{
    const auto statement = m_statements.get(
        "SELECT factory, trigger_name, planned, noticed, outcome, run, pipeline, coalesced_into, tz_version FROM fire "
        "WHERE factory=? AND trigger_name=? AND planned=?");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, factory.text()).bind(2, trigger).bind(3, planned.time_since_epoch().count());
    return firstOf(collect(**statement, fireOf));
}

Result<QList<FireRecord>> JournalReader::fires(const FactoryId &factory, const QString &trigger, int limit)
{
    const auto statement = m_statements.get(
        "SELECT factory, trigger_name, planned, noticed, outcome, run, pipeline, coalesced_into, tz_version FROM fire "
        "WHERE factory=? AND trigger_name=? ORDER BY planned DESC LIMIT ?");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, factory.text()).bind(2, trigger).bind(3, std::max(limit, 0));
    return collect(**statement, fireOf);
}

Result<QList<TriggerState>> JournalReader::triggerStates()
{
    const auto statement = m_statements.get("SELECT factory, trigger_name, started, changed_at, cursor "
                                            "FROM trigger_state ORDER BY factory, trigger_name");
    if (!statement)
        return statement.error();
    return collect(**statement, [](const Statement &row) -> Result<TriggerState> {
        return TriggerState{.factory = FactoryId(row.text(0)),
                            .trigger = row.text(1),
                            .started = row.integer(2) != 0,
                            .changedAt = instantAt(row, 3),
                            .cursor = instantAt(row, 4)};
    });
}

Result<QList<FactoryRecord>> JournalReader::factories()
{
    const auto statement = m_statements.get("SELECT id, name, path, published_version FROM factory ORDER BY name, id");
    if (!statement)
        return statement.error();
    return collect(**statement, [](const Statement &row) -> Result<FactoryRecord> {
        return FactoryRecord{.id = FactoryId(row.text(0)),
                             .name = row.text(1),
                             .path = row.text(2),
                             .publishedVersion = int(row.integer(3))};
    });
}

Result<std::optional<VersionRecord>> JournalReader::version(const FactoryId &factory, int number)
{
    const auto statement =
        m_statements.get("SELECT factory, number, published_at, comment, restored_from, manifest FROM version "
                         "WHERE factory=? AND number=?");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, factory.text()).bind(2, number);
    return firstOf(collect(**statement, versionOf));
}

Result<QList<VersionRecord>> JournalReader::versions(const FactoryId &factory)
{
    const auto statement =
        m_statements.get("SELECT factory, number, published_at, comment, restored_from, manifest FROM version "
                         "WHERE factory=? AND number>0 ORDER BY number DESC");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, factory.text());
    return collect(**statement, versionOf);
}

Result<std::optional<VersionRecord>> JournalReader::lastDraft(const FactoryId &factory)
{
    const auto statement =
        m_statements.get("SELECT factory, number, published_at, comment, restored_from, manifest FROM version "
                         "WHERE factory=? AND number<0 ORDER BY number LIMIT 1");
    if (!statement)
        return statement.error();
    (*statement)->bind(1, factory.text());
    return firstOf(collect(**statement, versionOf));
}

} // namespace engine
