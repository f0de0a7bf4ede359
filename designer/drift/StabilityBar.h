#pragma once

#include <QStyledItemDelegate>

namespace designer {

// A cell of DriftModel::Stability: a bar up to 0.5 with marks at 0.1 and 0.25, and the number beside it; a bar that is
// longer ends in an arrow.
class StabilityBar final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace designer
