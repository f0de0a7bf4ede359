#include "designer/widgets/SortHeader.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <QPainter>
#include <QStyleOptionHeader>

namespace designer {

namespace {

constexpr int arrow = 12;
constexpr int gap = 3;

} // namespace

SortHeader::SortHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsClickable(true);
    setHighlightSections(false);
    setFocusPolicy(Qt::NoFocus);
}

void SortHeader::initStyleOptionForIndex(QStyleOptionHeader *option, int section) const
{
    QHeaderView::initStyleOptionForIndex(option, section);
    option->sortIndicator = QStyleOptionHeader::None; // the style would draw it over the title
}

void SortHeader::paintSection(QPainter *painter, const QRect &place, int section) const
{
    painter->save();
    QHeaderView::paintSection(painter, place, section);
    painter->restore();
    if (!isSortIndicatorShown() || sortIndicatorSection() != section)
        return;
    const QFont bold = themeFont(TypeSize::Label, QFont::DemiBold); // as in the style sheet
    const int title = QFontMetrics(bold).horizontalAdvance(model()->headerData(section, orientation()).toString());
    const auto alignment = model()->headerData(section, orientation(), Qt::TextAlignmentRole).value<Qt::Alignment>();
    const bool isRight = alignment.testFlag(Qt::AlignRight) != (layoutDirection() == Qt::RightToLeft);
    const int x = isRight ? place.right() - padding - title - gap - arrow : place.left() + padding + title + gap;
    if (x < place.left() || x + arrow > place.right())
        return;
    paintIcon(*painter,
              sortIndicatorOrder() == Qt::AscendingOrder ? QStringLiteral("chevron-up")
                                                         : QStringLiteral("chevron-down"),
              Theme::current().text2,
              QRectF(x, place.center().y() - arrow / 2.0 + 0.5, arrow, arrow));
}

} // namespace designer

#include "moc_SortHeader.cpp"
