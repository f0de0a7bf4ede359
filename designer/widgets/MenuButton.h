#pragma once

#include <QMenu>
#include <QPushButton>

namespace designer {

// A button that shows a choice and opens a menu to change it: "Last 3 days ⌄". GUI thread.
class MenuButton final : public QPushButton
{
    Q_OBJECT

public:
    MenuButton(const QString &objectName, const QString &iconName, const QString &toolTip, QWidget *parent = nullptr);

    void setChoice(const QString &text); // what is chosen; the accessible name too
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
};

// A menu that stays open while its checks are set and cleared. GUI thread.
class CheckMenu final : public QMenu
{
    Q_OBJECT

public:
    using QMenu::QMenu;

protected:
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace designer
