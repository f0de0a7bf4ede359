#include "engine/records/RejectRecords.h"

#include <array>
#include <utility>

namespace engine {

namespace {

constexpr std::array stateNames{std::pair{RejectState::Rejected, "Rejected"},
                                std::pair{RejectState::Corrected, "Corrected"},
                                std::pair{RejectState::Loading, "Loading"},
                                std::pair{RejectState::Loaded, "Loaded"}};

constexpr std::array reloadNames{std::pair{ReloadRecord::State::Loading, "Loading"},
                                 std::pair{ReloadRecord::State::Loaded, "Loaded"},
                                 std::pair{ReloadRecord::State::Failed, "Failed"},
                                 std::pair{ReloadRecord::State::Unknown, "Unknown"}};

template <typename Names, typename Value> QString nameIn(const Names &names, Value value)
{
    for (const auto &[known, name] : names) {
        if (known == value)
            return QString::fromLatin1(name);
    }
    return {};
}

Json textOrNull(const std::optional<QString> &text) { return text ? Json(toStdString(*text)) : Json(); }

std::optional<QString> optionalText(const Json &json)
{
    if (json.is_string())
        return toQString(json.get_ref<const std::string &>());
    if (json.is_null() || json.is_structured())
        return std::nullopt;
    return toQString(json.dump());
}

template <typename T> Json listOf(const QList<T> &list)
{
    Json json = Json::array();
    for (const T &item : list)
        json.push_back(toJson(item));
    return json;
}

} // namespace

QString toString(RejectState state) { return nameIn(stateNames, state); }

std::optional<RejectState> rejectStateFromString(const QString &text)
{
    for (const auto &[state, name] : stateNames) {
        if (text.compare(QLatin1String(name), Qt::CaseInsensitive) == 0)
            return state;
    }
    return std::nullopt;
}

QString toString(ReloadRecord::State state) { return nameIn(reloadNames, state); }

Json toJson(const RejectColumn &column)
{
    Json json = {{"name", toStdString(column.name)}, {"type", toStdString(column.type)}};
    if (column.sink.isEmpty())
        return json;
    json["sink"] = toStdString(column.sink);
    json["sinkType"] = toStdString(column.sinkType);
    json["physicalType"] = toStdString(column.physicalType);
    json["nullable"] = column.nullable;
    return json;
}

RejectColumn rejectColumnFromJson(const Json &json)
{
    return {stringAt(json, "name"),
            stringAt(json, "type"),
            stringAt(json, "sink"),
            stringAt(json, "sinkType"),
            stringAt(json, "physicalType"),
            boolAt(json, "nullable", true)};
}

Json toJson(const RejectProblem &problem)
{
    return {{"column", toStdString(problem.column)},
            {"value", toStdString(problem.value)},
            {"message", toStdString(problem.message)}};
}

Json toJson(const RejectedRow::Values &values)
{
    Json json = Json::object();
    for (auto value = values.constBegin(); value != values.constEnd(); ++value)
        json[toStdString(value.key())] = textOrNull(*value);
    return json;
}

RejectedRow::Values rejectValuesFromJson(const Json &json)
{
    RejectedRow::Values values;
    if (!json.is_object())
        return values;
    for (const auto &item : json.items())
        values.insert(toQString(item.key()), optionalText(item.value()));
    return values;
}

Json toJson(const RejectedRow &row)
{
    Json json = {{"id", row.id},
                 {"file", toStdString(row.file)},
                 {"row", row.row},
                 {"line", row.line},
                 {"column", toStdString(row.column)},
                 {"value", toStdString(row.value)},
                 {"code", toStdString(row.code)},
                 {"message", toStdString(row.message)},
                 {"original", toStdString(row.original)}};
    Json &fields = json["fields"];
    if (row.fields) {
        fields = Json::array();
        for (const std::optional<QString> &field : *row.fields)
            fields.push_back(textOrNull(field));
    }
    json["values"] = toJson(row.values);
    json["state"] = toStdString(toString(row.state));
    if (row.problem)
        json["problem"] = toJson(*row.problem);
    if (row.reload > 0)
        json["reload"] = row.reload;
    if (row.isRedacted)
        json["redacted"] = true;
    return json;
}

RejectedRow rejectedRowFromJson(const Json &json)
{
    RejectedRow row{.id = intAt(json, "id"),
                    .file = stringAt(json, "file"),
                    .row = intAt(json, "row"),
                    .line = intAt(json, "line"),
                    .column = stringAt(json, "column"),
                    .value = stringAt(json, "value"),
                    .code = stringAt(json, "code"),
                    .message = stringAt(json, "message"),
                    .original = stringAt(json, "original")};
    if (const Json &fields = memberAt(json, "fields"); fields.is_array()) {
        row.fields.emplace();
        for (const Json &field : fields)
            row.fields->append(optionalText(field));
    }
    row.values = rejectValuesFromJson(memberAt(json, "values"));
    row.state = rejectStateFromString(stringAt(json, "state")).value_or(RejectState::Rejected);
    if (const Json &problem = memberAt(json, "problem"); problem.is_object())
        row.problem =
            RejectProblem{stringAt(problem, "column"), stringAt(problem, "value"), stringAt(problem, "message")};
    row.reload = int(intAt(json, "reload"));
    row.isRedacted = boolAt(json, "redacted");
    return row;
}

Json toJson(const ReloadRecord &reload)
{
    Json json = {{"number", reload.number},
                 {"state", toStdString(toString(reload.state))},
                 {"by", toStdString(reload.by)},
                 {"startedAt", toStdString(toIso(reload.startedAt))}};
    json["endedAt"] = reload.endedAt ? Json(toStdString(toIso(*reload.endedAt))) : Json();
    json["rows"] = reload.rows;
    json["loaded"] = reload.loaded;
    json["refused"] = reload.refused;
    json["error"] = reload.error.isEmpty() ? Json() : toJson(reload.error);
    return json;
}

ReloadRecord reloadRecordFromJson(const Json &json)
{
    ReloadRecord reload;
    reload.number = int(intAt(json, "number"));
    const QString state = stringAt(json, "state");
    for (const auto &[known, name] : reloadNames) {
        if (state == QLatin1String(name))
            reload.state = known;
    }
    reload.by = stringAt(json, "by");
    reload.startedAt = instantFromIso(stringAt(json, "startedAt")).value_or(Instant());
    reload.endedAt = instantFromIso(stringAt(json, "endedAt"));
    reload.rows = intAt(json, "rows");
    reload.loaded = intAt(json, "loaded");
    reload.refused = intAt(json, "refused");
    if (const Json &error = memberAt(json, "error"); error.is_object())
        reload.error = runErrorFromJson(error);
    return reload;
}

Json toJson(const RejectSummary &summary)
{
    Json reasons = Json::array();
    for (const RejectReason &reason : summary.reasons)
        reasons.push_back(
            {{"code", toStdString(reason.code)}, {"column", toStdString(reason.column)}, {"count", reason.count}});
    return {{"rejected", summary.rejected},
            {"corrected", summary.corrected},
            {"loading", summary.loading},
            {"loaded", summary.loaded},
            {"kept", summary.kept},
            {"counted", summary.counted},
            {"reasons", std::move(reasons)},
            {"canReload", summary.canReload},
            {"whyNot", toStdString(summary.whyNot)},
            {"reloads", listOf(summary.reloads)}};
}

RejectSummary rejectSummaryFromJson(const Json &json)
{
    RejectSummary summary;
    summary.rejected = intAt(json, "rejected");
    summary.corrected = intAt(json, "corrected");
    summary.loading = intAt(json, "loading");
    summary.loaded = intAt(json, "loaded");
    summary.kept = intAt(json, "kept");
    summary.counted = intAt(json, "counted");
    for (const Json &reason : memberAt(json, "reasons"))
        summary.reasons.append({stringAt(reason, "code"), stringAt(reason, "column"), intAt(reason, "count")});
    summary.canReload = boolAt(json, "canReload");
    summary.whyNot = stringAt(json, "whyNot");
    for (const Json &reload : memberAt(json, "reloads"))
        summary.reloads.append(reloadRecordFromJson(reload));
    return summary;
}

Json toJson(const RejectPage &page)
{
    return {{"columns", listOf(page.columns)},
            {"value", listOf(page.rows)},
            {"total", page.total},
            {"summary", toJson(page.summary)}};
}

RejectPage rejectPageFromJson(const Json &json)
{
    RejectPage page;
    for (const Json &column : memberAt(json, "columns"))
        page.columns.append(rejectColumnFromJson(column));
    for (const Json &row : memberAt(json, "value"))
        page.rows.append(rejectedRowFromJson(row));
    page.total = intAt(json, "total");
    page.summary = rejectSummaryFromJson(memberAt(json, "summary"));
    return page;
}

} // namespace engine
