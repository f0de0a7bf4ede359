#include "designer/properties/Records.h"

#include "designer/properties/Field.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace designer::records {

using namespace engine;

namespace {

struct RecordsText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Records)
};

bool isType(const QString &type, QStringView name) { return type.compare(name, Qt::CaseInsensitive) == 0; }

Json objectOr(const Json &json) { return json.is_object() ? json : Json::object(); }

} // namespace

Json valueOf(const QString &text, const QString &type, const Json &before)
{
    if (!before.is_null() && shownText(before) == text)
        return before;
    const Json plain = toStdString(text);
    if (isDynamic(plain))
        return dynamicValue(text, before);
    bool ok = false;
    const QString trimmed = text.trimmed();
    if (isType(type, u"Int") || isType(type, u"Integer")) {
        const qint64 number = trimmed.toLongLong(&ok);
        return ok ? Json(number) : plain;
    }
    if (isType(type, u"Float")) {
        const double number = trimmed.toDouble(&ok);
        return ok ? Json(number) : plain;
    }
    if (isType(type, u"Bool") || isType(type, u"Boolean")) {
        if (isType(trimmed, u"true") || isType(trimmed, u"false"))
            return isType(trimmed, u"true");
        return plain;
    }
    if (isType(type, u"Array") || isType(type, u"Object")) {
        const auto json = parseJson(trimmed.toUtf8(), QString());
        return json && (isType(type, u"Array") ? json->is_array() : json->is_object()) ? *json : plain;
    }
    return plain;
}

QList<Record> ofTypedValues(const Json &json)
{
    QList<Record> rows;
    if (json.is_object()) {
        for (const auto &[key, entry] : json.items())
            rows.append({{toQString(key), stringAt(entry, "type"), shownText(memberAt(entry, "defaultValue"))}, entry});
    }
    return rows;
}

Json typedValues(const QList<Record> &rows)
{
    Json json = Json::object();
    for (const Record &row : rows) {
        Json entry = objectOr(row.origin);
        const QString type = row.cells.value(1);
        if (stringAt(entry, "type") != type)
            entry["type"] = toStdString(type);
        const QString text = row.cells.value(2);
        const Json before = memberAt(entry, "defaultValue");
        if (shownText(before) != text || (!before.is_null() && isDynamic(before))) {
            if (text.isEmpty())
                entry.erase("defaultValue");
            else
                entry["defaultValue"] = valueOf(text, type, before);
        } else if (!text.isEmpty()) {
            // The type may have changed: "5" becomes 5.
            entry["defaultValue"] =
                valueOf(text, type, before.is_string() && stringAt(row.origin, "type") != type ? Json() : before);
        }
        json[toStdString(row.cells.value(0))] = entry;
    }
    return json;
}

QList<Record> ofNamedList(const Json &json)
{
    QList<Record> rows;
    if (json.is_array()) {
        for (const Json &entry : json)
            rows.append({{stringAt(entry, "name"), shownText(memberAt(entry, "value"))}, entry});
    }
    return rows;
}

Json namedList(const QList<Record> &rows)
{
    Json json = Json::array();
    for (const Record &row : rows) {
        Json entry = objectOr(row.origin);
        entry["name"] = toStdString(row.cells.value(0));
        entry["value"] = valueOf(row.cells.value(1), QString(), memberAt(entry, "value"));
        json.push_back(entry);
    }
    return json;
}

QList<Record> ofValues(const Json &json)
{
    QList<Record> rows;
    if (json.is_object()) {
        for (const auto &[key, value] : json.items())
            rows.append({{toQString(key), shownText(value)}, value});
    }
    return rows;
}

Json values(const QList<Record> &rows)
{
    Json json = Json::object();
    for (const Record &row : rows)
        json[toStdString(row.cells.value(0))] = valueOf(row.cells.value(1), QString(), row.origin);
    return json;
}

QList<Record> ofStrings(const Json &json)
{
    QList<Record> rows;
    if (json.is_array()) {
        for (const Json &entry : json)
            rows.append({{shownText(entry)}, entry});
    }
    return rows;
}

Json strings(const QList<Record> &rows)
{
    Json json = Json::array();
    for (const Record &row : rows)
        json.push_back(valueOf(row.cells.value(0), QString(), row.origin));
    return json;
}

QList<Record> ofSchema(const Json &json)
{
    QList<Record> rows;
    if (json.is_array()) {
        for (const Json &entry : json)
            rows.append({{stringAt(entry, "name"), stringAt(entry, "type")}, entry});
    }
    return rows;
}

Json schema(const QList<Record> &rows)
{
    Json json = Json::array();
    for (const Record &row : rows) {
        Json entry = objectOr(row.origin);
        if (!row.cells.value(0).isEmpty() || entry.contains("name"))
            entry["name"] = toStdString(row.cells.value(0));
        entry["type"] = toStdString(row.cells.value(1));
        json.push_back(entry);
    }
    return json;
}

QList<Record> ofTypedArguments(const Json &json)
{
    QList<Record> rows;
    if (json.is_object()) {
        for (const auto &[key, entry] : json.items()) {
            const bool isTyped = entry.is_object() && !isDynamic(entry);
            rows.append({{toQString(key),
                          isTyped ? stringAt(entry, "type") : QString(),
                          shownText(isTyped ? memberAt(entry, "value") : entry)},
                         entry});
        }
    }
    return rows;
}

Json typedArguments(const QList<Record> &rows)
{
    Json json = Json::object();
    for (const Record &row : rows) {
        const bool isTyped = row.origin.is_null() || (row.origin.is_object() && !isDynamic(row.origin));
        const QString type = row.cells.value(1);
        if (!isTyped && type.isEmpty()) { // without a type, as it was written
            json[toStdString(row.cells.value(0))] = valueOf(row.cells.value(2), QString(), row.origin);
            continue;
        }
        Json entry = isTyped ? objectOr(row.origin) : Json::object();
        entry["value"] = valueOf(row.cells.value(2), type, memberAt(entry, "value"));
        if (!type.isEmpty() || entry.contains("type"))
            entry["type"] = toStdString(type);
        json[toStdString(row.cells.value(0))] = entry;
    }
    return json;
}

QList<Record> ofScriptParameters(const Json &json)
{
    QList<Record> rows;
    if (json.is_array()) {
        for (const Json &entry : json)
            rows.append({{shownText(memberAt(entry, "name")),
                          stringAt(entry, "type"),
                          shownText(memberAt(entry, "value")),
                          stringAt(entry, "direction")},
                         entry});
    }
    return rows;
}

Json scriptParameters(const QList<Record> &rows)
{
    Json json = Json::array();
    for (const Record &row : rows) {
        Json entry = objectOr(row.origin);
        entry["name"] = valueOf(row.cells.value(0), QString(), memberAt(entry, "name"));
        entry["type"] = toStdString(row.cells.value(1));
        if (!row.cells.value(2).isEmpty() || entry.contains("value"))
            entry["value"] = valueOf(row.cells.value(2), row.cells.value(1), memberAt(entry, "value"));
        if (!row.cells.value(3).isEmpty() || entry.contains("direction"))
            entry["direction"] = toStdString(row.cells.value(3));
        json.push_back(entry);
    }
    return json;
}

QList<Record> ofReturnValues(const Json &json)
{
    QList<Record> rows;
    if (json.is_array()) {
        for (const Json &entry : json) {
            const Json &value = memberAt(entry, "value");
            rows.append(
                {{stringAt(entry, "key"), stringAt(value, "type"), shownText(memberAt(value, "content"))}, entry});
        }
    }
    return rows;
}

Json returnValues(const QList<Record> &rows)
{
    Json json = Json::array();
    for (const Record &row : rows) {
        Json entry = objectOr(row.origin);
        entry["key"] = toStdString(row.cells.value(0));
        Json value = objectOr(memberAt(entry, "value"));
        const QString type = row.cells.value(1);
        value["type"] = toStdString(type);
        if (type == u"Null")
            value.erase("content");
        else
            value["content"] = valueOf(row.cells.value(2), type, memberAt(value, "content"));
        entry["value"] = value;
        json.push_back(entry);
    }
    return json;
}

namespace {

constexpr int deepestSchema = 32;
const QString ofElements = QStringLiteral("[*]"); // a step: into each element of an array

void addLeaves(QList<Record> &rows, const Json &schema, const QString &path, int depth)
{
    const Json &properties = memberAt(schema, "properties");
    if (properties.is_object() && depth < deepestSchema) {
        for (const auto &[key, value] : properties.items())
            addLeaves(rows, value, QStringLiteral("%1['%2']").arg(path, toQString(key)), depth + 1);
    } else if (memberAt(memberAt(schema, "items"), "properties").is_object() && depth < deepestSchema) {
        addLeaves(rows, memberAt(schema, "items"), path + QStringLiteral("[*]"), depth + 1);
    } else if (depth > 0) {
        rows.append({{path, stringAt(schema, "type")}, schema});
    }
}

} // namespace

QStringList stepsOfPath(const QString &path)
{
    static const QRegularExpression step(QStringLiteral(R"(\['((?:[^'\\]|\\.)*)'\]|\.([^.\[]+)|(\[\*\]))"));
    if (!path.startsWith(u'$') && !path.startsWith(u'['))
        return {path};
    QStringList steps;
    for (auto found = step.globalMatch(path); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        steps.append(match.captured(1) + match.captured(2) + match.captured(3));
    }
    return steps;
}

QList<Record> ofJsonSchema(const Json &json)
{
    if (json.is_array())
        return ofSchema(json);
    QList<Record> rows;
    addLeaves(rows, json, QStringLiteral("$"), 0);
    return rows;
}

Json jsonSchema(const QList<Record> &rows)
{
    Json root{{"type", "object"}, {"properties", Json::object()}};
    for (const Record &row : rows) {
        const QStringList steps = stepsOfPath(row.cells.value(0));
        if (steps.isEmpty())
            continue;
        Json *at = &root;
        for (qsizetype i = 0; i + 1 < steps.size(); ++i) {
            Json &member = (*at)["properties"][toStdString(steps[i])];
            const bool isOfElements = steps[i + 1] == ofElements && i + 2 < steps.size();
            if (isOfElements && !memberAt(member, "items").is_object())
                member = Json{{"type", "array"}, {"items", Json::object()}};
            Json &next = isOfElements ? member["items"] : member;
            if (!next.is_object() || !next.contains("properties"))
                next = Json{{"type", "object"}, {"properties", Json::object()}};
            at = &next;
            i += isOfElements ? 1 : 0;
        }
        Json leaf = row.origin.is_object() && !row.origin.contains("name") ? row.origin : Json::object();
        leaf["type"] = toStdString(row.cells.value(1));
        (*at)["properties"][toStdString(steps.last())] = leaf;
    }
    return root;
}

QString freeName(const QString &prefix, const QList<Record> &rows)
{
    for (int number = 1;; ++number) {
        const QString name = prefix + QString::number(number);
        const bool isTaken = std::any_of(rows.begin(), rows.end(), [&](const Record &row) {
            return row.cells.value(0).compare(name, Qt::CaseInsensitive) == 0;
        });
        if (!isTaken)
            return name;
    }
}

QString nameMistake(const QList<Record> &rows)
{
    QStringList names;
    for (const Record &row : rows) {
        const QString name = row.cells.value(0).toCaseFolded();
        if (name.trimmed().isEmpty())
            return RecordsText::tr("A name is missing; the list is not written until it has one.");
        if (names.contains(name))
            return RecordsText::tr("The name “%1” is there twice; the list is not written until it is not.")
                .arg(row.cells.value(0));
        names.append(name);
    }
    return {};
}

} // namespace designer::records
