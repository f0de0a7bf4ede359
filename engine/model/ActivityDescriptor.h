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
        DatasetReference,
        LinkedServiceReference,
        NotebookPath,
        NameValues, // an object of ValueSources: parameters
        UserProperties, // a list of {"name","value"}
        Strings,
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
    QList<PropertyDescriptor> properties = {};

    QStringList tabs() const; // in order of appearance
};

const QList<ActivityDescriptor> &activityDescriptors(); // those this build runs; in the order of the palette
const ActivityDescriptor *activityDescriptor(const QString &type); // in any case; nullptr = unknown: edited as JSON
QString tabTitle(const QString &tab); // translated
// The second line of a node: "Notebook · titanic_scoring", "Copy · CSV → table".
QString activitySummary(const Json &activity);

} // namespace engine
