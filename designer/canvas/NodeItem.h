#pragma once

#include "designer/canvas/CanvasLook.h"
#include "designer/canvas/NodeState.h"
#include "designer/canvas/NodeTray.h"
#include "engine/model/Problem.h"

#include <QGraphicsItem>
#include <QStaticText>

namespace designer {

// One activity on the canvas. Knows what to draw, and nothing of the mouse: the view decides.
class NodeItem final : public QGraphicsItem
{
public:
    enum Mark {
        Picked = 1, // selected
        Current = 2, // has the keyboard
        Ported = 4, // shows its ports
        Dimmed = 8, // cannot be the end of the link that is drawn
        Glowing = 16, // will be its end
        Until = 32, // a debug run goes up to it
        Stoppable = 64 // offers to be that
    };
    Q_DECLARE_FLAGS(Marks, Mark)

    explicit NodeItem(const CanvasLook &look); // outlives the item

    const GraphNode &node() const { return m_node; }
    void setNode(const GraphNode &node);
    void lookChanged(); // fonts or theme: measures again
    const std::optional<NodeState> &state() const { return m_state; }
    void setState(const std::optional<NodeState> &state, bool showsRows);
    void setProblem(std::optional<engine::Problem::Severity> severity);
    std::optional<engine::Problem::Severity> problem() const { return m_problem; }
    Marks marks() const { return m_marks; }
    void setMark(Mark mark, bool on);
    void setHotPort(int port); // under the pointer; -1: none
    // Where links leave the node: height and style of the dot.
    struct Outlet
    {
        double y = nodes::height / 2;
        int style = 0;
        bool operator==(const Outlet &) const = default;
    };
    void setOutlets(const QList<Outlet> &outlets);

    QRectF body() const { return bodyOf(m_node, pos()); } // in the scene
    const NodeTray &tray() const { return m_tray; }
    QPointF inlet() const { return pos() + QPointF(0, nodes::height / 2); }
    QPointF outlet(double y) const { return pos() + QPointF(nodes::width, y); }
    static QPointF untilCentre(); // of the circle that makes a debug run end here; from the node's corner
    static QPointF titleCorner(); // the left of the title, at half its height; from the node's corner
    QColor blockColour() const; // of the minimap, and when it is too small for text

    QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    void layOutTexts();
    void paintBody(QPainter &painter) const;
    void paintTexts(QPainter &painter) const;
    void paintPorts(QPainter &painter) const;
    void paintDot(QPainter &painter, double y, int style, double radius) const;
    void paintProblem(QPainter &painter) const;
    void paintUntil(QPainter &painter) const;
    void paintSimple(QPainter &painter, bool asBlock) const;

    const CanvasLook &m_look;
    GraphNode m_node;
    std::optional<NodeState> m_state;
    std::optional<engine::Problem::Severity> m_problem;
    bool m_showsRows = false; // no link leaves the node: it shows them itself
    Marks m_marks;
    int m_hotPort = -1;
    QList<Outlet> m_outlets;
    QStaticText m_title;
    QStaticText m_second;
    NodeTray m_tray;
    double m_height = nodes::height;
    int m_pillWidth = 0;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(NodeItem::Marks)

} // namespace designer
