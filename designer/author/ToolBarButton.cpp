#include "designer/author/ToolBarButton.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QAction>
#include <QPainter>
#include <QStyleOption>

namespace designer {

namespace {

constexpr int gap = -2; // before the key: the style leaves more than enough after the words
constexpr int side = 10; // of the style sheet, right of the words

} // namespace

ToolBarButton::ToolBarButton(QAction *action, Show what, QWidget *parent) : QToolButton(parent), m_what(what)
{
    setDefaultAction(action);
    setFocusPolicy(Qt::TabFocus);
    setToolButtonStyle(what == Show::Icon ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    // Wider than high: the style leaves too little room before the words.
    setIconSize({scaled(16) + (what == Show::Icon ? 0 : 4), scaled(16)});
    name(this, action->objectName() + QStringLiteral("Button"), action->text(), action->toolTip());
}

QString ToolBarButton::key() const
{
    return m_what == Show::TextAndKey ? defaultAction()->shortcut().toString(QKeySequence::NativeText) : QString();
}

QSize ToolBarButton::sizeHint() const
{
    QSize size = QToolButton::sizeHint();
    if (const QString hint = key(); !hint.isEmpty())
        size.rwidth() += gap + fontMetrics().horizontalAdvance(hint);
    return size;
}

QSize ToolBarButton::minimumSizeHint() const { return QToolButton::sizeHint(); }

void ToolBarButton::paintEvent(QPaintEvent *event)
{
    QToolButton::paintEvent(event);
    const QString hint = key();
    if (hint.isEmpty() || width() < sizeHint().width())
        return;
    QPainter painter(this);
    const bool isRight = layoutDirection() == Qt::LeftToRight;
    painter.setPen(isEnabled() ? Theme::current().text2 : Theme::current().text3);
    painter.drawText(
        rect().adjusted(side, 0, -side, 0), (isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, hint);
}

} // namespace designer

#include "moc_ToolBarButton.cpp"
