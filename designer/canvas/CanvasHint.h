#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace designer {

// What an empty canvas says, and offers.
class CanvasHint final : public QFrame
{
    Q_OBJECT

public:
    explicit CanvasHint(QWidget *parent = nullptr);
    void setReadOnly(bool readOnly);

signals:
    void addRequested();

private:
    QLabel *m_text;
    QPushButton *m_add;
};

} // namespace designer
