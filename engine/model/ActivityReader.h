#pragma once

#include "engine/model/Factory.h"

namespace engine {

// Written: as in a file, where "@x" is an expression and "@@x" means "@x". Evaluated: as it is meant, "@x" is "@x".
enum class Content { Written, Evaluated };

// One activity of a pipeline. Tolerant: what is missing or of another type keeps its default; `json` keeps all of it,
// containers with all that is in them. Nested deeper than 64, the innermost are left out (parseJson refuses such
// files).
Activity readActivity(const Json &json, Content content = Content::Written);
QList<Activity> readActivities(const Json &list);

std::optional<DependencyCondition> dependencyConditionFromString(const QString &text); // in any case
QMap<QString, Parameter> readParameters(const Json &json); // {"name": {"type", "defaultValue"}}
QMap<QString, ValueSource> readValues(const Json &json); // {"name": value}
QStringList readStrings(const Json &json);
// A name of `known` in its spelling there, whatever the case of `written`; `written` itself when it is not known.
QString spelledAs(const QStringList &known, const QString &written);

} // namespace engine
