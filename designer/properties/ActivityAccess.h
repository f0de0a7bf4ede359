#pragma once

#include "designer/properties/FieldBinding.h"
#include "engine/model/ActivityDescriptor.h"

namespace designer {

class EditScope;

// How a property of an activity is read and written where more than its own place changes with it: a name and all that
// refers to it, a dataset and the type of what reads it, a return value and the variable it takes the place of.
FieldAccess accessOf(const engine::PropertyDescriptor &property, EditScope &scope);

} // namespace designer
