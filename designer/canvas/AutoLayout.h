#pragma once

#include "designer/canvas/PipelineGraph.h"

#include <QRectF>
#include <QSizeF>

namespace designer {

// The size of every node and the grid they stand on, in the canvas's own units (pixels at 100 %).
namespace nodes {
inline constexpr double width = 216;
inline constexpr double height = 64;
inline constexpr double columnGap = 104;
inline constexpr double rowGap = 48;
inline constexpr double snap = 8;
inline constexpr double trayRow = 24; // a line of what a container shows of its inside
inline constexpr int trayRows = 4; // at most
} // namespace nodes

int trayRowsOf(const GraphNode &node); // 0: no container
double heightOf(const GraphNode &node); // links come and go at the middle of its upper part, as at any node
QRectF bodyOf(const GraphNode &node, const QPointF &position);

QPointF snapped(const QPointF &position);

// Places in layers from left to right, so that links point right and cross little. `current` are the positions now, by
// node; they decide the order of what the links leave open (nodes keep above what they are above), and where the
// whole stands: its top left corner stays. An empty list: from (0, 0), in the order of the file. Pure.
QList<QPointF> layeredLayout(const PipelineGraph &graph, const QList<QPointF> &current = {});

// As much of a layout as is known, completed: what has no place in `known` is put beside what it is linked with, where
// nothing stands. With nothing known, layeredLayout(). Result by node.
QList<QPointF> completedLayout(const PipelineGraph &graph, const QHash<QString, QPointF> &known);

// Where a node can stand near `wish` without covering one of `taken`.
QPointF freePlace(const QPointF &wish, const QList<QRectF> &taken, double height = nodes::height);

} // namespace designer
