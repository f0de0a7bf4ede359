#include "engine/records/RunEvent.h"

#include <QCoreApplication>

namespace engine {

namespace {

const char *changeName(CellOutput::Change change)
{
    switch (change) {
    case CellOutput::Change::Append:
        return "append";
    case CellOutput::Change::Replace:
        return "replace";
    case CellOutput::Change::Clear:
        break;
    }
    return "clear";
}

Json bodyToJson(const CellOutput &output)
{
    return {{"activityRunId", toStdString(output.activityRun.text())},
            {"attempt", output.attempt},
            {"cell", output.cell},
            {"change", changeName(output.change)},
            {"position", output.position},
            {"output", output.output}};
}

Json bodyToJson(const ActivityProgress &progress)
{
    return {{"activityRunId", toStdString(progress.activityRun.text())},
            {"attempt", progress.attempt},
            {"progress", progress.progress}};
}

Json bodyToJson(const RejectsChange &rejects)
{
    Json json = {{"activityRun", toStdString(rejects.activityRun.text())}};
    for (const auto &item : rejects.change.items())
        json[item.key()] = item.value();
    return json;
}

template <typename Record> Json bodyToJson(const Record &record) { return toJson(record); }

CellOutput outputFromJson(const Json &json)
{
    CellOutput output;
    output.activityRun = ActivityRunId(stringAt(json, "activityRunId"));
    output.attempt = int(intAt(json, "attempt", 1));
    output.cell = int(intAt(json, "cell"));
    const QString change = stringAt(json, "change");
    output.change = change == u"clear" ? CellOutput::Change::Clear
        : change == u"replace"         ? CellOutput::Change::Replace
                                       : CellOutput::Change::Append;
    output.position = int(intAt(json, "position"));
    output.output = memberAt(json, "output");
    return output;
}

} // namespace

QString RunEvent::kind() const
{
    static const char16_t *const names[] = {
        u"run", u"activity", u"attempt", u"cell", u"output", u"progress", u"rejects"};
    return QString::fromUtf16(names[body.index()]);
}

Json toJson(const RunEvent &event)
{
    Json json;
    if (event.sequence > 0)
        json["seq"] = event.sequence;
    json["at"] = toStdString(toIso(event.at));
    json["factory"] = toStdString(event.factory.text());
    json["runId"] = toStdString(event.run.text());
    const std::string kind = toStdString(event.kind());
    json["kind"] = kind;
    json[kind] = std::visit([](const auto &body) { return bodyToJson(body); }, event.body);
    return json;
}

Result<RunEvent> runEventFromJson(const Json &json)
{
    RunEvent event;
    event.sequence = intAt(json, "seq");
    event.at = instantFromIso(stringAt(json, "at")).value_or(Instant());
    event.factory = FactoryId(stringAt(json, "factory"));
    event.run = RunId(stringAt(json, "runId"));
    const QString kind = stringAt(json, "kind");
    const Json &body = memberAt(json, kind.toUtf8().constData());
    if (kind == u"run")
        event.body = runRecordFromJson(body);
    else if (kind == u"activity")
        event.body = activityRecordFromJson(body);
    else if (kind == u"attempt")
        event.body = attemptRecordFromJson(body);
    else if (kind == u"cell")
        event.body = cellRecordFromJson(body);
    else if (kind == u"output")
        event.body = outputFromJson(body);
    else if (kind == u"progress")
        event.body = ActivityProgress{
            ActivityRunId(stringAt(body, "activityRunId")), memberAt(body, "progress"), int(intAt(body, "attempt", 1))};
    else if (kind == u"rejects")
        event.body = RejectsChange{ActivityRunId(stringAt(body, "activityRun")), body};
    else
        return Error{ErrorCode::InvalidInput,
                     QCoreApplication::translate("engine::RunEvent", "Unknown kind of event: \"%1\".").arg(kind),
                     QStringLiteral("kind")};
    return event;
}

} // namespace engine
