#pragma once

#include <QList>
#include <QPointF>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <functional>
#include <optional>

namespace designer {

// How a value is written: "0.93", "12.4 s".
using PlotWords = std::function<QString(double)>;

// One axis: what it says, what of it is seen. low == high: as the values need it.
struct PlotAxis
{
    QString title;
    double low = 0;
    double high = 0;
    PlotWords words = {};
    bool hasGrid = true;
    QStringList names = {}; // of the places 0, 1, 2 …, instead of numbers; many stand slanted
};

// One row of values, drawn in the theme's colour of its place in the list (the first is the accent).
struct PlotSeries
{
    enum class Kind { Line, Area, Steps, Bars, Dots, Reference }; // Reference: dashed, without a colour of its own

    QString name;
    QList<QPointF> points; // x ascending, but for Line
    Kind kind = Kind::Line;
    double barWidth = 0; // Bars: in units of x
};

// The one place that draws charts (QCustomPlot): axes, series, a marked point, in the theme's colours. No interaction
// of its own: who owns it asks for values under the pointer. GUI thread; for up to some thousand points.
class Plot final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Plot)

public:
    explicit Plot(QWidget *parent = nullptr);
    ~Plot() override;

    void setAxes(const PlotAxis &x, const PlotAxis &y);
    void setSeries(const QList<PlotSeries> &series);
    const QList<PlotSeries> &series() const { return m_series; }
    static QColor colourOf(int place); // in the theme

    // A circle at `point` with words beside it; nullopt takes it away.
    void mark(std::optional<QPointF> point, const QString &words = {});
    // A line across the whole height, where a threshold is; nullopt takes it away.
    void cut(std::optional<double> x);
    QPointF valueAt(QPointF position) const; // of a place in this widget

    // Writes the chart as it is seen, by the file's suffix: .png (twice the size on the screen) or .svg. False: it
    // could not be written.
    bool save(const QString &file);

signals:
    void pointed(QPointF value); // the pointer is over this value
    void left();

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    class Canvas;

    void dress(); // colours and fonts of the theme
    void setRanges();

    Canvas *m_canvas;
    PlotAxis m_x;
    PlotAxis m_y;
    QList<PlotSeries> m_series;
};

} // namespace designer
