#pragma once

#include "designer/canvas/CanvasScene.h"

#include <QGraphicsView>
#include <QTimer>

#include <functional>
#include <memory>

class QAction;

namespace designer {

class Gesture;

// The mime type of an activity dragged from the palette; its bytes are the type, "Copy".
inline const QString &activityTypeMime()
{
    static const QString mime = QStringLiteral("application/x-slipway-activity-type");
    return mime;
}

// Looks at a CanvasScene: zoom, pan, keyboard and mouse. Selects by itself; what would change the pipeline it asks for
// by signals, and only while it is editable. GUI thread.
class CanvasView final : public QGraphicsView
{
    Q_OBJECT

public:
    static constexpr double leastZoom = 0.05;
    static constexpr double mostZoom = 4;

    explicit CanvasView(CanvasScene &scene, QWidget *parent = nullptr); // the scene outlives the view
    ~CanvasView() override;

    CanvasScene &canvas() const { return m_canvas; }
    void setActions(const QList<QAction *> &actions); // tried for each key while the canvas has the keyboard
    void setToolTips(std::function<QString(const CanvasHit &)> toolTip) { m_toolTip = std::move(toolTip); }

    double zoom() const { return m_zoom; } // 1 = 100 %
    void setZoom(double zoom); // around the middle
    void zoomAt(const QPoint &place, double factor); // what is there stays there
    void zoomIn() { zoomAt(viewport()->rect().center(), 1.25); }
    void zoomOut() { zoomAt(viewport()->rect().center(), 0.8); }
    void fit(const QRectF &area); // all of it visible, at most at 100 %
    void showNode(int node); // scrolls as little as possible
    void scrollBy(const QPoint &pixels);
    void placeFirst(); // when something is shown for the first time: 100 % in the middle, or smaller to fit
    double unit() const { return 1 / transform().m11(); } // the scene's length of a pixel

    // Where something new goes: under the pointer, else in the middle of what is seen.
    QPointF pointerPlace() const;
    bool isPointerInside() const;
    void setInside(bool inside) { m_isInside = inside; } // what is shown is in a container: Esc leaves it
    bool hasGesture() const { return m_gesture != nullptr; }
    void cancelGesture();

signals:
    void viewMoved(); // scrolled, zoomed or resized
    void activated(int node); // Enter, double-click
    void opened(int node, int branch); // of a container: Enter, double-click, its buttons; -1: the first way
    void untilPressed(int node); // the circle of a debug run
    void left(); // Esc with nothing to cancel
    void menuRequested(const QPoint &globalPlace); // of the selection
    void addRequested(const QPointF &place); // double-click on nothing
    void dropped(const QString &type, const QPointF &topLeft);
    void moved(); // nodes stand elsewhere now: one gesture
    void nudged(const QPointF &offset); // of the selection, by key
    void connected(int from, engine::DependencyCondition condition, int to);
    void drawnToNothing(int from, engine::DependencyCondition condition, const QPointF &place);

protected:
    void drawBackground(QPainter *painter, const QRectF &area) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragMoveEvent(QDragMoveEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void activate(int node, int branch);
    void applyZoom();
    void pressNode(int node, Qt::KeyboardModifiers modifiers);
    void pressLink(int link, Qt::KeyboardModifiers modifiers);
    std::unique_ptr<Gesture> gestureFor(const CanvasHit &hit);
    void begin(std::unique_ptr<Gesture> gesture);
    void hover(const QPoint &place);
    bool arrowKey(QKeyEvent *event);
    void goTo(int node, bool extends);
    int neighbour(int node, Qt::Key direction) const;
    QAction *actionFor(QKeyEvent *event) const;
    void autoScroll();
    bool scrollAtEdge(const QPoint &place); // whether it did
    void updateCursor();

    CanvasScene &m_canvas;
    QList<QAction *> m_actions;
    std::function<QString(const CanvasHit &)> m_toolTip;
    double m_zoom = 1;
    bool m_isPlaced = false;
    bool m_isInside = false;
    std::unique_ptr<Gesture> m_gesture;
    std::unique_ptr<Gesture> m_waiting; // begins when the pointer has moved far enough
    QPoint m_pressed;
    bool m_selectsOnRelease = false; // a click, not a drag, on one of several selected nodes
    bool m_spaceDown = false;
    QPoint m_pointer; // in the viewport
    CanvasHit m_hit; // under the pointer
    QTimer m_edgeTimer;
};

} // namespace designer
