#pragma once

#include <QStyledItemDelegate>

namespace designer {

// Paints a line of the command palette: icon, title with the matched letters marked, detail, and its shortcut or kind.
class PaletteDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace designer
