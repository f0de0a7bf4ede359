#include "engine/model/BindingNeeds.h"

#include "engine/model/EntityText.h"

#include <QCoreApplication>
#include <QDir>

#include <set>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct BindingNeedsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::BindingNeeds)
};

const QMap<QString, BindingFit> &fits()
{
    static const QMap<QString, BindingFit> known = [] {
        QMap<QString, BindingFit> all;
        const auto add = [&all](BindingFit fit, std::initializer_list<const char *> types) {
            for (const char *type : types)
                all.insert(QString::fromLatin1(type).toLower(), fit);
        };
        add(BindingFit::Folder,
            {"AzureBlobStorage",
             "AzureStorage",
             "AzureBlobFS",
             "AzureDataLakeStore",
             "AzureFileStorage",
             "FileServer",
             "AmazonS3",
             "AmazonS3Compatible",
             "GoogleCloudStorage",
             "OracleCloudStorage",
             "Hdfs",
             "Sftp",
             "FtpServer",
             "Lakehouse",
             "LakeHouse"});
        add(BindingFit::Database,
            {"AzureSqlDatabase",
             "SqlServer",
             "AzureSqlMI",
             "AzureSqlDW",
             "AzurePostgreSql",
             "PostgreSql",
             "PostgreSqlV2",
             "AzureMySql",
             "MySql",
             "AzureMariaDB",
             "MariaDB",
             "Oracle",
             "Odbc",
             "Snowflake",
             "SnowflakeV2",
             "Db2",
             "Teradata",
             "AmazonRedshift",
             "AmazonRdsForSqlServer",
             "AmazonRdsForOracle",
             "Sybase",
             "Warehouse",
             "SqlDatabase",
             "GoogleBigQuery",
             "GoogleBigQueryV2",
             "Netezza",
             "Vertica",
             "Greenplum",
             "AzureDatabricksDeltaLake"});
        add(BindingFit::Kernel,
            {"AzureDatabricks",
             "AzureSynapseArtifacts",
             "HDInsight",
             "HDInsightOnDemand",
             "SynapseNotebook",
             "TridentNotebook"});
        add(BindingFit::Secrets, {"AzureKeyVault"});
        add(BindingFit::Nothing, {"HttpServer", "RestService", "Web", "OData", "AzureFunction"});
        return all;
    }();
    return known;
}

// Finds every {"referenceName": …, "type": "LinkedServiceReference"} and who has it.
class UseFinder
{
public:
    QMap<QString, std::set<QString>> uses; // by the name as written

    void look(const Json &json, const QString &user)
    {
        if (json.is_array()) {
            for (const Json &element : json)
                look(element, user);
            return;
        }
        if (!json.is_object())
            return;
        const QString type = stringAt(json, "type");
        if (const QString name = stringAt(json, "referenceName");
            !name.isEmpty() && isReference(type) && !name.startsWith(u'@'))
            uses[name].insert(user);
        for (const auto &[key, member] : json.items()) {
            if (member.is_structured())
                look(member, user);
        }
    }

    // An activity names itself, and the activities in it themselves.
    void lookAtActivities(const Json &json, const QString &pipeline, const QString &user)
    {
        if (json.is_array()) {
            for (const Json &element : json)
                lookAtActivities(element, pipeline, user);
            return;
        }
        if (!json.is_object())
            return;
        const QString type = stringAt(json, "type");
        const bool isActivity =
            json.contains("typeProperties") || json.contains("dependsOn") || json.contains("linkedServiceName");
        const QString name = isActivity ? stringAt(json, "name") : QString();
        const QString own = name.isEmpty() ? user : pipeline + QStringLiteral(": ") + name;
        if (const QString reference = stringAt(json, "referenceName");
            !reference.isEmpty() && isReference(type) && !reference.startsWith(u'@'))
            uses[reference].insert(own);
        if (!name.isEmpty())
            lookAtNotebook(json, type, own);
        for (const auto &[key, member] : json.items()) {
            if (member.is_structured())
                lookAtActivities(member, pipeline, own);
        }
    }

private:
    static bool isReference(const QString &type)
    {
        return type.compare(u"LinkedServiceReference", Qt::CaseInsensitive) == 0;
    }

    void lookAtNotebook(const Json &activity, const QString &type, const QString &user)
    {
        const bool isNamed = type.compare(u"SynapseNotebook", Qt::CaseInsensitive) == 0
            || type.compare(u"TridentNotebook", Qt::CaseInsensitive) == 0;
        if (!isNamed || !stringAt(memberAt(activity, "linkedServiceName"), "referenceName").isEmpty())
            return;
        const QString pool = stringAt(memberAt(memberAt(activity, "typeProperties"), "sparkPool"), "referenceName");
        uses[pool.isEmpty() || pool.startsWith(u'@') ? type : pool].insert(user);
        notebooks.insert(pool.isEmpty() || pool.startsWith(u'@') ? type : pool);
    }

public:
    std::set<QString> notebooks; // names that stand for a kernel, not for a linked service
};

QString problemOf(const BindingNeed &need)
{
    if (!need.binding)
        return {};
    const QString kind = kindOf(*need.binding);
    const bool fits = (need.fit == BindingFit::Folder && kind == u"folder")
        || (need.fit == BindingFit::Database && (kind == u"sqlite" || kind == u"postgresql"))
        || (need.fit == BindingFit::Kernel && kind == u"kernel") || need.fit == BindingFit::Unknown
        || need.fit == BindingFit::Nothing;
    if (fits)
        return {};
    return BindingNeedsText::tr("\"%1\" (%2) is bound to %3, which does not fit.")
        .arg(need.linkedService, need.type, kind);
}

QString fileName(const QString &name)
{
    QString plain = name;
    for (QChar &character : plain) {
        if (!character.isLetterOrNumber() && character != u'-' && character != u'_')
            character = u'_';
    }
    return plain;
}

} // namespace

QString toString(BindingFit fit)
{
    switch (fit) {
    case BindingFit::Folder:
        return QStringLiteral("folder");
    case BindingFit::Database:
        return QStringLiteral("database");
    case BindingFit::Kernel:
        return QStringLiteral("kernel");
    case BindingFit::Secrets:
        return QStringLiteral("secrets");
    case BindingFit::Nothing:
        return QStringLiteral("none");
    case BindingFit::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

BindingFit fitOf(const QString &linkedServiceType)
{
    return fits().value(linkedServiceType.toLower(), BindingFit::Unknown);
}

bool BindingNeed::isMissing() const { return !usedBy.isEmpty() && fit != BindingFit::Nothing && !isBound(); }

QList<BindingNeed> bindingNeeds(const Factory &factory)
{
    UseFinder finder;
    for (const Pipeline &pipeline : factory.pipelines) {
        const QString user = QStringLiteral("pipeline ") + pipeline.name;
        finder.lookAtActivities(memberAt(memberAt(pipeline.json, "properties"), "activities"), user, user);
    }
    for (const Dataset &dataset : factory.datasets)
        finder.look(dataset.json, QStringLiteral("dataset ") + dataset.name);
    for (const LinkedService &service : factory.linkedServices)
        finder.look(service.json, QStringLiteral("linked service ") + service.name);
    for (const OtherEntity &dataflow : factory.dataflows)
        finder.look(dataflow.json, QStringLiteral("data flow ") + dataflow.name);
    for (const Trigger &trigger : factory.triggers)
        finder.look(trigger.json, QStringLiteral("trigger ") + trigger.name);

    QMap<QString, BindingNeed> needs; // by name in lower case
    for (const LinkedService &service : factory.linkedServices) {
        BindingNeed need;
        need.linkedService = service.name;
        need.type = service.type;
        need.fit = fitOf(service.type);
        needs.insert(service.name.toLower(), need);
    }
    for (auto use = finder.uses.cbegin(); use != finder.uses.cend(); ++use) {
        BindingNeed &need = needs[use.key().toLower()];
        if (need.linkedService.isEmpty()) {
            need.linkedService = use.key();
            if (finder.notebooks.contains(use.key())) {
                need.type = QStringLiteral("SynapseNotebook");
                if (use.key().compare(u"TridentNotebook", Qt::CaseInsensitive) == 0)
                    need.type = QStringLiteral("TridentNotebook");
                need.fit = BindingFit::Kernel;
            }
        }
        for (const QString &user : *use)
            need.usedBy.append(user);
    }
    for (BindingNeed &need : needs) {
        need.usedBy.sort();
        if (need.fit == BindingFit::Secrets)
            need.scope = factory.bindings.secretScope(need.linkedService).value_or(QString());
        else
            need.binding = factory.bindings.find(need.linkedService);
        need.problem = problemOf(need);
    }
    return needs.values();
}

Json suggestedBinding(const BindingNeed &need)
{
    const QString name = fileName(need.linkedService);
    switch (need.fit) {
    case BindingFit::Folder:
        return {{"store", "folder"}, {"root", toStdString(QStringLiteral("storage/") + name)}};
    case BindingFit::Database:
        return {{"store", "sqlite"},
                {"file", toStdString(QStringLiteral("databases/%1.db").arg(name))},
                {"schemas", "ignore"}};
    case BindingFit::Kernel:
        return {{"compute", "kernel"}, {"kernel", "python3"}, {"notebooks", "notebooks"}};
    case BindingFit::Secrets:
        return {{"scope", toStdString(name.toLower())}};
    case BindingFit::Nothing:
    case BindingFit::Unknown:
        break;
    }
    return {};
}

Result<QByteArray> withBindings(const QByteArray &before, const QString &file, const QList<BindingEntry> &entries)
{
    Json json = Json::object();
    if (!before.trimmed().isEmpty()) {
        const Result<Json> parsed = parseEntity(before, file);
        if (!parsed)
            return parsed.error();
        json = *parsed;
    }
    if (!json.is_object())
        return Error{ErrorCode::InvalidInput, BindingNeedsText::tr("%1 is no JSON object.").arg(file), file + u":1:1"};
    for (const BindingEntry &entry : entries) {
        const char *list = entry.fit == BindingFit::Secrets ? "keyVaults" : "linkedServices";
        std::string key = toStdString(entry.name);
        if (memberAt(json, list).is_object()) {
            for (const auto &[name, value] : json[list].items()) {
                if (toQString(name).compare(entry.name, Qt::CaseInsensitive) == 0)
                    key = name;
            }
        }
        if (!entry.json.is_null())
            json[list][key] = entry.json;
        else if (memberAt(json, list).is_object())
            json[list].erase(key);
    }
    if (!before.trimmed().isEmpty())
        return rewriteEntity(json, before);
    TextStyle style;
    style.indentation = "  ";
    style.hasFinalNewline = true;
    return writeEntity(json, style);
}

bool isOfThisMachine(const Json &entry)
{
    for (const char *key : {"root", "file", "notebooks"}) {
        const QString path = stringAt(entry, key);
        const QString clean = QDir::cleanPath(path);
        if (QDir::isAbsolutePath(path) || path.startsWith(u'~') || clean == u".." || clean.startsWith(u"../"))
            return true;
    }
    return false;
}

} // namespace engine
