#pragma once

#include <QString>

namespace designer {

class EditScope;
class PropertyForm;

// The rows of one entry of bindings.json, by its kind: folder | sqlite | postgresql | kernel.
void addBindingRows(PropertyForm &form, EditScope &scope, const QString &kind);

} // namespace designer
