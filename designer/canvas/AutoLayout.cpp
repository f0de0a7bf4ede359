#include "designer/canvas/AutoLayout.h"

#include <QRectF>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace designer {

namespace {

constexpr double columnPitch = nodes::width + nodes::columnGap;
constexpr double rowPitch = nodes::height + nodes::rowGap;
constexpr int sweeps = 8;
constexpr int longestWay = 16; // layers a link is led through; a longer one passes behind what stands in its way

// A node, or a place a long link passes through on its way over several layers.
struct Vertex
{
    int node = -1; // -1: of a link
    int layer = 0;
    double order = 0; // wished within its layer
    double y = 0; // where its links come and go
    double height = nodes::height;
    QList<int> before; // vertices one layer to the left
    QList<int> after;

    double above() const { return node >= 0 ? rowPitch / 2 : rowPitch / 4; }
    double extent() const { return node >= 0 ? height + nodes::rowGap : rowPitch / 2; }
};

// One connected part of a graph.
class Layers
{
public:
    Layers(const PipelineGraph &graph, const QList<int> &members, const QList<QPointF> &current);
    QRectF place(QList<QPointF> &positions, double top); // returns what it covers

private:
    void findLayers(const PipelineGraph &graph, const QList<int> &members);
    void makeVertices(const PipelineGraph &graph, const QList<int> &members, const QList<QPointF> &current);
    void orderLayers();
    void sortLayer(int layer, bool byBefore);
    void alignLayer(int layer, bool byBefore);

    QHash<int, int> m_layerOf; // of nodes
    QList<std::pair<int, int>> m_links; // without those that close a cycle
    QList<Vertex> m_vertices;
    QList<QList<int>> m_layers; // vertices, top down
};

Layers::Layers(const PipelineGraph &graph, const QList<int> &members, const QList<QPointF> &current)
{
    findLayers(graph, members);
    makeVertices(graph, members, current);
    orderLayers();
}

// The longest way to a node decides its layer. A link that closes a cycle counts for nothing.
void Layers::findLayers(const PipelineGraph &graph, const QList<int> &members)
{
    QHash<int, QList<int>> targets;
    QHash<int, int> open; // sources not yet placed
    for (const int node : members) {
        m_layerOf.insert(node, 0);
        open.insert(node, 0);
    }
    for (const GraphLink &link : graph.links) {
        if (link.from != link.to && m_layerOf.contains(link.from) && m_layerOf.contains(link.to)) {
            targets[link.from].append(link.to);
            ++open[link.to];
        }
    }
    QList<int> ready;
    QHash<int, bool> placed;
    qsizetype next = 0;
    for (qsizetype done = 0; done < members.size(); ++done) {
        if (done == 0) {
            std::copy_if(
                members.cbegin(), members.cend(), std::back_inserter(ready), [&](int node) { return open[node] == 0; });
        }
        if (next == ready.size()) { // only cycles are left: one is opened at its first activity
            const auto stuck =
                std::find_if(members.cbegin(), members.cend(), [&](int node) { return !placed.value(node); });
            ready.append(*stuck);
        }
        const int node = ready[next++];
        placed.insert(node, true);
        for (const int target : std::as_const(targets[node])) {
            if (placed.value(target))
                continue;
            m_links.append({node, target});
            m_layerOf[target] = std::max(m_layerOf[target], m_layerOf[node] + 1);
            if (--open[target] == 0)
                ready.append(target);
        }
    }
}

void Layers::makeVertices(const PipelineGraph &graph, const QList<int> &members, const QList<QPointF> &current)
{
    QHash<int, int> vertexOf;
    int last = 0;
    for (const int node : members) {
        Vertex vertex;
        vertex.node = node;
        vertex.height = heightOf(graph.nodes[node]);
        vertex.layer = m_layerOf[node];
        vertex.order = current.isEmpty() ? double(node) : current[node].y() + double(node) / double(graph.nodes.size());
        last = std::max(last, vertex.layer);
        vertexOf.insert(node, int(m_vertices.size()));
        m_vertices.append(vertex);
    }
    m_layers.resize(last + 1);
    for (const auto &[from, to] : std::as_const(m_links)) {
        if (m_layerOf[to] - m_layerOf[from] > longestWay)
            continue;
        int previous = vertexOf[from];
        for (int layer = m_layerOf[from] + 1; layer <= m_layerOf[to]; ++layer) {
            int vertex = vertexOf[to];
            if (layer < m_layerOf[to]) {
                Vertex way;
                way.layer = layer;
                way.order = (m_vertices[vertexOf[from]].order + m_vertices[vertex].order) / 2;
                vertex = int(m_vertices.size());
                m_vertices.append(way);
            }
            m_vertices[previous].after.append(vertex);
            m_vertices[vertex].before.append(previous);
            previous = vertex;
        }
    }
    for (int vertex = 0; vertex < m_vertices.size(); ++vertex)
        m_layers[m_vertices[vertex].layer].append(vertex);
}

void Layers::sortLayer(int layer, bool byBefore)
{
    QList<int> &members = m_layers[layer];
    QHash<int, double> rank;
    for (const int member : std::as_const(members)) {
        const QList<int> &neighbours = byBefore ? m_vertices[member].before : m_vertices[member].after;
        double sum = 0;
        for (const int neighbour : neighbours)
            sum += m_vertices[neighbour].order;
        rank.insert(member, neighbours.isEmpty() ? m_vertices[member].order : sum / double(neighbours.size()));
    }
    std::stable_sort(members.begin(), members.end(), [&](int a, int b) { return rank[a] < rank[b]; });
    for (int place = 0; place < members.size(); ++place)
        m_vertices[members[place]].order = place;
}

// Each vertex wants to stand at the middle of its neighbours; those that would overlap share the mean of their wishes
// (pool of adjacent violators), so that the order stays.
void Layers::alignLayer(int layer, bool byBefore)
{
    struct Block
    {
        double wish; // of its first vertex, mean
        double weight;
        double height;
        qsizetype first;
    };
    const QList<int> &members = m_layers[layer];
    std::vector<Block> blocks;
    for (qsizetype i = 0; i < members.size(); ++i) {
        const Vertex &vertex = m_vertices[members[i]];
        const QList<int> &neighbours = byBefore ? vertex.before : vertex.after;
        double sum = 0;
        for (const int neighbour : neighbours)
            sum += m_vertices[neighbour].y;
        const double wish = neighbours.isEmpty() ? vertex.y : sum / double(neighbours.size());
        const double weight = neighbours.isEmpty() ? 0.1 : double(neighbours.size());
        blocks.push_back({wish - vertex.above(), weight, vertex.extent(), i});
        while (blocks.size() > 1) {
            const Block &lower = blocks.back();
            Block &upper = blocks[blocks.size() - 2];
            if (upper.wish + upper.height <= lower.wish)
                break;
            upper.wish = (upper.wish * upper.weight + (lower.wish - upper.height) * lower.weight)
                / (upper.weight + lower.weight);
            upper.weight += lower.weight;
            upper.height += lower.height;
            blocks.pop_back();
        }
    }
    for (size_t block = 0; block < blocks.size(); ++block) {
        const qsizetype end = block + 1 < blocks.size() ? blocks[block + 1].first : members.size();
        double top = blocks[block].wish;
        for (qsizetype i = blocks[block].first; i < end; ++i) {
            Vertex &vertex = m_vertices[members[i]];
            vertex.y = top + vertex.above();
            top += vertex.extent();
        }
    }
}

void Layers::orderLayers()
{
    for (QList<int> &layer : m_layers) {
        std::stable_sort(
            layer.begin(), layer.end(), [this](int a, int b) { return m_vertices[a].order < m_vertices[b].order; });
        for (int place = 0; place < layer.size(); ++place)
            m_vertices[layer[place]].order = place;
    }
    const int count = int(m_layers.size());
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        for (int layer = 1; layer < count; ++layer)
            sortLayer(layer, true);
        for (int layer = count - 2; layer >= 0; --layer)
            sortLayer(layer, false);
    }
    for (const QList<int> &layer : std::as_const(m_layers)) {
        double y = 0;
        for (const int member : layer) {
            m_vertices[member].y = y + m_vertices[member].above();
            y += m_vertices[member].extent();
        }
    }
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        for (int layer = 1; layer < count; ++layer)
            alignLayer(layer, true);
        for (int layer = count - 2; layer >= 0; --layer)
            alignLayer(layer, false);
    }
}

QRectF Layers::place(QList<QPointF> &positions, double top)
{
    double least = std::numeric_limits<double>::max();
    for (const Vertex &vertex : std::as_const(m_vertices))
        least = std::min(least, vertex.y - vertex.above());
    QRectF covered;
    for (const Vertex &vertex : std::as_const(m_vertices)) {
        if (vertex.node < 0)
            continue;
        const double y = top + vertex.y - vertex.above() - least;
        positions[vertex.node] = snapped({vertex.layer * columnPitch, y});
        covered |= QRectF(positions[vertex.node], QSizeF(nodes::width, vertex.height));
    }
    return covered;
}

QList<QList<int>> connectedParts(const PipelineGraph &graph)
{
    QList<int> parent(graph.nodes.size());
    std::iota(parent.begin(), parent.end(), 0);
    const auto root = [&parent](int node) {
        while (parent[node] != node)
            node = parent[node] = parent[parent[node]];
        return node;
    };
    for (const GraphLink &link : graph.links)
        parent[root(link.from)] = root(link.to);
    QList<QList<int>> parts;
    QHash<int, qsizetype> partOf;
    for (int node = 0; node < graph.nodes.size(); ++node) {
        const int top = root(node);
        if (!partOf.contains(top)) {
            partOf.insert(top, parts.size());
            parts.append(QList<int>());
        }
        parts[partOf[top]].append(node);
    }
    return parts;
}

QPointF topLeft(const QList<QPointF> &positions)
{
    QPointF corner = positions.first();
    for (const QPointF &position : positions)
        corner = {std::min(corner.x(), position.x()), std::min(corner.y(), position.y())};
    return corner;
}

// Activities without links stand in a block below the rest, near to a square.
void placeLoose(const PipelineGraph &graph, const QList<int> &loose, QList<QPointF> &positions, double top)
{
    const int columns = std::max(3, int(std::ceil(std::sqrt(double(loose.size()) / 2))));
    double bottom = top;
    for (int i = 0; i < loose.size(); ++i) {
        if (i % columns == 0)
            top = bottom;
        positions[loose[i]] = {i % columns * columnPitch, top};
        bottom = std::max(bottom, top + heightOf(graph.nodes[loose[i]]) + nodes::rowGap);
    }
}

} // namespace

int trayRowsOf(const GraphNode &node)
{
    if (node.branches.isEmpty())
        return 0;
    const int wanted = node.isLoop ? std::max(1, node.branches.first().count) : int(node.branches.size());
    return std::min(wanted, node.isLoop ? nodes::trayRows - 1 : nodes::trayRows);
}

double heightOf(const GraphNode &node)
{
    const int rows = trayRowsOf(node);
    return rows == 0 ? nodes::height : nodes::height + rows * nodes::trayRow + nodes::snap;
}

QRectF bodyOf(const GraphNode &node, const QPointF &position)
{
    return {position, QSizeF(nodes::width, heightOf(node))};
}

QPointF snapped(const QPointF &position)
{
    return {std::round(position.x() / nodes::snap) * nodes::snap, std::round(position.y() / nodes::snap) * nodes::snap};
}

QList<QPointF> layeredLayout(const PipelineGraph &graph, const QList<QPointF> &current)
{
    QList<QPointF> positions(graph.nodes.size());
    if (graph.nodes.isEmpty())
        return positions;
    QList<QList<int>> parts = connectedParts(graph);
    if (!current.isEmpty()) {
        // In the order people read: from the top, then from the left.
        const auto corner = [&current](const QList<int> &part) {
            std::pair<double, double> first(std::numeric_limits<double>::max(), 0);
            for (const int node : part)
                first = std::min(first, {current[node].y(), current[node].x()});
            return first;
        };
        std::stable_sort(parts.begin(), parts.end(), [&](const QList<int> &a, const QList<int> &b) {
            return corner(a) < corner(b);
        });
    }
    double top = 0;
    QList<int> loose;
    for (const QList<int> &part : std::as_const(parts)) {
        if (part.size() == 1) {
            loose.append(part);
            continue;
        }
        top = Layers(graph, part, current).place(positions, top).bottom() + nodes::rowGap;
        top = std::ceil(top / nodes::snap) * nodes::snap;
    }
    placeLoose(graph, loose, positions, top);
    const QPointF moved = current.isEmpty() ? QPointF() : topLeft(current) - topLeft(positions);
    for (QPointF &position : positions)
        position = snapped(position + moved);
    return positions;
}

QPointF freePlace(const QPointF &wish, const QList<QRectF> &taken, double height)
{
    const QPointF start = snapped(wish);
    const auto isFree = [&](const QPointF &place) {
        const QRectF wanted = QRectF(place, QSizeF(nodes::width, height))
                                  .adjusted(-nodes::snap, -nodes::snap, nodes::snap, nodes::snap)
                                  .adjusted(0.5, 0.5, -0.5, -0.5);
        return std::none_of(
            taken.cbegin(), taken.cend(), [&wanted](const QRectF &other) { return other.intersects(wanted); });
    };
    for (int step = 0;; ++step) {
        const QPointF below = start + QPointF(0, step * (nodes::height + 2 * nodes::snap));
        if (isFree(below))
            return below;
    }
}

QList<QPointF> completedLayout(const PipelineGraph &graph, const QHash<QString, QPointF> &known)
{
    const auto isKnown = [&](const GraphNode &node) { return known.contains(node.id); };
    if (std::none_of(graph.nodes.cbegin(), graph.nodes.cend(), isKnown))
        return layeredLayout(graph);
    QList<QPointF> positions(graph.nodes.size());
    QList<bool> placed(graph.nodes.size(), false);
    QList<QRectF> taken;
    QList<QPointF> corners;
    for (int node = 0; node < graph.nodes.size(); ++node) {
        if (isKnown(graph.nodes[node])) {
            positions[node] = known.value(graph.nodes[node].id);
            placed[node] = true;
            corners.append(positions[node]);
            taken.append(bodyOf(graph.nodes[node], positions[node]));
        }
    }
    const QPointF corner = topLeft(corners);
    QHash<int, QList<int>> sources;
    QHash<int, QList<int>> targets;
    for (const GraphLink &link : graph.links) {
        sources[link.to].append(link.from);
        targets[link.from].append(link.to);
    }
    for (int node = 0; node < graph.nodes.size(); ++node) {
        if (placed[node])
            continue;
        QPointF wish = corner + QPointF(0, rowPitch);
        const auto isPlaced = [&placed](int other) { return placed[other]; };
        const QList<int> before = sources.value(node);
        const QList<int> after = targets.value(node);
        if (const auto source = std::find_if(before.cbegin(), before.cend(), isPlaced); source != before.cend())
            wish = positions[*source] + QPointF(columnPitch, 0);
        else if (const auto target = std::find_if(after.cbegin(), after.cend(), isPlaced); target != after.cend())
            wish = positions[*target] - QPointF(columnPitch, 0);
        positions[node] = freePlace(wish, taken, heightOf(graph.nodes[node]));
        placed[node] = true;
        taken.append(bodyOf(graph.nodes[node], positions[node]));
    }
    return positions;
}

} // namespace designer
