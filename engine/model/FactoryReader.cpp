#include "engine/model/ActivityReader.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/Factory.h"
#include "engine/model/LinkedServiceReader.h"
#include "engine/model/PipelineReader.h"
#include "engine/model/TriggerReader.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStringConverter>

#include <algorithm>

namespace engine {

namespace {

QString factoryTr(const char *text) { return QCoreApplication::translate("engine::FactoryReader", text); }

// Files from Fabric and from PowerShell are UTF-16 at times, with a byte order mark or, rarely, without.
QByteArray toUtf8(const QByteArray &text)
{
    std::optional<QStringDecoder::Encoding> encoding;
    if (text.startsWith("\xFF\xFE") || text.startsWith(QByteArray("{\0", 2)))
        encoding = QStringDecoder::Utf16LE;
    else if (text.startsWith("\xFE\xFF") || text.startsWith(QByteArray("\0{", 2)))
        encoding = QStringDecoder::Utf16BE;
    if (!encoding)
        return text;
    QStringDecoder decoder(*encoding);
    const QString decoded = decoder(text);
    return decoded.toUtf8();
}

class FactoryReader
{
public:
    explicit FactoryReader(const FileTree &tree) : m_tree(tree) { }

    FactoryReading read()
    {
        Factory &factory = m_reading.factory;
        factory.files = m_tree.files();
        for (const QString &file : std::as_const(factory.files)) {
            if (file.endsWith(u".json", Qt::CaseInsensitive))
                readFile(file);
        }
        BindingsReading bindings = readBindings(m_tree);
        factory.bindings = std::move(bindings.bindings);
        m_reading.problems += bindings.problems;
        spellReferences();
        sortProblems(m_reading.problems);
        return std::move(m_reading);
    }

private:
    void readFile(const QString &file)
    {
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

    std::optional<Json> parse(const QString &file)
    {
        const Result<QByteArray> text = m_tree.read(file);
        if (!text) {
            report(QStringLiteral("Unreadable"), file, text.error().message, {});
            return std::nullopt;
        }
        Result<Json> json = parseJson(toUtf8(*text), file);
        if (!json) {
            report(QStringLiteral("InvalidJson"),
                   json.error().where,
                   json.error().message,
                   factoryTr("Correct the file at this line and column."));
            return std::nullopt;
        }
        if (!json->is_object()) {
            report(QStringLiteral("InvalidJson"),
                   file + u":1:1",
                   factoryTr("The file holds no JSON object."),
                   factoryTr("Put the entity between { and }."));
            return std::nullopt;
        }
        return std::move(*json);
    }

    template <typename Entity>
    void readEntity(const QString &file,
                    QMap<QString, Entity> &entities,
                    Entity (*reader)(const Json &, const QString &, const QString &))
    {
        const std::optional<Json> json = parse(file);
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
            return;
        }
        entities.insert(name, reader(*json, name, file));
    }

    void readFactoryFile(const QString &file)
    {
        if (const std::optional<Json> json = parse(file); json && m_reading.factory.name.isEmpty())
            m_reading.factory.name = stringAt(*json, "name", QFileInfo(file).completeBaseName());
    }

    void readOptions(const QString &file)
    {
        if (const std::optional<Json> json = parse(file))
            m_reading.factory.options.insert(QFileInfo(file).completeBaseName(), *json);
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

} // namespace engine
