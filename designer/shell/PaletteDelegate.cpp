#include "designer/shell/PaletteDelegate.h"

#include "designer/shell/PaletteModel.h"
#include "designer/shell/Theme.h"

#include <QPainter>
#include <QTextLayout>

namespace designer {

namespace {

constexpr int margin = 12;
constexpr int iconSize = 16;
constexpr int gap = 10;

// `text` in one line of `width`, the letters at `marks` in bold accent; returns the width used.
int paintMarked(QPainter &painter, const QRect &place, const QString &text, const QList<int> &marks, const QColor &ink)
{
    if (place.width() <= 0 || text.isEmpty())
        return 0;
    QFont bold = painter.font();
    bold.setWeight(QFont::DemiBold);
    // Measured in bold, so that the marks never make it too long. Cut at the end: marks keep their places.
    const QString shown = QFontMetrics(bold).elidedText(text, Qt::ElideRight, place.width());
    QTextLayout layout(shown, painter.font());
    QList<QTextLayout::FormatRange> formats;
    for (const int mark : marks) {
        if (mark >= int(shown.size()))
            continue;
        QTextLayout::FormatRange range;
        range.start = mark;
        range.length = 1;
        range.format.setFontWeight(QFont::DemiBold);
        range.format.setForeground(Theme::current().accent);
        formats.append(range);
    }
    layout.setFormats(formats);
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    option.setTextDirection(Qt::LayoutDirectionAuto);
    layout.setTextOption(option);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    if (line.isValid())
        line.setLineWidth(place.width());
    layout.endLayout();
    if (!line.isValid())
        return 0;
    painter.setPen(ink);
    const int used = int(line.naturalTextWidth() + 0.999);
    layout.draw(&painter, QPointF(place.left(), place.top() + (place.height() - line.height()) / 2));
    return used;
}

} // namespace

void PaletteDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const PaletteRow &row = static_cast<const PaletteModel *>(index.model())->row(index.row());
    const Theme &theme = Theme::current();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect whole = option.rect.adjusted(4, 0, -4, 0);
    if (option.state & QStyle::State_Selected || option.state & QStyle::State_MouseOver) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.state & QStyle::State_Selected ? theme.selection : theme.sunken);
        painter->drawRoundedRect(whole, measure::controlRadius, measure::controlRadius);
    }
    QRect place = whole.adjusted(margin, 0, -margin, 0);
    const int side = scaled(iconSize);
    paintIcon(*painter,
              row.icon,
              colourOf(row.role),
              QRectF(place.left(), place.center().y() - side / 2.0 + 0.5, side, side));
    place.setLeft(place.left() + side + gap);

    const QString right = row.shortcut.isEmpty() ? row.kind : row.shortcut;
    painter->setFont(option.font);
    const int rightWidth = QFontMetrics(option.font).horizontalAdvance(right);
    painter->setPen(theme.text2);
    painter->drawText(place, Qt::AlignVCenter | Qt::AlignRight, right);
    place.setRight(place.right() - rightWidth - gap * 2);

    const int used = paintMarked(*painter, place, row.title, row.titleMarks, theme.text);
    place.setLeft(place.left() + used + gap);
    if (place.width() > 40)
        paintMarked(*painter, place, row.detail, row.detailMarks, theme.text2);
    painter->restore();
}

QSize PaletteDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex & /*index*/) const
{
    return {200, qMax(measure::tableRow, QFontMetrics(option.font).height() + 12)};
}

} // namespace designer

#include "moc_PaletteDelegate.cpp"
