#include "designer/charts/ChartWidget.h"

#include "designer/charts/Plot.h"

#include <QKeyEvent>
#include <QVBoxLayout>

#include <algorithm>

namespace designer {

ChartWidget::ChartWidget(QWidget *parent) : QWidget(parent), m_plot(new Plot(this))
{
    setObjectName(QStringLiteral("chart"));
    setFocusPolicy(Qt::TabFocus);
    auto *const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    connect(m_plot, &Plot::pointed, this, [this](QPointF value) { point(nearest(value.x())); });
    connect(m_plot, &Plot::left, this, [this] {
        if (hasFocus())
            return;
        point(-1);
        setAccessibleDescription(summary());
    });
}

ChartWidget::~ChartWidget() = default;

void ChartWidget::setWords(const QString &what, Words y, Words x)
{
    m_what = what;
    m_y = std::move(y);
    m_x = std::move(x);
    m_plot->setAxes({.title = {}, .words = m_x, .hasGrid = false}, {.title = {}, .words = m_y});
    setAccessibleName(what);
    setPoints(m_points);
}

void ChartWidget::setPoints(const QList<QPointF> &points)
{
    m_points = points;
    m_plot->setSeries({{.name = m_what, .points = points, .kind = PlotSeries::Kind::Area}});
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
    if (index < 0 || index >= m_points.size() || !m_y || !m_x) {
        m_plot->mark(std::nullopt);
        return;
    }
    const QPointF &value = m_points.at(index);
    const QString text = tr("%1 at %2").arg(m_y(value.y()), m_x(value.x()));
    m_plot->mark(value, text);
    setAccessibleDescription(text);
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

} // namespace designer

#include "moc_ChartWidget.cpp"
