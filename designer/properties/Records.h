#pragma once

#include "designer/properties/RecordModel.h"

namespace designer {

// How small tables stand in the JSON of entities. Unknown members of a record survive, order is kept. Pure.
namespace records {

// {"name": {"type": …, "defaultValue": …}} ↔ name, type, default: parameters and variables.
QList<Record> ofTypedValues(const engine::Json &json);
engine::Json typedValues(const QList<Record> &records);
// [{"name": …, "value": …}] ↔ name, value: user properties.
QList<Record> ofNamedList(const engine::Json &json);
engine::Json namedList(const QList<Record> &records);
// {"name": value} ↔ name, value: parameters given to a pipeline or dataset.
QList<Record> ofValues(const engine::Json &json);
engine::Json values(const QList<Record> &records);
// ["text"] ↔ text: annotations.
QList<Record> ofStrings(const engine::Json &json);
engine::Json strings(const QList<Record> &records);
// {"name": {"value": …, "type": …}} ↔ name, type, value: parameters of a stored procedure.
QList<Record> ofTypedArguments(const engine::Json &json);
engine::Json typedArguments(const QList<Record> &records);
// [{"name", "type", "value", "direction"}] ↔ name, type, value, direction: parameters of a script.
QList<Record> ofScriptParameters(const engine::Json &json);
engine::Json scriptParameters(const QList<Record> &records);
// [{"key": …, "value": {"type": …, "content": …}}] ↔ key, type, content: what a pipeline returns.
QList<Record> ofReturnValues(const engine::Json &json);
engine::Json returnValues(const QList<Record> &records);
// [{"name": …, "type": …}] ↔ name, type: the schema of a dataset.
QList<Record> ofSchema(const engine::Json &json);
engine::Json schema(const QList<Record> &records);
// {"type": "object", "properties": {…}} ↔ path ($['a']['b']), type of JSON: the schema of a dataset of JSON. A list of
// columns is read too. A name that is no path is a member of the root.
QList<Record> ofJsonSchema(const engine::Json &json);
engine::Json jsonSchema(const QList<Record> &records);
QStringList stepsOfPath(const QString &path); // "$['a']['b']" → a, b; a plain name is one step

// What the user typed as the JSON of a parameter type (any case): Int → number, Bool → true … Text that is not of the
// type, and dynamic content, stay text. `before` is kept when it reads the same.
engine::Json valueOf(const QString &text, const QString &type, const engine::Json &before);
QString freeName(const QString &prefix, const QList<Record> &records); // "parameter1"
// A name that is empty or there twice (in any case), in words; empty = fine.
QString nameMistake(const QList<Record> &records);

} // namespace records
} // namespace designer
