#include "engine/copy/CopyPlan.h"

#include "engine/connectors/SqlScript.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {
namespace {

QString quotedForConninfo(QString value)
{
    value.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return u'\'' + value + u'\'';
}

bool isLocal(const QString &host)
{
    return host.isEmpty() || host.startsWith(u'/') || host == u"localhost" || host.startsWith(u"127.")
        || host == u"::1";
}

// "[dbo].[my table]" or "dbo.t" → the names of its parts.
QStringList partsOfName(const QString &name)
{
    QStringList parts;
    const QList<SqlToken> tokens = tokenizeSql(name, SqlDialect::Sqlite);
    QString part;
    for (const SqlToken &token : tokens) {
        if (token.text == u".") {
            parts += part;
            part.clear();
        } else if (token.kind == SqlToken::Kind::Bracketed) {
            part +=
                token.text.mid(1, token.text.size() - 2).toString().replace(QStringLiteral("]]"), QStringLiteral("]"));
        } else if (token.kind == SqlToken::Kind::Quoted) {
            part += token.text.mid(1, token.text.size() - 2)
                        .toString()
                        .replace(QStringLiteral("\"\""), QStringLiteral("\""));
        } else {
            part += token.text;
        }
    }
    return parts << part;
}

class CopyPlanner
{
    Q_DECLARE_TR_FUNCTIONS(engine::CopyPlan)

public:
    CopyPlanner(const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder)
        : m_factory(factory)
        , m_pipeline(pipeline)
        , m_activity(activity)
        , m_folder(folder)
    {
    }

    Result<CopyPlan> plan();

private:
    using Step = std::optional<Error>;

    Step planSource(const CopyActivity &copy);
    Step planFolder(const Dataset &dataset, const FolderBinding &binding, CsvFileSource &source);
    Step planFormat(const Dataset &dataset, const CopyActivity &copy, DelimitedTextFormat &format);
    Step planSink(const CopyActivity &copy);
    Step
    planPostgres(const PostgresBinding &binding, const QString &schema, const QString &table, const Dataset &dataset);
    Step planTranslator(const Json &translator);
    Step planLegacyMappings(const Json &mappings);
    Step planMapping(const Json &mapping, const QString &where);

    Result<const Dataset *> findDataset(const QString &name, const char *list) const;
    Result<Binding> findBinding(const Dataset &dataset) const;
    // A literal text; empty when absent, an error when it is dynamic content.
    Result<QString> literal(const Json &object, const char *key, const QString &where) const;

    Error invalid(const QString &where, const QString &message) const
    {
        return {ErrorCode::InvalidInput, message, where};
    }
    Error unsupported(const QString &where, const QString &message) const
    {
        return {ErrorCode::Unsupported, message, where};
    }
    QString place(const QString &property) const;
    QString absolute(const QString &path) const { return QDir::cleanPath(QDir(m_folder).absoluteFilePath(path)); }

    const Factory &m_factory;
    const Pipeline &m_pipeline;
    const Activity &m_activity;
    QString m_folder;
    CopyPlan m_plan;
};

QString CopyPlanner::place(const QString &property) const
{
    qsizetype index = 0;
    while (index < m_pipeline.activities.size() && m_pipeline.activities.at(index).name != m_activity.name)
        ++index;
    return QStringLiteral("%1: activities[%2].%3").arg(m_pipeline.file).arg(index).arg(property);
}

Result<QString> CopyPlanner::literal(const Json &object, const char *key, const QString &where) const
{
    const Json &json = memberAt(object, key);
    if (json.is_null())
        return QString();
    const ValueSource value = ValueSource::fromJson(json);
    if (value.isExpression)
        return unsupported(where,
                           tr("“%1” is dynamic content (%2): a copy needs a literal value here.")
                               .arg(QString::fromUtf8(key), value.expression));
    return value.text();
}

Result<const Dataset *> CopyPlanner::findDataset(const QString &name, const char *list) const
{
    const QString where = place(QString::fromLatin1(list));
    if (name.isEmpty())
        return invalid(where,
                       tr("The copy “%1” names no dataset in “%2”.").arg(m_activity.name, QString::fromLatin1(list)));
    const auto found = m_factory.datasets.constFind(name);
    if (found == m_factory.datasets.cend())
        return invalid(where, tr("There is no dataset “%1” in this factory.").arg(name));
    return &*found;
}

Result<Binding> CopyPlanner::findBinding(const Dataset &dataset) const
{
    const QString where = dataset.file + QStringLiteral(": linkedServiceName");
    if (!m_factory.linkedServices.contains(dataset.linkedService))
        return invalid(where,
                       tr("There is no linked service “%1”, which the dataset “%2” names.")
                           .arg(dataset.linkedService, dataset.name));
    const auto binding = m_factory.bindings.find(dataset.linkedService);
    if (!binding)
        return invalid(where,
                       tr("The linked service “%1” is not bound to anything on this machine: give it an entry in "
                          ".slipway/bindings.json.")
                           .arg(dataset.linkedService));
    return *binding;
}

Result<CopyPlan> CopyPlanner::plan()
{
    const auto *copy = std::get_if<CopyActivity>(&m_activity.typeProperties);
    if (!copy)
        return invalid(place(QStringLiteral("type")), tr("“%1” is no Copy activity.").arg(m_activity.name));
    if (boolAt(copy->settings, "enableSkipIncompatibleRow"))
        return unsupported(
            place(QStringLiteral("typeProperties.enableSkipIncompatibleRow")),
            tr("Skipping bad rows is not possible: the first bad row fails the load, and the table stays as it "
               "was. Set it to false."));
    if (auto error = planSource(*copy))
        return *error;
    if (auto error = planSink(*copy))
        return *error;
    if (auto error = planTranslator(copy->translator))
        return *error;
    const Json allowEmpty = m_factory.option(m_pipeline.name, m_activity.name, "allowEmptySource");
    m_plan.allowEmptySource = allowEmpty.is_boolean() && allowEmpty.get<bool>();
    return m_plan;
}

CopyPlanner::Step CopyPlanner::planSource(const CopyActivity &copy)
{
    const QString where = place(QStringLiteral("typeProperties.source"));
    if (const QString type = stringAt(copy.source, "type");
        type.compare(u"DelimitedTextSource", Qt::CaseInsensitive) != 0)
        return unsupported(where + QStringLiteral(".type"),
                           tr("A copy from a “%1” is not possible; it can be a DelimitedTextSource.").arg(type));
    if (const Json &extra = memberAt(copy.source, "additionalColumns"); extra.is_array() && !extra.empty())
        return unsupported(where + QStringLiteral(".additionalColumns"),
                           tr("Additional columns cannot be added to the source: remove them."));
    const Json &store = memberAt(copy.source, "storeSettings");
    for (const char *choice : {"wildcardFolderPath",
                               "wildcardFileName",
                               "prefix",
                               "fileListPath",
                               "modifiedDatetimeStart",
                               "modifiedDatetimeEnd",
                               "fileFilter"}) {
        const Json &value = memberAt(store, choice);
        if (!value.is_null() && !(value.is_string() && value.get_ref<const std::string &>().empty()))
            return unsupported(where + QStringLiteral(".storeSettings.") + QString::fromLatin1(choice),
                               tr("Choosing files by “%1” is not possible: name a file or a folder in the dataset.")
                                   .arg(QString::fromLatin1(choice)));
    }
    if (boolAt(store, "deleteFilesAfterCompletion"))
        return unsupported(where + QStringLiteral(".storeSettings.deleteFilesAfterCompletion"),
                           tr("A copy does not delete its source: set deleteFilesAfterCompletion to false."));
    const auto dataset = findDataset(copy.input, "inputs");
    if (!dataset)
        return dataset.error();
    if ((*dataset)->type.compare(u"DelimitedText", Qt::CaseInsensitive) != 0)
        return unsupported(
            (*dataset)->file + QStringLiteral(": type"),
            tr("The source “%1” is of type %2: a copy reads DelimitedText.").arg((*dataset)->name, (*dataset)->type));
    const auto binding = findBinding(**dataset);
    if (!binding)
        return binding.error();
    const auto *folder = std::get_if<FolderBinding>(&*binding);
    if (!folder)
        return invalid((*dataset)->file + QStringLiteral(": linkedServiceName"),
                       tr("The linked service “%1” is bound to a %2, but text files are read from a folder.")
                           .arg((*dataset)->linkedService, kindOf(*binding)));
    m_plan.sourceService = m_factory.linkedServices.value((*dataset)->linkedService).type;
    CsvFileSource source;
    if (auto error = planFolder(**dataset, *folder, source))
        return error;
    if (auto error = planFormat(**dataset, copy, source.format))
        return error;
    m_plan.source = source;
    return {};
}

CopyPlanner::Step CopyPlanner::planFolder(const Dataset &dataset, const FolderBinding &binding, CsvFileSource &source)
{
    const QString where = dataset.file + QStringLiteral(": typeProperties.location");
    const Json &location = memberAt(dataset.typeProperties, "location");
    QStringList parts;
    for (const char *key : {"container", "fileSystem", "folderPath", "fileName"}) {
        const auto part = literal(location, key, where + u'.' + QString::fromLatin1(key));
        if (!part)
            return part.error();
        if (part->isEmpty())
            continue;
        const QString clean = QDir::cleanPath(*part);
        if (clean == u".." || clean.startsWith(u"../"))
            return invalid(where + u'.' + QString::fromLatin1(key),
                           tr("“%1” leads out of the folder of its store.").arg(*part));
        parts += clean.startsWith(u'/') ? clean.mid(1) : clean;
    }
    if (parts.isEmpty())
        return invalid(where, tr("The dataset “%1” names no file or folder.").arg(dataset.name));
    source.displayPath = parts.join(u'/');
    source.path = absolute(QDir(absolute(binding.root)).filePath(source.displayPath));
    return {};
}

CopyPlanner::Step CopyPlanner::planFormat(const Dataset &dataset, const CopyActivity &copy, DelimitedTextFormat &format)
{
    const QString where = dataset.file + QStringLiteral(": typeProperties.");
    const Json &properties = dataset.typeProperties;
    const auto character = [&](const char *key, char &value, char whenEmpty) -> Step {
        if (!properties.contains(key))
            return {};
        const auto text = literal(properties, key, where + QString::fromLatin1(key));
        if (!text)
            return text.error();
        const QByteArray bytes = text->toUtf8();
        if (bytes.size() > 1)
            return unsupported(
                where + QString::fromLatin1(key),
                tr("“%1” must be one character of ASCII, not “%2”.").arg(QString::fromLatin1(key), *text));
        value = bytes.isEmpty() ? whenEmpty : bytes.front();
        return {};
    };
    if (auto error = character("quoteChar", format.quote, 0))
        return error;
    if (auto error = character("escapeChar", format.escape, format.quote))
        return error;
    for (const char *key : {"columnDelimiter", "nullValue", "encodingName", "compressionCodec"}) {
        const auto text = literal(properties, key, where + QString::fromLatin1(key));
        if (!text)
            return text.error();
        const std::string_view name(key);
        if (name == "columnDelimiter" && !text->isEmpty())
            format.columnDelimiter = *text == u"\\t" ? QByteArray("\t") : text->toUtf8();
        else if (name == "nullValue")
            format.nullValue = text->toUtf8();
        else if (name == "encodingName" && !text->isEmpty())
            format.encoding = *text;
        else if (name == "compressionCodec" && !text->isEmpty() && text->compare(u"none", Qt::CaseInsensitive) != 0)
            return unsupported(
                where + QStringLiteral("compressionCodec"),
                tr("The files of “%1” are compressed (%2): unpack them first.").arg(dataset.name, *text));
    }
    format.firstRowAsHeader = boolAt(properties, "firstRowAsHeader");
    format.skipLines = int(intAt(memberAt(copy.source, "formatSettings"), "skipLineCount"));
    return {};
}

CopyPlanner::Step CopyPlanner::planSink(const CopyActivity &copy)
{
    const QString where = place(QStringLiteral("typeProperties.sink"));
    const auto refuseUnless = [&](const char *key, QStringView allowed, const QString &advice) -> Step {
        const QString value = stringAt(copy.sink, key);
        if (value.isEmpty() || value.compare(allowed, Qt::CaseInsensitive) == 0)
            return {};
        return unsupported(where + u'.' + QString::fromLatin1(key),
                           tr("“%1”: “%2” is not possible. %3").arg(QString::fromLatin1(key), value, advice));
    };
    if (auto error = refuseUnless(
            "writeBehavior", u"insert", tr("Write “insert”, with a pre-copy script to replace what is there.")))
        return error;
    if (auto error = refuseUnless("tableOption", u"none", tr("Make the table first.")))
        return error;
    if (auto error = refuseUnless("sqlWriterStoredProcedureName", u"", tr("A copy writes into a table.")))
        return error;
    const auto script = literal(copy.sink, "preCopyScript", where + QStringLiteral(".preCopyScript"));
    if (!script)
        return script.error();
    m_plan.preCopyScript = *script;
    const auto dataset = findDataset(copy.output, "outputs");
    if (!dataset)
        return dataset.error();
    const auto binding = findBinding(**dataset);
    if (!binding)
        return binding.error();
    m_plan.sinkService = m_factory.linkedServices.value((*dataset)->linkedService).type;
    const QString properties = (*dataset)->file + QStringLiteral(": typeProperties.");
    const auto schema = literal((*dataset)->typeProperties, "schema", properties + QStringLiteral("schema"));
    const auto table = literal((*dataset)->typeProperties, "table", properties + QStringLiteral("table"));
    const auto legacy = literal((*dataset)->typeProperties, "tableName", properties + QStringLiteral("tableName"));
    for (const auto *name : {&schema, &table, &legacy}) {
        if (!*name)
            return name->error();
    }
    QStringList names{*schema, *table};
    if (table->isEmpty()) {
        const QStringList parts = partsOfName(*legacy);
        names = {parts.size() > 1 ? parts.at(parts.size() - 2) : *schema, parts.last()};
    }
    if (names.at(1).isEmpty())
        return invalid(properties + QStringLiteral("table"),
                       tr("The dataset “%1” names no table.").arg((*dataset)->name));
    if (const auto *sqlite = std::get_if<SqliteBinding>(&*binding)) {
        const bool isMain = names.at(0).isEmpty() || names.at(0).compare(u"main", Qt::CaseInsensitive) == 0;
        if (!sqlite->ignoreSchemas && !isMain)
            return invalid(properties + QStringLiteral("schema"),
                           tr("SQLite has no schema “%1”: write \"schemas\": \"ignore\" in the binding of “%2”.")
                               .arg(names.at(0), (*dataset)->linkedService));
        SqliteTableSink sink;
        sink.file = absolute(sqlite->file);
        sink.schema = isMain ? QString() : names.at(0);
        sink.table = names.at(1);
        m_plan.sink = sink;
        return {};
    }
    if (const auto *postgres = std::get_if<PostgresBinding>(&*binding))
        return planPostgres(*postgres, names.at(0), names.at(1), **dataset);
    return invalid((*dataset)->file + QStringLiteral(": linkedServiceName"),
                   tr("The linked service “%1” is bound to a %2, but tables are in a sqlite or postgresql store.")
                       .arg((*dataset)->linkedService, kindOf(*binding)));
}

CopyPlanner::Step CopyPlanner::planPostgres(const PostgresBinding &binding,
                                            const QString &schema,
                                            const QString &table,
                                            const Dataset &dataset)
{
    if (!binding.secret.isEmpty())
        return unsupported(
            QStringLiteral(".slipway/bindings.json: linkedServices.%1.password").arg(dataset.linkedService),
            tr("The password of “%1” cannot come from a secret here: put it into ~/.pgpass, which is read by "
               "itself, and remove \"password\" from the binding.")
                .arg(dataset.linkedService));
    QStringList parts{QStringLiteral("port=%1").arg(binding.port)};
    const auto add = [&](const char *key, const QString &value) {
        if (!value.isEmpty())
            parts += QString::fromLatin1(key) + u'=' + quotedForConninfo(value);
    };
    add("host", binding.host);
    add("dbname", binding.database);
    add("user", binding.user);
    add("sslmode",
        !binding.sslMode.isEmpty() || isLocal(binding.host) ? binding.sslMode : QStringLiteral("verify-full"));
    m_plan.sink = PostgresTableSink{parts.join(u' '), schema, table};
    return {};
}

CopyPlanner::Step CopyPlanner::planTranslator(const Json &translator)
{
    if (translator.is_null())
        return {};
    const QString where = place(QStringLiteral("typeProperties.translator"));
    if (const ValueSource dynamic = ValueSource::fromJson(translator); dynamic.isExpression)
        return unsupported(
            where,
            tr("The mapping is dynamic content (%1): map the columns one by one, or remove it to map by name.")
                .arg(dynamic.expression));
    if (stringAt(translator, "type").compare(u"TabularTranslator", Qt::CaseInsensitive) != 0)
        return unsupported(where + QStringLiteral(".type"), tr("Columns can only be mapped by a TabularTranslator."));
    for (const char *nested : {"collectionReference", "schemaMapping"}) {
        const Json &value = memberAt(translator, nested);
        if (!value.is_null() && !value.empty() && value != Json(""))
            return unsupported(
                where + u'.' + QString::fromLatin1(nested),
                tr("“%1” maps nested values, which text files do not have.").arg(QString::fromLatin1(nested)));
    }
    const Json &settings = memberAt(translator, "typeConversionSettings");
    m_plan.treatBooleanAsNumber = boolAt(settings, "treatBooleanAsNumber");
    m_plan.formats = {stringAt(settings, "dateTimeFormat"),
                      stringAt(settings, "dateTimeOffsetFormat"),
                      stringAt(settings, "timeSpanFormat")};
    const auto isInvariant = [](const QString &culture) {
        return culture.isEmpty() || culture.startsWith(u"en", Qt::CaseInsensitive);
    };
    if (const QString culture = stringAt(settings, "culture"); !isInvariant(culture))
        return unsupported(
            where + QStringLiteral(".typeConversionSettings.culture"),
            tr("Numbers and dates of the culture “%1” cannot be read: give the formats instead.").arg(culture));
    if (const Json &legacy = memberAt(translator, "columnMappings"); !legacy.is_null())
        return planLegacyMappings(legacy);
    const Json &mappings = memberAt(translator, "mappings");
    for (size_t i = 0; mappings.is_array() && i < mappings.size(); ++i) {
        const QString row = where + QStringLiteral(".mappings[%1]").arg(i);
        if (const QString culture = stringAt(memberAt(mappings[i], "source"), "culture"); !isInvariant(culture))
            return unsupported(
                row + QStringLiteral(".source.culture"),
                tr("Numbers and dates of the culture “%1” cannot be read: give a format instead.").arg(culture));
        if (auto error = planMapping(mappings[i], row))
            return error;
    }
    return {};
}

// {"source": "sink", …} or "source: sink, …"
CopyPlanner::Step CopyPlanner::planLegacyMappings(const Json &mappings)
{
    const QString where = place(QStringLiteral("typeProperties.translator.columnMappings"));
    const auto add = [this](const QString &source, const QString &sink) {
        ColumnMapping mapping;
        mapping.sourceName = source.trimmed();
        mapping.sinkName = sink.trimmed();
        m_plan.mappings += mapping;
        return !mapping.sourceName.isEmpty() && !mapping.sinkName.isEmpty();
    };
    bool isValid = mappings.is_object() || mappings.is_string();
    if (mappings.is_object()) {
        for (const auto &[source, sink] : mappings.items())
            isValid = isValid && sink.is_string() && add(toQString(source), toQString(sink.get<std::string>()));
    } else if (mappings.is_string()) {
        const QStringList pairs = toQString(mappings.get<std::string>()).split(u',');
        for (const QString &pair : pairs) {
            const QStringList sides = pair.split(u':');
            isValid = isValid && sides.size() == 2 && add(sides.at(0), sides.at(1));
        }
    }
    if (!isValid)
        return invalid(where,
                       tr("The mapping must be written as \"source: sink, source: sink\" or as an object of names."));
    return {};
}

CopyPlanner::Step CopyPlanner::planMapping(const Json &mapping, const QString &where)
{
    const Json &source = memberAt(mapping, "source");
    const Json &sink = memberAt(mapping, "sink");
    ColumnMapping row;
    row.sourceName = stringAt(source, "name");
    row.sourceOrdinal = int(intAt(source, "ordinal"));
    row.sourceFormat = stringAt(source, "format");
    row.sinkName = stringAt(sink, "name");
    if (row.sourceName.isEmpty() && row.sourceOrdinal < 1)
        return invalid(where + QStringLiteral(".source"),
                       tr("This row of the mapping names no source column, by name or ordinal."));
    if (row.sinkName.isEmpty())
        return invalid(where + QStringLiteral(".sink"), tr("This row of the mapping names no sink column."));
    if (const QString type = stringAt(sink, "type"); !type.isEmpty()) {
        row.sinkType = interimTypeFromString(type);
        if (!row.sinkType)
            return invalid(where + QStringLiteral(".sink.type"), tr("“%1” is no type of a column.").arg(type));
    }
    m_plan.mappings += row;
    return {};
}

} // namespace

Result<CopyPlan>
planCopy(const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder)
{
    return CopyPlanner(factory, pipeline, activity, folder).plan();
}

} // namespace engine
