#include "designer/properties/ActivityEdits.h"

#include "designer/document/FactoryDocument.h"
#include "designer/properties/JsonPath.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace designer {

using namespace engine;

namespace {

struct EditText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ActivityEdits)
};

QString quotedName(QString name) { return u'\'' + name.replace(u'\'', QStringLiteral("''")) + u'\''; }

void renameInExpressions(Json &json, const QRegularExpression &use, const QString &to)
{
    if (json.is_string()) {
        const QString text = toQString(json.get_ref<const std::string &>());
        if (!text.contains(u'@'))
            return;
        QString renamed = text;
        QString with = quotedName(to);
        with.replace(u'\\', QStringLiteral("\\\\"));
        renamed.replace(use, QStringLiteral("\\1") + with + QStringLiteral("\\2"));
        if (renamed != text)
            json = toStdString(renamed);
    } else if (json.is_structured()) {
        for (Json &child : json)
            renameInExpressions(child, use, to);
    }
}

void renameInList(Json &activities, const QString &from, const QString &to)
{
    if (!activities.is_array())
        return;
    for (Json &activity : activities) {
        if (stringAt(activity, "name") == from)
            activity["name"] = toStdString(to);
        if (!activity.is_object() || !memberAt(activity, "dependsOn").is_array())
            continue;
        for (Json &dependency : activity["dependsOn"]) {
            if (stringAt(dependency, "activity") == from)
                dependency["activity"] = toStdString(to);
        }
    }
}

Result<> checkActivityName(const Json &activities, const QString &from, const QString &to)
{
    static const QString forbidden = QStringLiteral(".+?/<>*%&:\\");
    const auto refuse = [](ErrorCode code, const QString &message) {
        return Error{code, message, QStringLiteral("name")};
    };
    if (to.trimmed().isEmpty())
        return refuse(ErrorCode::InvalidInput, EditText::tr("The name is missing; give it one."));
    if (to.size() > 55)
        return refuse(ErrorCode::InvalidInput,
                      EditText::tr("The name has %1 characters; Data Factory allows 55.").arg(to.size()));
    if (!to.front().isLetterOrNumber() && to.front() != u'_')
        return refuse(ErrorCode::InvalidInput, EditText::tr("Begin the name with a letter, a number or _."));
    for (const QChar character : to) {
        if (forbidden.contains(character) || (!character.isPrint() && !character.isSurrogate()))
            return refuse(ErrorCode::InvalidInput,
                          EditText::tr("Names cannot contain . + ? / < > * % & : \\ and control characters."));
    }
    for (const Json &activity : activities) {
        const QString other = stringAt(activity, "name");
        if (other != from && other.compare(to, Qt::CaseInsensitive) == 0)
            return refuse(ErrorCode::Conflict,
                          EditText::tr("Another activity is called “%1”; choose another name.").arg(other));
    }
    return {};
}

// `json` with the key renamed in its place.
Json withKey(const Json &json, const QString &from, const QString &to)
{
    Json renamed = Json::object();
    for (const auto &[key, value] : json.items())
        renamed[toQString(key) == from ? toStdString(to) : key] = value;
    return renamed;
}

QString sinkTypeOf(const QString &dataset)
{
    static const QHash<QString, QString> types = {
        {QStringLiteral("azuresqltable"), QStringLiteral("AzureSqlSink")},
        {QStringLiteral("sqlservertable"), QStringLiteral("SqlServerSink")},
        {QStringLiteral("azuresqlmitable"), QStringLiteral("SqlMISink")},
        {QStringLiteral("azuresqldwtable"), QStringLiteral("SqlDWSink")},
        {QStringLiteral("azurepostgresqltable"), QStringLiteral("AzurePostgreSqlSink")},
        {QStringLiteral("postgresqltable"), QStringLiteral("AzurePostgreSqlSink")},
        {QStringLiteral("postgresqlv2table"), QStringLiteral("AzurePostgreSqlSink")},
        {QStringLiteral("odbctable"), QStringLiteral("OdbcSink")},
        {QStringLiteral("mysqltable"), QStringLiteral("AzureMySqlSink")}};
    return types.value(dataset.toLower());
}

} // namespace

Json renamedActivity(const Json &pipelineFile, const QString &from, const QString &to)
{
    Json file = pipelineFile;
    if (jsonAt(file, QStringLiteral("properties.activities")).is_null())
        return file;
    Json &activities = file["properties"]["activities"];
    renameInList(activities, from, to);
    const QRegularExpression use(
        QStringLiteral("(\\bactivity\\s*\\(\\s*)%1(\\s*\\))").arg(QRegularExpression::escape(quotedName(from))),
        QRegularExpression::CaseInsensitiveOption);
    renameInExpressions(activities, use, to);
    return file;
}

Result<> renameActivity(FactoryDocument &document,
                        const EntityRef &pipeline,
                        const QString &from,
                        const QString &to,
                        const QString &mergeKey)
{
    if (from == to)
        return {};
    const Json file = document.json(pipeline);
    if (const Result<> fine = checkActivityName(jsonAt(file, QStringLiteral("properties.activities")), from, to); !fine)
        return fine;
    QList<FileChange> changes{document.changed(pipeline, renamedActivity(file, from, to))};
    QHash<QString, QPointF> positions = document.layout(pipeline.name);
    if (positions.contains(from)) {
        positions.insert(to, positions.take(from));
        changes.append(document.changedLayout(pipeline.name, positions));
    }
    const QString optionsPath = QStringLiteral(".slipway/options/%1.json").arg(pipeline.name);
    const Json options = document.fileJson(optionsPath);
    if (options.is_object() && options.contains(toStdString(from)))
        changes.append(document.changedFile(optionsPath, withKey(options, from, to)));
    document.edit(EditText::tr("Rename %1 to %2").arg(from, to), changes, mergeKey);
    return {};
}

void setCopyDataset(Json &copy, CopyEnd end, const Json &reference, const Json &datasetFile)
{
    setJsonAt(copy, end == CopyEnd::Source ? QStringLiteral("inputs[0]") : QStringLiteral("outputs[0]"), reference);
    const QString type = stringAt(memberAt(datasetFile, "properties"), "type");
    if (end == CopyEnd::Sink) {
        const QString sink = sinkTypeOf(type);
        if (!sink.isEmpty() && stringAt(jsonAt(copy, QStringLiteral("typeProperties.sink")), "type") != sink)
            setJsonAt(copy, QStringLiteral("typeProperties.sink.type"), toStdString(sink));
        return;
    }
    if (type.compare(u"DelimitedText", Qt::CaseInsensitive) != 0)
        return;
    const QString source = QStringLiteral("typeProperties.source");
    if (stringAt(jsonAt(copy, source), "type") != u"DelimitedTextSource")
        setJsonAt(copy, source + u".type", "DelimitedTextSource");
    // "AzureBlobStorageLocation" is read by "AzureBlobStorageReadSettings".
    QString location = stringAt(jsonAt(datasetFile, QStringLiteral("properties.typeProperties.location")), "type");
    if (location.endsWith(u"Location")) {
        location.chop(8);
        setJsonAt(copy, source + u".storeSettings.type", toStdString(location + u"ReadSettings"));
    }
}

} // namespace designer
