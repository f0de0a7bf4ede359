#pragma once

#include <QFrame>

#include <functional>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace designer {

// The most urgent fact of a page that shows a failure: what failed, in words, and what can be done about it. GUI
// thread. The first button is the primary one when it was added as such; "Copy error" is always the last.
class ErrorCard final : public QFrame
{
    Q_OBJECT

public:
    explicit ErrorCard(QWidget *parent = nullptr);

    void setTitle(const QString &title); // "Cell 4 “Predict” failed: 7 columns given, the model expects 8"
    void setText(const QString &text); // a second, quieter sentence; empty = none
    void setBadge(const QString &text); // at the right: "3rd time since 17 Nov"; empty = none
    // What "Copy error" copies, asked when it is pressed; without it there is no such button.
    void setReport(std::function<QString()> report);

    QPushButton *
    addPrimaryButton(const QString &objectName, const QString &text, const QString &icon, const QString &tip);
    QPushButton *addButton(const QString &objectName, const QString &text, const QString &icon, const QString &tip);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QPushButton *add(QPushButton *button);

    QLabel *m_title;
    QLabel *m_text;
    QLabel *m_badge;
    QHBoxLayout *m_buttons;
    QPushButton *m_copy;
    std::function<QString()> m_report;
};

} // namespace designer
