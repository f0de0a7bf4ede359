#include "designer/charts/ChartWidget.h"

#include "designer/shell/Theme.h"

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <qcustomplot.h>

namespace designer {

namespace {

constexpr double room = 1.12; // above the highest point
constexpr int fewTicks = 5;

// Ticks of an axis in the words of the caller.
class WordTicker final : public QCPAxisTicker
{
public:
    explicit WordTicker(const ChartWidget::Words &words) : m_words(words)
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
    const ChartWidget::Words m_words;
};

} // namespace

class ChartWidget::Plot final : public QCustomPlot
{
public:
    explicit Plot(QWidget *parent)
        : QCustomPlot(parent)
        , line(addGraph())
        , mark(new QCPItemTracer(this))
        , words(new QCPItemText(this))
    {
        setFocusPolicy(Qt::NoFocus); // the chart has it
        setPlottingHint(QCP::phCacheLabels, true);
        mark->setStyle(QCPItemTracer::tsCircle);
        mark->setSize(7);
        mark->setVisible(false);
        words->setVisible(false);
        words->setPadding(QMargins(6, 3, 6, 3));
        words->position->setType(QCPItemPosition::ptAbsolute);
        axisRect()->setMinimumMargins(QMargins(8, 8, 12, 4));
    }

    QCPGraph *line;
    QCPItemTracer *mark;
    QCPItemText *words;
};

ChartWidget::ChartWidget(QWidget *parent) : QWidget(parent), m_plot(new Plot(this))
{
    setObjectName(QStringLiteral("chart"));
    setFocusPolicy(Qt::TabFocus);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    dress();
}

ChartWidget::~ChartWidget() = default;

void ChartWidget::setWords(const QString &what, Words y, Words x)
{
    m_what = what;
    m_y = std::move(y);
    m_x = std::move(x);
    m_plot->yAxis->setTicker(QSharedPointer<WordTicker>::create(m_y));
    m_plot->xAxis->setTicker(QSharedPointer<WordTicker>::create(m_x));
    setAccessibleName(what);
    setPoints(m_points);
}

void ChartWidget::setPoints(const QList<QPointF> &points)
{
    m_points = points;
    QVector<double> xs;
    QVector<double> ys;
    double highest = 0;
    for (const QPointF &point : points) {
        xs.append(point.x());
        ys.append(point.y());
        highest = std::max(highest, point.y());
    }
    m_plot->line->setData(xs, ys, true);
    m_plot->xAxis->setRange(points.isEmpty() ? 0 : points.first().x(), points.isEmpty() ? 1 : points.last().x());
    m_plot->yAxis->setRange(0, highest > 0 ? highest * room : 1);
    setAccessibleDescription(summary());
    point(qMin(m_pointed, int(points.size()) - 1));
}

QString ChartWidget::summary() const
{
    if (m_points.isEmpty() || !m_y || !m_x)
        return tr("%1: no values yet").arg(m_what);
    const auto [least, most] = std::minmax_element(
        m_points.begin(), m_points.end(), [](const QPointF &a, const QPointF &b) { return a.y() < b.y(); });
    double sum = 0;
    for (const QPointF &point : m_points)
        sum += point.y();
    return tr("%1: %2 on average, between %3 and %4, over %5")
        .arg(m_what,
             m_y(sum / double(m_points.size())),
             m_y(least->y()),
             m_y(most->y()),
             m_x(m_points.last().x() - m_points.first().x()));
}

void ChartWidget::dress()
{
    const Theme &theme = Theme::current();
    m_plot->setBackground(QBrush(theme.surface));
    m_plot->line->setPen(QPen(theme.accent, 1.5));
    QColor below = theme.accent;
    below.setAlphaF(0.08F);
    m_plot->line->setBrush(below);
    for (QCPAxis *axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabelColor(theme.text2);
        axis->setTickLabelFont(themeFont(TypeSize::Caption));
        axis->setBasePen(axis == m_plot->xAxis ? QPen(theme.line2, 1) : QPen(Qt::NoPen));
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->grid()->setPen(QPen(theme.line, 1));
        axis->grid()->setVisible(axis == m_plot->yAxis);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    m_plot->mark->setPen(QPen(theme.accent, 1.5));
    m_plot->mark->setBrush(theme.surface);
    m_plot->words->setColor(theme.text);
    m_plot->words->setBrush(theme.raised);
    m_plot->words->setPen(QPen(theme.line2, 1));
    m_plot->words->setFont(themeFont(TypeSize::Caption));
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

int ChartWidget::nearest(double x) const
{
    const auto next = std::lower_bound(
        m_points.begin(), m_points.end(), x, [](const QPointF &point, double wanted) { return point.x() < wanted; });
    const int index = int(next - m_points.begin());
    if (index == m_points.size())
        return index - 1;
    return index > 0 && x - m_points.at(index - 1).x() < next->x() - x ? index - 1 : index;
}

void ChartWidget::point(int index)
{
    m_pointed = index;
    const bool isAny = index >= 0 && index < m_points.size() && m_y && m_x;
    m_plot->mark->setGraph(isAny ? m_plot->line : nullptr);
    m_plot->mark->setVisible(isAny);
    m_plot->words->setVisible(isAny);
    if (isAny) {
        const QPointF &value = m_points.at(index);
        const QString text = tr("%1 at %2").arg(m_y(value.y()), m_x(value.x()));
        m_plot->mark->setGraphKey(value.x());
        m_plot->words->setText(text);
        const double x = m_plot->xAxis->coordToPixel(value.x());
        const bool isLeft = x > m_plot->width() / 2.0;
        m_plot->words->setPositionAlignment((isLeft ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        m_plot->words->position->setCoords(x + (isLeft ? -8 : 8), 6);
        setAccessibleDescription(text);
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void ChartWidget::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        dress();
}

void ChartWidget::keyPressEvent(QKeyEvent *event)
{
    const int last = int(m_points.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        point(m_pointed < 0 ? last : qMax(0, m_pointed - 1));
        return;
    case Qt::Key_Right:
        point(qMin(last, m_pointed + 1));
        return;
    case Qt::Key_Home:
        point(qMin(0, last));
        return;
    case Qt::Key_End:
        point(last);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void ChartWidget::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (m_pointed < 0 && event->reason() != Qt::MouseFocusReason)
        point(int(m_points.size()) - 1);
}

void ChartWidget::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    point(-1);
    setAccessibleDescription(summary());
}

bool ChartWidget::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::MouseMove) {
        const auto *const mouse = static_cast<QMouseEvent *>(event);
        point(nearest(m_plot->xAxis->pixelToCoord(mouse->position().x())));
    } else if (event->type() == QEvent::Leave && !hasFocus()) {
        point(-1);
        setAccessibleDescription(summary());
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace designer

#include "moc_ChartWidget.cpp"
