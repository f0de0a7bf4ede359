#pragma once

#include <QString>

namespace designer {

class EditScope;
class PropertyForm;

void addEntityIdentity(PropertyForm &form, EditScope &scope); // name (all that refers to it follows), description
void addEntityFolder(PropertyForm &form, EditScope &scope);
void addPipelinePage(PropertyForm &form, const QString &tab); // Parameters, Variables, Settings
QString pipelineTabOf(const QString &path); // of a property of a pipeline
QString pipelineTabTitle(const QString &tab); // translated; of an activity's tabs too

} // namespace designer
