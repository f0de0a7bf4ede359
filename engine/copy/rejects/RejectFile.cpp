#include "engine/copy/rejects/RejectFile.h"

#include "engine/copy/rejects/RejectConversion.h"
#include "engine/sqlite/Transaction.h"

#include <QCoreApplication>
#include <QUuid>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RejectFileText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectFile)
};

constexpr int mostReasons = 200;

const QByteArray rowColumns = "id, file, row, line, \"column\", value, code, message, original, fields, \"values\", "
                              "problem, state, reload, redacted, converted";

Json jsonOf(const Statement &row, int column)
{
    if (row.isNull(column))
        return {};
    const Result<Json> read = parseJson(row.utf8(column).toByteArray(), QStringLiteral("rejects"));
    return read ? *read : Json();
}

RejectedRow rowOf(const Statement &at)
{
    RejectedRow row{.id = at.integer(0),
                    .file = at.text(1),
                    .row = at.integer(2),
                    .line = at.integer(3),
                    .column = at.text(4),
                    .value = at.text(5),
                    .code = at.text(6),
                    .message = at.text(7),
                    .original = at.text(8)};
    Json rest = {{"fields", jsonOf(at, 9)}, {"values", jsonOf(at, 10)}, {"problem", jsonOf(at, 11)}};
    const RejectedRow read = rejectedRowFromJson(rest);
    row.fields = read.fields;
    row.values = read.values;
    row.problem = read.problem;
    row.state = RejectState(at.integer(12));
    row.reload = row.state >= RejectState::Loading ? int(at.integer(13)) : 0;
    row.isRedacted = at.integer(14) != 0;
    row.isConverted = at.integer(15) != 0;
    return row;
}

const char *orderOf(RejectQuery::Order order)
{
    switch (order) {
    case RejectQuery::Order::Column:
        return "\"column\"";
    case RejectQuery::Order::Value:
        return "value";
    case RejectQuery::Order::Reason:
        return "message";
    case RejectQuery::Order::State:
        return "state";
    case RejectQuery::Order::Id:
        return "id";
    case RejectQuery::Order::Row:
        break;
    }
    return "row";
}

Error isBeyondEditing(const RejectedRow &row)
{
    return {ErrorCode::Conflict,
            row.state == RejectState::Loaded
                ? RejectFileText::tr("Row %1 is loaded already: it cannot be corrected any more.").arg(row.row)
                : RejectFileText::tr("Row %1 is being loaded: wait until that is over.").arg(row.row),
            QString::number(row.id)};
}

} // namespace

QByteArray rejectSchema()
{
    return "CREATE TABLE about(key TEXT PRIMARY KEY, value TEXT NOT NULL);"
           "CREATE TABLE rejects(id INTEGER PRIMARY KEY, file TEXT, row INTEGER, line INTEGER, \"column\" TEXT, "
           "value TEXT, code TEXT, message TEXT, original TEXT, fields TEXT, converted INTEGER NOT NULL DEFAULT 0, "
           "redacted INTEGER NOT NULL DEFAULT 0, \"values\" TEXT, problem TEXT, state INTEGER NOT NULL DEFAULT 0, "
           "reload INTEGER NOT NULL DEFAULT 0, again TEXT);"
           "CREATE TABLE reloads(number INTEGER PRIMARY KEY, load TEXT NOT NULL, open INTEGER NOT NULL, record TEXT "
           "NOT NULL);";
}

Result<RejectFile> RejectFile::open(const QString &file)
{
    auto database = Database::open(file, {.mode = DatabaseOptions::Mode::ReadWrite});
    if (!database)
        return database.error();
    if (const Result<> set = database->exec("PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL"); !set)
        return set.error();
    RejectFile opened(*std::move(database));
    const auto head = opened.m_database.text("SELECT value FROM about WHERE key='head'");
    if (!head)
        return head.error();
    const Result<Json> json = parseJson(head->value_or(QString()).toUtf8(), file);
    if (!json)
        return Error{ErrorCode::Io, RejectFileText::tr("\"%1\" holds no rejected rows.").arg(file), file};
    opened.m_head = rejectHeadFromJson(*json);
    return opened;
}

Result<> RejectFile::setOutcome(RejectHead::Outcome outcome)
{
    m_head.outcome = outcome;
    auto update = m_database.prepare("UPDATE about SET value=? WHERE key='head'");
    if (!update)
        return update.error();
    update->bindText(1, toCompact(toJson(m_head)));
    return update->run();
}

Result<RejectSummary> RejectFile::summary()
{
    RejectSummary summary;
    auto states = m_database.prepare("SELECT state, count(*) FROM rejects GROUP BY state");
    if (!states)
        return states.error();
    qint64 *const counts[] = {&summary.rejected, &summary.corrected, &summary.loading, &summary.loaded};
    Result<bool> more = states->step();
    for (; more && *more; more = states->step()) {
        if (const qint64 state = states->integer(0); state >= 0 && state < 4)
            *counts[state] = states->integer(1);
    }
    if (!more)
        return more.error();
    summary.kept = summary.rejected + summary.corrected + summary.loading + summary.loaded;
    summary.counted = std::max(m_head.counted, summary.kept);
    auto reasons = m_database.prepare("SELECT code, \"column\", count(*) FROM rejects GROUP BY 1, 2 ORDER BY 3 DESC, "
                                      "1, 2 LIMIT "
                                      + QByteArray::number(mostReasons));
    if (!reasons)
        return reasons.error();
    for (more = reasons->step(); more && *more; more = reasons->step())
        summary.reasons.append({reasons->text(0), reasons->text(1), reasons->integer(2)});
    if (!more)
        return more.error();
    auto reloads = m_database.prepare("SELECT record FROM reloads ORDER BY number");
    if (!reloads)
        return reloads.error();
    for (more = reloads->step(); more && *more; more = reloads->step())
        summary.reloads.append(reloadRecordFromJson(jsonOf(*reloads, 0)));
    if (!more)
        return more.error();
    summary.whyNot = m_head.whyNoReload;
    if (m_head.outcome == RejectHead::Outcome::Failed)
        summary.whyNot =
            RejectFileText::tr("The copy failed and has loaded nothing: mend its source and run it again.");
    summary.canReload = summary.whyNot.isEmpty();
    return summary;
}

Result<Statement> RejectFile::select(const RejectQuery &query, bool isCount)
{
    QByteArray sql = isCount ? QByteArray("SELECT count(*)") : "SELECT " + rowColumns;
    sql += " FROM rejects WHERE 1";
    if (!query.states.isEmpty()) {
        sql += " AND state IN (-1";
        for (const RejectState state : query.states)
            sql += ',' + QByteArray::number(int(state));
        sql += ')';
    }
    if (!query.ids.isEmpty()) {
        sql += " AND id IN (-1";
        for (const qint64 id : query.ids)
            sql += ',' + QByteArray::number(id);
        sql += ')';
    }
    if (query.column)
        sql += " AND \"column\"=:column";
    if (!query.reason.isEmpty())
        sql += " AND code=:reason";
    if (!query.search.isEmpty())
        sql += " AND (instr(lower(value), :search) OR instr(lower(message), :search) OR instr(lower(original), "
               ":search))";
    if (!isCount) {
        sql += " ORDER BY " + QByteArray(orderOf(query.order)) + (query.descending ? " DESC, id DESC" : ", id");
        sql += " LIMIT " + QByteArray::number(query.limit) + " OFFSET " + QByteArray::number(query.offset);
    }
    auto prepared = m_database.prepare(sql);
    if (!prepared)
        return prepared;
    if (query.column)
        prepared->bind(prepared->parameter(":column"), *query.column);
    if (!query.reason.isEmpty())
        prepared->bind(prepared->parameter(":reason"), query.reason);
    if (!query.search.isEmpty())
        prepared->bind(prepared->parameter(":search"), query.search.toLower());
    return prepared;
}

Result<QList<RejectedRow>> RejectFile::read(Statement &statement)
{
    QList<RejectedRow> rows;
    Result<bool> more = statement.step();
    for (; more && *more; more = statement.step())
        rows.append(rowOf(statement));
    if (!more)
        return more.error();
    return rows;
}

Result<RejectPage> RejectFile::page(const RejectQuery &query)
{
    RejectPage page;
    page.columns = m_head.shownColumns();
    auto count = select(query, true);
    if (!count)
        return count.error();
    if (const Result<bool> row = count->step(); !row)
        return row.error();
    page.total = count->integer(0);
    count->reset();
    auto statement = select(query, false);
    if (!statement)
        return statement.error();
    auto rows = read(*statement);
    if (!rows)
        return rows.error();
    page.rows = *std::move(rows);
    auto summed = summary();
    if (!summed)
        return summed.error();
    page.summary = *std::move(summed);
    return page;
}

Result<std::optional<RejectedRow>> RejectFile::row(qint64 id)
{
    auto statement = select({.ids = {id}, .limit = 1}, false);
    if (!statement)
        return statement.error();
    const auto rows = read(*statement);
    if (!rows)
        return rows.error();
    return rows->isEmpty() ? std::nullopt : std::optional(rows->first());
}

Result<> RejectFile::forEach(const RejectQuery &query, const std::function<Result<>(const RejectedRow &)> &take)
{
    RejectQuery all = query;
    all.limit = -1;
    all.offset = 0;
    auto statement = select(all, false);
    if (!statement)
        return statement.error();
    Result<bool> more = statement->step();
    for (; more && *more; more = statement->step()) {
        if (const Result<> taken = take(rowOf(*statement)); !taken)
            return taken;
    }
    return more ? Result<>() : more.error();
}

Result<QList<RejectFile::Edited>> RejectFile::edit(const QList<Edit> &edits, Keep keep)
{
    const Result<RejectConversion> conversion = RejectConversion::make(m_head);
    if (!conversion)
        return conversion.error();
    auto transaction = Transaction::begin(m_database);
    if (!transaction)
        return transaction.error();
    QList<Edited> edited;
    for (const Edit &one : edits) {
        auto done = editOne(one, keep, *conversion);
        if (!done)
            return done.error();
        edited.append(*std::move(done));
    }
    if (const Result<> committed = transaction->commit(); !committed)
        return committed.error();
    return edited;
}

Result<RejectFile::Edited> RejectFile::editOne(const Edit &edit, Keep keep, const RejectConversion &conversion)
{
    const auto found = row(edit.id);
    if (!found)
        return found.error();
    if (!*found)
        return Error{ErrorCode::NotFound,
                     RejectFileText::tr("There is no rejected row %1.").arg(edit.id),
                     QString::number(edit.id)};
    Edited edited{**found};
    RejectedRow &row = edited.row;
    if (row.state >= RejectState::Loading)
        return isBeyondEditing(row);
    for (auto value = edit.values.constBegin(); value != edit.values.constEnd(); ++value) {
        if (!conversion.hasColumn(value.key()))
            return Error{ErrorCode::InvalidInput,
                         RejectFileText::tr("There is no column \"%1\".").arg(value.key()),
                         QStringLiteral("values.") + value.key()};
        row.values.insert(value.key(), *value);
    }
    row.problem.reset();
    if (edit.reset) {
        row.values.clear();
        row.state = RejectState::Rejected;
    } else {
        row.problem = conversion.check(row);
        edited.isOk = !row.problem;
        row.state = edited.isOk ? RejectState::Corrected : RejectState::Rejected;
    }
    if (keep == Keep::Nothing)
        return edited;
    auto update = m_database.prepare("UPDATE rejects SET \"values\"=?, problem=?, state=?, reload=0 WHERE id=?");
    if (!update)
        return update.error();
    if (row.values.isEmpty())
        update->bindNull(1);
    else
        update->bindText(1, toCompact(toJson(row.values)));
    if (row.problem)
        update->bindText(2, toCompact(toJson(*row.problem)));
    else
        update->bindNull(2);
    update->bind(3, int(row.state)).bind(4, row.id);
    if (const Result<> written = update->run(); !written)
        return written.error();
    return edited;
}

} // namespace engine
