#pragma once

#include "engine/base/Json.h"

namespace designer {

class EditScope;
class PropertyForm;
class RecordsField;

// The rows of a dataset's Connection tab, for its type: type, linked service, place, format.
void addDatasetConnection(PropertyForm &form, EditScope &scope);
RecordsField *schemaField(const QString &type); // of a dataset of this type
// "schema" as Data Factory keeps it, of an answer of /slipway/v1/datasets/schema; unknown members of columns that were
// there before survive. Pure.
engine::Json importedSchema(const engine::Json &answer, const engine::Json &before, const engine::Json &properties);

} // namespace designer
