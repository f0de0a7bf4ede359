#include "engine/copy/CopyPlan.h"

#include "engine/copy/FileSetPlan.h"
#include "engine/copy/QueryPlan.h"
#include "engine/copy/SinkPlan.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/ResolvedEntities.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {
namespace {

class CopyPlanner
{
    Q_DECLARE_TR_FUNCTIONS(engine::CopyPlan)

public:
    CopyPlanner(
        const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder, Instant now)
        : m_factory(factory)
        , m_pipeline(pipeline)
        , m_activity(activity)
        , m_folder(folder)
        , m_now(now)
    {
    }

    Result<CopyPlan> plan();

private:
    using Step = std::optional<Error>;

    Step planSource(const CopyActivity &copy);
    Step planQuerySource(const CopyActivity &copy);
    Step planSink(const CopyActivity &copy);
    Step planTranslator(const Json &translator);
    Step planSkipping(const CopyActivity &copy);
    Step planLogPlace(const Json &settings, const QString &property);
    Step planLegacyMappings(const Json &mappings);
    Step planMapping(const Json &mapping, const QString &where);

    Result<Dataset> findDataset(const QString &name, const Json &parameters, const char *list) const;

    Error invalid(const QString &where, const QString &message) const
    {
        return {ErrorCode::InvalidInput, message, where};
    }
    Error unsupported(const QString &where, const QString &message) const
    {
        return {ErrorCode::Unsupported, message, where};
    }
    QString place(const QString &property) const;

    const Factory &m_factory;
    const Pipeline &m_pipeline;
    const Activity &m_activity;
    QString m_folder;
    Instant m_now;
    CopyPlan m_plan;
};

QString CopyPlanner::place(const QString &property) const
{
    QString path = m_activity.name;
    visitActivities(m_pipeline, [&](const Activity &activity, const QString &at) {
        if (activity.name == m_activity.name)
            path = at;
    });
    return QStringLiteral("%1: %2.%3").arg(m_pipeline.file, path, property);
}

Result<Dataset> CopyPlanner::findDataset(const QString &name, const Json &parameters, const char *list) const
{
    if (name.isEmpty())
        return invalid(place(QString::fromLatin1(list)),
                       tr("The copy “%1” names no dataset in “%2”.").arg(m_activity.name, QString::fromLatin1(list)));
    Result<Dataset> dataset = resolveDataset(m_factory, name, parameters, m_now);
    if (!dataset && dataset.error().code == ErrorCode::NotFound)
        return invalid(place(QString::fromLatin1(list)), dataset.error().message);
    return dataset;
}

Result<CopyPlan> CopyPlanner::plan()
{
    const auto *copy = std::get_if<CopyActivity>(&m_activity.typeProperties);
    if (!copy)
        return invalid(place(QStringLiteral("type")), tr("“%1” is no Copy activity.").arg(m_activity.name));
    if (auto error = planSkipping(*copy))
        return *error;
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
    const QString type = stringAt(copy.source, "type");
    const bool isQuery = tableSourceTypes().contains(type, Qt::CaseInsensitive);
    if (!isQuery && type.compare(u"DelimitedTextSource", Qt::CaseInsensitive) != 0)
        return unsupported(where + QStringLiteral(".type"),
                           tr("A copy from a “%1” is not possible; it can be a DelimitedTextSource or one of: %2.")
                               .arg(type, tableSourceTypes().join(QStringLiteral(", "))));
    if (const Json &extra = memberAt(copy.source, "additionalColumns"); extra.is_array() && !extra.empty())
        return unsupported(where + QStringLiteral(".additionalColumns"),
                           tr("Additional columns cannot be added to the source: remove them."));
    if (isQuery)
        return planQuerySource(copy);
    const Json &store = memberAt(copy.source, "storeSettings");
    if (boolAt(store, "deleteFilesAfterCompletion"))
        return unsupported(where + QStringLiteral(".storeSettings.deleteFilesAfterCompletion"),
                           tr("A copy does not delete its source: set deleteFilesAfterCompletion to false."));
    if (boolAt(store, "enablePartitionDiscovery"))
        return unsupported(where + QStringLiteral(".storeSettings.enablePartitionDiscovery"),
                           tr("Columns cannot be made of the names of folders: set enablePartitionDiscovery to "
                              "false."));
    const auto dataset = findDataset(copy.input, copy.inputParameters, "inputs");
    if (!dataset)
        return dataset.error();
    if (dataset->type.compare(u"DelimitedText", Qt::CaseInsensitive) != 0)
        return unsupported(
            dataset->file + QStringLiteral(": type"),
            tr("The source “%1” is of type %2: a copy reads DelimitedText.").arg(dataset->name, dataset->type));
    const auto binding = findBinding(m_factory, *dataset);
    if (!binding)
        return binding.error();
    auto source = planTextFiles(*dataset, *binding, m_folder);
    if (!source)
        return source.error();
    source->format.skipLines = int(intAt(memberAt(copy.source, "formatSettings"), "skipLineCount"));
    auto files = chosenFrom(*source->files, store, where + QStringLiteral(".storeSettings"));
    if (!files)
        return files.error();
    source->files = *files;
    m_plan.sourceService = entityNamed(m_factory.linkedServices, dataset->linkedService)->type;
    m_plan.source = *source;
    return {};
}

CopyPlanner::Step CopyPlanner::planQuerySource(const CopyActivity &copy)
{
    const auto dataset = findDataset(copy.input, copy.inputParameters, "inputs");
    if (!dataset)
        return dataset.error();
    const auto binding = findBinding(m_factory, *dataset);
    if (!binding)
        return binding.error();
    auto source = planQuery(copy.source, place(QStringLiteral("typeProperties.source")), *dataset, *binding, m_folder);
    if (!source)
        return source.error();
    m_plan.sourceService = entityNamed(m_factory.linkedServices, dataset->linkedService)->type;
    m_plan.source = *std::move(source);
    return {};
}

CopyPlanner::Step CopyPlanner::planSink(const CopyActivity &copy)
{
    const auto dataset = findDataset(copy.output, copy.outputParameters, "outputs");
    if (!dataset)
        return dataset.error();
    const auto binding = findBinding(m_factory, *dataset);
    if (!binding)
        return binding.error();
    const QString where = place(QStringLiteral("typeProperties.sink"));
    auto planned = planTableSink(copy.sink, where, *dataset, *binding, m_folder);
    if (!planned)
        return planned.error();
    m_plan.sink = std::move(planned->sink);
    m_plan.preCopyScript = planned->preCopyScript;
    m_plan.sinkService = entityNamed(m_factory.linkedServices, dataset->linkedService)->type;
    return {};
}

// enableSkipIncompatibleRow, and where Data Factory writes the rows down: logSettings, the older logStorageSettings, or
// the oldest redirectIncompatibleRowSettings.
CopyPlanner::Step CopyPlanner::planSkipping(const CopyActivity &copy)
{
    SkipRules &skip = m_plan.skip;
    skip.isOn = boolAt(copy.settings, "enableSkipIncompatibleRow");
    if (!skip.isOn)
        return {};
    const Json most = m_factory.option(m_pipeline.name, m_activity.name, "maxErrors");
    if (most.is_number_integer())
        skip.maxErrors = most.get<qint64>();
    const Json percent = m_factory.option(m_pipeline.name, m_activity.name, "maxErrorPercent");
    if (percent.is_number())
        skip.maxErrorPercent = percent.get<double>();
    const Json &log = memberAt(copy.settings, "logSettings");
    const bool isLogged = !log.is_object() || boolAt(log, "enableCopyActivityLog", true);
    if (const Json &place = memberAt(log, "logLocationSettings"); place.is_object() && isLogged) {
        skip.log = SkipRules::Log::Activity;
        return planLogPlace(place, QStringLiteral("logSettings.logLocationSettings"));
    }
    if (const Json &place = memberAt(copy.settings, "logStorageSettings"); place.is_object()) {
        skip.log = SkipRules::Log::Activity;
        return planLogPlace(place, QStringLiteral("logStorageSettings"));
    }
    if (const Json &place = memberAt(copy.settings, "redirectIncompatibleRowSettings"); place.is_object()) {
        skip.log = SkipRules::Log::Redirect;
        return planLogPlace(place, QStringLiteral("redirectIncompatibleRowSettings"));
    }
    return {};
}

// {"linkedServiceName": {"referenceName": …} or "…", "path": "container/folder"}
CopyPlanner::Step CopyPlanner::planLogPlace(const Json &settings, const QString &property)
{
    const QString where = place(QStringLiteral("typeProperties.") + property);
    const Json &reference = memberAt(settings, "linkedServiceName");
    const QString service =
        reference.is_string() ? toQString(reference.get<std::string>()) : stringAt(reference, "referenceName");
    const std::optional<Binding> binding = m_factory.bindings.find(service);
    const auto *folder = binding ? std::get_if<FolderBinding>(&*binding) : nullptr;
    if (!folder)
        return invalid(
            where + QStringLiteral(".linkedServiceName"),
            tr("The log of rows left out needs a linked service that is bound to a folder; “%1” is not.").arg(service));
    m_plan.skip.root = QDir::cleanPath(QDir(m_folder).absoluteFilePath(folder->root));
    m_plan.skip.path = textAt(settings, "path");
    const QStringList parts = m_plan.skip.path.split(u'/', Qt::SkipEmptyParts);
    if (parts.contains(QStringLiteral("..")))
        return invalid(where + QStringLiteral(".path"),
                       tr("“%1” leads out of the folder of its store.").arg(m_plan.skip.path));
    m_plan.skip.path = parts.join(u'/');
    return {};
}

CopyPlanner::Step CopyPlanner::planTranslator(const Json &translator)
{
    if (translator.is_null())
        return {};
    const QString where = place(QStringLiteral("typeProperties.translator"));
    if (stringAt(translator, "type").compare(u"TabularTranslator", Qt::CaseInsensitive) != 0)
        return unsupported(where + QStringLiteral(".type"), tr("Columns can only be mapped by a TabularTranslator."));
    for (const char *nested : {"collectionReference", "schemaMapping"}) {
        const Json &value = memberAt(translator, nested);
        if (!value.is_null() && !value.empty() && value != Json(""))
            return unsupported(where + u'.' + QString::fromLatin1(nested),
                               tr("“%1” maps nested values, which rows of text files and tables do not have.")
                                   .arg(QString::fromLatin1(nested)));
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
planCopy(const Factory &factory, const Pipeline &pipeline, const Activity &activity, const QString &folder, Instant now)
{
    return CopyPlanner(factory, pipeline, activity, folder, now).plan();
}

} // namespace engine
