#include "designer/canvas/CanvasView.h"

#include "designer/canvas/CanvasAccessible.h"
#include "designer/canvas/Gesture.h"
#include "designer/canvas/GestureMarks.h"
#include "designer/shell/Theme.h"

#include <QAction>
#include <QApplication>
#include <QContextMenuEvent>
#include <QFontInfo>
#include <QMimeData>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace designer {

namespace {

constexpr double dotPitch = 20;
constexpr int edgeWidth = 16; // of the zone that scrolls while dragging
constexpr int edgeStep = 12;
constexpr int fitMargin = 40;
constexpr double linkReach = 6; // pixels

// 100 % shows a font of 13 pixels at the size of the user's font.
double baseScale() { return QFontInfo(QApplication::font()).pixelSize() / 13.0; }

bool extendsSelection(Qt::KeyboardModifiers modifiers) { return modifiers & (Qt::ControlModifier | Qt::ShiftModifier); }

} // namespace

CanvasView::CanvasView(CanvasScene &scene, QWidget *parent) : QGraphicsView(&scene, parent), m_canvas(scene)
{
    installCanvasAccessibility();
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setViewportUpdateMode(MinimalViewportUpdate);
    setOptimizationFlags(DontSavePainterState | DontAdjustForAntialiasing);
    setTransformationAnchor(NoAnchor);
    setResizeAnchor(NoAnchor);
    setInteractive(false); // the scene gets no events: what the mouse means is decided here
    setLayoutDirection(Qt::LeftToRight); // data flows to the right in every language
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    viewport()->setMouseTracking(true);
    setAcceptDrops(true);
    setObjectName(QStringLiteral("canvasView"));
    m_edgeTimer.setInterval(30);
    connect(&m_edgeTimer, &QTimer::timeout, this, &CanvasView::autoScroll);
    applyZoom();
}

CanvasView::~CanvasView() = default;

void CanvasView::setActions(const QList<QAction *> &actions) { m_actions = actions; }

// --- Looking --------------------------------------------------------------------------------------------------------

void CanvasView::applyZoom()
{
    const double scale = m_zoom * baseScale();
    setTransform(QTransform::fromScale(scale, scale));
}

void CanvasView::setZoom(double zoom) { zoomAt(viewport()->rect().center(), zoom / m_zoom); }

void CanvasView::zoomAt(const QPoint &place, double factor)
{
    double zoom = std::clamp(m_zoom * factor, leastZoom, mostZoom);
    if (std::abs(zoom - 1) < 0.04)
        zoom = 1; // 100 % is where text is sharpest
    if (qFuzzyCompare(zoom, m_zoom))
        return;
    const QPointF held = mapToScene(place);
    m_zoom = zoom;
    applyZoom();
    scrollBy(mapFromScene(held) - place);
    emit viewMoved();
}

void CanvasView::fit(const QRectF &area)
{
    if (area.isEmpty())
        return;
    const QSizeF room = viewport()->size() - QSize(2 * fitMargin, 2 * fitMargin);
    const double wanted = std::min(room.width() / area.width(), room.height() / area.height()) / baseScale();
    m_zoom = std::clamp(wanted, leastZoom, 1.0);
    applyZoom();
    centerOn(area.center());
    emit viewMoved();
}

void CanvasView::showNode(int node)
{
    ensureVisible(m_canvas.node(node)->body().adjusted(-8, -16, 16, 8), fitMargin / 2, fitMargin / 2);
}

void CanvasView::scrollBy(const QPoint &pixels)
{
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + pixels.x());
    verticalScrollBar()->setValue(verticalScrollBar()->value() + pixels.y());
}

void CanvasView::placeFirst()
{
    const QRectF content = m_canvas.contentRect();
    m_isPlaced = true;
    if (content.isEmpty()) {
        m_zoom = 1;
        applyZoom();
        centerOn(0, 0);
    } else {
        fit(content);
    }
    emit viewMoved();
}

bool CanvasView::isPointerInside() const
{
    return underMouse() && viewport()->rect().contains(viewport()->mapFromGlobal(QCursor::pos()));
}

QPointF CanvasView::pointerPlace() const
{
    return mapToScene(isPointerInside() ? viewport()->mapFromGlobal(QCursor::pos()) : viewport()->rect().center());
}

void CanvasView::drawBackground(QPainter *painter, const QRectF &area)
{
    const Theme &theme = Theme::current();
    painter->setOpacity(1);
    painter->fillRect(area, theme.bg);
    const double scale = transform().m11();
    double pitch = dotPitch;
    while (pitch * scale < 14)
        pitch *= 2;
    QList<QPointF> dots;
    for (double x = std::ceil(area.left() / pitch) * pitch; x <= area.right(); x += pitch) {
        for (double y = std::ceil(area.top() / pitch) * pitch; y <= area.bottom(); y += pitch)
            dots.append({x, y});
    }
    QColor colour = theme.line;
    colour.setAlphaF(theme.mode == Theme::Mode::Light ? 0.6F : 0.5F);
    QPen pen(colour, 2);
    pen.setCosmetic(true);
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(pen);
    painter->drawPoints(dots.constData(), int(dots.size()));
}

void CanvasView::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    if (!m_isPlaced && isVisible())
        placeFirst();
    emit viewMoved();
}

void CanvasView::scrollContentsBy(int dx, int dy)
{
    QGraphicsView::scrollContentsBy(dx, dy);
    emit viewMoved();
}

void CanvasView::changeEvent(QEvent *event)
{
    QGraphicsView::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::ApplicationFontChange) {
        m_canvas.refreshLook();
        applyZoom();
    }
}

void CanvasView::wheelEvent(QWheelEvent *event)
{
    const QPoint pixels = event->pixelDelta();
    const QPoint angle = event->angleDelta();
    if (event->modifiers() & Qt::ControlModifier) {
        zoomAt(event->position().toPoint(), std::pow(1.25, (angle.y() != 0 ? angle.y() : pixels.y()) / 120.0));
    } else {
        QPoint step = pixels.isNull() ? angle / 2 : pixels;
        if (event->modifiers() & (Qt::ShiftModifier | Qt::AltModifier) && step.x() == 0)
            step = {step.y(), 0};
        scrollBy(-step);
    }
    event->accept();
}

// --- Mouse ----------------------------------------------------------------------------------------------------------

void CanvasView::begin(std::unique_ptr<Gesture> gesture)
{
    m_gesture = std::move(gesture);
    m_canvas.setHover({});
    if (m_gesture->scrollsAtEdge())
        m_edgeTimer.start();
    updateCursor();
}

void CanvasView::cancelGesture()
{
    m_waiting.reset();
    m_edgeTimer.stop();
    m_selectsOnRelease = false;
    m_canvas.gestureMarks().setGhost({});
    if (const std::unique_ptr<Gesture> gesture = std::move(m_gesture))
        gesture->cancel();
    updateCursor();
}

std::unique_ptr<Gesture> CanvasView::gestureFor(const CanvasHit &hit)
{
    if (hit.node >= 0)
        return m_canvas.isEditable() ? std::make_unique<MoveGesture>(*this, m_pressed, hit.node) : nullptr;
    if (hit.link >= 0)
        return nullptr;
    return std::make_unique<BandGesture>(*this, m_pressed, extendsSelection(QGuiApplication::keyboardModifiers()));
}

void CanvasView::mousePressEvent(QMouseEvent *event)
{
    m_pointer = event->pos();
    QToolTip::hideText();
    if (m_gesture || m_waiting) { // a second button
        cancelGesture();
        return;
    }
    if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_spaceDown)) {
        begin(std::make_unique<PanGesture>(*this, event->pos()));
        return;
    }
    const CanvasHit hit = m_canvas.hit(mapToScene(event->pos()), linkReach * unit());
    if (event->button() == Qt::RightButton) {
        if (hit.node >= 0 && !m_canvas.isSelected(hit.node))
            pressNode(hit.node, Qt::NoModifier);
        else if (hit.link >= 0)
            pressLink(hit.link, Qt::NoModifier);
        else if (hit.node < 0)
            m_canvas.select({});
        return;
    }
    if (event->button() != Qt::LeftButton)
        return;
    m_pressed = event->pos();
    if (hit.isUntil) {
        emit untilPressed(hit.node);
        return;
    }
    if (hit.opens) {
        m_canvas.select({m_canvas.graph().nodes[hit.node].id});
        m_canvas.setCurrent(hit.node);
        emit opened(hit.node, hit.branch);
        return;
    }
    if (hit.port >= 0) {
        begin(std::make_unique<ConnectGesture>(*this, hit.node, hit.port));
        return;
    }
    if (hit.node >= 0)
        pressNode(hit.node, event->modifiers());
    else if (hit.link >= 0)
        pressLink(hit.link, event->modifiers());
    else if (!extendsSelection(event->modifiers()))
        m_canvas.select({});
    m_waiting = gestureFor(hit);
}

void CanvasView::pressNode(int node, Qt::KeyboardModifiers modifiers)
{
    QStringList ids = m_canvas.selectedIds();
    const QString &id = m_canvas.graph().nodes[node].id;
    m_selectsOnRelease = false;
    if (extendsSelection(modifiers)) {
        if (!ids.removeOne(id))
            ids.append(id);
        m_canvas.select(ids, m_canvas.selectedLinks());
    } else if (!ids.contains(id)) {
        m_canvas.select({id});
    } else {
        m_selectsOnRelease = true;
    }
    m_canvas.setCurrent(node);
}

void CanvasView::pressLink(int link, Qt::KeyboardModifiers modifiers)
{
    const GraphLink &pressed = m_canvas.graph().links[link];
    const LinkId id{m_canvas.graph().nodes[pressed.from].id, m_canvas.graph().nodes[pressed.to].id};
    if (!extendsSelection(modifiers)) {
        m_canvas.select({}, {id});
        return;
    }
    QList<LinkId> links = m_canvas.selectedLinks();
    if (!links.removeOne(id))
        links.append(id);
    m_canvas.select(m_canvas.selectedIds(), links);
}

void CanvasView::mouseMoveEvent(QMouseEvent *event)
{
    m_pointer = event->pos();
    if (m_waiting && (event->pos() - m_pressed).manhattanLength() >= QApplication::startDragDistance()) {
        m_selectsOnRelease = false;
        const CanvasHit pressed = m_canvas.hit(mapToScene(m_pressed), linkReach * unit());
        // Ctrl and a press may have taken the node out of the selection: nothing to move.
        if (pressed.node >= 0 && !m_canvas.isSelected(pressed.node))
            m_waiting.reset();
        else
            begin(std::move(m_waiting));
    }
    if (m_gesture)
        m_gesture->move(event->pos(), event->modifiers());
    else if (event->buttons() == Qt::NoButton)
        hover(event->pos());
}

void CanvasView::mouseReleaseEvent(QMouseEvent *event)
{
    m_pointer = event->pos();
    m_waiting.reset();
    m_edgeTimer.stop();
    if (const std::unique_ptr<Gesture> gesture = std::move(m_gesture)) {
        gesture->finish();
    } else if (m_selectsOnRelease && event->button() == Qt::LeftButton) {
        if (const int node = m_canvas.nodeAt(mapToScene(event->pos())); node >= 0)
            m_canvas.select({m_canvas.graph().nodes[node].id});
    }
    m_selectsOnRelease = false;
    hover(event->pos());
}

void CanvasView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const CanvasHit hit = m_canvas.hit(mapToScene(event->pos()), linkReach * unit());
    if (hit.node >= 0 && hit.port < 0 && !hit.isUntil && !hit.opens)
        activate(hit.node, hit.branch);
    else if (hit == CanvasHit() && m_canvas.isEditable())
        emit addRequested(mapToScene(event->pos()));
}

void CanvasView::contextMenuEvent(QContextMenuEvent *event)
{
    cancelGesture();
    QPoint place = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const int node = m_canvas.current();
        const QPoint shown =
            node >= 0 ? mapFromScene(m_canvas.node(node)->body().center()) : viewport()->rect().center();
        place = viewport()->mapToGlobal(shown);
    }
    emit menuRequested(place);
    event->accept();
}

void CanvasView::hover(const QPoint &place)
{
    m_hit = viewport()->rect().contains(place) ? m_canvas.hit(mapToScene(place), linkReach * unit()) : CanvasHit();
    m_canvas.setHover(m_hit);
    updateCursor();
}

void CanvasView::updateCursor()
{
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (m_gesture)
        shape = m_gesture->cursor();
    else if (m_spaceDown)
        shape = Qt::OpenHandCursor;
    else if (m_hit.port >= 0)
        shape = Qt::CrossCursor;
    else if (m_hit.link >= 0 || m_hit.opens || m_hit.isUntil)
        shape = Qt::PointingHandCursor;
    if (viewport()->cursor().shape() != shape)
        viewport()->setCursor(shape);
}

bool CanvasView::scrollAtEdge(const QPoint &place)
{
    const QRect inner = viewport()->rect().adjusted(edgeWidth, edgeWidth, -edgeWidth, -edgeWidth);
    const QPoint step((place.x() > inner.right()) - (place.x() < inner.left()),
                      (place.y() > inner.bottom()) - (place.y() < inner.top()));
    if (!step.isNull())
        scrollBy(step * edgeStep);
    return !step.isNull();
}

void CanvasView::autoScroll()
{
    if (m_gesture && scrollAtEdge(m_pointer))
        m_gesture->move(m_pointer, QGuiApplication::keyboardModifiers());
}

void CanvasView::activate(int node, int branch)
{
    if (m_canvas.graph().nodes[node].branches.isEmpty())
        emit activated(node);
    else
        emit opened(node, branch);
}

// --- Keyboard -------------------------------------------------------------------------------------------------------

QAction *CanvasView::actionFor(QKeyEvent *event) const
{
    const QKeySequence pressed(event->keyCombination());
    for (QAction *const action : m_actions) {
        if (action->isEnabled() && action->shortcuts().contains(pressed))
            return action;
    }
    return nullptr;
}

bool CanvasView::event(QEvent *event)
{
    // Keys of the canvas are the canvas's while it has the keyboard, whatever the window does with them.
    if (event->type() == QEvent::ShortcutOverride) {
        auto *const key = static_cast<QKeyEvent *>(event);
        if (actionFor(key) || (key->key() == Qt::Key_Escape && (m_gesture || m_waiting || m_isInside))) {
            event->accept();
            return true;
        }
    }
    return QGraphicsView::event(event);
}

void CanvasView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        if (m_gesture || m_waiting)
            cancelGesture();
        else if (!m_canvas.selectedIds().isEmpty() || !m_canvas.selectedLinks().isEmpty())
            m_canvas.select({});
        else if (m_isInside)
            emit left();
        else
            event->ignore();
        return;
    }
    if (m_gesture)
        return;
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_spaceDown = true;
        updateCursor();
        return;
    }
    if (QAction *const action = actionFor(event)) {
        action->trigger();
        return;
    }
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (m_canvas.current() >= 0)
            activate(m_canvas.current(), -1);
        return;
    }
    if (!arrowKey(event))
        event->ignore();
}

void CanvasView::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_spaceDown = false;
        updateCursor();
    }
    QGraphicsView::keyReleaseEvent(event);
}

bool CanvasView::arrowKey(QKeyEvent *event)
{
    const auto key = Qt::Key(event->key());
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const int count = int(m_canvas.graph().nodes.size());
    if (key == Qt::Key_Home || key == Qt::Key_End) {
        if (count > 0)
            goTo(key == Qt::Key_Home ? 0 : count - 1, false);
        return true;
    }
    QPointF direction;
    switch (key) {
    case Qt::Key_Left:
        direction = {-1, 0};
        break;
    case Qt::Key_Right:
        direction = {1, 0};
        break;
    case Qt::Key_Up:
        direction = {0, -1};
        break;
    case Qt::Key_Down:
        direction = {0, 1};
        break;
    default:
        return false;
    }
    if (modifiers & Qt::ControlModifier) {
        const double step = nodes::snap * (modifiers & Qt::ShiftModifier ? 10 : 1);
        if (m_canvas.isEditable())
            emit nudged(direction * step);
    } else if (count > 0) {
        const int from = m_canvas.current();
        const int to = from < 0 ? 0 : neighbour(from, key);
        if (to >= 0)
            goTo(to, modifiers & Qt::ShiftModifier);
    }
    return true;
}

void CanvasView::goTo(int node, bool extends)
{
    QStringList ids = extends ? m_canvas.selectedIds() : QStringList();
    if (!ids.contains(m_canvas.graph().nodes[node].id))
        ids.append(m_canvas.graph().nodes[node].id);
    m_canvas.setCurrent(node);
    m_canvas.select(ids);
    showNode(node);
}

// The nearest node in a direction: what lies beside the way counts double.
int CanvasView::neighbour(int node, Qt::Key direction) const
{
    const QPointF from = m_canvas.node(node)->body().center();
    int nearest = -1;
    double least = 0;
    for (int other = 0; other < m_canvas.graph().nodes.size(); ++other) {
        const QPointF way = m_canvas.node(other)->body().center() - from;
        const bool isAcross = direction == Qt::Key_Left || direction == Qt::Key_Right;
        const double forth =
            isAcross ? way.x() * (direction == Qt::Key_Left ? -1 : 1) : way.y() * (direction == Qt::Key_Up ? -1 : 1);
        const double aside = std::abs(isAcross ? way.y() : way.x());
        if (other == node || forth < 1 || aside > 3 * forth + nodes::height)
            continue;
        if (const double distance = forth + 2 * aside; nearest < 0 || distance < least) {
            nearest = other;
            least = distance;
        }
    }
    return nearest;
}

void CanvasView::focusInEvent(QFocusEvent *event)
{
    QGraphicsView::focusInEvent(event);
    m_canvas.setShowsCurrent(true);
}

void CanvasView::focusOutEvent(QFocusEvent *event)
{
    QGraphicsView::focusOutEvent(event);
    m_spaceDown = false;
    m_canvas.setShowsCurrent(false);
    updateCursor();
}

// --- From the palette -----------------------------------------------------------------------------------------------

void CanvasView::dragEnterEvent(QDragEnterEvent *event)
{
    if (m_canvas.isEditable() && event->mimeData()->hasFormat(activityTypeMime()))
        event->acceptProposedAction();
    else
        event->ignore();
}

void CanvasView::dragMoveEvent(QDragMoveEvent *event)
{
    if (!m_canvas.isEditable() || !event->mimeData()->hasFormat(activityTypeMime())) {
        event->ignore();
        return;
    }
    scrollAtEdge(event->position().toPoint());
    const QPointF middle(nodes::width / 2, nodes::height / 2);
    m_canvas.gestureMarks().setGhost(snapped(mapToScene(event->position().toPoint()) - middle));
    event->acceptProposedAction();
}

void CanvasView::dragLeaveEvent(QDragLeaveEvent * /*event*/) { m_canvas.gestureMarks().setGhost({}); }

void CanvasView::dropEvent(QDropEvent *event)
{
    const std::optional<QPointF> ghost = m_canvas.gestureMarks().ghost();
    m_canvas.gestureMarks().setGhost({});
    if (!ghost || !event->mimeData()->hasFormat(activityTypeMime()))
        return;
    event->acceptProposedAction();
    emit dropped(QString::fromUtf8(event->mimeData()->data(activityTypeMime())), *ghost);
}

bool CanvasView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *const help = static_cast<QHelpEvent *>(event);
        const CanvasHit hit = m_canvas.hit(mapToScene(help->pos()), linkReach * unit());
        const QString text = m_toolTip && !m_gesture ? m_toolTip(hit) : QString();
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    if (event->type() == QEvent::Leave && !m_gesture)
        hover({-1, -1});
    if (event->type() == QEvent::NativeGesture) {
        const auto *const gesture = static_cast<QNativeGestureEvent *>(event);
        if (gesture->gestureType() == Qt::ZoomNativeGesture) {
            zoomAt(gesture->position().toPoint(), 1 + gesture->value());
            return true;
        }
    }
    return QGraphicsView::viewportEvent(event);
}

} // namespace designer

#include "moc_CanvasView.cpp"
