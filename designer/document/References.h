#pragma once

#include "designer/document/Entity.h"
#include "engine/model/Factory.h"

#include <QStringList>

#include <functional>

namespace designer {

// Which entities the JSON of a factory's files names, and how it names them after a rename. Pure. Names are compared as
// Data Factory does, without regard to case.

// Where `json`, a file of the factory, names `ref`: "activities[1].inputs[0].referenceName". `refFile`: the file of
// `ref`, by which notebooks are known.
QStringList
referencesTo(const EntityRef &ref, const QString &refFile, const engine::Json &json, const engine::Factory &factory);

// The same places name `to` afterwards. Returns whether there was one.
bool renameReferences(engine::Json &json,
                      const EntityRef &from,
                      const QString &fromFile,
                      const EntityRef &to,
                      const engine::Factory &factory);

// .slipway/bindings.json: mounts and connections of kernels use linked services; entries are named after them.
QStringList referencesInBindings(const QString &linkedService, const engine::Json &bindings);
bool renameInBindings(engine::Json &bindings, const QString &from, const QString &to);

// Gives the member `from` of an object the key `to`, in its place.
bool renameKey(engine::Json &object, const QString &from, const QString &to);

} // namespace designer
