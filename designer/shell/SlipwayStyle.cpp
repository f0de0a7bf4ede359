#include "designer/shell/SlipwayStyle.h"

#include "designer/shell/Icons.h"
#include "designer/shell/Theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>

namespace designer {

SlipwayStyle::SlipwayStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) { }

int SlipwayStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ListViewIconSize:
    case PM_TabBarIconSize:
    case PM_ButtonIconSize:
    case PM_ToolBarIconSize:
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return scaled(16);
    case PM_MessageBoxIconSize:
        return scaled(32);
    case PM_LineEditIconSize:
        return scaled(16);
    case PM_LineEditIconMargin:
        return 4;
    case PM_SplitterWidth:
        return 1;
    case PM_TreeViewIndentation:
        return 16;
    case PM_ScrollBarExtent:
        return 10;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return 8;
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin:
        return 12;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int SlipwayStyle::styleHint(StyleHint hint,
                            const QStyleOption *option,
                            const QWidget *widget,
                            QStyleHintReturn *returned) const
{
    switch (hint) {
    case SH_ItemView_ActivateItemOnSingleClick:
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
        return 0;
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_ScrollBar_Transient:
    case SH_UnderlineShortcut:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
        return 1;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returned);
    }
}

QIcon SlipwayStyle::standardIcon(StandardPixmap standard, const QStyleOption *option, const QWidget *widget) const
{
    switch (standard) {
    case SP_LineEditClearButton:
        return icon(QStringLiteral("x"));
    case SP_MessageBoxQuestion:
        return icon(QStringLiteral("circle-help"), IconRole::Accent);
    case SP_MessageBoxInformation:
        return icon(QStringLiteral("info"), IconRole::Accent);
    case SP_MessageBoxWarning:
        return icon(QStringLiteral("triangle-alert"), IconRole::Warn);
    case SP_MessageBoxCritical:
        return icon(QStringLiteral("circle-alert"), IconRole::Bad);
    default:
        return QProxyStyle::standardIcon(standard, option, widget);
    }
}

void SlipwayStyle::drawPrimitive(PrimitiveElement element,
                                 const QStyleOption *option,
                                 QPainter *painter,
                                 const QWidget *widget) const
{
    const Theme &theme = Theme::current();
    if (element == PE_IndicatorBranch) {
        if (!(option->state & State_Children))
            return;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(theme.text2, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        const QPointF centre = QRectF(option->rect).center();
        QPainterPath path;
        if (option->state & State_Open) {
            path.moveTo(centre + QPointF(-4, -2));
            path.lineTo(centre + QPointF(0, 2));
            path.lineTo(centre + QPointF(4, -2));
        } else {
            path.moveTo(centre + QPointF(-2, -4));
            path.lineTo(centre + QPointF(2, 0));
            path.lineTo(centre + QPointF(-2, 4));
        }
        painter->drawPath(path);
        painter->restore();
        return;
    }
    if (element == PE_FrameFocusRect && option->state & State_KeyboardFocusChange) {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(theme.accent, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(
            QRectF(option->rect).adjusted(1, 1, -1, -1), measure::controlRadius, measure::controlRadius);
        painter->restore();
        return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

} // namespace designer

#include "moc_SlipwayStyle.cpp"
