#pragma once

#include "engine/base/Clock.h"
#include "engine/model/Factory.h"

namespace engine {

// The entity of that name. Data Factory does not tell upper from lower case in references: an exact name is preferred,
// then any in other letters. nullptr when there is none.
template <typename Entity> const Entity *entityNamed(const QMap<QString, Entity> &entities, const QString &name)
{
    const auto exact = entities.constFind(name);
    if (exact != entities.cend())
        return &*exact;
    for (auto entity = entities.cbegin(); entity != entities.cend(); ++entity) {
        if (entity.key().compare(name, Qt::CaseInsensitive) == 0)
            return &*entity;
    }
    return nullptr;
}

// Entities as an activity means them: their dynamic content evaluated with the values that the reference gives to their
// parameters, defaults for the others. What a runner reads is always resolved: it never sees an expression.
//
// Pure; any thread. Errors: NotFound (no such entity), InvalidInput (a parameter that is read and has neither value
// nor default, a value for a parameter that is not there, an expression that cannot be evaluated), `where` names entity
// and property.

// `parameters`: name → value, already evaluated. `now` is what utcNow() says.
Result<Dataset> resolveDataset(const Dataset &dataset, const Json &parameters, Instant now);
Result<Dataset> resolveDataset(const Factory &factory, const QString &name, const Json &parameters, Instant now);
Result<LinkedService>
resolveLinkedService(const Factory &factory, const QString &name, const Json &parameters, Instant now);

// The same of a reference as JSON writes it: {"referenceName", "parameters"}.
Result<Dataset> resolveDataset(const Factory &factory, const Json &reference, Instant now);

} // namespace engine
