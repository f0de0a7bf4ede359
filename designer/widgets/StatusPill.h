#pragma once

#include "designer/widgets/StatusLook.h"

#include <QWidget>

namespace designer {

// A state as icon and word on its tint.
class StatusPill final : public QWidget
{
    Q_OBJECT

public:
    explicit StatusPill(QWidget *parent = nullptr);
    explicit StatusPill(const StatusLook &look, QWidget *parent = nullptr);

    void setLook(const StatusLook &look);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    // For delegates and canvas items; `font` as the text is drawn. Returns the width used.
    static int widthOf(const StatusLook &look, const QFont &font);
    static int heightOf(const QFont &font);
    static int paint(QPainter &painter, const QRect &place, const StatusLook &look, const QFont &font);
    static constexpr int height = 20;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    StatusLook m_look;
};

} // namespace designer
