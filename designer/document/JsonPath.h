#pragma once

#include "engine/base/Json.h"

#include <QString>

namespace designer {

// Places inside a JSON value as problems and descriptors write them: "activities[1].typeProperties.sink"; a key with
// other characters is quoted: mounts["/dbfs/mnt/x"]. Pure.
const engine::Json &jsonAt(const engine::Json &root, const QString &path); // a null when it is not there
void setJsonAt(engine::Json &root, const QString &path, const engine::Json &value); // makes the way there
void removeJsonAt(engine::Json &root, const QString &path);
QString joinedPath(const QString &outer, const QString &inner);
// `path` is `outer` or lies inside it.
bool isWithin(const QString &path, const QString &outer);
QString quotedKey(const QString &key); // ["a b"]

} // namespace designer
