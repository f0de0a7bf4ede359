#include "designer/drift/StabilityBar.h"

#include "designer/drift/DriftModel.h"
#include "designer/shell/Theme.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>

namespace designer {

namespace {

constexpr double fullBar = 0.5;
constexpr int padding = 10;
constexpr int barHeight = 8;

} // namespace

void StabilityBar::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &theme = Theme::current();
    const auto drift = index.data(DriftModel::DriftRole).value<engine::FeatureDrift>();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, theme.selection);
    QStyleOptionViewItem ground = option; // the line below the row is the style's
    initStyleOption(&ground, index);
    ground.text.clear();
    ground.state &= ~(QStyle::State_HasFocus | QStyle::State_Selected);
    const QStyle *const style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &ground, painter, option.widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(option.font);
    const int numbers = option.fontMetrics.horizontalAdvance(QStringLiteral("00.00"));
    const QRect inside = option.rect.adjusted(padding, 0, -padding, 0);
    painter->setPen(theme.text);
    painter->drawText(QRect(inside.left(), inside.top(), numbers, inside.height()),
                      Qt::AlignVCenter | Qt::AlignRight,
                      index.data().toString());
    const QRectF track(inside.left() + numbers + padding,
                       inside.center().y() - barHeight / 2.0 + 0.5,
                       inside.width() - numbers - padding,
                       barHeight);
    if (track.width() < 24) {
        painter->restore();
        return;
    }
    QPainterPath rounded;
    rounded.addRoundedRect(track, barHeight / 2.0, barHeight / 2.0);
    painter->fillPath(rounded, theme.idleBg);
    painter->setClipPath(rounded, Qt::IntersectClip);
    const double width = track.width() * std::min(1.0, drift.stability / fullBar);
    painter->fillRect(QRectF(track.left(), track.top(), width, track.height()), driftLook(drift).colour());
    painter->setClipping(false);
    for (const double threshold : {0.1, 0.25}) {
        const double x = track.left() + track.width() * threshold / fullBar;
        painter->setPen(QPen(theme.text3, 1));
        painter->drawLine(QPointF(x, track.top() - 3), QPointF(x, track.bottom() + 3));
    }
    if (drift.stability > fullBar) { // it goes on
        const QPointF tip(track.right() - 3, track.center().y());
        painter->setPen(QPen(theme.surface, 1.6));
        painter->drawLine(tip, tip + QPointF(-3, -3));
        painter->drawLine(tip, tip + QPointF(-3, 3));
    }
    painter->restore();
}

QSize StabilityBar::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {option.fontMetrics.horizontalAdvance(QStringLiteral("00.00")) + 160,
            qMax(measure::tableRow, option.fontMetrics.height() + 12)};
}

} // namespace designer
