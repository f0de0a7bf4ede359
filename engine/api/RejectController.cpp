#include "engine/api/Controllers.h"
#include "engine/api/Lookup.h"

#include <QCoreApplication>

namespace engine {

namespace {

constexpr qint64 mostRows = 1000;
constexpr qint64 rowsUnlessSaid = 200;

// The context of this file's texts for translators.
struct RejectControllerText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectController)
};

Error invalid(const char *where, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QString::fromLatin1(where)};
}

Result<RejectPlace> placeOf(const ApiParts &parts, const ApiRequest &request)
{
    const Result<RunRecord> run = runOf(parts, request);
    if (!run)
        return run.error();
    const QString id = request.path.value(QStringLiteral("activityRun"));
    const Result<QList<ActivityRecord>> activities = parts.journal.activities(run->id);
    if (!activities)
        return activities.error();
    for (const ActivityRecord &activity : *activities) {
        if (activity.id.text() == id)
            return RejectPlace{*run, activity};
    }
    return Error{ErrorCode::NotFound,
                 RejectControllerText::tr("The run %1 has no activity run %2.").arg(run->id.text(), id),
                 id};
}

Result<RejectQuery> filterFrom(const std::function<QString(const char *)> &value, bool hasColumn)
{
    RejectQuery query;
    for (const QString &name : value("state").split(u',', Qt::SkipEmptyParts)) {
        const auto state = rejectStateFromString(name.trimmed());
        if (!state)
            return invalid("state", RejectControllerText::tr("There is no state \"%1\" of a rejected row.").arg(name));
        query.states.append(*state);
    }
    if (hasColumn)
        query.column = value("column");
    query.reason = value("reason");
    query.search = value("search");
    return query;
}

Result<RejectQuery> queryFrom(const HttpRequest &http)
{
    const auto value = [&](const char *key) { return http.query.value(QLatin1String(key)); };
    auto query = filterFrom(value, http.query.contains(QStringLiteral("column")));
    if (!query)
        return query;
    using Order = RejectQuery::Order;
    static const QMap<QString, Order> orders = {{QString(), Order::Row},
                                                {QStringLiteral("row"), Order::Row},
                                                {QStringLiteral("column"), Order::Column},
                                                {QStringLiteral("value"), Order::Value},
                                                {QStringLiteral("reason"), Order::Reason},
                                                {QStringLiteral("state"), Order::State},
                                                {QStringLiteral("id"), Order::Id}};
    const auto order = orders.constFind(value("sort").toLower());
    if (order == orders.constEnd())
        return invalid("sort", RejectControllerText::tr("Rows cannot be sorted by \"%1\".").arg(value("sort")));
    query->order = *order;
    const QString direction = value("order").toLower();
    if (!direction.isEmpty() && direction != u"asc" && direction != u"desc")
        return invalid("order", RejectControllerText::tr("Rows are sorted asc or desc, not \"%1\".").arg(direction));
    query->descending = direction == u"desc";
    const QString offset = value("offset");
    bool isNumber = true;
    query->offset = offset.isEmpty() ? 0 : offset.toLongLong(&isNumber);
    if (!isNumber || query->offset < 0)
        return invalid("offset", RejectControllerText::tr("\"%1\" is no number of rows to leave out.").arg(offset));
    const QString limit = value("limit");
    query->limit = limit.isEmpty() ? rowsUnlessSaid : limit.toLongLong();
    if (query->limit < 1 || query->limit > mostRows)
        return invalid("limit", RejectControllerText::tr("A page has 1 to %1 rows.").arg(mostRows));
    return query;
}

QList<qint64> idsIn(const Json &list)
{
    QList<qint64> ids;
    if (!list.is_array())
        return ids;
    for (const Json &id : list) {
        if (id.is_number_integer())
            ids.append(id.get<qint64>());
    }
    return ids;
}

Result<RejectChange> changeFrom(const Json &body)
{
    RejectChange change;
    change.check = boolAt(body, "check");
    change.reset = boolAt(body, "reset");
    const RejectedRow::Values values = rejectValuesFromJson(memberAt(body, "values"));
    if (const Json &edits = memberAt(body, "edits"); edits.is_array()) {
        for (const Json &edit : edits)
            change.edits.append({intAt(edit, "id"), rejectValuesFromJson(memberAt(edit, "values"))});
    } else if (const Json &where = memberAt(body, "where"); where.is_object()) {
        const auto value = [&](const char *key) { return stringAt(where, key); };
        auto query = filterFrom(value, where.contains("column"));
        if (!query)
            return query.error();
        if (query->states.isEmpty())
            query->states = {RejectState::Rejected, RejectState::Corrected};
        change.where = *query;
        change.values = values;
    } else {
        for (const qint64 id : idsIn(memberAt(body, "ids")))
            change.edits.append({id, values});
    }
    if (change.edits.size() > mostRows)
        return invalid("edits", RejectControllerText::tr("At most %1 rows are corrected at once.").arg(mostRows));
    if (change.edits.isEmpty() && !change.where)
        return invalid("edits",
                       RejectControllerText::tr("Say which rows: {\"edits\": [{\"id\": 1, \"values\": {…}}]}, or "
                                                "\"ids\" or \"where\" with \"values\"."));
    return change;
}

// The answer about one row, as the answer about many has it.
void sendOne(const Result<Json> &changed, ApiReply reply)
{
    if (!changed)
        return reply.send(changed.error());
    const Json &rows = memberAt(*changed, "rows");
    reply.send(rows.is_array() && !rows.empty() ? rows.front() : Json::object());
}

template <typename Send> void answerWith(const Result<Json> &answer, ApiReply reply, Send send)
{
    if (answer)
        send(*answer);
    else
        reply.send(answer.error());
}

void addChangeRoutes(Router &router, const ApiParts &parts, const QString &base)
{
    router.add("PATCH", base, [parts](const ApiRequest &request, ApiReply reply) {
        const Result<RejectPlace> place = placeOf(parts, request);
        const Result<RejectChange> change = changeFrom(request.body);
        if (!place || !change)
            return reply.send(place ? change.error() : place.error());
        parts.rejects.change(*place, *change, [reply](const Result<Json> &changed) mutable {
            answerWith(changed, reply, [&](const Json &json) { reply.send(json); });
        });
    });
    router.add("PATCH", base + QStringLiteral("/{id}"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<RejectPlace> place = placeOf(parts, request);
        if (!place)
            return reply.send(place.error());
        const RejectChange change{
            .edits = {{request.path.value(QStringLiteral("id")).toLongLong(),
                       rejectValuesFromJson(memberAt(request.body, "values"))}},
            .reset = boolAt(request.body, "reset"),
            .check = boolAt(request.body, "check"),
        };
        parts.rejects.change(*place, change, [reply](const Result<Json> &changed) { sendOne(changed, reply); });
    });
    router.add("POST", base + QStringLiteral("/reload"), [parts](const ApiRequest &request, ApiReply reply) {
        const Result<RejectPlace> place = placeOf(parts, request);
        if (!place)
            return reply.send(place.error());
        parts.rejects.reload(*place, idsIn(memberAt(request.body, "ids")), [reply](const Result<Json> &begun) mutable {
            answerWith(begun, reply, [&](const Json &json) { reply.send(json, 202); });
        });
    });
}

void sendExport(const ApiParts &parts, const ApiRequest &request, ApiReply reply)
{
    const Result<RejectPlace> place = placeOf(parts, request);
    Result<RejectQuery> query = queryFrom(request.http);
    if (!place || !query)
        return reply.send(place ? query.error() : place.error());
    const bool corrected = request.http.query.value(QStringLiteral("corrections")) != u"false";
    parts.rejects.csv(*place, *query, corrected, [reply](const Result<QByteArray> &text) mutable {
        if (text)
            reply.sendText(*text, "text/csv; charset=utf-8");
        else
            reply.send(text.error());
    });
}

} // namespace

RejectDesk::~RejectDesk() = default;

void addRejectRoutes(Router &router, const ApiParts &parts)
{
    const QString base = QStringLiteral("/slipway/v1/runs/{run}/activities/{activityRun}/rejects");
    const auto ask = [parts](const ApiRequest &request, const RejectQuery &query, ApiReply reply, auto send) {
        const Result<RejectPlace> place = placeOf(parts, request);
        if (!place)
            return reply.send(place.error());
        parts.rejects.page(*place, query, [reply, send](const Result<RejectPage> &page) mutable {
            if (page)
                send(*page, reply);
            else
                reply.send(page.error());
        });
    };
    router.add("GET", base, [ask](const ApiRequest &request, ApiReply reply) {
        const Result<RejectQuery> query = queryFrom(request.http);
        if (!query)
            return reply.send(query.error());
        ask(request, *query, reply, [](const RejectPage &page, ApiReply &to) { to.send(toJson(page)); });
    });
    router.add("GET", base + QStringLiteral("/summary"), [ask](const ApiRequest &request, ApiReply reply) {
        ask(request, {.limit = 0}, reply, [](const RejectPage &page, ApiReply &to) { to.send(toJson(page.summary)); });
    });
    router.add("GET", base + QStringLiteral("/export"), [parts](const ApiRequest &request, ApiReply reply) {
        sendExport(parts, request, std::move(reply));
    });
    router.add("GET", base + QStringLiteral("/{id}"), [ask](const ApiRequest &request, ApiReply reply) {
        const QString id = request.path.value(QStringLiteral("id"));
        ask(request, {.ids = {id.toLongLong()}, .limit = 1}, reply, [id](const RejectPage &page, ApiReply &to) {
            if (page.rows.isEmpty())
                to.send(
                    Error{ErrorCode::NotFound, RejectControllerText::tr("There is no rejected row %1.").arg(id), id});
            else
                to.send(toJson(page.rows.first()));
        });
    });
    addChangeRoutes(router, parts, base);
}

} // namespace engine
