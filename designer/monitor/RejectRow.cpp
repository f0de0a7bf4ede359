#include "designer/monitor/RejectRow.h"

#include <QCoreApplication>
#include <QHash>

#include <array>

namespace designer {

using namespace engine;

namespace {

struct RejectText
{
    Q_DECLARE_TR_FUNCTIONS(designer::RejectRow)
};

RejectRow::State stateFrom(const QString &text)
{
    if (text == u"Corrected")
        return RejectRow::State::Corrected;
    if (text == u"Loading")
        return RejectRow::State::Loading;
    return text == u"Loaded" ? RejectRow::State::Loaded : RejectRow::State::Rejected;
}

const Json &listAt(const Json &json, const char *key)
{
    static const Json none = Json::array();
    const Json &found = memberAt(json, key);
    return found.is_array() ? found : none;
}

} // namespace

Json RejectRow::originalOf(int index) const
{
    return fields.is_array() && index >= 0 && size_t(index) < fields.size() ? fields[size_t(index)] : Json();
}

Json RejectRow::valueOf(const QString &name, int index) const
{
    const auto found = corrections.find(toStdString(name));
    return found != corrections.end() ? *found : originalOf(index);
}

RejectRow rejectRowFromJson(const Json &json)
{
    RejectRow row;
    row.id = intAt(json, "id");
    row.file = stringAt(json, "file");
    row.row = intAt(json, "row");
    row.line = intAt(json, "line");
    row.column = stringAt(json, "column");
    row.value = memberAt(json, "value");
    row.message = stringAt(json, "message");
    row.original = stringAt(json, "original");
    row.fields = memberAt(json, "fields");
    if (const Json &values = memberAt(json, "values"); values.is_object())
        row.corrections = values;
    row.state = stateFrom(stringAt(json, "state"));
    row.problem = stringAt(memberAt(json, "problem"), "message");
    row.problemColumn = stringAt(memberAt(json, "problem"), "column");
    row.reload = int(intAt(json, "reload"));
    row.isRedacted = boolAt(json, "redacted");
    return row;
}

StatusLook statusLook(RejectRow::State state)
{
    switch (state) {
    case RejectRow::State::Rejected:
        return {RejectText::tr("Rejected"), QStringLiteral("triangle-alert"), IconRole::Warn};
    case RejectRow::State::Corrected:
        return {RejectText::tr("Corrected"), QStringLiteral("pencil"), IconRole::Run};
    case RejectRow::State::Loading:
        return {RejectText::tr("Loading"), QStringLiteral("loader-circle"), IconRole::Run};
    case RejectRow::State::Loaded:
        break;
    }
    return {RejectText::tr("Loaded"), QStringLiteral("circle-check"), IconRole::Ok};
}

QString toText(RejectRow::State state)
{
    static const std::array names{
        QStringLiteral("Rejected"), QStringLiteral("Corrected"), QStringLiteral("Loading"), QStringLiteral("Loaded")};
    return names[size_t(state)];
}

QList<RejectColumn> rejectColumnsFromJson(const Json &json)
{
    QList<RejectColumn> columns;
    if (!json.is_array())
        return columns;
    for (const Json &column : json) {
        const QString physical = stringAt(column, "physicalType");
        columns.append({stringAt(column, "name"),
                        stringAt(column, "type"),
                        stringAt(column, "sink"),
                        physical.isEmpty() ? stringAt(column, "sinkType") : physical,
                        boolAt(column, "nullable", true)});
    }
    return columns;
}

RejectsSummary rejectsSummaryFromJson(const Json &json)
{
    RejectsSummary summary;
    summary.rejected = intAt(json, "rejected");
    summary.corrected = intAt(json, "corrected");
    summary.loading = intAt(json, "loading");
    summary.loaded = intAt(json, "loaded");
    summary.kept = intAt(json, "kept");
    summary.counted = intAt(json, "counted");
    summary.canReload = boolAt(json, "canReload");
    summary.whyNot = stringAt(json, "whyNot");
    for (const Json &reason : listAt(json, "reasons"))
        summary.reasons.append({stringAt(reason, "code"), stringAt(reason, "column"), intAt(reason, "count")});
    for (const Json &reload : listAt(json, "reloads"))
        summary.reloads.append({int(intAt(reload, "number")),
                                stringAt(reload, "state"),
                                stringAt(reload, "by"),
                                stringAt(reload, "startedAt"),
                                stringAt(reload, "endedAt"),
                                intAt(reload, "rows"),
                                intAt(reload, "loaded"),
                                intAt(reload, "refused"),
                                stringAt(memberAt(reload, "error"), "message")});
    return summary;
}

QString reasonText(const QString &code)
{
    static const QHash<QString, QString> words{
        {QStringLiteral("UserErrorInvalidDataValue"), RejectText::tr("Does not convert")},
        {QStringLiteral("UserErrorInvalidColumnCount"), RejectText::tr("Too many or too few columns")},
        {QStringLiteral("UserErrorSinkConstraint"), RejectText::tr("Breaks a rule of the table")}};
    return words.value(code, code);
}

QString shownValue(const Json &value)
{
    if (value.is_null())
        return QStringLiteral("NULL");
    const QString text =
        value.is_string() ? toQString(value.get_ref<const std::string &>()) : QString::fromUtf8(toCompact(value));
    return text.isEmpty() ? RejectText::tr("(empty)") : text;
}

} // namespace designer
