#pragma once

#include "designer/document/Entity.h"

#include <QAction>
#include <QWidget>

namespace designer {

// What a tab of Author shows: one entity, edited through the document. The tab closes when the entity goes.
class EntityEditor : public QWidget
{
    Q_OBJECT

public:
    explicit EntityEditor(EntityRef entity, QWidget *parent = nullptr)
        : QWidget(parent)
        , m_entity(std::move(entity)) { }

    const EntityRef &entity() const { return m_entity; }
    virtual void setEntity(const EntityRef &entity) { m_entity = entity; } // it was renamed
    // Shows a property by its path ("activities[1].typeProperties.sink"): selects, opens the tab, sets the focus.
    virtual bool reveal(const QString &property) = 0;
    // What only this kind of editor can do, for the tool bar of Author: "Arrange". Owned by the editor.
    virtual QList<QAction *> toolActions() { return {}; }

private:
    EntityRef m_entity;
};

} // namespace designer
