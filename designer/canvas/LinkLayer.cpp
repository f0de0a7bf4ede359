#include "designer/canvas/LinkLayer.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>
#include <limits>

namespace designer {

namespace {

struct LinkText
{
    Q_DECLARE_TR_FUNCTIONS(designer::LinkLayer)
};

constexpr double cell = 512;
constexpr int pieces = 16; // of a curve
constexpr double arrowLength = 8;
constexpr double arrowHalf = 4.5;
constexpr double startGap = CanvasLook::portRadius + 1.5;
constexpr double wordGap = 3;

bool isStraight(const QPointF &start, const QPointF &end)
{
    return std::abs(start.y() - end.y()) < 0.5 && end.x() > start.x();
}

double bend(const QPointF &start, const QPointF &end)
{
    const double distance = end.x() - start.x();
    return distance > 0 ? std::max(40.0, distance / 2) : std::min(240.0, 80 - distance / 4);
}

QPointF onCurve(const QPointF &start, const QPointF &end, double t)
{
    const double out = bend(start, end);
    const double u = 1 - t;
    return u * u * u * start + 3 * u * u * t * (start + QPointF(out, 0)) + 3 * u * t * t * (end - QPointF(out, 0))
        + t * t * t * end;
}

double distanceTo(const QPointF &point, const QPointF &a, const QPointF &b)
{
    const QPointF along = b - a;
    const double length = QPointF::dotProduct(along, along);
    const double t = length > 0 ? std::clamp(QPointF::dotProduct(point - a, along) / length, 0.0, 1.0) : 0;
    const QPointF off = point - (a + t * along);
    return std::hypot(off.x(), off.y());
}

template <typename Visit> void forEachCell(const QRectF &area, Visit visit)
{
    const int right = int(std::floor(area.right() / cell));
    const int bottom = int(std::floor(area.bottom() / cell));
    for (int x = int(std::floor(area.left() / cell)); x <= right; ++x) {
        for (int y = int(std::floor(area.top() / cell)); y <= bottom; ++y)
            visit(std::pair(x, y));
    }
}

QStaticText staticText(const QString &text, const QFont &font)
{
    QStaticText made(text);
    made.setTextFormat(Qt::PlainText);
    made.prepare(QTransform(), font);
    return made;
}

QRectF wordPlace(const QPointF &middle, const QSizeF &size, bool above, bool onLine)
{
    const double away = onLine ? wordGap + 3 : 0.5;
    return QRectF(QPointF(middle.x() - size.width() / 2, above ? middle.y() - away - size.height() : middle.y() + away),
                  size);
}

} // namespace

LinkLayer::LinkLayer(const CanvasLook &look) : m_look(look)
{
    setFlag(ItemUsesExtendedStyleOption);
    setZValue(0);
}

QPainterPath LinkLayer::way(const QPointF &start, const QPointF &end)
{
    QPainterPath path(start + QPointF(startGap, 0));
    const QPointF tip = end - QPointF(arrowLength - 1, 0);
    if (isStraight(start, end)) {
        path.lineTo(tip);
    } else {
        const double out = bend(start, end);
        path.cubicTo(start + QPointF(out, 0), end - QPointF(out, 0), tip);
    }
    return path;
}

void LinkLayer::paintArrow(QPainter &painter, const QPointF &end, const QColor &colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    const std::array points{end, end + QPointF(-arrowLength, -arrowHalf), end + QPointF(-arrowLength, arrowHalf)};
    painter.drawConvexPolygon(points.data(), int(points.size()));
}

void LinkLayer::write(Shape &shape) const
{
    const Link &link = shape.link;
    shape.style = CanvasLook::styleOf(link.conditions);
    QStringList words;
    for (const DependencyCondition condition : link.conditions)
        words.append(conditionWord(condition));
    shape.word = staticText(words.join(QStringLiteral(", ")), m_look.caption);
    shape.rows = {};
    if (link.rows)
        shape.rows =
            staticText(*link.rows == 1 ? LinkText::tr("1 row") : LinkText::tr("%1 rows").arg(countText(*link.rows)),
                       m_look.caption);
}

void LinkLayer::lay(Shape &shape) const
{
    const Link &link = shape.link;
    shape.path = way(link.start, link.end);
    const bool straight = isStraight(link.start, link.end);
    const int count = straight ? 1 : pieces;
    shape.points.resize(count + 1);
    for (int piece = 0; piece <= count; ++piece)
        shape.points[piece] =
            straight ? (piece == 0 ? link.start : link.end) : onCurve(link.start, link.end, double(piece) / count);
    shape.middle = straight ? (link.start + link.end) / 2 : shape.points[pieces / 2];
    shape.bounds = shape.points.boundingRect().adjusted(-8, -8, 8, 8);
    shape.bounds |= wordPlace(shape.middle, shape.word.size(), true, straight).adjusted(-4, -2, 4, 2);
    if (link.rows)
        shape.bounds |= wordPlace(shape.middle, shape.rows.size(), false, straight).adjusted(-4, -2, 4, 2);
}

void LinkLayer::setLinks(const QList<Link> &links)
{
    m_cells.clear();
    m_shapes.resize(links.size());
    for (int link = 0; link < links.size(); ++link) {
        Shape &shape = m_shapes[link];
        if (shape.path.isEmpty() || shape.link != links[link]) {
            shape.link = links[link];
            write(shape);
            lay(shape);
        }
        insert(link);
    }
    m_picked.clear();
    m_hovered = -1;
    update();
}

void LinkLayer::setLink(int link, const Link &value)
{
    Shape &changed = m_shapes[link];
    if (changed.link == value)
        return;
    remove(link);
    update(changed.bounds);
    const bool isReworded = changed.link.conditions != value.conditions || changed.link.rows != value.rows;
    changed.link = value;
    if (isReworded)
        write(changed);
    lay(changed);
    insert(link);
    update(changed.bounds);
}

void LinkLayer::setPicked(const QList<int> &links)
{
    for (const int link : std::as_const(m_picked))
        update(m_shapes[link].bounds);
    m_picked = links;
    for (const int link : links)
        update(m_shapes[link].bounds);
}

void LinkLayer::setHovered(int link)
{
    if (m_hovered == link)
        return;
    if (m_hovered >= 0)
        update(m_shapes[m_hovered].bounds);
    m_hovered = link;
    if (link >= 0)
        update(m_shapes[link].bounds);
}

void LinkLayer::setCover(const QRectF &cover)
{
    if (m_cover == cover)
        return;
    prepareGeometryChange();
    m_cover = cover;
}

void LinkLayer::lookChanged()
{
    m_cells.clear();
    for (int link = 0; link < m_shapes.size(); ++link) {
        write(m_shapes[link]);
        lay(m_shapes[link]);
        insert(link);
    }
    update();
}

void LinkLayer::insert(int link)
{
    forEachCell(m_shapes[link].bounds, [&](const std::pair<int, int> &place) { m_cells[place].append(link); });
}

void LinkLayer::remove(int link)
{
    forEachCell(m_shapes[link].bounds, [&](const std::pair<int, int> &place) { m_cells[place].removeOne(link); });
}

QList<int> LinkLayer::linksIn(const QRectF &area) const
{
    QList<int> found;
    if (area.width() / cell * area.height() / cell > double(m_cells.size())) {
        for (int link = 0; link < m_shapes.size(); ++link) {
            if (m_shapes[link].bounds.intersects(area))
                found.append(link);
        }
        return found;
    }
    forEachCell(area, [&](const std::pair<int, int> &place) {
        if (const auto members = m_cells.constFind(place); members != m_cells.cend())
            found.append(*members);
    });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    found.removeIf([&](int link) { return !m_shapes[link].bounds.intersects(area); });
    return found;
}

int LinkLayer::linkAt(const QPointF &point, double reach) const
{
    int nearest = -1;
    double least = reach;
    for (const int link : linksIn(QRectF(point - QPointF(reach, reach), QSizeF(2 * reach, 2 * reach)))) {
        const Shape &candidate = m_shapes[link];
        for (qsizetype i = 1; i < candidate.points.size(); ++i) {
            if (const double distance = distanceTo(point, candidate.points[i - 1], candidate.points[i]);
                distance < least) {
                least = distance;
                nearest = link;
            }
        }
        const bool straight = candidate.points.size() == 2;
        if (nearest < 0 && wordPlace(candidate.middle, candidate.word.size(), true, straight).contains(point))
            nearest = link;
    }
    return nearest;
}

void LinkLayer::paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget * /*widget*/)
{
    const QList<int> shown = linksIn(option->exposedRect);
    painter->setOpacity(1);
    if (option->levelOfDetailFromTransform(painter->worldTransform()) < simpleBelow) {
        paintLines(*painter, shown);
        return;
    }
    painter->setRenderHint(QPainter::Antialiasing);
    for (const int link : shown)
        paintLink(*painter, m_shapes[link], m_picked.contains(link), link == m_hovered);
    for (const int link : shown)
        paintWords(*painter, m_shapes[link]);
}

// Straight and thin, one call for each colour: what is left of a link when the whole pipeline is on the screen.
void LinkLayer::paintLines(QPainter &painter, const QList<int> &links) const
{
    std::array<QList<QLineF>, CanvasLook::styleCount> lines;
    QList<QLineF> picked;
    for (const int link : links) {
        const Shape &shown = m_shapes[link];
        const QLineF line(shown.link.start, shown.link.end);
        if (m_picked.contains(link))
            picked.append(line);
        else
            lines[size_t(shown.style)].append(line);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (size_t style = 0; style < lines.size(); ++style) {
        painter.setPen(QPen(m_look.linkColours[style], 0));
        painter.drawLines(lines[style]);
    }
    QPen pen(Theme::current().accent, 2);
    pen.setCosmetic(true);
    painter.setPen(pen);
    painter.drawLines(picked);
}

void LinkLayer::paintLink(QPainter &painter, const Shape &shape, bool isPicked, bool isHovered) const
{
    painter.setBrush(Qt::NoBrush);
    if (isPicked) {
        painter.setPen(m_look.halo);
        painter.drawPath(shape.path);
        painter.setBrush(Qt::NoBrush);
    }
    QPen pen = m_look.linkPens[size_t(shape.style)];
    if (isHovered || isPicked)
        pen.setWidthF(3);
    painter.setPen(pen);
    if (shape.points.size() == 2)
        painter.drawLine(shape.link.start + QPointF(startGap, 0), shape.link.end - QPointF(arrowLength - 1, 0));
    else
        painter.drawPath(shape.path);
    const QColor &colour = m_look.linkColours[size_t(shape.style)];
    paintArrow(painter, shape.link.end, colour); // the dot at its start is painted by the node, above its edge
}

void LinkLayer::paintWords(QPainter &painter, const Shape &shape) const
{
    const bool straight = shape.points.size() == 2;
    painter.setFont(m_look.caption);
    const auto paintWord = [&](const QStaticText &text, const QColor &colour, bool above) {
        const QRectF place = wordPlace(shape.middle, text.size(), above, straight);
        if (!straight)
            painter.fillRect(place.adjusted(-3, 0, 3, 0), Theme::current().bg);
        painter.setPen(colour);
        painter.drawStaticText(place.topLeft(), text);
    };
    paintWord(shape.word, m_look.linkColours[size_t(shape.style)], true);
    if (shape.link.rows)
        paintWord(shape.rows, Theme::current().text2, false);
}

} // namespace designer
