#pragma once

#include "engine/model/ActivityDescriptor.h"

namespace designer {

class EditScope;
class Field;

// The field of a property's kind. A mapping has none of its own: see MappingEditor.
Field *makeField(const engine::PropertyDescriptor &property, EditScope &scope);

} // namespace designer
