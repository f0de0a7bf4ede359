#include "designer/monitor/Now.h"
#include "designer/monitor/TimelineView.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"

#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>

#include <cmath>

// How the timeline looks; what it shows is in TimelineView.cpp.
namespace designer {

using namespace engine;

namespace {

constexpr int indent = 16;
constexpr int leftMargin = 12;
constexpr double barHeight = 10;
constexpr double stripe = 3;
constexpr double tickHeight = 18; // of the mark at a failure
constexpr double shortest = 2; // pixels: what took no time is still there

// Waiting: stripes, as wide as the gaps between them.
void paintHatch(QPainter &painter, const QRectF &place)
{
    painter.save();
    painter.setClipRect(place, Qt::IntersectClip);
    painter.setPen(QPen(Theme::current().line2, stripe, Qt::SolidLine, Qt::FlatCap));
    const double first = std::floor(place.left() / (2 * stripe)) * 2 * stripe - place.height();
    for (double x = first; x < place.right() + place.height(); x += 2 * stripe)
        painter.drawLine(QPointF(x, place.top() - 1), QPointF(x + place.height() + 2, place.bottom() + 1));
    painter.restore();
}

} // namespace

void TimelineView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(font());
    const Theme &theme = Theme::current();
    painter.fillRect(event->rect(), theme.surface);
    if (m_rows.isEmpty())
        return;
    const int bottom = axisTop();
    painter.save();
    painter.setClipRect(QRect(0, 0, viewport()->width(), bottom));
    const int first = qMax(0, (verticalScrollBar()->value() - leftMargin) / rowHeight());
    for (int row = first; row < m_rows.size() && rowRect(row).top() < bottom; ++row)
        paintRow(painter, row);
    painter.restore();
    painter.setPen(QPen(theme.line, 1));
    const double edge = labelWidth() - 6.5;
    painter.drawLine(QPointF(edge, 6), QPointF(edge, bottom));
    paintAxis(painter);
}

void TimelineView::paintRow(QPainter &painter, int row) const
{
    const Theme &theme = Theme::current();
    const TimelineRow &shown = m_rows.at(row);
    const QRect place = rowRect(row);
    if (row == m_current)
        painter.fillRect(place, theme.selection);
    const bool isFoldable = hasCells(shown);
    const int left = leftMargin + 16 + shown.depth * indent;
    if (isFoldable)
        paintIcon(painter,
                  m_collapsed.contains(shown.activity) ? QStringLiteral("chevron-right")
                                                       : QStringLiteral("chevron-down"),
                  theme.text2,
                  QRectF(left - 17, place.center().y() - 7, 14, 14));
    painter.setPen(shown.cell > 0 ? theme.text2 : theme.text);
    const QRect label(left, place.top(), labelWidth() - left - 14, place.height());
    painter.drawText(
        label,
        Qt::AlignVCenter | Qt::AlignLeft,
        fontMetrics().elidedText(shown.label, shown.cell > 0 ? Qt::ElideRight : Qt::ElideMiddle, label.width()));
    const QRectF bars(labelWidth(), place.top(), viewport()->width() - labelWidth(), place.height());
    painter.save();
    painter.setClipRect(bars, Qt::IntersectClip);
    for (const TimelineRow::Bar &bar : shown.bars)
        paintBar(painter, bars, bar);
    painter.restore();
    if (shown.bars.isEmpty() && !shown.note.isEmpty()) {
        painter.setPen(theme.text2);
        const QRectF note = bars.adjusted(2, 0, -8, 0);
        painter.drawText(note,
                         Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(shown.note, Qt::ElideRight, int(note.width())));
    }
}

void TimelineView::paintBar(QPainter &painter, const QRectF &place, const TimelineRow::Bar &bar) const
{
    const double top = place.center().y() - barHeight / 2;
    const double start = m_axis.xOf(bar.start);
    const double end = std::max(start + shortest, m_axis.xOf(bar.end.value_or(now())));
    const double waited = m_axis.xOf(bar.waitedFrom);
    // Far outside of what is seen a painter loses precision: draw what is near.
    const double leftmost = place.left() - 40;
    const double rightmost = place.right() + 40;
    if (start - waited >= 1 && start > leftmost && waited < rightmost)
        paintHatch(painter,
                   {QPointF(std::max(waited, leftmost), top), QPointF(std::min(start, rightmost), top + barHeight)});
    if (end < leftmost || start > rightmost)
        return;
    const QRectF work(QPointF(std::max(start, leftmost), top), QPointF(std::min(end, rightmost), top + barHeight));
    const double radius = std::min(3.0, work.width() / 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(bar.look.colour());
    painter.drawRoundedRect(work, radius, radius);
    if (bar.isFailed && bar.end)
        painter.fillRect(QRectF(end - 2, place.center().y() - tickHeight / 2, 2, tickHeight), bar.look.colour());
}

void TimelineView::paintAxis(QPainter &painter) const
{
    const Theme &theme = Theme::current();
    const int bottom = axisTop();
    painter.setFont(themeFont(TypeSize::Caption));
    const QFontMetrics metrics(painter.font());
    painter.setPen(theme.text2);
    for (const TimeAxis::Tick &tick : m_axis.ticks(m_workbench.zone())) {
        const double x = m_axis.xOf(tick.at);
        const int width = metrics.horizontalAdvance(tick.text) + 2;
        const double left =
            std::clamp(x - width / 2.0, double(labelWidth() - 6), double(viewport()->width() - width - 4));
        painter.drawText(QRectF(left, bottom, width, axisHeight()), Qt::AlignCenter, tick.text);
    }
    if (!isRunning())
        return;
    const double x = m_axis.xOf(now());
    if (x < labelWidth() || x > viewport()->width())
        return;
    painter.setPen(QPen(theme.run, 1));
    painter.drawLine(QPointF(x, 4), QPointF(x, bottom));
}

} // namespace designer
