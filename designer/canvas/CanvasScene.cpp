#include "designer/canvas/CanvasScene.h"

#include "designer/canvas/GestureMarks.h"

#include <QSet>

#include <algorithm>
#include <cmath>

namespace designer {

namespace {

constexpr double margin = 3000; // around the content: the canvas is as good as without end
constexpr double portReach = 9;
constexpr double untilReach = 9;

bool isSuccess(DependencyCondition condition)
{
    return condition == DependencyCondition::Succeeded || condition == DependencyCondition::Completed;
}

} // namespace

CanvasScene::CanvasScene(QObject *parent)
    : QGraphicsScene(parent)
    , m_links(new LinkLayer(m_look))
    , m_gestureMarks(new GestureMarks(m_look))
{
    setItemIndexMethod(BspTreeIndex);
    addItem(m_links);
    addItem(m_gestureMarks);
    settle();
}

CanvasScene::~CanvasScene() = default;

void CanvasScene::setPipeline(const engine::Json &pipelineFile, const QHash<QString, QPointF> &layout)
{
    const PipelineGraph graph = PipelineGraph::fromJson(pipelineFile);
    const QString pipeline = engine::stringAt(pipelineFile, "name");
    QHash<QString, QPointF> known = layout;
    if (pipeline == m_pipeline) {
        // What stands somewhere without being written down stays there; a new name is the old activity.
        for (int node = 0; node < graph.nodes.size(); ++node) {
            const QString &id = graph.nodes[node].id;
            if (known.contains(id))
                continue;
            int old = m_graph.indexOf(id);
            if (old < 0 && graph.nodes.size() == m_graph.nodes.size() && graph.indexOf(m_graph.nodes[node].id) < 0)
                old = node;
            if (old >= 0)
                known.insert(id, m_nodes[old]->pos());
        }
    }
    m_pipeline = pipeline;
    updateNodes(graph, completedLayout(graph, known));
    updateLinks();
    dropGone();
    applyStates();
    showMarks();
    settle();
    emit contentMoved();
}

void CanvasScene::updateNodes(const PipelineGraph &graph, const QList<QPointF> &places)
{
    QHash<QString, NodeItem *> old;
    for (int node = 0; node < m_graph.nodes.size(); ++node)
        old.insert(m_graph.nodes[node].id, m_nodes[node]);
    if (std::abs(graph.nodes.size() - m_graph.nodes.size()) > 50)
        setBspTreeDepth(std::clamp(int(std::log2(double(graph.nodes.size() + 1))), 4, 12));
    QList<NodeItem *> items;
    for (int node = 0; node < graph.nodes.size(); ++node) {
        NodeItem *item = old.take(graph.nodes[node].id);
        const bool isNew = item == nullptr;
        if (isNew)
            item = new NodeItem(m_look);
        item->setNode(graph.nodes[node]);
        if (item->pos() != places[node])
            item->setPos(places[node]);
        if (isNew)
            addItem(item);
        items.append(item);
    }
    qDeleteAll(old); // leaves the scene by itself
    m_nodes = items;
    m_graph = graph;
    m_hover = {};
    for (int node = 0; node < m_nodes.size(); ++node) {
        const auto worst = m_problems.constFind(m_graph.nodes[node].id);
        m_nodes[node]->setProblem(worst == m_problems.cend() ? std::optional<engine::Problem::Severity>() : *worst);
        m_nodes[node]->setHotPort(-1);
    }
}

// Links of one style leave a node at its middle; where there are several styles, each at its port.
void CanvasScene::updateOutlets()
{
    m_outlets.fill({}, m_nodes.size());
    for (const GraphLink &link : std::as_const(m_graph.links))
        m_outlets[link.from].insert(CanvasLook::styleOf(link.conditions), nodes::height / 2);
    for (int node = 0; node < m_nodes.size(); ++node) {
        QHash<int, double> &heights = m_outlets[node];
        QList<NodeItem::Outlet> outlets;
        for (auto height = heights.begin(); height != heights.end(); ++height) {
            if (heights.size() > 1 && height.key() < CanvasLook::mixed)
                *height = CanvasLook::portY(height.key());
            outlets.append({*height, height.key()});
        }
        std::sort(outlets.begin(), outlets.end(), [](const auto &a, const auto &b) { return a.style < b.style; });
        m_nodes[node]->setOutlets(outlets);
    }
}

LinkLayer::Link CanvasScene::linkShape(const GraphLink &link) const
{
    const int style = CanvasLook::styleOf(link.conditions);
    const std::optional<NodeState> state = stateOf(link.from);
    const bool carriesRows = state && std::any_of(link.conditions.cbegin(), link.conditions.cend(), isSuccess);
    return {m_nodes[link.from]->outlet(m_outlets[link.from].value(style)),
            m_nodes[link.to]->inlet(),
            link.conditions,
            carriesRows ? state->rows : std::nullopt};
}

void CanvasScene::updateLinks()
{
    updateOutlets();
    QList<LinkLayer::Link> shapes;
    m_linksOf.clear();
    for (int link = 0; link < m_graph.links.size(); ++link) {
        shapes.append(linkShape(m_graph.links[link]));
        m_linksOf[m_graph.links[link].from].append(link);
        m_linksOf[m_graph.links[link].to].append(link);
    }
    m_links->setLinks(shapes);
}

void CanvasScene::dropGone()
{
    const qsizetype before = m_picked.size() + m_pickedLinks.size();
    m_picked.removeIf([this](const QString &id) { return m_graph.indexOf(id) < 0; });
    m_pickedLinks.removeIf([this](const LinkId &link) {
        const int from = m_graph.indexOf(link.from);
        const int to = m_graph.indexOf(link.to);
        return from < 0 || to < 0 || m_graph.link(from, to) == nullptr;
    });
    if (before != m_picked.size() + m_pickedLinks.size())
        emit selectionMoved();
    if (!m_current.isEmpty() && m_graph.indexOf(m_current) < 0) {
        m_current.clear();
        emit currentMoved();
    }
}

QHash<QString, QPointF> CanvasScene::positions() const
{
    QHash<QString, QPointF> all;
    for (int node = 0; node < m_nodes.size(); ++node)
        all.insert(m_graph.nodes[node].id, m_nodes[node]->pos());
    return all;
}

QList<QPointF> CanvasScene::places() const
{
    QList<QPointF> all;
    for (const NodeItem *node : m_nodes)
        all.append(node->pos());
    return all;
}

QList<QRectF> CanvasScene::bodies() const
{
    QList<QRectF> all;
    for (const NodeItem *node : m_nodes)
        all.append(node->body());
    return all;
}

QRectF CanvasScene::contentRect() const
{
    QRectF content;
    for (const NodeItem *node : m_nodes)
        content |= node->body();
    return content;
}

void CanvasScene::setPlaces(const QHash<int, QPointF> &places)
{
    QSet<int> links;
    for (auto place = places.cbegin(); place != places.cend(); ++place) {
        m_nodes[place.key()]->setPos(*place);
        for (const int link : m_linksOf.value(place.key()))
            links.insert(link);
    }
    for (const int link : std::as_const(links))
        m_links->setLink(link, linkShape(m_graph.links[link]));
    emit contentMoved();
}

// The rect of the scene follows the content between gestures only: one that grows under the pointer moves the view.
void CanvasScene::settle()
{
    const QRectF cover = contentRect().adjusted(-margin, -margin, margin, margin);
    if (sceneRect().isValid() && cover == sceneRect())
        return;
    setSceneRect(cover);
    m_links->setCover(cover);
    m_gestureMarks->setCover(cover);
}

void CanvasScene::setUntil(const QString &id)
{
    m_until = id;
    showMarks();
}

void CanvasScene::setOffersUntil(bool offers)
{
    m_offersUntil = offers;
    showMarks();
}

void CanvasScene::setEditable(bool editable)
{
    m_isEditable = editable;
    showMarks();
}

std::optional<NodeState> CanvasScene::stateOf(int node) const
{
    const auto state = m_states.constFind(m_graph.nodes[node].name);
    return state == m_states.cend() ? std::nullopt : std::optional(*state);
}

void CanvasScene::applyStates()
{
    for (int node = 0; node < m_nodes.size(); ++node)
        m_nodes[node]->setState(stateOf(node), m_outlets[node].isEmpty());
    for (int link = 0; link < m_graph.links.size(); ++link)
        m_links->setLink(link, linkShape(m_graph.links[link]));
}

void CanvasScene::setStates(const QHash<QString, NodeState> &states)
{
    if (m_states == states)
        return;
    m_states = states;
    applyStates();
    emit contentMoved();
}

void CanvasScene::setProblems(const QHash<QString, engine::Problem::Severity> &worst)
{
    m_problems = worst;
    for (int node = 0; node < m_nodes.size(); ++node) {
        const auto found = worst.constFind(m_graph.nodes[node].id);
        m_nodes[node]->setProblem(found == worst.cend() ? std::optional<engine::Problem::Severity>() : *found);
    }
}

void CanvasScene::select(const QStringList &ids, const QList<LinkId> &links)
{
    const QSet<QString> picked(ids.cbegin(), ids.cend());
    if (picked == m_picked && links == m_pickedLinks)
        return;
    m_picked = picked;
    m_pickedLinks = links;
    m_picked.removeIf([this](const QString &id) { return m_graph.indexOf(id) < 0; });
    showMarks();
    emit selectionMoved();
    emit contentMoved();
}

QStringList CanvasScene::selectedIds() const
{
    QStringList ids;
    for (const GraphNode &node : m_graph.nodes) {
        if (m_picked.contains(node.id))
            ids.append(node.id);
    }
    return ids;
}

QList<int> CanvasScene::selectedNodes() const
{
    QList<int> selected;
    for (int node = 0; node < m_graph.nodes.size(); ++node) {
        if (m_picked.contains(m_graph.nodes[node].id))
            selected.append(node);
    }
    return selected;
}

void CanvasScene::setCurrent(int node)
{
    const QString id = node < 0 ? QString() : m_graph.nodes[node].id;
    if (m_current == id)
        return;
    m_current = id;
    showMarks();
    emit currentMoved();
}

void CanvasScene::setShowsCurrent(bool shown)
{
    m_showsCurrent = shown;
    showMarks();
}

void CanvasScene::showMarks()
{
    const int shown = m_showsCurrent ? current() : -1;
    for (int node = 0; node < m_nodes.size(); ++node) {
        const bool isPicked = isSelected(node);
        m_nodes[node]->setMark(NodeItem::Picked, isPicked);
        m_nodes[node]->setMark(NodeItem::Ported, m_isEditable && (node == m_hover.node || isPicked));
        m_nodes[node]->setMark(NodeItem::Until, m_offersUntil && m_graph.nodes[node].id == m_until);
        m_nodes[node]->setMark(NodeItem::Stoppable, m_offersUntil && (node == m_hover.node || isPicked));
        m_nodes[node]->setMark(NodeItem::Current, node == shown && (m_picked.size() != 1 || !isPicked));
    }
    QList<int> links;
    for (int link = 0; link < m_graph.links.size(); ++link) {
        const GraphLink &each = m_graph.links[link];
        if (m_pickedLinks.contains(LinkId{m_graph.nodes[each.from].id, m_graph.nodes[each.to].id}))
            links.append(link);
    }
    m_links->setPicked(links);
}

void CanvasScene::setHover(const CanvasHit &hit)
{
    if (m_hover == hit)
        return;
    if (m_hover.node >= 0)
        m_nodes[m_hover.node]->setHotPort(-1);
    const int left = m_hover.node;
    m_hover = hit;
    for (const int node : {left, hit.node}) {
        if (node >= 0) {
            m_nodes[node]->setMark(NodeItem::Ported, m_isEditable && (node == hit.node || isSelected(node)));
            m_nodes[node]->setMark(NodeItem::Stoppable, m_offersUntil && (node == hit.node || isSelected(node)));
        }
    }
    if (hit.node >= 0)
        m_nodes[hit.node]->setHotPort(m_isEditable ? hit.port : -1);
    m_links->setHovered(hit.link);
}

int CanvasScene::nodeAt(const QPointF &point) const
{
    for (QGraphicsItem *const item : items(point, Qt::IntersectsItemBoundingRect)) {
        const auto *const found = dynamic_cast<NodeItem *>(item);
        if (found && found->body().contains(point))
            return m_graph.indexOf(found->node().id);
    }
    return -1;
}

CanvasHit CanvasScene::hit(const QPointF &point, double reach) const
{
    // Ports stick out of their node: they are looked for first, where the node is a little wider.
    for (QGraphicsItem *const item : items(point, Qt::IntersectsItemBoundingRect)) {
        const auto *const found = dynamic_cast<NodeItem *>(item);
        if (!found)
            continue;
        const int node = m_graph.indexOf(found->node().id);
        if (m_isEditable) {
            const QPointF local = point - found->pos();
            for (int port = 0; port < int(portOrder.size()); ++port) {
                if (std::abs(local.x() - nodes::width) <= portReach
                    && std::abs(local.y() - CanvasLook::portY(port)) <= portReach * 0.72)
                    return {node, port, -1};
            }
        }
        const bool showsUntil = found->marks() & (NodeItem::Until | NodeItem::Stoppable);
        if (const QPointF way = point - found->pos() - NodeItem::untilCentre();
            showsUntil && std::hypot(way.x(), way.y()) <= untilReach)
            return {.node = node, .isUntil = true};
        if (found->body().contains(point)) {
            const NodeTray::Place place = found->tray().placeAt(point - found->pos()).value_or(NodeTray::Place());
            return {node, -1, -1, place.branch, place.isButton};
        }
    }
    return {-1, -1, m_links->linkAt(point, reach)};
}

QList<int> CanvasScene::nodesIn(const QRectF &area) const
{
    QList<int> found;
    for (QGraphicsItem *const item : items(area, Qt::IntersectsItemBoundingRect)) {
        const auto *const node = dynamic_cast<NodeItem *>(item);
        if (node && node->body().intersects(area))
            found.append(m_graph.indexOf(node->node().id));
    }
    std::sort(found.begin(), found.end());
    return found;
}

void CanvasScene::refreshLook()
{
    m_look.refresh();
    for (NodeItem *node : std::as_const(m_nodes))
        node->lookChanged();
    m_links->lookChanged();
    showMarks();
    update();
    emit contentMoved();
}

} // namespace designer

#include "moc_CanvasScene.cpp"
