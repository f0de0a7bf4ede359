#include "engine/kernel/RocChart.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

struct RocChartText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RocChart)
};

constexpr double left = 56;
constexpr double top = 16;
constexpr double width = 400;
constexpr double height = 288;

qsizetype columnNamed(const ShownTable &table, QLatin1String name)
{
    for (qsizetype i = 0; i < table.columns.size(); ++i) {
        if (table.columns.at(i).name == name)
            return i;
    }
    return -1;
}

QString place(const QPointF &point)
{
    return QStringLiteral("%1,%2")
        .arg(left + point.x() * width, 0, 'f', 2)
        .arg(top + (1 - point.y()) * height, 0, 'f', 2);
}

} // namespace

std::optional<RocChart> RocChart::of(const ShownTable &table)
{
    const qsizetype across = columnNamed(table, QLatin1String("false_positive_rate"));
    const qsizetype up = columnNamed(table, QLatin1String("recall"));
    if (across < 0 || up < 0 || table.rows.size() < 2 || table.hasMore)
        return {};
    RocChart chart;
    for (const auto &row : table.rows) {
        bool isNumber = false;
        const double x = row.at(across).value_or(QString()).toDouble(&isNumber);
        const double y = row.at(up).value_or(QString()).toDouble();
        if (!isNumber)
            return {};
        chart.m_points += QPointF(std::clamp(x, 0.0, 1.0), std::clamp(y, 0.0, 1.0));
    }
    chart.m_points += {QPointF(0, 0), QPointF(1, 1)};
    std::sort(chart.m_points.begin(), chart.m_points.end(), [](const QPointF &a, const QPointF &b) {
        return a.x() != b.x() ? a.x() < b.x() : a.y() < b.y();
    });
    return chart;
}

double RocChart::area() const
{
    double sum = 0;
    for (qsizetype i = 1; i < m_points.size(); ++i)
        sum += (m_points.at(i).x() - m_points.at(i - 1).x()) * (m_points.at(i).y() + m_points.at(i - 1).y()) / 2;
    return sum;
}

QString RocChart::summary() const { return RocChartText::tr("ROC curve, area %1").arg(area(), 0, 'f', 3); }

// Grey and blue that stand out from a white page and from a dark one.
QByteArray RocChart::svg() const
{
    QStringList curve;
    for (const QPointF &point : m_points)
        curve += place(point);
    QString svg =
        QStringLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"480\" height=\"360\" viewBox=\"0 0 480 360\" "
                       "font-family=\"sans-serif\" font-size=\"12\" fill=\"#7d8590\">\n");
    for (int i = 0; i <= 5; ++i) {
        const double share = i / 5.0;
        const QString text = QString::number(share, 'f', 1);
        const double x = left + share * width;
        const double y = top + (1 - share) * height;
        svg += QStringLiteral("<path d=\"M%1,%2 h%3 M%4,%5 v%6\" stroke=\"#7d8590\" stroke-opacity=\"0.3\"/>\n")
                   .arg(left)
                   .arg(y)
                   .arg(width)
                   .arg(x)
                   .arg(top)
                   .arg(height);
        svg += QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"end\">%3</text>\n")
                   .arg(left - 8)
                   .arg(y + 4)
                   .arg(text);
        svg += QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"middle\">%3</text>\n")
                   .arg(x)
                   .arg(top + height + 18)
                   .arg(text);
    }
    svg += QStringLiteral("<path d=\"M%1 L%2\" stroke=\"#7d8590\" stroke-dasharray=\"4 4\"/>\n")
               .arg(place({0, 0}), place({1, 1}));
    svg += QStringLiteral("<polyline points=\"%1\" fill=\"none\" stroke=\"#3b82f6\" stroke-width=\"2\"/>\n")
               .arg(curve.join(u' '));
    svg += QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"middle\">%3</text>\n")
               .arg(left + width / 2)
               .arg(top + height + 40)
               .arg(RocChartText::tr("false positive rate").toHtmlEscaped());
    svg += QStringLiteral("<text transform=\"translate(14,%1) rotate(-90)\" text-anchor=\"middle\">%2</text>\n")
               .arg(top + height / 2)
               .arg(RocChartText::tr("true positive rate (recall)").toHtmlEscaped());
    svg += QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"end\" font-size=\"14\">%3</text>\n</svg>\n")
               .arg(left + width - 10)
               .arg(top + height - 12)
               .arg(summary().toHtmlEscaped());
    return svg.toUtf8();
}

} // namespace engine
