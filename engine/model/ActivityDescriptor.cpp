#include "engine/model/ActivityDescriptor.h"

#include "engine/model/ActivityForms.h"
#include "engine/model/Factory.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

struct DescriptorText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ActivityDescriptor)
};

// "AzureSqlSink" → "table", "DelimitedTextSource" → "CSV": what the user thinks is moved.
QString endpointWord(const QString &type, QLatin1String ending)
{
    if (type.isEmpty())
        return QStringLiteral("?");
    QString word = type;
    if (word.endsWith(ending, Qt::CaseInsensitive))
        word.chop(ending.size());
    static const QStringList tables = {QStringLiteral("Sql"), QStringLiteral("Odbc"), QStringLiteral("Oracle")};
    for (const QString &table : tables) {
        if (word.contains(table, Qt::CaseInsensitive))
            return DescriptorText::tr("table", "second line of a copy activity, Copy · CSV → table");
    }
    if (word.compare(u"DelimitedText", Qt::CaseInsensitive) == 0)
        return QStringLiteral("CSV");
    return word;
}

QString lastPart(const QString &path) { return path.section(u'/', -1, -1, QString::SectionSkipEmpty); }

QString notebookName(const Json &typeProperties)
{
    for (const Json *candidate : {&memberAt(typeProperties, "notebookPath"),
                                  &memberAt(memberAt(typeProperties, "notebook"), "referenceName"),
                                  &memberAt(typeProperties, "notebookId")}) {
        const ValueSource value = ValueSource::fromJson(*candidate);
        if (!value.text().isEmpty())
            return value.isExpression ? value.expression : lastPart(value.text());
    }
    return {};
}

// A reference is called by its name, a list by how much is in it.
QString toldText(const Json &value)
{
    const QString name = stringAt(value, "referenceName");
    if (!name.isEmpty())
        return name;
    if (value.is_array())
        return value.empty() ? QString() : QString::number(value.size());
    const ValueSource source = ValueSource::fromJson(value);
    const QString text = source.text().simplified();
    return !source.isExpression && text.startsWith(u'/') ? lastPart(text) : text;
}

} // namespace

QStringList ActivityDescriptor::tabs() const
{
    QStringList found;
    for (const PropertyDescriptor &property : properties) {
        if (!found.contains(property.tab))
            found.append(property.tab);
    }
    return found;
}

const PropertyDescriptor *ActivityDescriptor::property(const QString &path) const
{
    for (const PropertyDescriptor &candidate : properties) {
        if (candidate.path == path)
            return &candidate;
    }
    return nullptr;
}

bool ActivityDescriptor::applies(const PropertyDescriptor &shown, const Json &activity) const
{
    if (shown.shownWhen.isEmpty())
        return true;
    const QStringList deciders = shown.shownWhen.split(u'|');
    return std::any_of(deciders.begin(), deciders.end(), [&](const QString &path) {
        const Json &written = propertyAt(activity, path);
        if (shown.shownFor.contains(u"*") && !written.is_null())
            return true;
        ValueSource value = ValueSource::fromJson(written);
        if (value.isExpression)
            return true; // known when it runs
        if (value.text().isEmpty()) {
            if (const PropertyDescriptor *const decider = property(path))
                value = ValueSource::fromJson(decider->defaultValue);
        }
        return shown.shownFor.contains(value.text(), Qt::CaseInsensitive);
    });
}

const Json &propertyAt(const Json &activity, const QString &path)
{
    static const Json nothing;
    const Json *at = &activity;
    for (const QString &step : path.split(u'.', Qt::SkipEmptyParts)) {
        at = &memberAt(*at, step.section(u'[', 0, 0).toUtf8().constData());
        if (!step.contains(u'['))
            continue;
        const size_t index = step.section(u'[', 1).chopped(1).toULong();
        if (!at->is_array() || index >= at->size())
            return nothing;
        at = &(*at)[index];
    }
    return *at;
}

const QList<ActivityDescriptor> &activityDescriptors()
{
    static const QList<ActivityDescriptor> descriptors = {copyDescriptor(),
                                                          databricksNotebookDescriptor(),
                                                          sparkPythonDescriptor(),
                                                          lookupDescriptor(),
                                                          getMetadataDescriptor(),
                                                          deleteDescriptor(),
                                                          validationDescriptor(),
                                                          scriptDescriptor(),
                                                          storedProcedureDescriptor(),
                                                          setVariableDescriptor(),
                                                          appendVariableDescriptor(),
                                                          executePipelineDescriptor(),
                                                          waitDescriptor(),
                                                          failDescriptor(),
                                                          webDescriptor(),
                                                          webHookDescriptor(),
                                                          azureFunctionDescriptor(),
                                                          forEachDescriptor(),
                                                          ifConditionDescriptor(),
                                                          switchDescriptor(),
                                                          untilDescriptor(),
                                                          filterDescriptor()};
    return descriptors;
}

const ActivityDescriptor *activityDescriptor(const QString &type)
{
    // Written by Synapse and Fabric: the same activity with its properties in other places, not offered for new ones.
    static const QList<ActivityDescriptor> others = {synapseNotebookDescriptor(), tridentNotebookDescriptor()};
    for (const QList<ActivityDescriptor> *list : {&activityDescriptors(), &others}) {
        for (const ActivityDescriptor &descriptor : *list) {
            if (descriptor.type.compare(type, Qt::CaseInsensitive) == 0)
                return &descriptor;
        }
    }
    return nullptr;
}

QString tabTitle(const QString &tab)
{
    if (tab == u"General")
        return DescriptorText::tr("General");
    if (tab == u"Source")
        return DescriptorText::tr("Source");
    if (tab == u"Sink")
        return DescriptorText::tr("Sink");
    if (tab == u"Mapping")
        return DescriptorText::tr("Mapping");
    if (tab == u"Settings")
        return DescriptorText::tr("Settings");
    if (tab == u"Logging settings")
        return DescriptorText::tr("Logging settings");
    if (tab == u"Activities")
        return DescriptorText::tr("Activities");
    if (tab == u"User properties")
        return DescriptorText::tr("User properties");
    return tab;
}

QString activitySummary(const Json &activity)
{
    const QString type = stringAt(activity, "type");
    const Json &typeProperties = memberAt(activity, "typeProperties");
    if (type.compare(u"Copy", Qt::CaseInsensitive) == 0)
        return DescriptorText::tr("Copy · %1 → %2")
            .arg(endpointWord(stringAt(memberAt(typeProperties, "source"), "type"), QLatin1String("Source")),
                 endpointWord(stringAt(memberAt(typeProperties, "sink"), "type"), QLatin1String("Sink")));
    const ActivityDescriptor *const descriptor = activityDescriptor(type);
    if (descriptor == nullptr)
        return type;
    const QString told =
        descriptor->tells.isEmpty() ? notebookName(typeProperties) : toldText(propertyAt(activity, descriptor->tells));
    return told.isEmpty() ? descriptor->title : QStringLiteral("%1 · %2").arg(descriptor->title, told);
}

} // namespace engine
