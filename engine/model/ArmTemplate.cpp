#include "engine/model/ArmTemplate.h"

#include "engine/model/ArmExpression.h"
#include "engine/model/EntityText.h"

#include <QCoreApplication>
#include <QMap>
#include <QRegularExpression>

#include <optional>

namespace engine {

namespace {

constexpr int deepestTemplate = 8;

// The context of this file's texts for translators.
struct ArmTemplateText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ArmTemplate)
};

// The folder of each kind of resource, by the last part of its type.
QString folderOf(const QString &kind)
{
    static const QMap<QString, QString> folders = {
        {QStringLiteral("pipelines"), QStringLiteral("pipeline")},
        {QStringLiteral("datasets"), QStringLiteral("dataset")},
        {QStringLiteral("linkedservices"), QStringLiteral("linkedService")},
        {QStringLiteral("triggers"), QStringLiteral("trigger")},
        {QStringLiteral("dataflows"), QStringLiteral("dataflow")},
        {QStringLiteral("integrationruntimes"), QStringLiteral("integrationRuntime")},
        {QStringLiteral("credentials"), QStringLiteral("credential")},
        {QStringLiteral("managedvirtualnetworks"), QStringLiteral("managedVirtualNetwork")},
        {QStringLiteral("managedprivateendpoints"), QStringLiteral("managedPrivateEndpoint")},
        {QStringLiteral("notebooks"), QStringLiteral("notebook")},
        {QStringLiteral("sqlscripts"), QStringLiteral("sqlscript")}};
    return folders.value(kind.toLower());
}

bool isFactoryType(const QString &type)
{
    return type.compare(u"Microsoft.DataFactory/factories", Qt::CaseInsensitive) == 0
        || type.compare(u"Microsoft.Synapse/workspaces", Qt::CaseInsensitive) == 0;
}

bool isInFactory(const QString &type)
{
    return type.startsWith(u"Microsoft.DataFactory/factories/", Qt::CaseInsensitive)
        || type.startsWith(u"Microsoft.Synapse/workspaces/", Qt::CaseInsensitive);
}

// A name as that of a file: never a path.
QString fileNameOf(QString name)
{
    name.replace(u'%', QStringLiteral("%25"))
        .replace(u'/', QStringLiteral("%2F"))
        .replace(u'\\', QStringLiteral("%5C"));
    name.remove(QChar(u'\0'));
    return name == u"." || name == u".." ? u'%' + name : name;
}

// {"parameters": {"x": {"value": …}}} or {"x": {"value": …}} → {"x": …}
Json valuesOf(const Json &file)
{
    const Json &parameters = memberAt(file, "parameters").is_object() ? memberAt(file, "parameters") : file;
    Json values = Json::object();
    if (!parameters.is_object())
        return values;
    for (const auto &[name, entry] : parameters.items()) {
        if (entry.is_object() && entry.contains("value"))
            values[name] = entry["value"];
    }
    return values;
}

class Importer
{
public:
    explicit Importer(const ArmSource &source) : m_source(source) { }

    Result<ArmImport> import()
    {
        const Result<Json> json = parseEntity(m_source.text, m_source.name);
        if (!json)
            return json.error();
        if (!memberAt(*json, "resources").is_array())
            return Error{
                ErrorCode::InvalidInput,
                ArmTemplateText::tr("%1 is no ARM template: it has no list of \"resources\".").arg(m_source.name),
                m_source.name + u": resources"};
        Json values = Json::object();
        if (!m_source.parameters.isEmpty()) {
            const Result<Json> parameters = parseEntity(m_source.parameters, ArmTemplateText::tr("the parameters"));
            if (!parameters)
                return parameters.error();
            values = valuesOf(*parameters);
        }
        if (const Result<> read = readManifest(); !read)
            return read.error();
        nameGalleryServices(memberAt(*json, "parameters"), values);
        readTemplate(*json, values, m_source.name, 0);
        addGalleryServices();
        return finished();
    }

private:
    // What the gallery's manifest asks for: linked services that a user chooses, by the name of a parameter.
    Result<> readManifest()
    {
        if (m_source.manifest.isEmpty())
            return {};
        const Result<Json> manifest = parseEntity(m_source.manifest, QStringLiteral("manifest.json"));
        if (!manifest)
            return manifest.error();
        const Json services = memberAt(memberAt(*manifest, "requires"), "linkedservices");
        if (!services.is_object())
            return {};
        for (const auto &[name, service] : services.items()) {
            const Json &types = memberAt(service, "supportTypes");
            const bool hasType = types.is_array() && !types.empty() && types.front().is_string();
            m_wanted.insert(toQString(name), hasType ? toQString(types.front().get<std::string>()) : QString());
        }
        return {};
    }

    void nameGalleryServices(const Json &declared, Json &values) const
    {
        if (!declared.is_object())
            return;
        for (const auto &[key, declaration] : declared.items()) {
            const bool hasValue = values.contains(key) || memberAt(declaration, "defaultValue").is_string();
            if (!hasValue && m_wanted.contains(toQString(key)))
                values[key] = key;
        }
    }

    void addGalleryServices()
    {
        for (auto wanted = m_wanted.cbegin(); wanted != m_wanted.cend(); ++wanted) {
            const QString path = QStringLiteral("linkedService/%1.json").arg(fileNameOf(wanted.key()));
            if (m_files.contains(path.toLower()) || wanted->isEmpty())
                continue;
            const Json service = {
                {"name", toStdString(wanted.key())},
                {"properties",
                 {{"annotations", Json::array()}, {"type", toStdString(*wanted)}, {"typeProperties", Json::object()}}}};
            m_files.insert(path.toLower(), {path, writeEntity(service)});
            report(Problem::Severity::Hint,
                   "ServiceToBind",
                   path,
                   ArmTemplateText::tr("The template leaves the linked service \"%1\" (%2) to its user.")
                       .arg(wanted.key(), *wanted),
                   ArmTemplateText::tr("Bind it to a store of this machine."));
        }
    }

    void readTemplate(const Json &json, const Json &values, const QString &where, int depth)
    {
        const ArmEvaluator evaluator(memberAt(json, "parameters"), values, memberAt(json, "variables"));
        for (const auto &name : {QStringLiteral("factoryName"), QStringLiteral("workspaceName")}) {
            const Result<Json> value = evaluator.parameter(name);
            if (m_factoryName.isEmpty() && value && value->is_string())
                m_factoryName = toQString(value->get_ref<const std::string &>());
        }
        readResources(memberAt(json, "resources"), evaluator, where, {}, depth);
    }

    void readResources(const Json &resources,
                       const ArmEvaluator &evaluator,
                       const QString &where,
                       const QString &parentType,
                       int depth)
    {
        if (!resources.is_array())
            return;
        for (size_t i = 0; i < resources.size(); ++i)
            readResource(
                resources[i], evaluator, QStringLiteral("%1: resources[%2]").arg(where).arg(i), parentType, depth);
    }

    void readResource(
        const Json &resource, const ArmEvaluator &evaluator, const QString &where, const QString &parentType, int depth)
    {
        const QString written = stringAt(resource, "type");
        QString type = parentType.isEmpty() || isInFactory(written) ? written : parentType + u'/' + written;
        if (parentType.isEmpty() && !folderOf(written).isEmpty()) // as Fabric's gallery writes it
            type = QStringLiteral("Microsoft.DataFactory/factories/") + written;
        const Json &condition = memberAt(resource, "condition");
        const Result<Json> holds =
            condition.is_string() ? evaluator.text(stringAt(resource, "condition")) : Result<Json>(condition);
        if (holds && *holds == Json(false)) {
            report(Problem::Severity::Hint,
                   "ConditionNotMet",
                   where,
                   ArmTemplateText::tr("The condition of this resource is not met; it is left out."),
                   {});
            return;
        }
        if (type.compare(u"Microsoft.Resources/deployments", Qt::CaseInsensitive) == 0)
            return readDeployment(resource, evaluator, where, depth);
        if (!isFactoryType(type) && !isInFactory(type)) {
            report(Problem::Severity::Warning,
                   "NotOfAFactory",
                   where,
                   ArmTemplateText::tr("A resource of type \"%1\" is no part of a factory; it is left out.").arg(type),
                   {});
            return;
        }
        if (resource.contains("copy")) {
            report(Problem::Severity::Error,
                   "CopyLoop",
                   where,
                   ArmTemplateText::tr("The resource is copied in a loop, which an import cannot do; it is left out."),
                   ArmTemplateText::tr("Export the deployed factory, which has the copies."));
            return;
        }
        const Result<Json> name = evaluator.text(nameWithoutFactory(stringAt(resource, "name")));
        const QString plain = name ? stringAt({{"name", *name}}, "name") : QString();
        if (plain.isEmpty() && !isFactoryType(type)) {
            report(Problem::Severity::Error,
                   "NoName",
                   where + u".name",
                   ArmTemplateText::tr("The name of this resource cannot be found; it is left out. %1")
                       .arg(name ? QString() : name.error().message),
                   ArmTemplateText::tr("Give the parameters that its name is made of."));
            return;
        }
        const QStringList parts = plain.split(u'/', Qt::SkipEmptyParts);
        if (isFactoryType(type))
            readFactory(resource, evaluator, parts, where, depth, type);
        else
            readEntity(resource, evaluator, parts, type, where);
        if (!isFactoryType(type) && memberAt(resource, "resources").is_array())
            readResources(memberAt(resource, "resources"), evaluator, where, type, depth);
    }

    // Where the factory's own name is no part of the result, it need not have a value.
    static QString nameWithoutFactory(const QString &name)
    {
        static const QRegularExpression form(
            QStringLiteral(
                "\\A\\[\\s*concat\\(\\s*parameters\\('[A-Za-z]*(?:factory|workspace)Name'\\)\\s*,\\s*'/(.*)\\]\\z"),
            QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
        const QRegularExpressionMatch match = form.match(name);
        return match.hasMatch() ? QStringLiteral("[concat('/") + match.captured(1) + u']' : name;
    }

    void readFactory(const Json &resource,
                     const ArmEvaluator &evaluator,
                     const QStringList &parts,
                     const QString &where,
                     int depth,
                     const QString &type)
    {
        if (!parts.isEmpty())
            m_factoryName = parts.last();
        for (const char *key : {"properties", "location", "identity"}) {
            if (resource.contains(key))
                m_factory[key] = evaluated(resource[key], evaluator, factoryPath() + u": " + QLatin1String(key));
        }
        readResources(memberAt(resource, "resources"), evaluator, where, type, depth);
    }

    QString factoryPath() const
    {
        return QStringLiteral("factory/%1.json")
            .arg(fileNameOf(m_factoryName.isEmpty() ? QStringLiteral("factory") : m_factoryName));
    }

    void readEntity(const Json &resource,
                    const ArmEvaluator &evaluator,
                    const QStringList &parts,
                    const QString &type,
                    const QString &where)
    {
        const QString kind = type.section(u'/', -1);
        const QString name = parts.last();
        if (m_factoryName.isEmpty() && parts.size() > 1 && type.count(u'/') == 2)
            m_factoryName = parts.first();
        if (kind.compare(u"globalparameters", Qt::CaseInsensitive) == 0) {
            const Json parameters = evaluated(
                memberAt(resource, "properties"), evaluator, factoryPath() + u": properties.globalParameters");
            for (const auto &[key, parameter] : parameters.items())
                m_factory["properties"]["globalParameters"][key] = parameter;
            return;
        }
        QString folder = folderOf(kind);
        if (folder.isEmpty()) {
            report(Problem::Severity::Warning,
                   "UnknownKind",
                   where,
                   ArmTemplateText::tr("Resources of type \"%1\" have no place in a factory's folder; it is left out.")
                       .arg(type),
                   {});
            return;
        }
        if (folder == u"managedPrivateEndpoint")
            folder = QStringLiteral("managedVirtualNetwork/%1/managedPrivateEndpoint")
                         .arg(parts.size() > 1 ? fileNameOf(parts[parts.size() - 2]) : QStringLiteral("default"));
        const QString path = QStringLiteral("%1/%2.json").arg(folder, fileNameOf(name));
        if (m_files.contains(path.toLower())) {
            report(Problem::Severity::Error,
                   "DuplicateName",
                   where,
                   ArmTemplateText::tr("The template has \"%1\" twice; the second is left out.").arg(path),
                   {});
            return;
        }
        Json entity = {{"name", toStdString(name)}};
        entity["properties"] = evaluated(memberAt(resource, "properties"), evaluator, path + u": properties");
        entity["type"] = toStdString(type);
        m_files.insert(path.toLower(), {path, writeEntity(entity)});
    }

    Json evaluated(const Json &json, const ArmEvaluator &evaluator, const QString &place)
    {
        return evaluator.all(json, place, [this](const QString &where, const Error &error) {
            report(
                Problem::Severity::Warning,
                "Unresolved",
                where,
                error.message,
                ArmTemplateText::tr("It stays as written; bind the linked service, give the parameter, or edit it."));
        });
    }

    void readDeployment(const Json &resource, const ArmEvaluator &evaluator, const QString &where, int depth)
    {
        if (depth >= deepestTemplate) {
            report(Problem::Severity::Error,
                   "TooDeep",
                   where,
                   ArmTemplateText::tr("Templates are nested deeper than %1 levels; this one is left out.")
                       .arg(deepestTemplate),
                   {});
            return;
        }
        const Json &properties = memberAt(resource, "properties");
        const Json values = valuesOf(evaluated(memberAt(properties, "parameters"), evaluator, where + u".parameters"));
        const Json &nested = memberAt(properties, "template");
        if (nested.is_object()) {
            const QString scope = stringAt(memberAt(properties, "expressionEvaluationOptions"), "scope");
            if (scope.compare(u"inner", Qt::CaseInsensitive) == 0)
                readTemplate(nested, values, where, depth + 1);
            else // the names mean those of the outer template
                readResources(memberAt(nested, "resources"), evaluator, where, {}, depth + 1);
            return;
        }
        const QString uri = stringAt(memberAt(properties, "templateLink"), "uri");
        static const QRegularExpression file(QStringLiteral("([A-Za-z0-9_. -]+\\.json)"));
        const QString name = file.match(uri).captured(1);
        const Result<QByteArray> text = name.isEmpty() || !m_source.linked
            ? Result<QByteArray>(Error{ErrorCode::NotFound, ArmTemplateText::tr("It is at \"%1\".").arg(uri), {}})
            : m_source.linked(name);
        const Result<Json> linked = text ? parseEntity(*text, name) : Result<Json>(text.error());
        if (!linked) {
            report(Problem::Severity::Error,
                   "LinkedTemplate",
                   where,
                   ArmTemplateText::tr("The linked template cannot be read; it is left out. %1")
                       .arg(linked.error().message),
                   ArmTemplateText::tr("Put it beside the template that names it."));
            return;
        }
        readTemplate(*linked, values, name, depth + 1);
    }

    ArmImport finished()
    {
        ArmImport import;
        import.factoryName = m_factoryName;
        if (!m_factory.empty()) {
            Json factory = {{"name", toStdString(m_factoryName.isEmpty() ? QStringLiteral("factory") : m_factoryName)}};
            for (const auto &[key, value] : m_factory.items())
                factory[key] = value;
            m_files.insert(factoryPath().toLower(), {factoryPath(), writeEntity(factory)});
        }
        import.files = m_files.values();
        import.problems = std::move(m_problems);
        sortProblems(import.problems);
        return import;
    }

    void report(
        Problem::Severity severity, const char *code, const QString &where, const QString &message, const QString &fix)
    {
        m_problems.append({severity, QString::fromLatin1(code), where, message, fix});
    }

    const ArmSource &m_source;
    QMap<QString, QString> m_wanted; // linked services of the gallery's manifest, with their first type
    QMap<QString, ArmImport::File> m_files; // by path in lower case
    QString m_factoryName;
    Json m_factory = Json::object();
    QList<Problem> m_problems;
};

} // namespace

Result<ArmImport> importArmTemplate(const ArmSource &source) { return Importer(source).import(); }

} // namespace engine
