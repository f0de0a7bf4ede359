#include "designer/canvas/CanvasActions.h"

#include "designer/canvas/NameEditor.h"
#include "designer/canvas/PickList.h"
#include "designer/shell/Icons.h"
#include "engine/model/ActivityDescriptor.h"

#include <QAction>
#include <QMenu>

namespace designer {

CanvasActions::CanvasActions(PipelineCanvas &canvas)
    : QObject(&canvas)
    , m_canvas(canvas)
    , m_editing(canvas)
    , m_addMenu(new PickList(QStringLiteral("addMenu"), &canvas))
    , m_connectMenu(new PickList(QStringLiteral("connectMenu"), &canvas))
    , m_nameEditor(new NameEditor(canvas))
{
    addEditActions();
    addLinkActions();
    addViewActions();
    connectView();
    refresh();
}

QAction *CanvasActions::add(const char *name,
                            const QString &text,
                            const char *icon,
                            const QStringList &keys,
                            Needs needs,
                            std::function<void()> act)
{
    auto *const action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    if (icon)
        action->setIcon(designer::icon(QString::fromLatin1(icon), IconRole::Text));
    QList<QKeySequence> shortcuts;
    for (const QString &key : keys)
        shortcuts.append(QKeySequence(key, QKeySequence::PortableText));
    action->setShortcuts(shortcuts);
    action->setShortcutContext(Qt::WidgetShortcut); // the view tries the keys itself, before the window's own
    QObject::connect(action, &QAction::triggered, this, std::move(act));
    m_all.append(action);
    m_entries.append({action, needs});
    return action;
}

void CanvasActions::addEditActions()
{
    const auto key = [](const char *text) { return QString::fromLatin1(text); };
    add("addActivity", tr("Add activity…"), "plus", {key("Ins"), key("/")}, Needs::Editable, [this] {
        openAddMenu(m_canvas.view().pointerPlace());
    });
    m_open = add("openContainer", tr("Open"), "log-in", {}, Needs::Activities, [this] {
        m_canvas.enter(m_canvas.selection().first());
    });
    add("properties", tr("Properties"), "sliders-horizontal", {key("Alt+Return")}, Needs::OneActivity, [this] {
        emit m_canvas.activityActivated(m_canvas.selection().first());
    });
    add("rename", tr("Rename"), "pencil", {key("F2")}, Needs::OneActivity, [this] {
        const QList<int> selected = m_canvas.scene().selectedNodes();
        m_canvas.view().showNode(selected.first());
        m_nameEditor->open(selected.first());
    });
    add("connectTo", tr("Connect to…"), "arrow-right", {key("C")}, Needs::OneActivity, [this] { openConnectMenu(); });
    add("cut", tr("Cut"), "scissors", {key("Ctrl+X"), key("Shift+Del")}, Needs::EditableActivities, [this] {
        m_editing.cut();
    });
    add("copy", tr("Copy"), "copy", {key("Ctrl+C"), key("Ctrl+Ins")}, Needs::Activities, [this] { m_editing.copy(); });
    add("paste", tr("Paste"), "clipboard", {key("Ctrl+V"), key("Shift+Ins")}, Needs::Editable, [this] {
        m_editing.paste();
    });
    add("duplicate", tr("Duplicate"), "files", {key("Ctrl+D")}, Needs::EditableActivities, [this] {
        m_editing.duplicate();
    });
    add("delete", tr("Delete"), "trash-2", {key("Del"), key("Backspace")}, Needs::Selection, [this] {
        m_editing.remove(false);
    });
    add("deleteAndJoin",
        tr("Delete and join the links"),
        nullptr,
        {key("Ctrl+Del"), key("Ctrl+Backspace")},
        Needs::EditableActivities,
        [this] { m_editing.remove(true); });
    m_inactive = add("inactive", tr("Deactivate"), "power-off", {}, Needs::EditableActivities, [this] {
        m_editing.switchInactive();
    });
    m_until = add("debugUntil", tr("Debug until here"), "circle-dot", {key("B")}, Needs::OneActivity, [this] {
        const QString chosen = m_canvas.selection().first();
        m_canvas.setUntil(chosen == m_canvas.until() ? QString() : chosen);
    });
    m_arrange = add("arrange", tr("Arrange"), "layout-dashboard", {key("Ctrl+Shift+L")}, Needs::Editable, [this] {
        m_editing.arrange();
    });
    m_arrange->setToolTip(tr("Lay out from left to right: the selection, or everything (Ctrl+Shift+L)"));
}

void CanvasActions::addLinkActions()
{
    static const std::array names{"runIfSucceeded", "runIfFailed", "runIfCompleted", "runIfSkipped"};
    for (int port = 0; port < int(portOrder.size()); ++port) {
        const DependencyCondition condition = portOrder[size_t(port)];
        QAction *const action = add(names[size_t(port)],
                                    tr("When %1").arg(conditionWord(condition)),
                                    nullptr,
                                    {QString::number(port + 1)},
                                    Needs::Links,
                                    [this, condition] { m_editing.switchCondition(condition); });
        action->setCheckable(true);
        m_conditions.append(action);
    }
    add("nextLink", tr("Next link"), nullptr, {QStringLiteral("L")}, Needs::Nothing, [this] { goToNextLink(); });
}

void CanvasActions::addViewActions()
{
    CanvasView &view = m_canvas.view();
    add("selectAll", tr("Select all"), nullptr, {QStringLiteral("Ctrl+A")}, Needs::Nothing, [&view] {
        view.canvas().select(view.canvas().graph().ids());
    });
    add("zoomIn",
        tr("Zoom in"),
        "zoom-in",
        {QStringLiteral("Ctrl++"), QStringLiteral("Ctrl+="), QStringLiteral("Ctrl+Shift+=")},
        Needs::Nothing,
        [&view] { view.zoomIn(); });
    add("zoomOut", tr("Zoom out"), "zoom-out", {QStringLiteral("Ctrl+-")}, Needs::Nothing, [&view] { view.zoomOut(); });
    add("zoomFull", tr("100 %"), nullptr, {QStringLiteral("Ctrl+0")}, Needs::Nothing, [&view] { view.setZoom(1); });
    add("fit", tr("Show everything"), "maximize", {QStringLiteral("Ctrl+1")}, Needs::Nothing, [this] {
        m_canvas.fit();
    });
    QAction *const map = add("showMap", tr("Map"), nullptr, {QStringLiteral("M")}, Needs::Nothing, [this] {
        m_canvas.setMapShown(!m_canvas.isMapShown());
    });
    map->setCheckable(true);
    add("fitSelection", tr("Show the selection"), "scan", {QStringLiteral("Ctrl+2")}, Needs::Activities, [&view] {
        QRectF area;
        for (const int node : view.canvas().selectedNodes())
            area |= view.canvas().node(node)->body();
        view.fit(area);
    });
}

void CanvasActions::connectView()
{
    CanvasView &view = m_canvas.view();
    QObject::connect(&view, &CanvasView::moved, this, [this] { m_editing.moved(); });
    QObject::connect(&view, &CanvasView::nudged, this, [this](const QPointF &offset) { m_editing.nudge(offset); });
    QObject::connect(&view, &CanvasView::menuRequested, this, &CanvasActions::openMenu);
    QObject::connect(&view, &CanvasView::addRequested, this, [this](const QPointF &place) { openAddMenu(place); });
    QObject::connect(&view, &CanvasView::dropped, this, [this](const QString &type, const QPointF &topLeft) {
        m_editing.add(type, topLeft);
        m_canvas.view().setFocus(Qt::OtherFocusReason);
    });
    QObject::connect(
        &view, &CanvasView::connected, this, [this](int from, engine::DependencyCondition condition, int to) {
            const PipelineGraph &graph = m_canvas.scene().graph();
            const QString source = graph.nodes[from].id; // copies: the graph changes on the way
            const QString target = graph.nodes[to].id;
            m_editing.connect(source, condition, target);
        });
    QObject::connect(&view,
                     &CanvasView::drawnToNothing,
                     this,
                     [this](int from, engine::DependencyCondition condition, const QPointF &place) {
                         openAddMenu(place, CanvasEditing::Origin{m_canvas.scene().graph().nodes[from].id, condition});
                     });
    QObject::connect(m_addMenu, &PickList::picked, this, [this](const QString &type) {
        m_editing.add(type, m_addPlace, m_addOrigin);
    });
    QObject::connect(m_connectMenu, &PickList::picked, this, [this](const QString &target, int port) {
        if (m_canvas.selection().size() == 1 && port >= 0)
            m_editing.connect(m_canvas.selection().first(), portOrder[size_t(port)], target);
    });
    QObject::connect(m_nameEditor, &NameEditor::renamed, this, [this](const QString &id, const QString &name) {
        m_editing.rename(id, name);
    });
}

void CanvasActions::refresh()
{
    const bool isEditable = !m_canvas.isReadOnly();
    const qsizetype count = m_canvas.selection().size();
    const bool hasLinks = !m_canvas.scene().selectedLinks().isEmpty();
    for (const auto &[action, needs] : std::as_const(m_entries)) {
        bool isPossible = true;
        switch (needs) {
        case Needs::Nothing:
            break;
        case Needs::Editable:
            isPossible = isEditable;
            break;
        case Needs::Activities:
            isPossible = count > 0;
            break;
        case Needs::EditableActivities:
            isPossible = isEditable && count > 0;
            break;
        case Needs::OneActivity:
            isPossible = isEditable && count == 1;
            break;
        case Needs::Links:
            isPossible = isEditable && hasLinks;
            break;
        case Needs::Selection:
            isPossible = isEditable && (count > 0 || hasLinks);
            break;
        }
        action->setEnabled(isPossible);
    }
    for (int port = 0; port < m_conditions.size(); ++port)
        m_conditions[port]->setChecked(m_editing.haveCondition(portOrder[size_t(port)]));
    const QList<int> selected = m_canvas.scene().selectedNodes();
    m_open->setVisible(selected.size() == 1 && !m_canvas.scene().graph().nodes[selected.first()].branches.isEmpty());
    m_open->setEnabled(m_open->isVisible());
    const bool isTop = m_canvas.openPath().isEmpty();
    m_until->setEnabled(m_until->isEnabled() && isTop);
    m_until->setText(isTop && count == 1 && m_canvas.selection().first() == m_canvas.until() ? tr("Debug everything")
                                                                                             : tr("Debug until here"));
    m_inactive->setText(m_editing.areInactive() ? tr("Activate") : tr("Deactivate"));
}

void CanvasActions::openAddMenu(const QPointF &place, const std::optional<CanvasEditing::Origin> &origin)
{
    if (m_canvas.isReadOnly())
        return;
    m_addPlace = place - (origin ? QPointF(0, nodes::height / 2) : QPointF(nodes::width / 2, nodes::height / 2));
    m_addOrigin = origin;
    QList<PickList::Entry> entries;
    for (const engine::ActivityDescriptor &descriptor : engine::activityDescriptors())
        entries.append({descriptor.type, descriptor.title, descriptor.group, descriptor.icon});
    const CanvasView &view = m_canvas.view();
    m_addMenu->open(origin ? tr("Add, to run when %1").arg(conditionWord(origin->condition)) : tr("Add activity"),
                    entries,
                    view.viewport()->mapToGlobal(view.mapFromScene(place)));
}

void CanvasActions::openConnectMenu()
{
    CanvasScene &scene = m_canvas.scene();
    const int from = scene.selectedNodes().first();
    const PipelineGraph &graph = scene.graph();
    QList<PickList::Entry> entries;
    for (int node = 0; node < graph.nodes.size(); ++node) {
        if (!graph.reaches(node, from))
            entries.append(
                {graph.nodes[node].id, graph.nodes[node].name, graph.nodes[node].summary, graph.nodes[node].icon});
    }
    if (entries.isEmpty()) {
        m_canvas.notice(tr("There is no activity that could wait for this one. Add one first."));
        return;
    }
    QStringList choices;
    for (const DependencyCondition condition : portOrder)
        choices.append(tr("When %1").arg(conditionWord(condition)));
    m_canvas.view().showNode(from);
    const QPointF place = scene.node(from)->outlet(nodes::height / 2);
    m_connectMenu->open(tr("Connect \"%1\" to").arg(graph.nodes[from].name),
                        entries,
                        m_canvas.view().viewport()->mapToGlobal(m_canvas.view().mapFromScene(place)),
                        choices);
}

// From link to link of the current activity, so that the keyboard reaches every one of them.
void CanvasActions::goToNextLink()
{
    CanvasScene &scene = m_canvas.scene();
    const PipelineGraph &graph = scene.graph();
    QList<LinkId> links;
    for (const GraphLink &link : graph.links) {
        if (scene.current() < 0 || link.from == scene.current() || link.to == scene.current())
            links.append(LinkId{graph.nodes[link.from].id, graph.nodes[link.to].id});
    }
    if (links.isEmpty())
        return;
    const qsizetype now = scene.selectedLinks().size() == 1 ? links.indexOf(scene.selectedLinks().first()) : -1;
    scene.select({}, {links[(now + 1) % links.size()]});
}

QAction *CanvasActions::action(const QString &name) const { return findChild<QAction *>(name); }

void CanvasActions::addToMenu(QMenu &menu, const QStringList &names) const
{
    for (const QString &name : names) {
        if (name.isEmpty())
            menu.addSeparator();
        else
            menu.addAction(action(name));
    }
}

void CanvasActions::openMenu(const QPoint &globalPlace)
{
    const auto names = [](const char *text) { return QString::fromLatin1(text).split(u' '); };
    auto *const menu = new QMenu(&m_canvas);
    menu->setObjectName(QStringLiteral("canvasMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    const bool isEditable = !m_canvas.isReadOnly();
    if (!m_canvas.scene().selectedLinks().isEmpty() && isEditable)
        addToMenu(*menu, names("runIfSucceeded runIfFailed runIfCompleted runIfSkipped  delete"));
    else if (!m_canvas.selection().isEmpty() && isEditable)
        addToMenu(*menu,
                  names("openContainer properties rename connectTo debugUntil  cut copy duplicate  delete "
                        "deleteAndJoin inactive  arrange "
                        "fitSelection"));
    else if (!m_canvas.selection().isEmpty())
        addToMenu(*menu, names("openContainer copy  fitSelection"));
    else if (isEditable)
        addToMenu(*menu, names("addActivity paste  selectAll arrange  fit zoomFull showMap"));
    else
        addToMenu(*menu, names("selectAll  fit zoomFull showMap"));
    action(QStringLiteral("showMap"))->setChecked(m_canvas.isMapShown());
    menu->popup(globalPlace);
}

} // namespace designer

#include "moc_CanvasActions.cpp"
