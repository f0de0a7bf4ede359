#include "designer/monitor/TimelineView.h"

#include "designer/monitor/Now.h"
#include "designer/shell/Theme.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <cmath>

namespace designer {

using namespace engine;

namespace {

constexpr int margin = 12;
constexpr int rightMargin = 24;
constexpr int readDelayMs = 30;
constexpr int tickMs = 100;
constexpr double zoomStep = 1.25;
constexpr int panPixels = 60;

} // namespace

TimelineView::TimelineView(Workbench &workbench, QWidget *parent) : QAbstractScrollArea(parent), m_workbench(workbench)
{
    // Its rows have cards for tips; this one is for those who ask the widget.
    name(this, QStringLiteral("timeline"), tr("Timeline of the run"), tr("When each activity and cell ran"));
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    m_reading.setSingleShot(true);
    m_reading.setInterval(readDelayMs);
    m_ticking.setInterval(tickMs);
    connect(&m_reading, &QTimer::timeout, this, &TimelineView::reread);
    connect(&m_ticking, &QTimer::timeout, this, &TimelineView::followNow);
    connect(&workbench, &Workbench::zoneChanged, viewport(), qOverload<>(&QWidget::update));
}

void TimelineView::setRun(const RunWatch *run)
{
    if (m_run)
        disconnect(m_run, nullptr, this, nullptr);
    m_run = run;
    m_collapsed.clear();
    m_current = -1;
    m_isFitting = true;
    if (run) {
        const auto later = [this] {
            if (!m_reading.isActive())
                m_reading.start();
        };
        connect(run, &RunWatch::stateChanged, this, later);
        connect(run, &RunWatch::runChanged, this, later);
        connect(run, &RunWatch::activityAdded, this, later);
        connect(run, &RunWatch::activityChanged, this, later);
        connect(run, &RunWatch::cellsChanged, this, later);
        connect(run, &RunWatch::pipelineLoaded, this, later);
        connect(run, &QObject::destroyed, this, [this] {
            m_run = nullptr;
            reread();
        });
    }
    reread();
}

// --- What is shown ---------------------------------------------------------------------------------------------------

void TimelineView::reread()
{
    const TimelineRow *const current = selectedRow();
    const TimelineRow kept = current ? *current : TimelineRow();
    m_rows =
        m_run && m_run->state() == RunWatch::State::Ready ? timelineRows(*m_run, m_collapsed) : QList<TimelineRow>();
    if (current) {
        m_current = -1;
        for (int row = 0; row < m_rows.size() && m_current < 0; ++row) {
            if (m_rows.at(row).isSamePlace(kept))
                m_current = row;
        }
    }
    if (isRunning() && !m_ticking.isActive())
        m_ticking.start();
    else if (!isRunning())
        m_ticking.stop();
    layOut();
}

bool TimelineView::isRunning() const { return m_run && m_run->run().start && !isTerminal(m_run->run().status); }

void TimelineView::layOut()
{
    const int content = int(m_rows.size()) * rowHeight() + margin;
    const int room = qMax(1, viewport()->height() - axisHeight());
    verticalScrollBar()->setRange(0, qMax(0, content - room));
    verticalScrollBar()->setPageStep(room);
    verticalScrollBar()->setSingleStep(rowHeight());
    if (m_isFitting)
        fit();
    else
        showRange();
    viewport()->update();
}

void TimelineView::fit()
{
    m_isFitting = true;
    if (!m_run)
        return;
    const RunRecord &run = m_run->run();
    const Instant start = run.start.value_or(run.queuedAt);
    const Instant end = std::max(run.end.value_or(now()), start + Millis(1));
    m_axis = fittingAxis(start, end, labelWidth(), qMax(60, viewport()->width() - labelWidth() - rightMargin));
    viewport()->update();
}

void TimelineView::followNow()
{
    if (!isVisible())
        return;
    if (m_isFitting && now() > m_axis.to)
        fit(); // otherwise the bars grow into the room there is
    viewport()->update();
}

void TimelineView::showRange()
{
    m_axis.left = labelWidth();
    m_axis.width = qMax(60, viewport()->width() - labelWidth() - rightMargin);
    viewport()->update();
}

void TimelineView::setAxis(const TimeAxis &axis)
{
    m_isFitting = false;
    m_axis = axis;
    viewport()->update();
}

const TimelineRow *TimelineView::selectedRow() const
{
    return m_current >= 0 && m_current < m_rows.size() ? &m_rows.at(m_current) : nullptr;
}

void TimelineView::select(const QString &activity, int cell)
{
    for (int row = 0; row < m_rows.size(); ++row) {
        if (m_rows.at(row).activity == activity && m_rows.at(row).cell == cell) {
            m_current = row;
            viewport()->update();
            return;
        }
    }
}

void TimelineView::setCurrent(int row)
{
    if (row < 0 || row >= m_rows.size())
        return;
    m_current = row;
    const QRect place = rowRect(row);
    QScrollBar *const bar = verticalScrollBar();
    const int bottom = axisTop();
    if (place.top() < 0)
        bar->setValue(bar->value() + place.top());
    else if (place.bottom() > bottom)
        bar->setValue(bar->value() + place.bottom() - bottom);
    setAccessibleDescription(sentence(m_rows.at(row)));
    viewport()->update();
    emit selected(m_rows.at(row).activity, m_rows.at(row).cell);
}

bool TimelineView::hasCells(const TimelineRow &row) const
{
    return row.cell == 0 && m_run && !row.activityRun.isEmpty() && !m_run->cells(row.activityRun).isEmpty();
}

void TimelineView::fold(int row)
{
    if (row < 0 || row >= m_rows.size() || !hasCells(m_rows.at(row)))
        return;
    const QString path = m_rows.at(row).activity;
    if (m_collapsed.contains(path))
        m_collapsed.removeAll(path);
    else
        m_collapsed.append(path);
    reread();
}

// --- Places ----------------------------------------------------------------------------------------------------------

int TimelineView::rowHeight() const { return qMax(28, fontMetrics().height() + 10); }

int TimelineView::axisTop() const
{
    return qMin(viewport()->height() - axisHeight(), margin + int(m_rows.size()) * rowHeight() + 4);
}

int TimelineView::axisHeight() const { return fontMetrics().height() + 12; }

int TimelineView::labelWidth() const { return qBound(120, viewport()->width() / 6, 240); }

QRect TimelineView::rowRect(int row) const
{
    return {0, margin + row * rowHeight() - verticalScrollBar()->value(), viewport()->width(), rowHeight()};
}

int TimelineView::rowAt(const QPoint &position) const
{
    if (position.y() >= axisTop())
        return -1;
    const int row = (position.y() - margin + verticalScrollBar()->value()) / rowHeight();
    return position.y() + verticalScrollBar()->value() >= margin && row < m_rows.size() ? row : -1;
}

QString TimelineView::sentence(const TimelineRow &row) const
{
    QStringList parts{row.cell > 0 ? tr("%1 of %2").arg(row.label, row.activity) : row.label, row.look.word};
    if (!row.bars.isEmpty()) {
        const TimelineRow::Bar &last = row.bars.last();
        parts.append(durationText(last.end.value_or(now()) - last.start));
        if (row.bars.size() > 1)
            parts.append(tr("attempt %1").arg(last.attempt));
    } else {
        parts.append(row.note);
    }
    parts.removeDuplicates();
    return parts.join(QStringLiteral(", "));
}

QString TimelineView::card(const TimelineRow &row) const
{
    QStringList lines{QStringLiteral("<b>%1</b> · %2").arg(row.label.toHtmlEscaped(), row.look.word)};
    for (const TimelineRow::Bar &bar : row.bars) {
        QString line = row.bars.size() > 1 ? tr("Attempt %1, %2: ").arg(bar.attempt).arg(bar.look.word) : QString();
        line += tr("started %1").arg(exactTimeText(bar.start, m_workbench.zone()));
        line += tr(", took %1").arg(durationText(bar.end.value_or(now()) - bar.start));
        if (bar.start > bar.waitedFrom)
            line += tr(", waited %1").arg(durationText(bar.start - bar.waitedFrom));
        lines.append(line.toHtmlEscaped());
    }
    if (!row.note.isEmpty())
        lines.append(row.note.toHtmlEscaped());
    return lines.join(QStringLiteral("<br>"));
}

// --- Events ----------------------------------------------------------------------------------------------------------

bool TimelineView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *const help = static_cast<QHelpEvent *>(event);
        const int row = rowAt(help->pos());
        if (row >= 0)
            QToolTip::showText(help->globalPos(), card(m_rows.at(row)), viewport(), rowRect(row));
        else
            QToolTip::hideText();
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TimelineView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOut();
}

void TimelineView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        layOut();
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    const double turns = double(event->angleDelta().y()) / 120;
    if (event->modifiers() & Qt::ControlModifier) {
        setAxis(m_axis.zoomed(std::pow(zoomStep, turns), event->position().x()));
        event->accept();
        return;
    }
    const QPoint pixels = event->pixelDelta().isNull() ? event->angleDelta() : event->pixelDelta();
    if (event->modifiers() & (Qt::ShiftModifier | Qt::AltModifier) || qAbs(pixels.x()) > qAbs(pixels.y())) {
        setAxis(m_axis.moved(-double(pixels.x() != 0 ? pixels.x() : pixels.y())));
        event->accept();
        return;
    }
    QAbstractScrollArea::wheelEvent(event);
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    const double centre = m_axis.left + m_axis.width / 2;
    switch (event->key()) {
    case Qt::Key_Up:
        setCurrent(qMax(0, m_current - 1));
        return;
    case Qt::Key_Down:
        setCurrent(m_current + 1);
        return;
    case Qt::Key_Home:
        setCurrent(0);
        return;
    case Qt::Key_End:
        setCurrent(int(m_rows.size()) - 1);
        return;
    case Qt::Key_Left:
        setAxis(m_axis.moved(-panPixels));
        return;
    case Qt::Key_Right:
        setAxis(m_axis.moved(panPixels));
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        setAxis(m_axis.zoomed(zoomStep, centre));
        return;
    case Qt::Key_Minus:
        setAxis(m_axis.zoomed(1 / zoomStep, centre));
        return;
    case Qt::Key_0:
        fit();
        return;
    case Qt::Key_Space:
        fold(m_current);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (const TimelineRow *const row = selectedRow(); row && !row->activityRun.isEmpty())
            emit opened(row->activity, row->cell);
        return;
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const int row = rowAt(at);
    if (event->button() != Qt::LeftButton || row < 0)
        return;
    if (at.x() < margin + 16 + m_rows.at(row).depth * 16 && hasCells(m_rows.at(row)))
        fold(row);
    else
        setCurrent(row);
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint());
    if (row < 0)
        fit();
    else if (!m_rows.at(row).activityRun.isEmpty())
        emit opened(m_rows.at(row).activity, m_rows.at(row).cell);
}

} // namespace designer

#include "moc_TimelineView.cpp"
