#include "designer/canvas/NodeItem.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Format.h"
#include "designer/widgets/StatusPill.h"

#include <QCoreApplication>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

namespace designer {

namespace {

struct NodeText
{
    Q_DECLARE_TR_FUNCTIONS(designer::NodeItem)
};

constexpr QPointF tilePlace(12, 14);
constexpr double textLeft = 60;
constexpr double textWidth = nodes::width - textLeft - 12;
constexpr double titleMiddle = 23;
constexpr double secondMiddle = 42;
constexpr int pillLeft = 12;
constexpr double problemRadius = 10;
constexpr double untilRadius = 6;

QStaticText staticText(const QString &text, const QFont &font)
{
    QStaticText made(text);
    made.setTextFormat(Qt::PlainText);
    made.setPerformanceHint(QStaticText::AggressiveCaching);
    made.prepare(QTransform(), font);
    return made;
}

} // namespace

NodeItem::NodeItem(const CanvasLook &look) : m_look(look), m_tray(look) { setZValue(1); }

void NodeItem::setNode(const GraphNode &node)
{
    if (m_node == node)
        return;
    if (const double height = heightOf(node); height != m_height) {
        prepareGeometryChange();
        m_height = height;
    }
    m_node = node;
    layOutTexts();
    update();
}

void NodeItem::lookChanged()
{
    layOutTexts();
    update();
}

void NodeItem::setState(const std::optional<NodeState> &state, bool showsRows)
{
    if (m_state == state && m_showsRows == showsRows)
        return;
    m_state = state;
    m_showsRows = showsRows;
    layOutTexts();
    update();
}

void NodeItem::setProblem(std::optional<engine::Problem::Severity> severity)
{
    if (m_problem == severity)
        return;
    m_problem = severity;
    update();
}

void NodeItem::setMark(Mark mark, bool on)
{
    if (m_marks.testFlag(mark) == on)
        return;
    m_marks.setFlag(mark, on);
    update();
}

void NodeItem::setHotPort(int port)
{
    if (m_hotPort == port)
        return;
    m_hotPort = port;
    update();
}

void NodeItem::setOutlets(const QList<Outlet> &outlets)
{
    if (m_outlets == outlets)
        return;
    m_outlets = outlets;
    update();
}

QPointF NodeItem::untilCentre() { return {nodes::width - 48, 0}; }

QPointF NodeItem::titleCorner() { return {textLeft, titleMiddle}; }

QColor NodeItem::blockColour() const
{
    const Theme &theme = Theme::current();
    if (m_marks.testFlag(Picked))
        return theme.accent;
    return m_state ? m_state->look.colour() : theme.line2;
}

QRectF NodeItem::boundingRect() const { return QRectF(-3, -12, nodes::width + 16, m_height + 15); }

// Measured here, once per change, and not in paint().
void NodeItem::layOutTexts()
{
    m_tray.setNode(m_node);
    const double room = m_node.branches.isEmpty() ? textWidth : NodeTray::header().left() - textLeft - 4;
    const QString name = m_node.name.isEmpty() ? NodeText::tr("(no name)") : m_node.name;
    m_title = staticText(m_look.titleMetrics.elidedText(name.simplified(), Qt::ElideMiddle, room), m_look.title);
    QStringList parts;
    if (m_state && !m_state->duration.isEmpty())
        parts.append(m_state->duration);
    if (m_state && m_state->rows && m_showsRows)
        parts.append(*m_state->rows == 1 ? NodeText::tr("1 row")
                                         : NodeText::tr("%1 rows").arg(countText(*m_state->rows)));
    parts.append(m_node.summary.simplified());
    const QString second = parts.join(QStringLiteral(" · "));
    const Qt::TextElideMode mode = parts.size() > 1 ? Qt::ElideRight : Qt::ElideMiddle;
    m_second = staticText(m_look.captionMetrics.elidedText(second, mode, room), m_look.caption);
    m_pillWidth = m_state ? StatusPill::widthOf(m_state->look, m_look.caption) : 0;
}

void NodeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget * /*widget*/)
{
    const double detail = option->levelOfDetailFromTransform(painter->worldTransform());
    painter->setOpacity(m_marks.testFlag(Dimmed) ? 0.4 : 1);
    if (detail < simpleBelow) {
        paintSimple(*painter, detail < blockBelow);
        return;
    }
    painter->setRenderHint(QPainter::Antialiasing);
    paintBody(*painter);
    const double ratio = detail * painter->device()->devicePixelRatioF();
    painter->setRenderHint(QPainter::SmoothPixmapTransform, ratio != 1);
    const QPixmap &tile = m_look.tile(m_node.icon, m_node.isKnown && !m_node.isInactive, ratio);
    painter->drawPixmap(QRectF(tilePlace, tile.deviceIndependentSize()), tile, QRectF(tile.rect()));
    paintTexts(*painter);
    m_tray.paint(*painter, ratio);
    if (m_state)
        StatusPill::paint(*painter,
                          QRect(pillLeft, -StatusPill::height / 2, m_pillWidth, StatusPill::height),
                          m_state->look,
                          m_look.caption);
    if (m_problem)
        paintProblem(*painter);
    if (m_marks & (Until | Stoppable))
        paintUntil(*painter);
    paintPorts(*painter);
}

void NodeItem::paintBody(QPainter &painter) const
{
    const Theme &theme = Theme::current();
    const bool isStrong = m_marks & (Picked | Glowing);
    QPen pen = isStrong ? m_look.accentBorder : m_node.isInactive ? m_look.inactiveBorder : m_look.border;
    if (m_state && !isStrong)
        pen.setColor(m_state->look.colour());
    painter.setPen(pen);
    painter.setBrush(m_marks.testFlag(Glowing) ? theme.accentBg : m_node.isInactive ? theme.bg : theme.raised);
    const double inset = isStrong ? 1 : 0.5;
    const QRectF body(0, 0, nodes::width, m_height);
    painter.drawRoundedRect(
        body.adjusted(inset, inset, -inset, -inset), measure::cardRadius - inset, measure::cardRadius - inset);
    if (m_marks.testFlag(Current)) {
        painter.setPen(m_look.focusBorder);
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(body.adjusted(4, 4, -4, -4), 6, 6);
    }
}

void NodeItem::paintTexts(QPainter &painter) const
{
    const Theme &theme = Theme::current();
    painter.setPen(m_node.isInactive ? theme.text2 : theme.text);
    painter.setFont(m_look.title);
    painter.drawStaticText(QPointF(textLeft, titleMiddle - m_title.size().height() / 2), m_title);
    painter.setPen(m_node.isKnown ? theme.text2 : theme.warn);
    painter.setFont(m_look.caption);
    painter.drawStaticText(QPointF(textLeft, secondMiddle - m_second.size().height() / 2), m_second);
}

void NodeItem::paintDot(QPainter &painter, double y, int style, double radius) const
{
    painter.setPen(m_look.ring);
    painter.setBrush(m_look.linkColours[size_t(style)]);
    painter.drawEllipse(QPointF(nodes::width, y), radius, radius);
}

void NodeItem::paintPorts(QPainter &painter) const
{
    if (!m_marks.testFlag(Ported)) {
        for (const Outlet &outlet : m_outlets)
            paintDot(painter, outlet.y, outlet.style, CanvasLook::portRadius + 1);
        return;
    }
    for (int port = 0; port < int(portOrder.size()); ++port)
        paintDot(painter, CanvasLook::portY(port), port, CanvasLook::portRadius + (port == m_hotPort ? 3 : 1));
}

void NodeItem::paintProblem(QPainter &painter) const
{
    const Theme &theme = Theme::current();
    const bool isError = m_problem == engine::Problem::Severity::Error;
    const QColor colour = isError ? theme.bad : theme.warn;
    const QPointF centre(nodes::width - 22, 0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(isError ? theme.badBg : theme.warnBg);
    painter.drawEllipse(centre, problemRadius, problemRadius);
    const QString icon = isError ? QStringLiteral("circle-alert") : QStringLiteral("triangle-alert");
    paintIcon(painter, icon, colour, QRectF(centre.x() - 7, centre.y() - 7, 14, 14));
}

// Hollow: the offer; filled: a debug run ends here.
void NodeItem::paintUntil(QPainter &painter) const
{
    const Theme &theme = Theme::current();
    painter.setPen(QPen(theme.bad, 2));
    painter.setBrush(m_marks.testFlag(Until) ? theme.bad : theme.raised);
    painter.drawEllipse(untilCentre(), untilRadius, untilRadius);
}

// Too small for text: colours only, without smoothing, which costs more than it shows.
void NodeItem::paintSimple(QPainter &painter, bool asBlock) const
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    const QRectF body(0, 0, nodes::width, m_height);
    if (asBlock) {
        painter.fillRect(body, blockColour());
        return;
    }
    const Theme &theme = Theme::current();
    const bool isPicked = m_marks.testFlag(Picked);
    const QColor ink = m_state ? m_state->look.colour() : isPicked ? theme.accent : theme.text3;
    painter.fillRect(body, isPicked ? theme.accent : ink);
    const double edge = isPicked ? 12 : 4;
    painter.fillRect(body.adjusted(edge, edge, -edge, -edge), m_state ? m_state->look.tint() : theme.raised);
    painter.fillRect(QRectF(tilePlace, QSizeF(36, 36)), m_node.isKnown ? theme.accent : theme.idle);
    if (m_problem)
        painter.fillRect(QRectF(nodes::width - 40, 12, 28, 28),
                         m_problem == engine::Problem::Severity::Error ? theme.bad : theme.warn);
}

} // namespace designer
