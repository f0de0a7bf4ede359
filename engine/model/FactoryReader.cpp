#include "engine/model/ActivityReader.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/EntityFile.h"
#include "engine/model/EntityText.h"
#include "engine/model/Factory.h"
#include "engine/model/LinkedServiceReader.h"
#include "engine/model/PipelineReader.h"
#include "engine/model/TriggerReader.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace engine {

namespace {

QString factoryTr(const char *text) { return QCoreApplication::translate("engine::FactoryReader", text); }

OtherEntity readOther(const Json &json, const QString &name, const QString &file)
{
    return {name, file, stringAt(memberAt(json, "properties"), "type"), json};
}

// {"name": {"type": "String", "value": …}}
QMap<QString, Parameter> readGlobalParameters(const Json &json)
{
    QMap<QString, Parameter> parameters = readParameters(json);
    if (!json.is_object())
        return parameters;
    for (const auto &[key, entry] : json.items()) {
        Parameter &parameter = parameters[toQString(key)];
        const bool hasValue = entry.is_object() && entry.contains("value");
        if (!hasValue && parameter.hasDefault)
            continue;
        parameter.hasDefault = hasValue;
        parameter.defaultValue = memberAt(entry, "value");
    }
    return parameters;
}

class FactoryReader
{
public:
    explicit FactoryReader(const FileTree &tree) : m_tree(tree) { }

    FactoryReading read()
    {
        Factory &factory = m_reading.factory;
        factory.files = m_tree.files();
        for (const QString &file : std::as_const(factory.files))
            readFile(file);
        readAllBindings();
        readFabricItems();
        spellReferences();
        sortProblems(m_reading.problems);
        return std::move(m_reading);
    }

    // Entities are changed in place: the others, which may be many, are not touched.
    Factory update(Factory factory, const QStringList &changed)
    {
        m_reading.factory = std::move(factory);
        m_reading.factory.files = m_tree.files();
        for (const QString &file : changed) {
            if (file.startsWith(u"factory/") || file.startsWith(u"globalParameters/"))
                m_needsAll = true;
            dropFile(file);
        }
        for (const QString &file : changed) {
            if (m_reading.factory.files.contains(file))
                readFile(file);
        }
        if (m_needsAll || isDroppedNameElsewhere())
            return FactoryReader(m_tree).read().factory;
        if (changed.contains(bindingsFile()) || changed.contains(localBindingsFile()))
            readAllBindings();
        readFabricItems();
        spellReferences();
        return std::move(m_reading.factory);
    }

private:
    // Calls `call` with the entities of `kind` and their reader; false when none are kept.
    template <typename Call> bool withEntitiesOf(std::optional<EntityKind> kind, const Call &call)
    {
        Factory &factory = m_reading.factory;
        if (kind == EntityKind::Pipeline)
            call(factory.pipelines, readPipeline);
        else if (kind == EntityKind::Dataset)
            call(factory.datasets, readDataset);
        else if (kind == EntityKind::LinkedService)
            call(factory.linkedServices, readLinkedService);
        else if (kind == EntityKind::Trigger)
            call(factory.triggers, readTrigger);
        else if (kind == EntityKind::Dataflow)
            call(factory.dataflows, readOther);
        else if (kind == EntityKind::IntegrationRuntime)
            call(factory.integrationRuntimes, readOther);
        else if (kind == EntityKind::Credential)
            call(factory.credentials, readOther);
        else if (kind == EntityKind::ManagedVirtualNetwork)
            call(factory.managedVirtualNetworks, readOther);
        else
            return false;
        return true;
    }

    void dropFile(const QString &file)
    {
        const std::optional<EntityKind> kind = entityKindOf(file);
        if (!withEntitiesOf(kind, [&](auto &entities, auto) { dropEntity(file, entities); })
            && file.startsWith(u".slipway/options/"))
            m_reading.factory.options.remove(QFileInfo(file).completeBaseName());
    }

    template <typename Entity> void dropEntity(const QString &file, QMap<QString, Entity> &entities)
    {
        for (auto entity = entities.begin(); entity != entities.end(); ++entity) {
            if (std::as_const(*entity).file == file) {
                m_dropped.append({entityKindOf(file), entity.key()});
                entities.erase(entity);
                return;
            }
        }
    }

    // A file that was left out because its name was taken comes forward when that name is free.
    bool isDroppedNameElsewhere()
    {
        for (const auto &[kind, name] : m_dropped) {
            bool isBack = false;
            withEntitiesOf(kind,
                           [&isBack, &key = name](const auto &entities, auto) { isBack = entities.contains(key); });
            if (isBack)
                continue;
            for (const QString &file : std::as_const(m_reading.factory.files)) {
                if (entityKindOf(file) != kind)
                    continue;
                const std::shared_ptr<const Json> json = m_tree.parsed(file);
                if (!json || stringAt(*json, "name", entityNameByFile(file)) == name)
                    return true;
            }
        }
        return false;
    }

    void readFile(const QString &file)
    {
        if (!file.endsWith(u".json", Qt::CaseInsensitive))
            return;
        if (withEntitiesOf(entityKindOf(file),
                           [&](auto &entities, auto reader) { readEntity(file, entities, reader); }))
            return;
        if (file.startsWith(u"factory/"))
            readFactoryFile(file);
        else if (file.startsWith(u"globalParameters/"))
            readGlobalParametersFile(file);
        else if (file.startsWith(u".slipway/options/"))
            readOptions(file);
    }

    std::shared_ptr<const Json> parse(const QString &file)
    {
        if (std::shared_ptr<const Json> json = m_tree.parsed(file); json && json->is_object())
            return json;
        const Result<QByteArray> text = m_tree.read(file);
        if (!text) {
            report(QStringLiteral("Unreadable"), file, text.error().message, {});
            return nullptr;
        }
        Result<Json> json = parseEntity(*text, file);
        if (!json) {
            report(QStringLiteral("InvalidJson"),
                   json.error().where,
                   json.error().message,
                   factoryTr("Correct the file at this line and column."));
            return nullptr;
        }
        if (!json->is_object()) {
            report(QStringLiteral("InvalidJson"),
                   file + u":1:1",
                   factoryTr("The file holds no JSON object."),
                   factoryTr("Put the entity between { and }."));
            return nullptr;
        }
        return std::make_shared<const Json>(std::move(*json));
    }

    template <typename Entity>
    void readEntity(const QString &file,
                    QMap<QString, Entity> &entities,
                    Entity (*reader)(const Json &, const QString &, const QString &))
    {
        const std::shared_ptr<const Json> json = parse(file);
        if (!json)
            return;
        QString name = stringAt(*json, "name");
        if (name.isEmpty()) {
            name = entityNameByFile(file);
            if (!isFabricPipeline(file)) // there the folder is the name
                report(QStringLiteral("MissingName"),
                       file + u": name",
                       factoryTr("The entity has no name; that of its file, \"%1\", is used.").arg(name),
                       factoryTr("Add \"name\": \"%1\".").arg(name),
                       Problem::Severity::Warning);
        }
        if (!memberAt(*json, "properties").is_object()) {
            report(QStringLiteral("MissingProperties"),
                   file + u": properties",
                   factoryTr("\"%1\" has no \"properties\".").arg(name),
                   factoryTr("Put what describes it into \"properties\": { … }."));
        }
        if (const auto other = entities.constFind(name); other != entities.cend()) {
            report(QStringLiteral("DuplicateName"),
                   file + u": name",
                   factoryTr("The name \"%1\" is taken by %2 already; this file is left out.").arg(name, other->file),
                   factoryTr("Rename one of the two, or remove it."));
            m_needsAll = true; // which of the two is left out may be another one now
            return;
        }
        entities.insert(name, reader(*json, name, file));
    }

    void readFactoryFile(const QString &file)
    {
        const std::shared_ptr<const Json> json = parse(file);
        if (!json)
            return;
        Factory &factory = m_reading.factory;
        if (factory.name.isEmpty())
            factory.name = stringAt(*json, "name", QFileInfo(file).completeBaseName());
        addGlobalParameters(memberAt(memberAt(*json, "properties"), "globalParameters"));
    }

    // The parameters themselves, or the resource that holds them. Files of "factory/" came before.
    void readGlobalParametersFile(const QString &file)
    {
        const std::shared_ptr<const Json> json = parse(file);
        if (!json)
            return;
        if (memberAt(*json, "globalParameters").is_object())
            addGlobalParameters(memberAt(*json, "globalParameters"));
        else
            addGlobalParameters(memberAt(*json, "properties").is_object() ? memberAt(*json, "properties") : *json);
    }

    void addGlobalParameters(const Json &json)
    {
        const QMap<QString, Parameter> parameters = readGlobalParameters(json);
        for (auto parameter = parameters.cbegin(); parameter != parameters.cend(); ++parameter) {
            if (!m_reading.factory.globalParameters.contains(parameter.key()))
                m_reading.factory.globalParameters.insert(parameter.key(), *parameter);
        }
    }

    void readOptions(const QString &file)
    {
        if (const std::shared_ptr<const Json> json = parse(file))
            m_reading.factory.options.insert(QFileInfo(file).completeBaseName(), *json);
    }

    void readAllBindings()
    {
        BindingsReading bindings = readBindings(m_tree);
        m_reading.factory.bindings = std::move(bindings.bindings);
        m_reading.problems += bindings.problems;
    }

    // What Fabric calls its items: pipelines and notebooks are named by these ids. A file that cannot be read names
    // nothing; it is Fabric's own.
    void readFabricItems()
    {
        Factory &factory = m_reading.factory;
        factory.fabricItems.clear();
        for (const QString &file : std::as_const(factory.files)) {
            if (!file.endsWith(u"/.platform"))
                continue;
            const Result<QByteArray> text = m_tree.read(file);
            const Result<Json> json = text ? parseEntity(*text, file) : Result<Json>(text.error());
            const QString id = json ? stringAt(memberAt(*json, "config"), "logicalId") : QString();
            if (!id.isEmpty() && id != u"00000000-0000-0000-0000-000000000000")
                factory.fabricItems.insert(id.toLower(), file.section(u'/', 0, -2));
        }
    }

    // Data Factory compares names without regard to case: references are spelled here as the entity is.
    template <typename Entity> static void spell(QString &reference, const QMap<QString, Entity> &entities)
    {
        if (reference.isEmpty() || entities.contains(reference))
            return;
        QStringList matches;
        for (auto entity = entities.cbegin(); entity != entities.cend(); ++entity) {
            if (entity.key().compare(reference, Qt::CaseInsensitive) == 0)
                matches.append(entity.key());
        }
        if (matches.size() == 1)
            reference = matches.first();
    }

    void spellReferencesOf(QList<Activity> &activities)
    {
        const Factory &factory = m_reading.factory;
        for (Activity &activity : activities) {
            spell(activity.linkedService, factory.linkedServices);
            if (auto *copy = std::get_if<CopyActivity>(&activity.typeProperties)) {
                spell(copy->input, factory.datasets);
                spell(copy->output, factory.datasets);
            }
            for (ActivityBranch &branch : activity.branches)
                spellReferencesOf(branch.activities);
        }
    }

    void spellReferences()
    {
        Factory &factory = m_reading.factory;
        for (Pipeline &pipeline : factory.pipelines)
            spellReferencesOf(pipeline.activities);
        for (Dataset &dataset : factory.datasets)
            spell(dataset.linkedService, factory.linkedServices);
        for (Trigger &trigger : factory.triggers) {
            for (TriggeredPipeline &triggered : trigger.pipelines)
                spell(triggered.pipeline, factory.pipelines);
        }
    }

    void report(const QString &code,
                const QString &where,
                const QString &message,
                const QString &fix,
                Problem::Severity severity = Problem::Severity::Error)
    {
        m_reading.problems.append({severity, code, where, message, fix});
    }

    const FileTree &m_tree;
    FactoryReading m_reading;
    QList<std::pair<std::optional<EntityKind>, QString>> m_dropped; // kind and name of entities that were taken out
    bool m_needsAll = false; // an update is not enough
};

} // namespace

BindingsReading readBindings(const FileTree &tree)
{
    BindingsReading reading;
    for (const QString &file : {bindingsFile(), localBindingsFile()}) {
        const Result<QByteArray> text = tree.read(file);
        if (text)
            reading.problems += reading.bindings.read(toUtf8(*text), file);
        else if (text.error().code != ErrorCode::NotFound)
            reading.problems.append(
                {Problem::Severity::Error, QStringLiteral("Unreadable"), file, text.error().message, {}});
    }
    return reading;
}

FactoryReading readFactory(const FileTree &tree) { return FactoryReader(tree).read(); }

void updateFactory(Factory &factory, const FileTree &tree, const QStringList &changed)
{
    factory = FactoryReader(tree).update(std::move(factory), changed);
}

} // namespace engine
