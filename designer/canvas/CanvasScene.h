#pragma once

#include "designer/canvas/LinkLayer.h"
#include "designer/canvas/NodeItem.h"

#include <QGraphicsScene>
#include <QSet>

namespace designer {

class GestureMarks;

// A link by the ids of what it joins: it outlives changes of the file, which indexes do not.
struct LinkId
{
    QString from;
    QString to;
    bool operator==(const LinkId &) const = default;
};

// What is at a point of the canvas; -1 where nothing of the kind is.
struct CanvasHit
{
    int node = -1;
    int port = -1; // of `node`, index in portOrder
    int link = -1;
    int branch = -1; // of a container's node: the way the place stands for
    bool opens = false; // the button that opens it
    bool isUntil = false; // the circle that makes a debug run end there
    bool operator==(const CanvasHit &) const = default;
};

// The drawn pipeline: an item for each activity, one for all links, and what is selected. Follows a new version of the
// file with the least change, so that nothing jumps. Indexes are those of graph(). GUI thread.
class CanvasScene final : public QGraphicsScene
{
    Q_OBJECT

public:
    explicit CanvasScene(QObject *parent = nullptr);
    ~CanvasScene() override;

    void setPipeline(const engine::Json &pipelineFile, const QHash<QString, QPointF> &layout);
    const PipelineGraph &graph() const { return m_graph; }
    NodeItem *node(int index) const { return m_nodes[index]; }
    LinkLayer &links() { return *m_links; }
    GestureMarks &gestureMarks() { return *m_gestureMarks; }
    const CanvasLook &look() const { return m_look; }
    QHash<QString, QPointF> positions() const; // of all, by id
    QList<QPointF> places() const; // of all, by index
    QList<QRectF> bodies() const;
    QRectF contentRect() const; // empty without nodes

    // While a gesture goes on: nothing else changes; settle() makes room for where they are now.
    void setPlaces(const QHash<int, QPointF> &places);
    void settle();

    void setUntil(const QString &id); // the activity a debug run goes up to; empty = none
    void setOffersUntil(bool offers);
    void setEditable(bool editable); // shows ports
    bool isEditable() const { return m_isEditable; }
    void setStates(const QHash<QString, NodeState> &states); // by activity name
    bool hasStates() const { return !m_states.isEmpty(); }
    void setProblems(const QHash<QString, engine::Problem::Severity> &worst); // by id

    // The selection is of nodes and links; the current node is where the keyboard is, selected or not.
    void select(const QStringList &ids, const QList<LinkId> &links = {});
    QStringList selectedIds() const; // in the order of the file
    QList<int> selectedNodes() const;
    const QList<LinkId> &selectedLinks() const { return m_pickedLinks; }
    bool isSelected(int node) const { return m_picked.contains(m_graph.nodes[node].id); }
    int current() const { return m_graph.indexOf(m_current); } // -1: none
    void setCurrent(int node);
    void setShowsCurrent(bool shown); // the ring: only while the canvas has the keyboard

    // Not among the selected: hovered. `port` grows.
    void setHover(const CanvasHit &hit);
    CanvasHit hit(const QPointF &point, double reach) const; // reach: half a finger, in the scene's units
    int nodeAt(const QPointF &point) const;
    QList<int> nodesIn(const QRectF &area) const; // touched by it

    void refreshLook();

signals:
    void selectionMoved();
    void currentMoved();
    void contentMoved(); // nodes, their places, states or colours: the map is old

private:
    void updateNodes(const PipelineGraph &graph, const QList<QPointF> &places);
    void updateLinks();
    QList<LinkLayer::Link> linkShapes() const;
    LinkLayer::Link linkShape(const GraphLink &link) const;
    void updateOutlets();
    void applyStates();
    void dropGone();
    void showMarks();
    std::optional<NodeState> stateOf(int node) const;

    CanvasLook m_look;
    PipelineGraph m_graph;
    QString m_pipeline; // name of the pipeline shown
    QList<NodeItem *> m_nodes; // owned by the scene
    LinkLayer *m_links;
    GestureMarks *m_gestureMarks;
    QHash<int, QList<int>> m_linksOf; // of a node, both directions
    QList<QHash<int, double>> m_outlets; // of a node: heights by style
    QHash<QString, NodeState> m_states;
    QHash<QString, engine::Problem::Severity> m_problems;
    QSet<QString> m_picked;
    QList<LinkId> m_pickedLinks;
    QString m_current;
    QString m_until;
    bool m_offersUntil = false;
    CanvasHit m_hover;
    bool m_isEditable = false;
    bool m_showsCurrent = false;
};

} // namespace designer
