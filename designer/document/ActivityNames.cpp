#include "designer/document/ActivityNames.h"

#include "designer/document/ActivityTree.h"
#include "designer/document/EntityIndex.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/JsonPath.h"
#include "engine/model/ActivityReader.h"
#include "engine/model/NameRules.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace designer {

using namespace engine;

namespace {

struct NameText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ActivityNames)
};

// A control character, which no valid name contains.
constexpr QChar mark = u'\x1F';

QString nameOf(const Json &activity) { return stringAt(activity, "name"); }

QString idOf(const QString &name, qsizetype index, const QHash<QString, int> &taken)
{
    return name.isEmpty() || taken.contains(name) ? name + mark + QString::number(index) : name;
}

// Every text that is an expression, however deep.
void renameInExpressions(Json &json, const QHash<QString, QString> &names)
{
    if (json.is_string()) {
        if (ValueSource::fromJson(json).isExpression) {
            const QString text = toQString(json.get_ref<const std::string &>());
            if (const QString renamed = renamedInExpression(text, names); renamed != text)
                json = toStdString(renamed);
        }
    } else if (json.is_structured()) {
        for (Json &member : json)
            renameInExpressions(member, names);
    }
}

void renameInDependencies(Json &activity, const QHash<QString, QString> &names)
{
    if (!activity.is_object() || !activity.contains("dependsOn") || !activity["dependsOn"].is_array())
        return;
    for (Json &entry : activity["dependsOn"]) {
        if (const auto name = names.constFind(stringAt(entry, "activity")); name != names.cend())
            entry["activity"] = toStdString(*name);
    }
}

QString rewrittenCalls(const QString &expression, const QHash<QString, QString> &folded)
{
    static const QRegularExpression call(QStringLiteral("\\b(activity\\s*\\(\\s*')((?:[^']|'')*)('\\s*\\))"),
                                         QRegularExpression::CaseInsensitiveOption);
    QString result;
    qsizetype end = 0;
    for (auto match = call.globalMatch(expression); match.hasNext();) {
        const QRegularExpressionMatch found = match.next();
        QString name = found.captured(2);
        const auto known = folded.constFind(name.replace(QLatin1String("''"), QLatin1String("'")).toCaseFolded());
        if (known == folded.cend())
            continue;
        QString quoted = *known;
        result +=
            expression.mid(end, found.capturedStart(2) - end) + quoted.replace(QLatin1String("'"), QLatin1String("''"));
        end = found.capturedEnd(2);
    }
    return result + expression.mid(end);
}

// The end of an interpolation that begins at `start`, after "@{": its brace, minding quotes.
qsizetype endOfInterpolation(const QString &text, qsizetype start)
{
    bool isQuoted = false;
    int depth = 1;
    for (qsizetype at = start; at < text.size(); ++at) {
        if (text[at] == u'\'')
            isQuoted = !isQuoted;
        else if (!isQuoted && text[at] == u'{')
            ++depth;
        else if (!isQuoted && text[at] == u'}' && --depth == 0)
            return at;
    }
    return text.size();
}

} // namespace

QStringList activityIds(const Json &pipelineFile, const QString &list)
{
    QStringList ids;
    QHash<QString, int> taken;
    if (const Json &activities = activityList(pipelineFile, list); activities.is_array()) {
        for (const Json &activity : activities) {
            ids.append(idOf(stringAt(activity, "name"), ids.size(), taken));
            taken.insert(ids.last(), int(ids.size()));
        }
    }
    return ids;
}

Result<> checkActivityName(const Json &file, const QString &id, const QString &name, const QString &list)
{
    const qsizetype index = activityIds(file, list).indexOf(id);
    const QString own = index < 0 ? QString() : list + QStringLiteral("[%1]").arg(index);
    QString taken;
    visitActivities(file, [&](const Json &activity, const QString &place, const QStringList &) {
        if (place != own && nameOf(activity).compare(name, Qt::CaseInsensitive) == 0)
            taken = nameOf(activity);
    });
    if (!taken.isEmpty())
        return Error{ErrorCode::Conflict,
                     NameText::tr("The name \"%1\" is taken. Choose another one.").arg(taken),
                     QStringLiteral("name")};
    for (const NameFault &fault : faultsOfName(name, NamedThing::Activity)) {
        if (!fault.isTolerated)
            return Error{ErrorCode::InvalidInput, fault.message + u' ' + fault.fix, QStringLiteral("name")};
    }
    return {};
}

QString renamedInExpression(const QString &text, const QHash<QString, QString> &names)
{
    QHash<QString, QString> folded;
    for (auto name = names.cbegin(); name != names.cend(); ++name)
        folded.insert(name.key().toCaseFolded(), *name);
    if (text.startsWith(u'@') && !text.startsWith(QLatin1String("@@")) && !text.startsWith(QLatin1String("@{")))
        return rewrittenCalls(text, folded);
    QString result;
    qsizetype end = 0;
    for (qsizetype at = text.indexOf(QLatin1String("@{")); at >= 0; at = text.indexOf(QLatin1String("@{"), end)) {
        const qsizetype start = at + 2;
        if (at > 0 && text[at - 1] == u'@') { // "@@{" is text
            result += text.mid(end, start - end);
            end = start;
            continue;
        }
        const qsizetype close = endOfInterpolation(text, start);
        result += text.mid(end, start - end) + rewrittenCalls(text.mid(start, close - start), folded);
        end = close;
    }
    return result + text.mid(end);
}

void renameReferences(Json &activity, const QHash<QString, QString> &names)
{
    renameInDependencies(activity, names);
    renameInExpressions(activity, names);
}

Json renamedActivity(Json file, const QString &id, const QString &name, const QString &list)
{
    const qsizetype index = activityIds(file, list).indexOf(id);
    if (index < 0)
        return file;
    Json activities = activityList(file, list);
    Json &activity = activities[size_t(index)];
    if (!activity.is_object())
        return file;
    const QString old = nameOf(activity);
    activity["name"] = toStdString(name);
    const bool isMeant = !old.isEmpty() && old == id; // else what is said about the name means another activity
    const QHash<QString, QString> names{{old, name}};
    for (Json &each : activities) {
        if (isMeant)
            renameInDependencies(each, names);
    }
    setJsonAt(file, QStringLiteral("properties.") + list, activities);
    if (isMeant)
        renameInExpressions(file["properties"], names);
    return file;
}

// Options are kept under the path of an activity, "Loop[3]/Load": each part is a name.
Json renamedOptions(const Json &options, const QHash<QString, QString> &names)
{
    Json renamed = Json::object();
    for (const auto &[key, value] : options.items())
        renamed[toStdString(renamedPath(toQString(key), names))] = value;
    return renamed;
}

QHash<QString, QPointF> renamedLayout(const QHash<QString, QPointF> &layout, const QHash<QString, QString> &names)
{
    QHash<QString, QPointF> renamed;
    for (auto place = layout.cbegin(); place != layout.cend(); ++place)
        renamed.insert(renamedPath(place.key(), names), *place);
    return renamed;
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
    const QString place = activityPlace(file, from);
    const QString list = place.isEmpty() ? QStringLiteral("activities") : listOf(place);
    if (const Result<> fine = checkActivityName(file, from, to, list); !fine)
        return fine;
    QList<FileChange> changes{document.changed(pipeline, renamedActivity(file, from, to, list))};
    const QHash<QString, QPointF> places = document.layout(pipeline.name);
    if (const QHash<QString, QPointF> renamed = renamedLayout(places, {{from, to}}); renamed != places)
        changes.append(document.changedLayout(pipeline.name, renamed));
    if (const Json options = document.fileJson(optionsFile(pipeline.name)); options.is_object()) {
        if (const Json renamed = renamedOptions(options, {{from, to}}); renamed != options)
            changes.append(document.changedFile(optionsFile(pipeline.name), renamed));
    }
    document.edit(NameText::tr("Rename %1 to %2").arg(from, to), changes, mergeKey);
    return {};
}

} // namespace designer
