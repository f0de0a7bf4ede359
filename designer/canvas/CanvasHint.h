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
    void setInside(const QString &container, const QString &way); // empty: it is the pipeline that is empty

signals:
    void addRequested();

private:
    void say();

    QString m_container;
    QString m_way;
    bool m_isReadOnly = true;
    QLabel *m_text;
    QPushButton *m_add;
};

} // namespace designer
