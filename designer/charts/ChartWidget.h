#pragma once

#include <QList>
#include <QPointF>
#include <QWidget>

#include <functional>

namespace designer {

class Plot;

// A line over time in the colours of the theme: x in seconds from the start, y from 0. Says in words what it shows, and
// shows the values under the pointer, or at the point chosen with ← and →. GUI thread; for up to some thousand points.
class ChartWidget final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartWidget)

public:
    using Words = std::function<QString(double)>;

    explicit ChartWidget(QWidget *parent = nullptr);
    ~ChartWidget() override;

    // What y is, for the summary ("Rows per second"), and how its values and those of x are written.
    void setWords(const QString &what, Words y, Words x);
    void setPoints(const QList<QPointF> &points); // x ascending
    const QList<QPointF> &points() const { return m_points; }
    QString summary() const; // "Rows per second: 826 k on average, between 210 k and 838 k, over 9.8 s"

    QSize sizeHint() const override { return {400, 130}; }
    QSize minimumSizeHint() const override { return {120, 90}; }

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void point(int index); // marks a point; -1 = none
    int nearest(double x) const;

    Plot *m_plot;
    QString m_what;
    Words m_y;
    Words m_x;
    QList<QPointF> m_points;
    int m_pointed = -1;
};

} // namespace designer
