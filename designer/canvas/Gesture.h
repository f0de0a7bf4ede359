#pragma once

#include "designer/canvas/CanvasView.h"

namespace designer {

// One drag of the mouse on the canvas, from press to release. Destroyed after finish() or cancel(); a cancelled one
// leaves everything as it was. Points are pixels of the viewport.
class Gesture
{
public:
    explicit Gesture(CanvasView &view) : m_view(view) { }
    virtual ~Gesture() = default;
    Gesture(const Gesture &) = delete;
    Gesture &operator=(const Gesture &) = delete;

    virtual void move(const QPoint &point, Qt::KeyboardModifiers modifiers) = 0;
    virtual void finish() = 0;
    virtual void cancel() = 0;
    virtual bool scrollsAtEdge() const { return true; }
    virtual Qt::CursorShape cursor() const { return Qt::ArrowCursor; }

protected:
    CanvasView &view() { return m_view; }
    CanvasScene &canvas() { return m_view.canvas(); }

private:
    CanvasView &m_view;
};

// The canvas under the pointer goes with it.
class PanGesture final : public Gesture
{
public:
    PanGesture(CanvasView &view, const QPoint &start);
    void move(const QPoint &point, Qt::KeyboardModifiers modifiers) override;
    void finish() override { }
    void cancel() override;
    bool scrollsAtEdge() const override { return false; }
    Qt::CursorShape cursor() const override { return Qt::ClosedHandCursor; }

private:
    QPoint m_start;
    QPoint m_last;
};

// A band selects what it touches; with Ctrl or Shift together with what was selected.
class BandGesture final : public Gesture
{
public:
    BandGesture(CanvasView &view, const QPoint &start, bool extends);
    void move(const QPoint &point, Qt::KeyboardModifiers modifiers) override;
    void finish() override;
    void cancel() override;

private:
    QPointF m_start; // in the scene
    QStringList m_before;
    QList<LinkId> m_linksBefore;
    bool m_extends;
};

// The selected nodes go along, on the grid.
class MoveGesture final : public Gesture
{
public:
    MoveGesture(CanvasView &view, const QPoint &start, int grabbed);
    ~MoveGesture() override;
    void move(const QPoint &point, Qt::KeyboardModifiers modifiers) override;
    void finish() override;
    void cancel() override;
    Qt::CursorShape cursor() const override { return Qt::SizeAllCursor; }

private:
    QPointF m_start;
    int m_grabbed;
    QHash<int, QPointF> m_before;
    QPointF m_offset;
};

// From a port to a node: what cannot be its end is dimmed, what will be glows.
class ConnectGesture final : public Gesture
{
public:
    ConnectGesture(CanvasView &view, int from, int port);
    ~ConnectGesture() override;
    void move(const QPoint &point, Qt::KeyboardModifiers modifiers) override;
    void finish() override;
    void cancel() override { }
    Qt::CursorShape cursor() const override { return Qt::CrossCursor; }

private:
    int m_from;
    int m_port;
    int m_target = -1;
    int m_nodeUnder = -1; // also one that cannot be the end: the refusal has a word
    QPointF m_point;
    QList<bool> m_fits; // by node
};

} // namespace designer
