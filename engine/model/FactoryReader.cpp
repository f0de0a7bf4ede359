#include "engine/model/ActivityReader.h"
#include "engine/model/DatasetReader.h"
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
            if (file.startsWith(u"factory/"))
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
        spellReferences();
        return std::move(m_reading.factory);
    }

private:
    void dropFile(const QString &file)
    {
        Factory &factory = m_reading.factory;
        const QString folder = file.section(u'/', 0, 0);
        if (folder == u"pipeline")
            dropEntity(file, factory.pipelines);
        else if (folder == u"dataset")
            dropEntity(file, factory.datasets);
        else if (folder == u"linkedService")
            dropEntity(file, factory.linkedServices);
        else if (folder == u"trigger")
            dropEntity(file, factory.triggers);
        else if (file.startsWith(u".slipway/options/"))
            factory.options.remove(QFileInfo(file).completeBaseName());
    }

    template <typename Entity> void dropEntity(const QString &file, QMap<QString, Entity> &entities)
    {
        for (auto entity = entities.begin(); entity != entities.end(); ++entity) {
            if (std::as_const(*entity).file == file) {
                m_dropped.append({file.section(u'/', 0, 0), entity.key()});
                entities.erase(entity);
                return;
            }
        }
    }

    // A file that was left out because its name was taken comes forward when that name is free.
    bool isDroppedNameElsewhere() const
    {
        for (const auto &[folder, name] : m_dropped) {
            const Factory &factory = m_reading.factory;
            const bool isBack = (folder == u"pipeline" && factory.pipelines.contains(name))
                || (folder == u"dataset" && factory.datasets.contains(name))
                || (folder == u"linkedService" && factory.linkedServices.contains(name))
                || (folder == u"trigger" && factory.triggers.contains(name));
            if (isBack)
                continue;
            for (const QString &file : factory.files) {
                if (!file.startsWith(folder + u'/'))
                    continue;
                const std::shared_ptr<const Json> json = m_tree.parsed(file);
                if (!json || stringAt(*json, "name", QFileInfo(file).completeBaseName()) == name)
                    return true;
            }
        }
        return false;
    }

    void readFile(const QString &file)
    {
        if (!file.endsWith(u".json", Qt::CaseInsensitive))
            return;
        Factory &factory = m_reading.factory;
        const QString folder = file.section(u'/', 0, 0);
        if (folder == u"pipeline")
            readEntity(file, factory.pipelines, readPipeline);
        else if (folder == u"dataset")
            readEntity(file, factory.datasets, readDataset);
        else if (folder == u"linkedService")
            readEntity(file, factory.linkedServices, readLinkedService);
        else if (folder == u"trigger")
            readEntity(file, factory.triggers, readTrigger);
        else if (folder == u"factory")
            readFactoryFile(file);
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
            name = QFileInfo(file).completeBaseName();
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
        if (const std::shared_ptr<const Json> json = parse(file); json && m_reading.factory.name.isEmpty())
            m_reading.factory.name = stringAt(*json, "name", QFileInfo(file).completeBaseName());
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

    void spellReferences()
    {
        Factory &factory = m_reading.factory;
        for (Pipeline &pipeline : factory.pipelines) {
            for (Activity &activity : pipeline.activities) {
                spell(activity.linkedService, factory.linkedServices);
                if (auto *copy = std::get_if<CopyActivity>(&activity.typeProperties)) {
                    spell(copy->input, factory.datasets);
                    spell(copy->output, factory.datasets);
                }
            }
        }
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
    QList<std::pair<QString, QString>> m_dropped; // folder and name of entities that were taken out
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
