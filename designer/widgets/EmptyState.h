#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace designer {

class IconLabel;

// What is shown where there is nothing: why, and the way on. GUI thread.
class EmptyState final : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyState(QWidget *parent = nullptr);

    // `action` are the words of the button; empty = none. What it does is answered by acted().
    void say(const QString &iconName, const QString &title, const QString &text, const QString &action = {});

signals:
    void acted();

private:
    IconLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QPushButton *m_action;
};

} // namespace designer
