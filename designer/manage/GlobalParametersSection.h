#pragma once

#include <QPointer>
#include <QWidget>

class QLabel;

namespace designer {

class EditScope;
class EmptyState;
class FactoryDocument;
class PropertyForm;
class Workbench;

// Manage, "Global parameters": values that every pipeline of the factory reads. Kept in the factory's own file. GUI
// thread.
class GlobalParametersSection final : public QWidget
{
    Q_OBJECT

public:
    explicit GlobalParametersSection(Workbench &workbench);

private:
    void documentChanged();
    QString file() const; // "factory/Name.json"

    Workbench &m_workbench;
    EditScope *m_scope;
    PropertyForm *m_form;
    EmptyState *m_empty;
    QPointer<FactoryDocument> m_document;
};

} // namespace designer
