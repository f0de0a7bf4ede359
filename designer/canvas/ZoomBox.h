#pragma once

#include <QFrame>

class QToolButton;

namespace designer {

class CanvasView;

// Zoom out, the scale (pressed: 100 %), zoom in, and everything at once.
class ZoomBox final : public QFrame
{
    Q_OBJECT

public:
    explicit ZoomBox(CanvasView &view, QWidget *parent = nullptr); // the view outlives the box

signals:
    void fitRequested();

private:
    void showZoom();

    CanvasView &m_view;
    QToolButton *m_scale;
};

} // namespace designer
