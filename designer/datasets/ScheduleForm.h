#pragma once

#include <QString>

namespace designer {

class EditScope;
class PropertyForm;

// The rows of a ScheduleTrigger's recurrence, and which of them its frequency has. A trigger of another type is shown
// as JSON.
void addScheduleRows(PropertyForm &form, EditScope &scope);
void showScheduleRows(PropertyForm &form, const EditScope &scope);
QString offsetText(int minutes); // "+01:00"

} // namespace designer
