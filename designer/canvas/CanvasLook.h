#pragma once

#include "designer/canvas/AutoLayout.h"
#include "designer/shell/Icons.h"

#include <QFont>
#include <QFontMetricsF>
#include <QHash>
#include <QPen>
#include <QPixmap>

#include <array>

class QPainter;

namespace designer {

// Below these scales nodes and links are drawn simpler: without text, then as blocks.
inline constexpr double simpleBelow = 0.35;
inline constexpr double blockBelow = 0.15;

// Pens, fonts and pictures of the canvas, made once per theme and font and not in paint(). Sizes are those of a font of
// 13 pixels; the view scales all of it for other fonts. Owned by the scene; GUI thread.
class CanvasLook
{
public:
    static constexpr int mixed = int(portOrder.size()); // the style of a link with several conditions
    static constexpr int styleCount = mixed + 1;

    CanvasLook();
    void refresh(); // theme or font changed

    static int styleOf(const QList<DependencyCondition> &conditions);
    static double portY(int port); // of a node
    static constexpr double portRadius = 4.5;

    // The tile with its icon; `ratio`: device pixels per unit, rounded up to a few steps.
    const QPixmap &tile(const QString &icon, bool isLively, double ratio) const;

    // An icon of 14 units, in a colour of the theme.
    const QPixmap &picture(const QString &icon, const QColor &colour, double ratio) const;

    QFont title;
    QFont caption;
    QFontMetricsF titleMetrics;
    QFontMetricsF captionMetrics;
    std::array<QColor, styleCount> linkColours;
    std::array<QPen, styleCount> linkPens;
    QPen border;
    QPen inactiveBorder;
    QPen accentBorder; // 2 px: selected
    QPen focusBorder; // of the current node among several
    QPen halo; // below a selected link
    QPen ring; // around dots and ports

private:
    mutable QHash<QString, QPixmap> m_tiles;
};

} // namespace designer
