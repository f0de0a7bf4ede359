#include "designer/canvas/Gesture.h"

#include "designer/canvas/GestureMarks.h"

namespace designer {

namespace {

constexpr qsizetype manyNodes = 50;

} // namespace

PanGesture::PanGesture(CanvasView &view, const QPoint &start) : Gesture(view), m_start(start), m_last(start) { }

void PanGesture::move(const QPoint &point, Qt::KeyboardModifiers /*modifiers*/)
{
    view().scrollBy(m_last - point);
    m_last = point;
}

void PanGesture::cancel() { view().scrollBy(m_last - m_start); }

BandGesture::BandGesture(CanvasView &view, const QPoint &start, bool extends)
    : Gesture(view)
    , m_start(view.mapToScene(start))
    , m_before(canvas().selectedIds())
    , m_linksBefore(canvas().selectedLinks())
    , m_extends(extends)
{
}

void BandGesture::move(const QPoint &point, Qt::KeyboardModifiers /*modifiers*/)
{
    const QRectF band = QRectF(m_start, view().mapToScene(point)).normalized();
    canvas().gestureMarks().setBand(band);
    QStringList ids = m_extends ? m_before : QStringList();
    for (const int node : canvas().nodesIn(band))
        ids.append(canvas().graph().nodes[node].id);
    canvas().select(ids, m_extends ? m_linksBefore : QList<LinkId>());
}

void BandGesture::finish() { canvas().gestureMarks().setBand({}); }

void BandGesture::cancel()
{
    canvas().gestureMarks().setBand({});
    canvas().select(m_before, m_linksBefore);
}

MoveGesture::MoveGesture(CanvasView &view, const QPoint &start, int grabbed)
    : Gesture(view)
    , m_start(view.mapToScene(start))
    , m_grabbed(grabbed)
{
    for (const int node : canvas().selectedNodes())
        m_before.insert(node, canvas().node(node)->pos());
    // The region of many small rects costs more than drawing all of it.
    if (m_before.size() > manyNodes)
        view.setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
}

MoveGesture::~MoveGesture() { view().setViewportUpdateMode(QGraphicsView::MinimalViewportUpdate); }

void MoveGesture::move(const QPoint &point, Qt::KeyboardModifiers /*modifiers*/)
{
    // The node under the pointer stands on the grid; the others keep their places to it.
    const QPointF grabbed = m_before.value(m_grabbed);
    const QPointF offset = snapped(grabbed + view().mapToScene(point) - m_start) - grabbed;
    if (offset == m_offset)
        return;
    m_offset = offset;
    QHash<int, QPointF> places = m_before;
    for (QPointF &place : places)
        place += offset;
    canvas().setPlaces(places);
}

void MoveGesture::finish()
{
    canvas().settle();
    if (!m_offset.isNull())
        emit view().moved();
}

void MoveGesture::cancel() { canvas().setPlaces(m_before); }

ConnectGesture::ConnectGesture(CanvasView &view, int from, int port) : Gesture(view), m_from(from), m_port(port)
{
    const PipelineGraph &graph = canvas().graph();
    QHash<int, QList<int>> sources;
    for (const GraphLink &link : graph.links)
        sources[link.to].append(link.from);
    m_fits.fill(true, graph.nodes.size());
    QList<int> upstream{from};
    m_fits[from] = false;
    while (!upstream.isEmpty()) {
        for (const int source : sources.value(upstream.takeLast())) {
            if (m_fits[source]) {
                m_fits[source] = false;
                upstream.append(source);
            }
        }
    }
    for (int node = 0; node < graph.nodes.size(); ++node)
        canvas().node(node)->setMark(NodeItem::Dimmed, !m_fits[node] && node != from);
    canvas().node(from)->setHotPort(port);
}

ConnectGesture::~ConnectGesture()
{
    canvas().gestureMarks().setDraft({});
    // A finished one may have changed the pipeline already: what is there now is looked at.
    for (int node = 0; node < canvas().graph().nodes.size(); ++node) {
        canvas().node(node)->setMark(NodeItem::Dimmed, false);
        canvas().node(node)->setMark(NodeItem::Glowing, false);
        canvas().node(node)->setHotPort(-1);
    }
}

void ConnectGesture::move(const QPoint &point, Qt::KeyboardModifiers /*modifiers*/)
{
    m_point = view().mapToScene(point);
    m_nodeUnder = canvas().nodeAt(m_point);
    const int target = m_nodeUnder >= 0 && m_fits[m_nodeUnder] ? m_nodeUnder : -1;
    if (target != m_target) {
        if (m_target >= 0)
            canvas().node(m_target)->setMark(NodeItem::Glowing, false);
        if (target >= 0)
            canvas().node(target)->setMark(NodeItem::Glowing, true);
        m_target = target;
    }
    const QPointF end = target >= 0 ? canvas().node(target)->inlet() : m_point;
    canvas().gestureMarks().setDraft(
        GestureMarks::Draft{canvas().node(m_from)->outlet(CanvasLook::portY(m_port)), end, m_port});
}

void ConnectGesture::finish()
{
    const DependencyCondition condition = portOrder[size_t(m_port)];
    if (m_nodeUnder == m_from)
        return;
    if (m_nodeUnder >= 0)
        emit view().connected(m_from, condition, m_nodeUnder);
    else if (!m_point.isNull())
        emit view().drawnToNothing(m_from, condition, m_point);
}

} // namespace designer
