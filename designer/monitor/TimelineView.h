#pragma once

#include "designer/monitor/TimeAxis.h"
#include "designer/monitor/TimelineRows.h"

#include <QAbstractScrollArea>
#include <QTimer>

namespace designer {

class Workbench;

// A run in time: a row per activity and cell, waiting hatched, work in the colour of its state. GUI thread.
//
// Ctrl+wheel, + and − zoom; 0 fits; Shift+wheel, ← and → move; ↑ and ↓ go from row to row; Enter and double-click open;
// Space folds the cells of an activity.
class TimelineView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit TimelineView(Workbench &workbench, QWidget *parent = nullptr);

    void setRun(const RunWatch *run); // borrowed; nullptr shows nothing
    void select(const QString &activity, int cell = 0);
    void fit();

    const QList<TimelineRow> &rows() const { return m_rows; }
    const TimelineRow *selectedRow() const; // nullptr: none
    const TimeAxis &axis() const { return m_axis; }
    QRect rowRect(int row) const; // in the viewport

signals:
    void selected(const QString &activity, int cell);
    void opened(const QString &activity, int cell);

protected:
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    void reread();
    void layOut();
    void followNow();
    void showRange();
    void setAxis(const TimeAxis &axis);
    void setCurrent(int row);
    void fold(int row);
    int rowAt(const QPoint &position) const;
    int labelWidth() const;
    int rowHeight() const;
    int axisHeight() const;
    int axisTop() const; // below the rows, at the latest at the bottom of the viewport
    bool isRunning() const;
    bool hasCells(const TimelineRow &row) const;
    QString sentence(const TimelineRow &row) const;
    QString card(const TimelineRow &row) const;
    void paintRow(QPainter &painter, int row) const;
    void paintBar(QPainter &painter, const QRectF &place, const TimelineRow::Bar &bar) const;
    void paintAxis(QPainter &painter) const;

    Workbench &m_workbench;
    const RunWatch *m_run = nullptr;
    QList<TimelineRow> m_rows;
    QStringList m_collapsed;
    TimeAxis m_axis;
    bool m_isFitting = true; // until the user zooms
    int m_current = -1;
    QTimer m_reading; // many events, one look
    QTimer m_ticking;
};

} // namespace designer
