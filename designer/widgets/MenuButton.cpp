#include "designer/widgets/MenuButton.h"

#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QStyleOptionButton>
#include <QStylePainter>

namespace designer {

namespace {

constexpr int edge = 10;
constexpr int gap = 6;

int chevronSide() { return scaled(14); }
int iconSide() { return scaled(16); }

bool isCheck(const QAction *action) { return action && action->isCheckable() && action->isEnabled(); }

} // namespace

MenuButton::MenuButton(const QString &objectName, const QString &iconName, const QString &toolTip, QWidget *parent)
    : QPushButton(parent)
{
    if (!iconName.isEmpty())
        setIcon(designer::icon(iconName, IconRole::Text));
    name(this, objectName, {}, toolTip);
}

void MenuButton::setChoice(const QString &text)
{
    setText(text);
    setAccessibleName(text);
    updateGeometry();
}

QSize MenuButton::sizeHint() const
{
    const int words = fontMetrics().horizontalAdvance(text());
    const int before = icon().isNull() ? 0 : iconSide() + gap;
    return {edge + before + words + gap + chevronSide() + edge - 2, QPushButton::sizeHint().height()};
}

// The style centres the words of a button and knows no mark after them, so they are put here.
void MenuButton::paintEvent(QPaintEvent * /*event*/)
{
    QStylePainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    option.text.clear();
    option.icon = {};
    painter.drawControl(QStyle::CE_PushButton, option);
    const Theme &theme = Theme::current();
    const QColor ink = isEnabled() ? theme.text : theme.text3;
    const auto place = [this](int x, int width) {
        const QRect logical(x, 0, width, height());
        return QStyle::visualRect(layoutDirection(), rect(), logical);
    };
    int x = edge;
    if (!icon().isNull()) {
        const QRect room = place(x, iconSide());
        icon().paint(&painter, QRect(room.left(), (height() - iconSide()) / 2, iconSide(), iconSide()));
        x += iconSide() + gap;
    }
    const int end = width() - edge + 2 - chevronSide();
    painter.setPen(ink);
    painter.drawText(place(x, end - x), Qt::AlignVCenter | Qt::TextShowMnemonic, text());
    const QRect mark = place(end, chevronSide());
    paintIcon(painter,
              QStringLiteral("chevron-down"),
              isEnabled() ? theme.text2 : theme.text3,
              QRectF(mark.left(), (height() - chevronSide()) / 2.0, chevronSide(), chevronSide()));
}

void CheckMenu::mouseReleaseEvent(QMouseEvent *event)
{
    QAction *const action = actionAt(event->position().toPoint());
    if (!isCheck(action)) {
        QMenu::mouseReleaseEvent(event);
        return;
    }
    action->trigger();
    event->accept();
}

void CheckMenu::keyPressEvent(QKeyEvent *event)
{
    const bool isTrigger =
        event->key() == Qt::Key_Space || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!isTrigger || !isCheck(activeAction())) {
        QMenu::keyPressEvent(event);
        return;
    }
    activeAction()->trigger();
    event->accept();
}

} // namespace designer

#include "moc_MenuButton.cpp"
