#include "designer/canvas/Minimap.h"

#include "designer/canvas/CanvasView.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace designer {

namespace {

constexpr double inset = 9;

} // namespace

Minimap::Minimap(CanvasView &view, QWidget *parent) : QWidget(parent), m_view(view)
{
    name(this, QStringLiteral("minimap"), tr("Map of the pipeline"), tr("Press or drag to look at another part"));
    setFixedSize(sizeHint());
    setCursor(Qt::PointingHandCursor);
    connect(&view, &CanvasView::viewMoved, this, QOverload<>::of(&QWidget::update));
    connect(&view.canvas(), &CanvasScene::contentMoved, this, QOverload<>::of(&QWidget::update));
}

QRectF Minimap::seen() const { return m_view.mapToScene(m_view.viewport()->rect()).boundingRect(); }

QTransform Minimap::fromScene() const
{
    const QRectF all = m_view.canvas().contentRect() | seen();
    if (all.isEmpty())
        return {};
    const QSizeF room(width() - 2 * inset, height() - 2 * inset);
    const double scale = std::min(room.width() / all.width(), room.height() / all.height());
    const QPointF middle = QRectF(rect()).center();
    return QTransform::fromTranslate(-all.center().x(), -all.center().y()) * QTransform::fromScale(scale, scale)
        * QTransform::fromTranslate(middle.x(), middle.y());
}

void Minimap::paintEvent(QPaintEvent * /*event*/)
{
    const Theme &theme = Theme::current();
    const CanvasScene &canvas = m_view.canvas();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.line2);
    painter.setBrush(theme.surface);
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), measure::controlRadius, measure::controlRadius);
    const QTransform map = fromScene();
    const int count = int(canvas.graph().nodes.size());
    painter.setPen(Qt::NoPen);
    const bool isRounded = count < 100; // thousands of blocks are small
    painter.setRenderHint(QPainter::Antialiasing, isRounded);
    for (int node = 0; node < count; ++node) {
        QRectF block = map.mapRect(canvas.node(node)->body());
        block.setSize(block.size().expandedTo({2, 2}));
        const QColor colour = canvas.node(node)->blockColour();
        if (isRounded) {
            painter.setBrush(colour);
            painter.drawRoundedRect(block, 2, 2);
        } else {
            painter.fillRect(block, colour);
        }
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme.accent);
    painter.setBrush(Qt::NoBrush);
    const QRectF view = map.mapRect(seen()).intersected(QRectF(rect()).adjusted(4, 4, -4, -4));
    painter.drawRoundedRect(view.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
}

void Minimap::look(const QPointF &place) { m_view.centerOn(fromScene().inverted().map(place)); }

void Minimap::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        look(event->position());
}

void Minimap::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        look(event->position());
}

void Minimap::wheelEvent(QWheelEvent *event) { event->accept(); }

} // namespace designer

#include "moc_Minimap.cpp"
