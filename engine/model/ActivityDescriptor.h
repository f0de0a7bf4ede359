#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace engine {

// One property as a form shows it. `path` from the activity's own JSON: "typeProperties.sink.preCopyScript".
struct PropertyDescriptor
{
    enum class Kind {
        Text,
        LongText,
        Code, // of `language`
        Integer,
        Boolean,
        Choice, // one of `choices`
        Duration, // .NET time span
        Expression, // {"value": "@…", "type": "Expression"}
        Secret, // {"type": "SecureString", "value": …}, or a reference to a vault
        DatasetReference,
        LinkedServiceReference,
        PipelineReference,
        VariableReference, // the name of a variable; `choices`: the types that fit, empty = any
        NotebookPath,
        NameValues, // an object of ValueSources: parameters of a notebook
        Arguments, // an object of ValueSources: parameters of what `of` refers to
        Headers, // an object of ValueSources: names and values
        TypedValues, // an object of {"value", "type"}: parameters of a stored procedure
        ReturnValues, // a list of {"key", "value": {"type", "content"}}: what a pipeline returns
        Scripts, // a list of {"type", "text", "parameters"}
        Fields, // a list of texts out of `choices`: what GetMetadata asks for
        Branch, // a list of activities: opened on a canvas of its own
        Cases, // a list of {"value", "activities"}: the ways of a Switch
        UserProperties, // a list of {"name","value"}
        Strings,
        OptionalBoolean, // true, false, or absent
        FilePathMode, // of a copy's source: which of the properties that name files is there
        QueryMode, // of a copy's source: the table, a query or a stored procedure
        AdditionalColumns, // a list of {"name", "value"}
        EngineOption, // beside the activity, in .slipway/options: `path` begins with "options."
        Mapping // the translator of a copy
    };

    QString tab = {}; // "General", "Source" … as Data Factory calls them; untranslated, see tabTitle()
    QString path = {};
    Kind kind = Kind::Text;
    QString label = {}; // translated
    QString help = {}; // translated; the tooltip
    Json defaultValue = {}; // what an absent property means
    QStringList choices = {};
    QString language = {};
    bool isRequired = false;
    bool takesExpressions = true; // "@…" is allowed
    qint64 minimum = 0;
    qint64 maximum = 0; // 0 = no limit
    QString of = {}; // of Arguments: the path of the reference
    // Means something only when the property at this path, or at one of several ("a|b"), is one of `shownFor`, in any
    // case; its default counts when it is absent. "*" stands for any value: it is there.
    QString shownWhen = {};
    QStringList shownFor = {};
};

// What an activity type is, in one place: palette, canvas, property panel and new activities read it.
struct ActivityDescriptor
{
    QString type = {}; // as written: "DatabricksNotebook"
    QStringList alsoFor = {}; // types with the same form: "SynapseNotebook"
    QString title = {}; // translated: "Notebook"
    QString icon = {}; // a name of Lucide's
    QString group = {}; // translated; of the palette
    QString namePrefix = {}; // of a new one: "Notebook" → "Notebook1"
    Json initial = {}; // a new activity but for its name
    QString tells = {}; // path of what the second line of its node says: "typeProperties.url"
    QList<PropertyDescriptor> properties = {};

    QStringList tabs() const; // in order of appearance
    const PropertyDescriptor *property(const QString &path) const; // the first with it; nullptr = none
    // The property means something as the activity is: see PropertyDescriptor::shownWhen.
    bool applies(const PropertyDescriptor &property, const Json &activity) const;
};

// By the path of a descriptor: "typeProperties.sink.preCopyScript", "inputs[0]"; a null when it is not there.
const Json &propertyAt(const Json &activity, const QString &path);

const QList<ActivityDescriptor> &activityDescriptors(); // those this build runs; in the order of the palette
const ActivityDescriptor *activityDescriptor(const QString &type); // in any case; nullptr = unknown: edited as JSON
QString tabTitle(const QString &tab); // translated
// The second line of a node: "Notebook · titanic_scoring", "Copy · CSV → table".
QString activitySummary(const Json &activity);

} // namespace engine
