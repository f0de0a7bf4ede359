#pragma once

#include "engine/api/ApiParts.h"
#include "engine/api/Router.h"

namespace engine {

// What several controllers look up; engine loop.
Result<RunRecord> findRun(const ApiParts &parts, const QString &id); // NotFound
Result<RunRecord> runOf(const ApiParts &parts, const ApiRequest &request); // of the route's {run}
Result<FactoryRecord> factoryOf(const ApiParts &parts, const ApiRequest &request); // of the route's {factory}

// A run in our own shape, with "factoryName". `names` is by factory id; a factory that is gone has no name.
Json runJson(const RunRecord &run, const QMap<QString, QString> &names);
Result<QMap<QString, QString>> factoryNames(const ApiParts &parts);

// Readers of a body: absent members are nothing, wrong ones an InvalidInput that names the property.
Result<std::optional<Instant>> instantIn(const Json &body, const char *key);
Result<QStringList> textsIn(const Json &body, const char *key); // an array of texts
Result<int> numberIn(const Json &body, const char *key, int fallback, int least, int most);
// Of "files": texts by path, the content of files that are not saved yet.
Result<QMap<QString, QByteArray>> filesIn(const Json &body);

Json occurrenceJson(const Occurrence &occurrence); // {"at","local","offsetMinutes","adjusted"?}

} // namespace engine
