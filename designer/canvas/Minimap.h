#pragma once

#include <QTransform>
#include <QWidget>

namespace designer {

class CanvasView;

// The whole pipeline in a corner of the canvas, with the colours of a run, and what part of it is seen. A press or drag
// looks there.
class Minimap final : public QWidget
{
    Q_OBJECT

public:
    explicit Minimap(CanvasView &view, QWidget *parent = nullptr); // the view outlives the map

    QTransform fromScene() const; // to the map's own pixels
    QSize sizeHint() const override { return {150, 92}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    QRectF seen() const; // in the scene
    void look(const QPointF &place);

    CanvasView &m_view;
};

} // namespace designer
