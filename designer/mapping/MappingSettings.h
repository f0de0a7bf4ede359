#pragma once

#include "engine/model/ActivityDescriptor.h"

#include <QList>
#include <QWidget>

namespace designer {

class EditScope;
class Field;
class PropertyForm;

// What a mapping says beside its columns: the collection of JSON, and how types are converted. The scope outlives it.
// GUI thread.
class MappingSettings final : public QWidget
{
    Q_OBJECT

public:
    explicit MappingSettings(EditScope &scope, QWidget *parent = nullptr);

    bool reveal(const QString &path); // false when no row is of it
    bool hasPlace(const QString &path) const;

private:
    void showWhatApplies();

    EditScope &m_scope;
    PropertyForm *m_form;
    QList<std::pair<Field *, engine::PropertyDescriptor>> m_conditions;
};

} // namespace designer
