#pragma once

#include <QAbstractButton>

namespace designer {

// A row that is a button, with any widgets in it: lights up under the mouse, shows the focus, Enter and Space press it.
// With a `radius` it is a card with a border.
class RowButton : public QAbstractButton
{
    Q_OBJECT

public:
    explicit RowButton(int radius = 0, QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    const int m_radius;
    bool m_showsFocus = false; // it came by the keyboard
};

// What can be begun on Home: a tile with an icon, what it does, and what one gets.
class ActionCard final : public RowButton
{
    Q_OBJECT

public:
    ActionCard(const QString &objectName, const QString &iconName, const QString &text, const QString &hint);

protected:
    void changeEvent(QEvent *event) override;
};

} // namespace designer
