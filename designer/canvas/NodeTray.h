#pragma once

#include "designer/canvas/CanvasLook.h"

#include <QList>
#include <QStaticText>
#include <QStringList>

#include <optional>

class QPainter;

namespace designer {

// The lower part of a container's node: a line for each activity of a loop, or for each way of an If or Switch, and the
// buttons that open them. Measured when the node changes, not in paint(). Places are in the node.
class NodeTray
{
public:
    explicit NodeTray(const CanvasLook &look) : m_look(look) { } // outlives the tray

    void setNode(const GraphNode &node); // also when fonts have changed
    void paint(QPainter &painter, double ratio) const;

    static QRectF header(); // the button that opens the first way
    static QRectF pencil(int row);
    // The way a place stands for: its line, or one of the buttons. Nothing elsewhere.
    struct Place
    {
        int branch = -1;
        bool isButton = false;
    };
    std::optional<Place> placeAt(const QPointF &point) const;
    static int firstBranch(const GraphNode &node); // that has something in it, else the first

private:
    struct Row
    {
        int branch = 0;
        QStaticText label = {};
        double labelWidth = 0;
        QStringList icons = {};
        QStaticText text = {};
        bool isHint = false; // nothing is in it, or there is more
    };

    Row rowOf(const GraphBranch &branch, int index) const;
    QList<Row> loopRows(const GraphBranch &branch) const;
    QStaticText made(const QString &text, double width) const;

    const CanvasLook &m_look;
    QList<Row> m_rows;
    int m_first = -1; // -1: no container
    bool m_isLoop = false;
};

} // namespace designer
