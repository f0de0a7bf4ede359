#include "designer/document/ActivityNames.h"

#include "designer/document/EntityIndex.h"
#include "designer/document/FactoryDocument.h"
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

const Json &activitiesOf(const Json &file) { return memberAt(memberAt(file, "properties"), "activities"); }

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

QStringList activityIds(const Json &pipelineFile)
{
    QStringList ids;
    QHash<QString, int> taken;
    if (const Json &activities = activitiesOf(pipelineFile); activities.is_array()) {
        for (const Json &activity : activities) {
            ids.append(idOf(stringAt(activity, "name"), ids.size(), taken));
            taken.insert(ids.last(), int(ids.size()));
        }
    }
    return ids;
}

Result<> checkActivityName(const Json &file, const QString &id, const QString &name)
{
    const QStringList ids = activityIds(file);
    for (qsizetype i = 0; i < ids.size(); ++i) {
        const QString other = nameOf(activitiesOf(file)[size_t(i)]);
        if (ids[i] != id && other.compare(name, Qt::CaseInsensitive) == 0)
            return Error{ErrorCode::Conflict,
                         NameText::tr("The name \"%1\" is taken. Choose another one.").arg(other),
                         QStringLiteral("name")};
    }
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

Json renamedActivity(Json file, const QString &id, const QString &name)
{
    const qsizetype index = activityIds(file).indexOf(id);
    if (index < 0)
        return file;
    Json &activities = file["properties"]["activities"];
    Json &activity = activities[size_t(index)];
    if (!activity.is_object())
        return file;
    const QString old = nameOf(activity);
    activity["name"] = toStdString(name);
    if (old.isEmpty() || old != id)
        return file; // what is said about the old name means the other activity that has it
    const QHash<QString, QString> names{{old, name}};
    for (Json &each : activities)
        renameInDependencies(each, names);
    renameInExpressions(file["properties"], names);
    return file;
}

// Options are kept under the path of an activity, "Loop[3]/Load": each part is a name.
Json renamedOptions(const Json &options, const QHash<QString, QString> &names)
{
    Json renamed = Json::object();
    for (const auto &[key, value] : options.items()) {
        QStringList path = toQString(key).split(u'/');
        for (QString &part : path) {
            const QString name = part.section(u'[', 0, 0);
            if (const auto other = names.constFind(name); other != names.cend())
                part = *other + part.mid(name.size());
        }
        renamed[toStdString(path.join(u'/'))] = value;
    }
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
    if (const Result<> fine = checkActivityName(file, from, to); !fine)
        return fine;
    QList<FileChange> changes{document.changed(pipeline, renamedActivity(file, from, to))};
    QHash<QString, QPointF> positions = document.layout(pipeline.name);
    if (positions.contains(from)) {
        positions.insert(to, positions.take(from));
        changes.append(document.changedLayout(pipeline.name, positions));
    }
    if (const Json options = document.fileJson(optionsFile(pipeline.name)); options.is_object()) {
        if (const Json renamed = renamedOptions(options, {{from, to}}); renamed != options)
            changes.append(document.changedFile(optionsFile(pipeline.name), renamed));
    }
    document.edit(NameText::tr("Rename %1 to %2").arg(from, to), changes, mergeKey);
    return {};
}

} // namespace designer
