#include "designer/widgets/StatusPill.h"

#include "designer/shell/Theme.h"

#include <QFontMetrics>
#include <QPainter>

namespace designer {

namespace {

constexpr int iconSize = 14;
constexpr int padding = 8;
constexpr int gap = 5;

QFont bold(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

StatusPill::StatusPill(QWidget *parent) : QWidget(parent) { setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed); }

StatusPill::StatusPill(const StatusLook &look, QWidget *parent) : StatusPill(parent) { setLook(look); }

void StatusPill::setLook(const StatusLook &look)
{
    m_look = look;
    setAccessibleName(look.word);
    updateGeometry();
    update();
}

QSize StatusPill::sizeHint() const { return {widthOf(m_look, font()), height}; }

int StatusPill::widthOf(const StatusLook &look, const QFont &font)
{
    return padding + iconSize + gap + QFontMetrics(bold(font)).horizontalAdvance(look.word) + padding;
}

int StatusPill::paint(QPainter &painter, const QRect &place, const StatusLook &look, const QFont &font)
{
    const int width = qMin(place.width(), widthOf(look, font));
    const QRect pill(place.left(), place.center().y() - height / 2 + 1, width, height);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.tint());
    painter.drawRoundedRect(pill, height / 2.0, height / 2.0);
    paintIcon(painter,
              look.icon,
              look.colour(),
              QRectF(pill.left() + padding, pill.center().y() - iconSize / 2.0 + 0.5, iconSize, iconSize));
    painter.setFont(bold(font));
    painter.setPen(look.colour());
    const QRect text = pill.adjusted(padding + iconSize + gap, 0, -padding / 2, 0);
    painter.drawText(text,
                     Qt::AlignVCenter | Qt::AlignLeft,
                     QFontMetrics(painter.font()).elidedText(look.word, Qt::ElideRight, text.width()));
    painter.restore();
    return width;
}

void StatusPill::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    paint(painter, rect(), m_look, font());
}

} // namespace designer

#include "moc_StatusPill.cpp"
