#include "designer/charts/Plot.h"

#include "designer/shell/Theme.h"

#include <QEvent>
#include <QFile>
#include <QMouseEvent>
#include <QResizeEvent>
#include <QSvgGenerator>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <limits>
#include <qcustomplot.h>
#include <utility>

namespace designer {

namespace {

constexpr double room = 1.12; // above the highest point
constexpr int fewTicks = 5;
constexpr double pictureScale = 2; // of a PNG

// Ticks of an axis in the words of the caller.
class WordTicker final : public QCPAxisTicker
{
public:
    explicit WordTicker(const PlotWords &words) : m_words(words)
    {
        setTickCount(fewTicks);
        setTickStepStrategy(tssReadability);
    }

protected:
    QString getTickLabel(double tick, const QLocale & /*locale*/, QChar /*format*/, int /*precision*/) override
    {
        return m_words ? m_words(tick) : QString::number(tick);
    }

private:
    const PlotWords m_words;
};

constexpr int mostLevel = 6; // names that fit side by side
constexpr int longestName = 22;

// A tick for each name. Long ones are cut in the middle.
QSharedPointer<QCPAxisTicker> nameTicker(const QStringList &names)
{
    const auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    for (int i = 0; i < names.size(); ++i) {
        const QString &name = names.at(i);
        const bool isLong = name.size() > longestName;
        ticker->addTick(i, isLong ? QString(name.left(longestName / 2) + u'…' + name.right(longestName / 2)) : name);
    }
    return ticker;
}

} // namespace

class Plot::Canvas final : public QCustomPlot
{
public:
    explicit Canvas(QWidget *parent)
        : QCustomPlot(parent)
        , tracer(new QCPItemTracer(this))
        , words(new QCPItemText(this))
        , threshold(new QCPItemStraightLine(this))
    {
        setFocusPolicy(Qt::NoFocus); // the chart has it
        setPlottingHint(QCP::phCacheLabels, true);
        tracer->setStyle(QCPItemTracer::tsCircle);
        tracer->setSize(7);
        tracer->position->setType(QCPItemPosition::ptPlotCoords);
        tracer->setVisible(false);
        words->setVisible(false);
        words->setPadding(QMargins(6, 3, 6, 3));
        words->position->setType(QCPItemPosition::ptAbsolute);
        threshold->setVisible(false);
        axisRect()->setMinimumMargins(QMargins(8, 8, 12, 4));
    }

    // Many charts are laid out at once: each draws itself anew in a turn of its own.
    void resizeEvent(QResizeEvent *) override
    {
        if (std::exchange(isResized, true))
            return;
        QTimer::singleShot(0, this, [this] {
            isResized = false;
            QResizeEvent late(size(), {});
            QCustomPlot::resizeEvent(&late);
        });
    }

    QCPItemTracer *tracer;
    QCPItemText *words;
    QCPItemStraightLine *threshold;
    bool isResized = false;
    QList<QCPAbstractPlottable *> drawn; // one for each series
};

Plot::Plot(QWidget *parent) : QWidget(parent), m_canvas(new Canvas(this))
{
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_canvas);
    m_canvas->setMouseTracking(true);
    m_canvas->installEventFilter(this);
    dress();
}

Plot::~Plot() = default;

void Plot::setAxes(const PlotAxis &x, const PlotAxis &y)
{
    m_x = x;
    m_y = y;
    if (x.names.isEmpty())
        m_canvas->xAxis->setTicker(QSharedPointer<WordTicker>::create(x.words));
    else
        m_canvas->xAxis->setTicker(nameTicker(x.names));
    m_canvas->xAxis->setTickLabelRotation(x.names.size() > mostLevel ? 35 : 0);
    m_canvas->yAxis->setTicker(QSharedPointer<WordTicker>::create(y.words));
    m_canvas->xAxis->setLabel(x.title);
    m_canvas->yAxis->setLabel(y.title);
    setRanges();
    dress();
}

void Plot::setSeries(const QList<PlotSeries> &series)
{
    m_series = series;
    for (QCPAbstractPlottable *const old : std::as_const(m_canvas->drawn))
        m_canvas->removePlottable(old);
    m_canvas->drawn.clear();
    for (const PlotSeries &one : series) {
        QVector<double> xs;
        QVector<double> ys;
        for (const QPointF &point : one.points) {
            xs.append(point.x());
            ys.append(point.y());
        }
        if (one.kind == PlotSeries::Kind::Bars) {
            auto *const bars = new QCPBars(m_canvas->xAxis, m_canvas->yAxis);
            bars->setWidth(one.barWidth);
            bars->setData(xs, ys, true);
            m_canvas->drawn.append(bars);
        } else if (one.kind == PlotSeries::Kind::Line || one.kind == PlotSeries::Kind::Reference) {
            // As they come: a curve may go straight up.
            auto *const curve = new QCPCurve(m_canvas->xAxis, m_canvas->yAxis);
            curve->setData(xs, ys);
            m_canvas->drawn.append(curve);
        } else {
            auto *const graph = new QCPGraph(m_canvas->xAxis, m_canvas->yAxis);
            graph->setData(xs, ys, true);
            if (one.kind == PlotSeries::Kind::Steps)
                graph->setLineStyle(QCPGraph::lsStepLeft);
            m_canvas->drawn.append(graph);
        }
    }
    setRanges();
    dress();
}

QColor Plot::colourOf(int place)
{
    const Theme &theme = Theme::current();
    const std::array colours{theme.accent, theme.warn, theme.held, theme.bad, theme.ok, theme.run, theme.idle};
    return colours.at(size_t(place) % colours.size());
}

void Plot::setRanges()
{
    double left = std::numeric_limits<double>::infinity();
    double right = -left;
    double highest = 0;
    double lowest = 0;
    for (const PlotSeries &one : std::as_const(m_series)) {
        for (const QPointF &point : one.points) {
            left = std::min(left, point.x() - one.barWidth / 2);
            right = std::max(right, point.x() + one.barWidth / 2);
            highest = std::max(highest, point.y());
            lowest = std::min(lowest, point.y());
        }
    }
    if (!(left < right)) {
        right = left <= right ? left + 1 : 1;
        left = left < right - 1 || left > right ? 0 : left;
    }
    const bool isXGiven = m_x.low < m_x.high;
    const bool isYGiven = m_y.low < m_y.high;
    m_canvas->xAxis->setRange(isXGiven ? m_x.low : left, isXGiven ? m_x.high : right);
    const double top = highest > 0 ? highest * room : lowest < 0 ? 0 : 1;
    m_canvas->yAxis->setRange(isYGiven ? m_y.low : lowest * room, isYGiven ? m_y.high : top);
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void Plot::dress()
{
    const Theme &theme = Theme::current();
    m_canvas->setBackground(QBrush(theme.surface));
    for (int i = 0; i < m_canvas->drawn.size(); ++i) {
        QCPAbstractPlottable *const drawn = m_canvas->drawn.at(i);
        const PlotSeries::Kind kind = m_series.at(i).kind;
        const QColor colour = colourOf(i);
        QColor below = colour;
        below.setAlphaF(kind == PlotSeries::Kind::Bars ? 0.55F : 0.08F);
        drawn->setBrush(Qt::NoBrush);
        drawn->setPen(QPen(colour, 1.5));
        if (kind == PlotSeries::Kind::Reference)
            drawn->setPen(QPen(theme.text3, 1, Qt::DashLine));
        else if (kind == PlotSeries::Kind::Bars || kind == PlotSeries::Kind::Area)
            drawn->setBrush(below);
        if (auto *const graph = qobject_cast<QCPGraph *>(drawn); graph && kind == PlotSeries::Kind::Dots)
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colour, 6));
    }
    for (QCPAxis *axis : {m_canvas->xAxis, m_canvas->yAxis}) {
        const bool isX = axis == m_canvas->xAxis;
        axis->setTickLabelColor(theme.text2);
        axis->setTickLabelFont(themeFont(TypeSize::Caption));
        axis->setLabelColor(theme.text2);
        axis->setLabelFont(themeFont(TypeSize::Caption));
        axis->setBasePen(isX ? QPen(theme.line2, 1) : QPen(Qt::NoPen));
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->grid()->setPen(QPen(theme.line, 1));
        axis->grid()->setVisible(isX ? m_x.hasGrid : m_y.hasGrid);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_canvas->tracer->setPen(QPen(theme.accent, 1.5));
    m_canvas->tracer->setBrush(theme.surface);
    m_canvas->words->setColor(theme.text);
    m_canvas->words->setBrush(theme.raised);
    m_canvas->words->setPen(QPen(theme.line2, 1));
    m_canvas->words->setFont(themeFont(TypeSize::Caption));
    m_canvas->threshold->setPen(QPen(theme.text2, 1, Qt::DotLine));
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void Plot::mark(std::optional<QPointF> point, const QString &words)
{
    m_canvas->tracer->setVisible(point.has_value());
    m_canvas->words->setVisible(point.has_value());
    if (point) {
        m_canvas->tracer->position->setCoords(*point);
        m_canvas->words->setText(words);
        const double x = m_canvas->xAxis->coordToPixel(point->x());
        const bool isLeft = x > m_canvas->width() / 2.0;
        m_canvas->words->setPositionAlignment((isLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        m_canvas->words->position->setCoords(x + (isLeft ? -8 : 8), 6);
    }
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

void Plot::cut(std::optional<double> x)
{
    m_canvas->threshold->setVisible(x.has_value());
    if (x) {
        m_canvas->threshold->point1->setCoords(*x, 0);
        m_canvas->threshold->point2->setCoords(*x, 1);
    }
    m_canvas->replot(QCustomPlot::rpQueuedReplot);
}

QPointF Plot::valueAt(QPointF position) const
{
    const QPointF inside = m_canvas->mapFrom(this, position);
    return {m_canvas->xAxis->pixelToCoord(inside.x()), m_canvas->yAxis->pixelToCoord(inside.y())};
}

bool Plot::save(const QString &file)
{
    if (file.endsWith(u".svg", Qt::CaseInsensitive)) {
        QFile device(file);
        if (!device.open(QIODevice::WriteOnly))
            return false;
        QSvgGenerator generator;
        generator.setOutputDevice(&device);
        generator.setSize(m_canvas->size());
        generator.setViewBox(m_canvas->rect());
        QCPPainter painter(&generator);
        painter.setMode(QCPPainter::pmVectorized);
        m_canvas->toPainter(&painter, m_canvas->width(), m_canvas->height());
        painter.end();
        return device.flush() && device.error() == QFileDevice::NoError;
    }
    return m_canvas->savePng(file, m_canvas->width(), m_canvas->height(), pictureScale);
}

void Plot::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        dress();
}

bool Plot::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseMove) {
        const auto *const mouse = static_cast<QMouseEvent *>(event);
        emit pointed({m_canvas->xAxis->pixelToCoord(mouse->position().x()),
                      m_canvas->yAxis->pixelToCoord(mouse->position().y())});
    } else if (event->type() == QEvent::Leave) {
        emit left();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace designer

#include "moc_Plot.cpp"
