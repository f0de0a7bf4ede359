#include "designer/canvas/CanvasLook.h"

#include "designer/shell/Theme.h"

#include <QApplication>
#include <QPainter>

#include <cmath>

namespace designer {

namespace {

constexpr double tileSize = 36;
constexpr double tileRadius = 8;
constexpr double iconSize = 20;

QFont canvasFont(int pixels, QFont::Weight weight)
{
    QFont font = QApplication::font();
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

} // namespace

CanvasLook::CanvasLook()
    : title(canvasFont(13, QFont::DemiBold))
    , caption(canvasFont(11, QFont::Normal))
    , titleMetrics(title)
    , captionMetrics(caption)
{
    refresh();
}

void CanvasLook::refresh()
{
    const Theme &theme = Theme::current();
    title = canvasFont(13, QFont::DemiBold);
    caption = canvasFont(11, QFont::Normal);
    titleMetrics = QFontMetricsF(title);
    captionMetrics = QFontMetricsF(caption);
    linkColours = {theme.ok, theme.bad, theme.run, theme.idle, theme.text2};
    for (size_t style = 0; style < linkPens.size(); ++style)
        linkPens[style] = QPen(linkColours[style], 2, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    border = QPen(theme.line2, 1);
    inactiveBorder = QPen(theme.text3, 1, Qt::DashLine);
    accentBorder = QPen(theme.accent, 2);
    focusBorder = QPen(theme.accent, 1, Qt::DotLine);
    halo = QPen(theme.selection, 10, Qt::SolidLine, Qt::RoundCap);
    ring = QPen(theme.raised, 2);
    m_tiles.clear();
}

int CanvasLook::styleOf(const QList<DependencyCondition> &conditions)
{
    if (conditions.size() != 1)
        return mixed;
    return int(std::find(portOrder.begin(), portOrder.end(), conditions.first()) - portOrder.begin());
}

double CanvasLook::portY(int port) { return nodes::height / 2 + (port - 1.5) * 13; }

const QPixmap &CanvasLook::tile(const QString &icon, bool isLively, double ratio) const
{
    const double step = ratio <= 1 ? 1 : std::ceil(ratio * 2) / 2;
    const QString key = icon + (isLively ? u'+' : u'-') + QString::number(int(step * 2));
    QPixmap &pixmap = m_tiles[key];
    if (pixmap.isNull()) {
        const Theme &theme = Theme::current();
        pixmap = QPixmap(QSize(int(tileSize), int(tileSize)) * step);
        pixmap.setDevicePixelRatio(step);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(isLively ? theme.accentBg : theme.idleBg);
        painter.drawRoundedRect(QRectF(0, 0, tileSize, tileSize), tileRadius, tileRadius);
        const double inset = (tileSize - iconSize) / 2;
        paintIcon(painter, icon, isLively ? theme.accent : theme.idle, QRectF(inset, inset, iconSize, iconSize));
    }
    return pixmap;
}

const QPixmap &CanvasLook::picture(const QString &icon, const QColor &colour, double ratio) const
{
    constexpr int size = 14;
    const double step = ratio <= 1 ? 1 : std::ceil(ratio * 2) / 2;
    const QString key = icon + colour.name() + QString::number(int(step * 2));
    QPixmap &pixmap = m_tiles[key];
    if (pixmap.isNull())
        pixmap = iconPixmap(icon, colour, size, step);
    return pixmap;
}

} // namespace designer
