#pragma once

#include <QToolButton>

namespace designer {

// A button of the tool bar for an action: icon, words and, when the action's key is short, the key as a hint after
// them.
class ToolBarButton final : public QToolButton
{
    Q_OBJECT

public:
    enum class Show { Icon, Text, TextAndKey };

    ToolBarButton(QAction *action, Show what, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override; // without the key

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString key() const;

    const Show m_what;
};

} // namespace designer
