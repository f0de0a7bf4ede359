#include "engine/records/CopyTrialRecords.h"

namespace engine {

namespace {

Json sampleJson(const ConversionSample &sample)
{
    return {{"row", sample.row},
            {"line", sample.line},
            {"file", toStdString(sample.file)},
            {"value", toStdString(sample.value)},
            {"verdict", sample.isLossy ? "lossy" : "failing"},
            {"message", toStdString(sample.message)}};
}

Json samplesJson(const QList<ConversionSample> &samples)
{
    Json list = Json::array();
    for (const ConversionSample &sample : samples)
        list.push_back(sampleJson(sample));
    return list;
}

QList<ConversionSample> samplesFrom(const Json &list)
{
    QList<ConversionSample> samples;
    for (const Json &sample : list)
        samples.append({intAt(sample, "row"),
                        intAt(sample, "line"),
                        stringAt(sample, "file"),
                        stringAt(sample, "value"),
                        stringAt(sample, "verdict") == u"lossy",
                        stringAt(sample, "message")});
    return samples;
}

Json namesJson(const QStringList &names)
{
    Json list = Json::array();
    for (const QString &name : names)
        list.push_back(toStdString(name));
    return list;
}

QStringList namesFrom(const Json &list)
{
    QStringList names;
    for (const Json &name : list) {
        if (name.is_string())
            names.append(toQString(name.get_ref<const std::string &>()));
    }
    return names;
}

} // namespace

Json toJson(const ConversionPreview &preview)
{
    Json columns = Json::array();
    for (const ConversionColumn &column : preview.columns)
        columns.push_back({{"source", toStdString(column.source)},
                           {"sourceType", toStdString(column.sourceType)},
                           {"sink", toStdString(column.sink)},
                           {"sinkType", toStdString(column.sinkType)},
                           {"physicalType", toStdString(column.physicalType)},
                           {"nullable", column.nullable},
                           {"ok", column.ok},
                           {"lossy", column.lossy},
                           {"failing", column.failing},
                           {"null", column.nulls},
                           {"worst", samplesJson(column.worst)}});
    return {{"rows", preview.rows},
            {"more", preview.more},
            {"sampling", preview.more ? "head" : "all"},
            {"good", preview.good},
            {"bad", preview.bad},
            {"ragged", preview.ragged},
            {"columns", std::move(columns)},
            {"rowProblems", samplesJson(preview.rowProblems)},
            {"ignored", namesJson(preview.ignored)},
            {"unmapped", namesJson(preview.unmapped)}};
}

ConversionPreview conversionPreviewFromJson(const Json &json)
{
    ConversionPreview preview{.rows = intAt(json, "rows"),
                              .more = boolAt(json, "more"),
                              .good = intAt(json, "good"),
                              .bad = intAt(json, "bad"),
                              .ragged = intAt(json, "ragged"),
                              .columns = {},
                              .rowProblems = samplesFrom(memberAt(json, "rowProblems")),
                              .ignored = namesFrom(memberAt(json, "ignored")),
                              .unmapped = namesFrom(memberAt(json, "unmapped"))};
    for (const Json &column : memberAt(json, "columns"))
        preview.columns.append({stringAt(column, "source"),
                                stringAt(column, "sourceType"),
                                stringAt(column, "sink"),
                                stringAt(column, "sinkType"),
                                stringAt(column, "physicalType"),
                                boolAt(column, "nullable", true),
                                intAt(column, "ok"),
                                intAt(column, "lossy"),
                                intAt(column, "failing"),
                                intAt(column, "null"),
                                samplesFrom(memberAt(column, "worst"))});
    return preview;
}

Json toJson(const ScriptTrial &trial)
{
    Json statements = Json::array();
    for (const TriedStatement &statement : trial.statements)
        statements.push_back({{"text", toStdString(statement.text)},
                              {"kind", toStdString(statement.kind)},
                              {"table", toStdString(statement.table)},
                              {"rows", statement.rows},
                              {"sentence", toStdString(statement.sentence)}});
    return {{"sentence", toStdString(trial.sentence)}, {"rows", trial.rows}, {"statements", std::move(statements)}};
}

ScriptTrial scriptTrialFromJson(const Json &json)
{
    ScriptTrial trial{stringAt(json, "sentence"), intAt(json, "rows", -1), {}};
    for (const Json &statement : memberAt(json, "statements"))
        trial.statements.append({stringAt(statement, "text"),
                                 stringAt(statement, "kind"),
                                 stringAt(statement, "table"),
                                 intAt(statement, "rows", -1),
                                 stringAt(statement, "sentence")});
    return trial;
}

} // namespace engine
