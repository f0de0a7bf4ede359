#include "designer/canvas/GestureMarks.h"

#include "designer/canvas/LinkLayer.h"
#include "designer/shell/Theme.h"

#include <QPainter>

namespace designer {

GestureMarks::GestureMarks(const CanvasLook &look) : m_look(look) { setZValue(2); }

template <typename T> void GestureMarks::change(std::optional<T> &mark, const std::optional<T> &value)
{
    update(covered());
    mark = value;
    update(covered());
}

void GestureMarks::setBand(const std::optional<QRectF> &band) { change(m_band, band); }

void GestureMarks::setDraft(const std::optional<Draft> &draft) { change(m_draft, draft); }

void GestureMarks::setGhost(const std::optional<QPointF> &ghost)
{
    if (m_ghost != ghost)
        change(m_ghost, ghost);
}

void GestureMarks::clear()
{
    setBand({});
    setDraft({});
    setGhost({});
}

void GestureMarks::setCover(const QRectF &cover)
{
    if (m_cover == cover)
        return;
    prepareGeometryChange();
    m_cover = cover;
}

QRectF GestureMarks::covered() const
{
    QRectF area;
    if (m_band)
        area |= m_band->adjusted(-2, -2, 2, 2);
    if (m_draft)
        area |= LinkLayer::way(m_draft->start, m_draft->end).controlPointRect().adjusted(-12, -12, 12, 12);
    if (m_ghost)
        area |= QRectF(*m_ghost, QSizeF(nodes::width, nodes::height)).adjusted(-2, -2, 2, 2);
    return area;
}

void GestureMarks::paint(QPainter *painter, const QStyleOptionGraphicsItem * /*option*/, QWidget * /*widget*/)
{
    const Theme &theme = Theme::current();
    painter->setOpacity(1);
    if (m_band) {
        painter->setRenderHint(QPainter::Antialiasing, false);
        QColor tint = theme.accent;
        tint.setAlphaF(0.12F);
        painter->fillRect(*m_band, tint);
        painter->setPen(QPen(theme.accent, 0));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(*m_band);
    }
    painter->setRenderHint(QPainter::Antialiasing);
    if (m_draft) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(m_look.linkPens[size_t(m_draft->style)]);
        painter->drawPath(LinkLayer::way(m_draft->start, m_draft->end));
        LinkLayer::paintArrow(*painter, m_draft->end, m_look.linkColours[size_t(m_draft->style)]);
    }
    if (m_ghost) {
        QColor tint = theme.accentBg;
        tint.setAlphaF(0.7F);
        QPen pen = m_look.accentBorder;
        pen.setStyle(Qt::DashLine);
        painter->setPen(pen);
        painter->setBrush(tint);
        painter->drawRoundedRect(
            QRectF(*m_ghost, QSizeF(nodes::width, nodes::height)), measure::cardRadius, measure::cardRadius);
    }
}

} // namespace designer
