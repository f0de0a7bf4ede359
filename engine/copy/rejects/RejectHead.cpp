#include "engine/copy/rejects/RejectHead.h"

#include <algorithm>

namespace engine {

namespace {

InterimType typeAt(const Json &json, const char *key)
{
    return interimTypeFromString(stringAt(json, key)).value_or(InterimType::String);
}

const char *outcomeName(RejectHead::Outcome outcome)
{
    switch (outcome) {
    case RejectHead::Outcome::Loaded:
        return "Loaded";
    case RejectHead::Outcome::Failed:
        return "Failed";
    case RejectHead::Outcome::Open:
        break;
    }
    return "Open";
}

} // namespace

QList<RejectColumn> RejectHead::shownColumns() const
{
    QList<RejectColumn> shown;
    for (int i = 0; i < columns.size(); ++i) {
        RejectColumn column{columns.at(i).name, toString(columns.at(i).type)};
        const auto target = std::find_if(
            targets.begin(), targets.end(), [i](const Target &candidate) { return candidate.column == i; });
        if (target != targets.end()) {
            column.sink = target->sink;
            column.sinkType = toString(target->type);
            column.physicalType = target->physicalType;
            column.nullable = target->nullable;
        }
        shown.append(column);
    }
    return shown;
}

Json toJson(const RejectHead &head)
{
    Json columns = Json::array();
    for (const RejectHead::KeptColumn &column : head.columns)
        columns.push_back({{"name", toStdString(column.name)},
                           {"type", toStdString(toString(column.type))},
                           {"source", column.source}});
    Json targets = Json::array();
    for (const RejectHead::Target &target : head.targets)
        targets.push_back({{"column", target.column},
                           {"type", toStdString(toString(target.type))},
                           {"format", toStdString(target.format)},
                           {"culture", toStdString(target.culture)},
                           {"treatBooleanAsNumber", target.treatBooleanAsNumber},
                           {"sink", toStdString(target.sink)},
                           {"physicalType", toStdString(target.physicalType)},
                           {"nullable", target.nullable}});
    return {{"version", 1},
            {"run", toStdString(head.run.text())},
            {"activityRun", toStdString(head.activityRun)},
            {"activity", toStdString(head.activity)},
            {"load", toStdString(head.load.text())},
            {"columns", std::move(columns)},
            {"targets", std::move(targets)},
            {"emptyIsNull", head.emptyIsNull},
            {"whyNoReload", toStdString(head.whyNoReload)},
            {"counted", head.counted},
            {"outcome", outcomeName(head.outcome)}};
}

RejectHead rejectHeadFromJson(const Json &json)
{
    RejectHead head;
    head.run = RunId(stringAt(json, "run"));
    head.activityRun = stringAt(json, "activityRun");
    head.activity = stringAt(json, "activity");
    head.load = LoadId(stringAt(json, "load"));
    for (const Json &column : memberAt(json, "columns"))
        head.columns.append({stringAt(column, "name"), typeAt(column, "type"), int(intAt(column, "source"))});
    for (const Json &target : memberAt(json, "targets")) {
        const auto column = int(intAt(target, "column"));
        if (column < 0 || column >= head.columns.size())
            continue;
        head.targets.append({column,
                             typeAt(target, "type"),
                             stringAt(target, "format"),
                             stringAt(target, "culture"),
                             boolAt(target, "treatBooleanAsNumber"),
                             stringAt(target, "sink"),
                             stringAt(target, "physicalType"),
                             boolAt(target, "nullable", true)});
    }
    head.emptyIsNull = boolAt(json, "emptyIsNull");
    head.whyNoReload = stringAt(json, "whyNoReload");
    head.counted = intAt(json, "counted");
    const QString outcome = stringAt(json, "outcome");
    head.outcome = outcome == u"Loaded" ? RejectHead::Outcome::Loaded
        : outcome == u"Failed"          ? RejectHead::Outcome::Failed
                                        : RejectHead::Outcome::Open;
    return head;
}

} // namespace engine
