#pragma once

#include "designer/document/Entity.h"

namespace designer {

class FactoryDocument;

// A name of designer/icons.txt for this entity: a file, a table, a database, a kernel … by its type in the factory;
// that of its kind when the type is unknown. `document` may be nullptr. GUI thread.
QString entityIcon(const FactoryDocument *document, const EntityRef &ref);

// Of the group of all entities of a kind.
QString groupIcon(EntityKind kind);

} // namespace designer
