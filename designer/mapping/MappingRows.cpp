#include "designer/mapping/MappingRows.h"

#include "designer/document/JsonPath.h"

#include <QCoreApplication>

namespace designer {

using namespace engine;

namespace {

struct MappingText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Mapping)
};

const SchemaField *fieldNamed(const QList<SchemaField> &fields, const QString &name)
{
    for (const SchemaField &field : fields) {
        if (field.name == name)
            return &field;
    }
    return nullptr;
}

const SchemaField *fieldOf(const QList<SchemaField> &fields, const MappingRow &row)
{
    if (row.ordinal > 0 && row.ordinal <= fields.size())
        return &fields[row.ordinal - 1];
    return fieldNamed(fields, row.source);
}

MappingRow rowOf(const Json &entry, const QList<SchemaField> &source)
{
    MappingRow row;
    row.isIncluded = true;
    row.origin = entry;
    const Json &from = memberAt(entry, "source");
    const Json &to = memberAt(entry, "sink");
    row.source = stringAt(from, "name", stringAt(from, "path"));
    if (row.source.isEmpty())
        row.ordinal = int(intAt(from, "ordinal"));
    row.sink = stringAt(to, "name", stringAt(to, "path"));
    row.format = stringAt(from, "format", stringAt(to, "format"));
    row.culture = stringAt(from, "culture", stringAt(to, "culture"));
    const SchemaField *const field = fieldOf(source, row);
    if (row.source.isEmpty() && field != nullptr)
        row.source = field->name;
    row.sourceType = stringAt(from, "type", field != nullptr ? field->type : QString());
    row.sinkType = stringAt(to, "type");
    return row;
}

void setSide(Json &entry, const char *side, const SchemaField *field, const QString &name, const QString &type)
{
    Json &json = entry[side];
    if (!json.is_object())
        json = Json::object();
    const bool isOther = stringAt(json, "name", stringAt(json, "path")) != name;
    // A path stays one; what is new is one when it looks like one.
    const bool isWrittenAsPath = json.contains("path") && !json.contains("name");
    const char *const key = isPath(name) || (isWrittenAsPath && !isOther) ? "path" : "name";
    json.erase(std::string_view(key) == "path" ? "name" : "path");
    json[key] = toStdString(name);
    if (type.isEmpty())
        json.erase("type");
    else
        json["type"] = toStdString(type);
    if (field != nullptr && !field->physicalType.isEmpty())
        json["physicalType"] = toStdString(field->physicalType);
    else if (isOther)
        json.erase("physicalType");
}

// Format and culture belong to the side that is text, and stay where they are.
void setText(Json &entry, const char *key, const QString &text, const MappingRow &row)
{
    const bool isOfSink = entry["sink"].contains(key)
        || (!entry["source"].contains(key) && row.sinkType == u"String" && row.sourceType != u"String"
            && !row.sourceType.isEmpty());
    Json &json = entry[isOfSink ? "sink" : "source"];
    if (stringAt(json, key) == text)
        return;
    if (text.isEmpty())
        json.erase(key);
    else
        json[key] = toStdString(text);
}

} // namespace

bool isPath(const QString &column)
{
    return column.startsWith(u"$[") || column.startsWith(u"$.") || column.startsWith(u"['");
}

const QStringList &interimTypes()
{
    static const QStringList types =
        QStringLiteral("Boolean Byte Byte[] DateTime DateTimeOffset Decimal Double Guid Int16 Int32 Int64 SByte Single "
                       "String TimeSpan UInt16 UInt32 UInt64")
            .split(u' ');
    return types;
}

QString interimTypeOf(const QString &physicalType)
{
    const QString plain = physicalType.section(u'(', 0, 0).trimmed().toLower();
    for (const QString &type : interimTypes()) {
        if (type.compare(plain, Qt::CaseInsensitive) == 0)
            return type;
    }
    static const QHash<QString, QString> known = [] {
        QHash<QString, QString> types;
        const auto put = [&](const char *interim, const char *physical) {
            for (const QString &one : QString::fromLatin1(physical).split(u'|'))
                types.insert(one, QString::fromLatin1(interim));
        };
        put("Int64", "bigint|int8|bigserial|integer");
        put("Int32", "int|int4|serial|mediumint");
        put("Int16", "smallint|int2");
        put("Byte", "tinyint");
        put("Boolean", "bit|bool|boolean");
        put("Double", "float|double precision|float8");
        put("Single", "real|float4");
        put("Decimal", "numeric|money|smallmoney|number");
        put("DateTime", "date|datetime2|smalldatetime|timestamp|timestamp without time zone");
        put("DateTimeOffset", "timestamptz|timestamp with time zone");
        put("TimeSpan", "time|time without time zone|interval");
        put("Guid", "uniqueidentifier|uuid");
        put("Byte[]", "binary|varbinary|image|bytea|blob|rowversion");
        return types;
    }();
    return known.value(plain, QStringLiteral("String"));
}

QList<SchemaField> fieldsOfAnswer(const Json &answer, Naming naming)
{
    QList<SchemaField> fields;
    const Json &columns = memberAt(answer, "columns");
    if (!columns.is_array())
        return fields;
    for (const Json &column : columns) {
        SchemaField field{stringAt(column, "name"),
                          stringAt(column, "type", QStringLiteral("String")),
                          stringAt(column, "physicalType"),
                          boolAt(column, "nullable", true)};
        if (field.physicalType == u"object" || field.physicalType == u"array") // of JSON: no type of a column
            field.physicalType.clear();
        if (naming == Naming::ByOrdinal)
            field.ordinal = int(fields.size()) + 1;
        fields.append(field);
    }
    return fields;
}

Naming namingOf(const Json &datasetFile)
{
    const Json &properties = memberAt(datasetFile, "properties");
    const bool isText = stringAt(properties, "type").compare(u"DelimitedText", Qt::CaseInsensitive) == 0;
    return isText && !boolAt(memberAt(properties, "typeProperties"), "firstRowAsHeader") ? Naming::ByOrdinal
                                                                                         : Naming::ByName;
}

namespace {

constexpr int deepest = 32;

// What a dataset of JSON keeps: a JSON schema, whose leaves are columns.
void addJsonFields(QList<SchemaField> &fields, const Json &schema, const QString &path, int depth = 0)
{
    const Json &properties = memberAt(schema, "properties");
    if (depth > deepest)
        return;
    if (properties.is_object()) {
        for (const auto &[key, value] : properties.items())
            addJsonFields(fields, value, QStringLiteral("%1['%2']").arg(path, toQString(key)), depth + 1);
        return;
    }
    if (memberAt(memberAt(schema, "items"), "properties").is_object())
        return addJsonFields(fields, memberAt(schema, "items"), path + QStringLiteral("[*]"), depth + 1);
    if (path == u"$")
        return;
    const QString type = stringAt(schema, "type");
    const QString interim = type == u"integer" ? QStringLiteral("Int64")
        : type == u"number"                    ? QStringLiteral("Double")
        : type == u"boolean"                   ? QStringLiteral("Boolean")
                                               : QStringLiteral("String");
    fields.append({path, interim});
}

} // namespace

QList<SchemaField> fieldsOfDataset(const Json &datasetFile)
{
    QList<SchemaField> fields;
    const Json *schema = &jsonAt(datasetFile, QStringLiteral("properties.schema"));
    if (!schema->is_structured() || schema->empty())
        schema = &jsonAt(datasetFile, QStringLiteral("properties.structure"));
    if (schema->is_object())
        addJsonFields(fields, *schema, QStringLiteral("$"));
    if (!schema->is_array())
        return fields;
    const Naming naming = namingOf(datasetFile);
    for (const Json &column : *schema) {
        const QString physical = stringAt(column, "type");
        SchemaField field{stringAt(column, "name"), interimTypeOf(physical), physical};
        if (naming == Naming::ByOrdinal) {
            field.ordinal = int(fields.size()) + 1;
            if (field.name.isEmpty())
                field.name = QStringLiteral("Prop_%1").arg(fields.size());
        }
        fields.append(field);
    }
    return fields;
}

namespace {

const QString ofElements = QStringLiteral("[*]");

QString stepInto(QString name)
{
    return QStringLiteral("['%1']").arg(
        name.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'")));
}

// "$.orders" and "orders" → "$['orders']".
QString bracketed(const QString &collection)
{
    if (collection.contains(u'['))
        return collection;
    QString path = QStringLiteral("$");
    const QStringList names = collection.split(u'.', Qt::SkipEmptyParts);
    for (const QString &name : names)
        path += name == u"$" ? QString() : stepInto(name);
    return path;
}

} // namespace

QList<SchemaField> fieldsBelow(const QList<SchemaField> &fields, const QString &collection)
{
    const QString inside = bracketed(collection) + ofElements;
    QList<SchemaField> below;
    for (SchemaField field : fields) {
        if (!collection.isEmpty() && field.name.startsWith(inside))
            field.name.remove(0, inside.size());
        else if (!collection.isEmpty() && !isPath(field.name))
            field.name = QStringLiteral("$") + stepInto(field.name);
        if (!field.name.contains(ofElements) && !field.name.isEmpty())
            below.append(field);
    }
    return below;
}

QStringList collectionsIn(const QList<SchemaField> &fields)
{
    QStringList found;
    for (const SchemaField &field : fields) {
        const qsizetype end = isPath(field.name) ? field.name.indexOf(ofElements) : -1;
        if (end > 0 && !found.contains(field.name.left(end)))
            found.append(field.name.left(end));
    }
    return found;
}

QString matchedByText(const QString &source, const QString &sink, const Likeness &likeness)
{
    if (source.isEmpty() || sink.isEmpty())
        return {};
    if (source == sink)
        return MappingText::tr("exact name");
    if (foldedName(source) == foldedName(sink))
        return MappingText::tr("same name but for case");
    const auto found = likeness.constFind({source, sink});
    if (found != likeness.cend())
        return MappingText::tr("similar name, %1 %").arg(qRound(*found * 100));
    return MappingText::tr("by hand");
}

bool isMappedByName(const Json &translator)
{
    return !memberAt(translator, "mappings").is_array() && memberAt(translator, "columnMappings").is_null();
}

QList<MappingRow> mappingRows(const Json &translator,
                              const QList<SchemaField> &source,
                              const QList<SchemaField> &sink,
                              const Likeness &likeness)
{
    QList<MappingRow> rows;
    const Json &mappings = memberAt(translator, "mappings");
    if (mappings.is_array()) {
        for (const Json &entry : mappings)
            rows.append(rowOf(entry, source));
    }
    const bool byName = isMappedByName(translator);
    // Source columns nobody takes go behind the one before them in the file.
    qsizetype behind = 0;
    for (const SchemaField &field : source) {
        qsizetype at = -1;
        for (qsizetype i = 0; i < rows.size() && at < 0; ++i) {
            if (field.ordinal > 0 ? rows[i].ordinal == field.ordinal || rows[i].source == field.name
                                  : rows[i].source == field.name)
                at = i;
        }
        if (at >= 0) {
            behind = at + 1;
            continue;
        }
        MappingRow row;
        row.source = field.name;
        row.ordinal = field.ordinal;
        row.sourceType = field.type;
        if (const SchemaField *const same = byName ? fieldNamed(sink, field.name) : nullptr) {
            row.isIncluded = true;
            row.sink = same->name;
            row.sinkType = same->type;
        }
        rows.insert(behind++, row);
    }
    for (MappingRow &row : rows) {
        const SchemaField *const target = fieldNamed(sink, row.sink);
        if (row.sinkType.isEmpty() && target != nullptr)
            row.sinkType = target->type;
        row.matchedBy = byName && row.isIncluded ? MappingText::tr("exact name, when it runs")
                                                 : matchedByText(row.source, row.sink, likeness);
        if (row.isIncluded && !source.isEmpty() && fieldOf(source, row) == nullptr)
            row.mark = MappingText::tr("the source has no such column");
        else if (row.isIncluded && !sink.isEmpty() && !row.sink.isEmpty() && target == nullptr)
            row.mark = MappingText::tr("the sink has no such column");
    }
    return rows;
}

Json translatorOf(const Json &before,
                  const QList<MappingRow> &rows,
                  const QList<SchemaField> &source,
                  const QList<SchemaField> &sink)
{
    Json translator = before.is_object() ? before : Json::object();
    if (!translator.contains("type"))
        translator["type"] = "TabularTranslator";
    Json mappings = Json::array();
    for (const MappingRow &row : rows) {
        if (!row.isMapped())
            continue;
        Json entry = row.origin.is_object() ? row.origin : Json{{"source", Json::object()}, {"sink", Json::object()}};
        const SchemaField *const from = fieldOf(source, row);
        setSide(entry, "source", from, row.source, row.sourceType);
        if (row.ordinal > 0) {
            entry["source"].erase("name");
            entry["source"].erase("path");
            if (intAt(entry["source"], "ordinal") != row.ordinal)
                entry["source"]["ordinal"] = row.ordinal;
        } else {
            entry["source"].erase("ordinal");
        }
        setSide(entry, "sink", fieldNamed(sink, row.sink), row.sink, row.sinkType);
        setText(entry, "format", row.format, row);
        setText(entry, "culture", row.culture, row);
        mappings.push_back(entry);
    }
    translator.erase("columnMappings"); // the older form of the same
    if (mappings.empty())
        translator.erase("mappings");
    else
        translator["mappings"] = mappings;
    if (!translator.contains("typeConversion"))
        translator["typeConversion"] = true;
    if (!translator.contains("typeConversionSettings"))
        translator["typeConversionSettings"] = Json{{"allowDataTruncation", true}, {"treatBooleanAsNumber", false}};
    return translator;
}

Json translatorByName(const Json &before)
{
    Json translator = before.is_object() ? before : Json::object();
    translator.erase("mappings");
    translator.erase("columnMappings");
    return translator;
}

QList<MappingRow> autoMapped(QList<MappingRow> rows,
                             const QList<SchemaField> &source,
                             const QList<SchemaField> &sink,
                             double threshold,
                             Likeness &likeness)
{
    QStringList freeSources;
    QList<qsizetype> rowOfSource;
    QStringList taken;
    for (qsizetype i = 0; i < rows.size(); ++i) {
        if (rows[i].isMapped())
            taken.append(rows[i].sink);
        else if (!rows[i].source.isEmpty()) {
            freeSources.append(rows[i].source);
            rowOfSource.append(i);
        }
    }
    QStringList freeSinks;
    for (const SchemaField &field : sink) {
        if (!taken.contains(field.name, Qt::CaseInsensitive))
            freeSinks.append(field.name);
    }
    for (const ColumnPair &pair : matchNames(freeSources, freeSinks, threshold)) {
        MappingRow &row = rows[rowOfSource[pair.source]];
        const SchemaField *const target = fieldNamed(sink, freeSinks[pair.sink]);
        const SchemaField *const from = fieldOf(source, row);
        row.isIncluded = true;
        row.sink = target->name;
        row.sinkType = target->type;
        if (from != nullptr)
            row.sourceType = from->type;
        if (pair.kind == MatchKind::Similar)
            likeness.insert({row.source, row.sink}, pair.confidence);
        row.matchedBy = matchedByText(row.source, row.sink, likeness);
        row.mark.clear();
    }
    return rows;
}

QStringList requiredButUnmapped(const QList<MappingRow> &rows, const QList<SchemaField> &sink)
{
    QStringList missing;
    for (const SchemaField &field : sink) {
        const bool isFilled = std::any_of(rows.begin(), rows.end(), [&](const MappingRow &row) {
            return row.isMapped() && row.sink.compare(field.name, Qt::CaseInsensitive) == 0;
        });
        if (!field.isNullable && !isFilled)
            missing.append(field.name);
    }
    return missing;
}

} // namespace designer
