#pragma once

#include <QLabel>

namespace designer {

// A label that shortens its text to the room it has; the full text is its tooltip then. Looks are those of QLabel.
class ElidedLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(const QString &text = {},
                         const char *look = nullptr,
                         Qt::TextElideMode mode = Qt::ElideMiddle);

    bool isElided() const;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QString firstLine() const;

    const Qt::TextElideMode m_mode;
};

} // namespace designer
