#include "designer/widgets/StatusPill.h"

#include "designer/shell/Theme.h"

#include <QFontInfo>
#include <QFontMetrics>
#include <QPainter>

namespace designer {

namespace {

constexpr int padding = 8;
constexpr int gap = 5;

int iconSize(const QFont &font) { return qMax(12, QFontInfo(font).pixelSize() + 2); }

QFont bold(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

StatusPill::StatusPill(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFont(themeFont(TypeSize::Label));
}

StatusPill::StatusPill(const StatusLook &look, QWidget *parent) : StatusPill(parent) { setLook(look); }

void StatusPill::setLook(const StatusLook &look)
{
    m_look = look;
    setAccessibleName(look.word);
    updateGeometry();
    update();
}

QSize StatusPill::sizeHint() const { return {widthOf(m_look, font()), heightOf(font())}; }

int StatusPill::widthOf(const StatusLook &look, const QFont &font)
{
    return padding + iconSize(font) + gap + QFontMetrics(bold(font)).horizontalAdvance(look.word) + padding;
}

int StatusPill::heightOf(const QFont &font) { return qMax(height, QFontMetrics(font).height() + 4); }

int StatusPill::paint(QPainter &painter, const QRect &place, const StatusLook &look, const QFont &font)
{
    const int width = qMin(place.width(), widthOf(look, font));
    const int tall = heightOf(font);
    const int side = iconSize(font);
    const QRect pill(place.left(), place.top() + (place.height() - tall) / 2, width, tall);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.tint());
    painter.drawRoundedRect(pill, tall / 2.0, tall / 2.0);
    paintIcon(
        painter, look.icon, look.colour(), QRectF(pill.left() + padding, pill.top() + (tall - side) / 2.0, side, side));
    painter.setFont(bold(font));
    painter.setPen(look.colour());
    const QRect text = pill.adjusted(padding + side + gap, 0, -padding / 2, 0);
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
