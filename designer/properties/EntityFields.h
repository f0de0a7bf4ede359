#pragma once

#include "designer/document/Entity.h"
#include "designer/properties/Field.h"

class QComboBox;
class QToolButton;

namespace designer {

class EditScope;

// Chooses an entity of the factory: {"referenceName": …, "type": "DatasetReference"}. Open goes to it, New makes one.
class ReferenceField final : public Field
{
    Q_OBJECT

public:
    ReferenceField(EntityKind kind, EditScope &scope, QWidget *parent = nullptr);

    // Offers only those it says yes to; others that are referred to are shown all the same.
    void setFilter(std::function<bool(const EntityRef &)> filter);
    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    void list();
    void showOpen(); // what is chosen can be gone to
    QString chosen() const;

    EntityKind m_kind;
    EditScope &m_scope;
    QComboBox *m_box;
    QToolButton *m_open;
    engine::Json m_value;
    std::function<bool(const EntityRef &)> m_filter;
};

// The notebook of an activity: any path, with the factory's notebooks to choose from.
class NotebookField final : public Field
{
    Q_OBJECT

public:
    explicit NotebookField(EditScope &scope, QWidget *parent = nullptr);

    void setValue(const engine::Json &value) override;
    engine::Json value() const override;
    QWidget *editor() override;

private:
    void list();
    QString text() const;

    EditScope &m_scope;
    QComboBox *m_box;
    QToolButton *m_open;
    engine::Json m_value;
    bool m_isTyped = false;
};

} // namespace designer
