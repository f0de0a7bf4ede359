#pragma once

#include "designer/canvas/CanvasLook.h"

#include <QGraphicsItem>
#include <QPainterPath>
#include <QPolygonF>
#include <QStaticText>

#include <optional>

namespace designer {

// All links of the canvas in one item: long links as items of their own have boxes that defeat the scene's index, so
// what is drawn and what is under the pointer is found here by a grid of cells. Indexes are those of setLinks().
class LinkLayer final : public QGraphicsItem
{
public:
    struct Link
    {
        QPointF start; // a node's right edge
        QPointF end; // a node's left edge
        QList<DependencyCondition> conditions;
        std::optional<qint64> rows; // of a run
        bool operator==(const Link &) const = default;
    };

    explicit LinkLayer(const CanvasLook &look); // outlives the item

    void setLinks(const QList<Link> &links);
    void setLink(int link, const Link &value); // moved, or its rows changed; repaints only where it was and is
    const Link &link(int link) const { return m_shapes[link].link; }
    int count() const { return int(m_shapes.size()); }
    void setPicked(const QList<int> &links);
    void setHovered(int link); // -1: none
    void setCover(const QRectF &cover); // the scene's rect: the item's own never changes with a link
    void lookChanged();

    int linkAt(const QPointF &point, double reach) const; // -1: none; the nearest
    QPointF middle(int link) const { return m_shapes[link].middle; }

    // The way of a link, also for one that is being drawn.
    static QPainterPath way(const QPointF &start, const QPointF &end);
    static void paintArrow(QPainter &painter, const QPointF &end, const QColor &colour);

    QRectF boundingRect() const override { return m_cover; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    struct Shape
    {
        Link link;
        QPainterPath path;
        QPolygonF points; // along the path: length and distance without asking the path
        QPointF middle;
        QRectF bounds; // all that is painted
        QStaticText word;
        QStaticText rows;
        int style = 0;
    };

    void write(Shape &shape) const; // its words
    void lay(Shape &shape) const; // its way, for which the words are written
    void insert(int link);
    void remove(int link);
    QList<int> linksIn(const QRectF &area) const; // in order
    void paintLines(QPainter &painter, const QList<int> &links) const;
    void paintLink(QPainter &painter, const Shape &shape, bool isPicked, bool isHovered) const;
    void paintWords(QPainter &painter, const Shape &shape) const;

    const CanvasLook &m_look;
    QRectF m_cover;
    QList<Shape> m_shapes;
    QList<int> m_picked;
    int m_hovered = -1;
    QHash<std::pair<int, int>, QList<int>> m_cells; // links by the cells their bounds touch
};

} // namespace designer
