#include "designer/properties/ExpressionWords.h"

#include "designer/document/ActivityTree.h"
#include "designer/document/JsonPath.h"
#include "engine/expression/Expression.h"

#include <QCoreApplication>
#include <QSet>

namespace designer {

using namespace engine;

namespace {

struct WordText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ExpressionWords)
};

QString quoted(const QString &name) { return QString(name).replace(u'\'', QLatin1String("''")); }

// "parameters.day", and "parameters['a b']" where a name is no word.
QString member(const QString &owner, const QString &name)
{
    for (const QChar letter : name) {
        if (!letter.isLetterOrNumber() && letter != u'_')
            return QStringLiteral("%1['%2']").arg(owner, quoted(name));
    }
    return owner + u'.' + name;
}

ExpressionGroup systemVariables(const Json &file, const QString &place)
{
    ExpressionGroup group{WordText::tr("System variables"), {}};
    const auto add = [&](const char *text, const QString &help) {
        group.words.append({QString::fromLatin1(text), QString::fromLatin1(text), help});
    };
    bool hasItem = stringAt(activityList(file, place), "type").compare(u"Filter", Qt::CaseInsensitive) == 0;
    visitActivities(file, [&](const Json &activity, const QString &at, const QStringList &) {
        hasItem = hasItem
            || (place != at && isWithin(place, at)
                && stringAt(activity, "type").compare(u"ForEach", Qt::CaseInsensitive) == 0);
    });
    if (hasItem)
        add("item()", WordText::tr("The item this turn of the loop is for."));
    add("pipeline().RunId", WordText::tr("The id of the run."));
    add("pipeline().Pipeline", WordText::tr("The name of the pipeline."));
    add("pipeline().DataFactory", WordText::tr("The name of the factory."));
    add("pipeline().GroupId", WordText::tr("The same for a run and its reruns."));
    add("pipeline().TriggerName", WordText::tr("The trigger that started the run, or Manual."));
    add("pipeline().TriggerType", WordText::tr("The kind of that trigger."));
    add("pipeline().TriggerId", WordText::tr("The id of what it did."));
    add("pipeline().TriggerTime", WordText::tr("When the trigger started the run."));
    add("pipeline()?.TriggeredByPipelineName", WordText::tr("The pipeline that executed this one."));
    add("pipeline()?.TriggeredByPipelineRunId", WordText::tr("The run of that pipeline."));
    return group;
}

ExpressionGroup declared(const QString &title, const Json &names, const QString &owner, bool isFunction)
{
    ExpressionGroup group{title, {}};
    if (!names.is_object())
        return group;
    for (const auto &[key, entry] : names.items()) {
        const QString name = toQString(key);
        const QString text = isFunction ? QStringLiteral("%1('%2')").arg(owner, quoted(name)) : member(owner, name);
        group.words.append({name, text, stringAt(entry, "type")});
    }
    return group;
}

QSet<QString> sourcesOf(const Json &list, const QString &name)
{
    QSet<QString> found;
    QStringList open{name};
    while (!open.isEmpty()) {
        const QString next = open.takeLast();
        for (const Json &activity : list) {
            if (stringAt(activity, "name") != next)
                continue;
            const Json &dependsOn = memberAt(activity, "dependsOn");
            for (size_t i = 0; dependsOn.is_array() && i < dependsOn.size(); ++i) {
                const QString source = stringAt(dependsOn[i], "activity");
                if (!source.isEmpty() && !found.contains(source)) {
                    found.insert(source);
                    open.append(source);
                }
            }
        }
    }
    return found;
}

Json valuesOf(const Json &declarations, const char *key)
{
    Json values = Json::object();
    if (declarations.is_object()) {
        for (const auto &[name, entry] : declarations.items()) {
            if (entry.contains(key))
                values[name] = entry[key];
        }
    }
    return values;
}

// What the parameters that a trigger gives can be made of.
ExpressionGroup triggerOutputs(const QString &type)
{
    ExpressionGroup group{WordText::tr("Trigger"), {}};
    const auto add = [&](const char *text, const QString &help) {
        group.words.append({QString::fromLatin1(text), QString::fromLatin1(text), help});
    };
    if (type.compare(u"BlobEventsTrigger", Qt::CaseInsensitive) == 0) {
        add("triggerBody().fileName", WordText::tr("The name of the file that came."));
        add("triggerBody().folderPath", WordText::tr("The folder it is in."));
    }
    if (type.compare(u"TumblingWindowTrigger", Qt::CaseInsensitive) == 0) {
        add("trigger().outputs.windowStartTime", WordText::tr("When the window of this run begins."));
        add("trigger().outputs.windowEndTime", WordText::tr("When the window of this run ends."));
    }
    add("trigger().scheduledTime", WordText::tr("When the run was planned for."));
    add("trigger().startTime", WordText::tr("When the trigger started it."));
    return group;
}

QList<ExpressionGroup> pipelineGroups(const Json &file, const Factory &factory, const QString &place)
{
    const Json &properties = memberAt(file, "properties");
    QList<ExpressionGroup> groups;
    ExpressionGroup outputs{WordText::tr("Activity outputs"), {}};
    for (const QString &name : upstreamOf(file, place)) {
        const QString text = QStringLiteral("activity('%1').output").arg(quoted(name));
        outputs.words.append({name, text, WordText::tr("What %1 gave back.").arg(name)});
    }
    groups.append(outputs);
    groups.append(declared(WordText::tr("Parameters"),
                           memberAt(properties, "parameters"),
                           QStringLiteral("pipeline().parameters"),
                           false));
    groups.append(
        declared(WordText::tr("Variables"), memberAt(properties, "variables"), QStringLiteral("variables"), true));
    ExpressionGroup globals{WordText::tr("Global parameters"), {}};
    for (auto parameter = factory.globalParameters.cbegin(); parameter != factory.globalParameters.cend(); ++parameter)
        globals.words.append(
            {parameter.key(), member(QStringLiteral("pipeline().globalParameters"), parameter.key()), parameter->type});
    groups.append(globals);
    groups.append(systemVariables(file, place));
    return groups;
}

} // namespace

QStringList upstreamOf(const Json &file, const QString &place)
{
    QStringList found;
    visitActivities(file, [&](const Json &activity, const QString &at, const QStringList &) {
        if (!isWithin(place, at))
            return;
        const Json &list = activityList(file, listOf(at));
        const QSet<QString> before = sourcesOf(list, stringAt(activity, "name"));
        for (const Json &other : list) { // in the order of the file
            if (before.contains(stringAt(other, "name")))
                found.append(stringAt(other, "name"));
        }
    });
    return found;
}

QList<ExpressionGroup> expressionGroups(const Json &file, const Factory &factory, const QString &place)
{
    const QString type = stringAt(memberAt(file, "properties"), "type");
    QList<ExpressionGroup> groups = type.endsWith(u"Trigger", Qt::CaseInsensitive)
        ? QList<ExpressionGroup>{triggerOutputs(type)}
        : pipelineGroups(file, factory, place);
    for (const FunctionDescription &function : expressionFunctions()) {
        if (groups.last().title != function.group)
            groups.append({function.group, {}});
        groups.last().words.append({function.signature, function.name + u"()", function.help});
    }
    groups.removeIf([](const ExpressionGroup &group) { return group.words.isEmpty(); });
    return groups;
}

Json expressionValues(const Json &file, const Factory &factory, const Json &outputs, const Json &parameters)
{
    const Json &properties = memberAt(file, "properties");
    Json globals = Json::object();
    for (auto parameter = factory.globalParameters.cbegin(); parameter != factory.globalParameters.cend(); ++parameter)
        globals[toStdString(parameter.key())] = parameter->defaultValue;
    Json given = valuesOf(memberAt(properties, "parameters"), "defaultValue");
    if (parameters.is_object())
        given.update(parameters);
    return Json{
        {"parameters", given},
        {"globalParameters", globals},
        {"variables", valuesOf(memberAt(properties, "variables"), "defaultValue")},
        {"activities", outputs.is_object() ? outputs : Json::object()},
        {"pipeline", {{"Pipeline", toStdString(stringAt(file, "name"))}, {"DataFactory", toStdString(factory.name)}}}};
}

InsertedWord insertedWord(const QString &text, qsizetype position, const QString &word)
{
    const qsizetype brackets = word.endsWith(u"()") ? 1 : 0; // the cursor goes into them
    if (text.trimmed().isEmpty())
        return {QString(u'@' + word), 1 + word.size() - brackets};
    if (text.startsWith(u'@') && !text.startsWith(u"@@") && !text.startsWith(u"@{")) {
        position = std::max<qsizetype>(1, position);
        return {QString(text.left(position) + word + text.mid(position)), position + word.size() - brackets};
    }
    const qsizetype open = text.lastIndexOf(u"@{", std::max<qsizetype>(0, position - 1));
    if (open >= 0 && position >= open + 2 && text.indexOf(u'}', open) >= position)
        return {QString(text.left(position) + word + text.mid(position)), position + word.size() - brackets};
    return {QString(text.left(position) + u"@{" + word + u'}' + text.mid(position)),
            position + 2 + word.size() - brackets};
}

} // namespace designer
