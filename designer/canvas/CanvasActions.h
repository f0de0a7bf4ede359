#pragma once

#include "designer/canvas/CanvasEditing.h"

#include <QList>
#include <QObject>

#include <functional>

class QAction;
class QMenu;

namespace designer {

class NameEditor;
class PickList;

// Everything that can be done on a canvas, with its keys: the view tries them for each key, the menus show them.
// Nothing here needs a mouse. Actions are found by their object names.
class CanvasActions final : public QObject
{
    Q_OBJECT

public:
    explicit CanvasActions(PipelineCanvas &canvas); // its child

    QList<QAction *> all() const { return m_all; }
    QAction *arrange() const { return m_arrange; }
    CanvasEditing &editing() { return m_editing; }
    void refresh(); // what is possible now

    void openAddMenu(const QPointF &place, const std::optional<CanvasEditing::Origin> &origin = {});

private:
    enum class Needs { Nothing, Editable, Activities, EditableActivities, OneActivity, Links, Selection };
    struct Entry
    {
        QAction *action;
        Needs needs;
    };

    QAction *add(const char *name,
                 const QString &text,
                 const char *icon,
                 const QStringList &keys,
                 Needs needs,
                 std::function<void()> act);
    void addViewActions();
    void addEditActions();
    void addLinkActions();
    void connectView();
    void openConnectMenu();
    void openMenu(const QPoint &globalPlace);
    void addToMenu(QMenu &menu, const QStringList &names) const; // "" = a line
    QAction *action(const QString &name) const;
    void goToNextLink();

    PipelineCanvas &m_canvas;
    CanvasEditing m_editing;
    QList<QAction *> m_all;
    QList<Entry> m_entries;
    QList<QAction *> m_conditions; // in the order of the ports
    QAction *m_arrange = nullptr;
    QAction *m_inactive = nullptr;
    QAction *m_until = nullptr;
    QAction *m_open = nullptr;
    PickList *m_addMenu;
    PickList *m_connectMenu;
    NameEditor *m_nameEditor;
    QPointF m_addPlace;
    std::optional<CanvasEditing::Origin> m_addOrigin;
};

} // namespace designer
