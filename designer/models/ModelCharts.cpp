#include "designer/models/ModelCharts.h"

#include "designer/widgets/Format.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace designer {

namespace {

struct ChartText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ModelCharts)
};

constexpr int mostCurves = 6; // of a model with many classes
constexpr int mostWeights = 20;

PlotWords share()
{
    return [](double value) { return QString::number(value, 'g', 3); };
}

PlotAxis unit(const QString &title) { return {.title = title, .low = 0, .high = 1.02, .words = share()}; }

PlotSeries reference(const QString &name, const QList<QPointF> &points)
{
    return {.name = name, .points = points, .kind = PlotSeries::Kind::Reference};
}

// Curves by class, those of `other` after them, named by version.
QList<PlotSeries> curves(const ModelCard &card,
                         const QList<ModelCard::Curve> &own,
                         const ModelCard *other,
                         const QList<ModelCard::Curve> *others)
{
    QList<PlotSeries> series;
    const auto add = [&](const ModelCard &of, const QList<ModelCard::Curve> &list) {
        for (const ModelCard::Curve &curve : list.first(std::min<qsizetype>(list.size(), mostCurves))) {
            QString name = curve.outcome;
            if (other != nullptr)
                name = name.isEmpty() ? ChartText::tr("version %1").arg(of.version)
                                      : ChartText::tr("%1, version %2").arg(name).arg(of.version);
            series.append({.name = name, .points = curve.points});
        }
    };
    add(card, own);
    if (other != nullptr && others != nullptr)
        add(*other, *others);
    return series;
}

QString compared(const QString &metric, const ModelCard &card, const ModelCard *other)
{
    const std::optional<double> value = card.test(metric);
    if (!value)
        return {};
    QString text = QStringLiteral("%1 %2").arg(metricTitle(metric), metricText(value));
    if (other != nullptr && other->test(metric))
        text += ChartText::tr("; version %1: %2").arg(other->version).arg(metricText(other->test(metric)));
    return text;
}

} // namespace

CurveChart::Content rocContent(const ModelCard &card, const ModelCard *other)
{
    CurveChart::Content content{.title = ChartText::tr("ROC curve"),
                                .summary = compared(QStringLiteral("rocAuc"), card, other),
                                .x = unit(ChartText::tr("False positive rate")),
                                .y = unit(ChartText::tr("True positive rate")),
                                .series = curves(card, card.roc, other, other ? &other->roc : nullptr)};
    content.series.append(reference(ChartText::tr("chance"), {{0, 0}, {1, 1}}));
    return content;
}

CurveChart::Content precisionRecallContent(const ModelCard &card, const ModelCard *other)
{
    CurveChart::Content content{
        .title = ChartText::tr("Precision and recall"),
        .summary = compared(QStringLiteral("averagePrecision"), card, other),
        .x = unit(ChartText::tr("Recall")),
        .y = unit(ChartText::tr("Precision")),
        .series = curves(card, card.precisionRecall, other, other ? &other->precisionRecall : nullptr)};
    if (card.isBinary() && card.baseRate > 0)
        content.series.append(reference(ChartText::tr("base rate"), {{0, card.baseRate}, {1, card.baseRate}}));
    return content;
}

CurveChart::Content calibrationContent(const ModelCard &card, const ModelCard *other)
{
    CurveChart::Content content{.title = ChartText::tr("Calibration"),
                                .summary = compared(QStringLiteral("calibrationError"), card, other),
                                .x = unit(ChartText::tr("Mean prediction")),
                                .y = unit(ChartText::tr("Observed rate")),
                                .series = {}};
    content.series = {{.name = other ? ChartText::tr("version %1").arg(card.version) : ChartText::tr("model"),
                       .points = card.calibration,
                       .kind = PlotSeries::Kind::Dots}};
    if (other != nullptr)
        content.series.append({.name = ChartText::tr("version %1").arg(other->version),
                               .points = other->calibration,
                               .kind = PlotSeries::Kind::Dots});
    content.series.append(reference(ChartText::tr("perfect"), {{0, 0}, {1, 1}}));
    return content;
}

CurveChart::Content gainsContent(const ModelCard &card, const ModelCard *other)
{
    CurveChart::Content content{.title = ChartText::tr("Lift"),
                                .summary = {},
                                .x = unit(ChartText::tr("Share of rows, best first")),
                                .y = {.title = ChartText::tr("Rate over base rate"), .words = share()},
                                .series = {}};
    const auto tenth =
        std::find_if(card.lift.begin(), card.lift.end(), [](const QPointF &point) { return point.x() >= 0.1 - 1e-9; });
    if (tenth != card.lift.end())
        content.summary = ChartText::tr("The best %1 % of the rows hold %2 times the base rate")
                              .arg(QString::number(100 * tenth->x(), 'f', 0), QString::number(tenth->y(), 'f', 2));
    content.series = {
        {.name = other ? ChartText::tr("version %1").arg(card.version) : ChartText::tr("model"), .points = card.lift}};
    if (other != nullptr)
        content.series.append({.name = ChartText::tr("version %1").arg(other->version), .points = other->lift});
    content.series.append(reference(ChartText::tr("chance"), {{0, 1}, {1, 1}}));
    return content;
}

CurveChart::Content scoresContent(const ModelCard &card)
{
    PlotSeries negatives{.name = card.classes.value(card.classes.indexOf(card.positive) == 0 ? 1 : 0),
                         .points = {},
                         .kind = PlotSeries::Kind::Bars};
    PlotSeries positives{.name = card.positive, .points = {}, .kind = PlotSeries::Kind::Bars};
    double rows = 0;
    for (const ModelCard::Bin &bin : card.scores) {
        const double width = bin.high - bin.low;
        // Side by side, each half as wide as the bin.
        negatives.barWidth = positives.barWidth = width * 0.42;
        negatives.points.append({bin.low + width * 0.29, bin.negatives});
        positives.points.append({bin.low + width * 0.71, bin.positives});
        rows += bin.positives + bin.negatives;
    }
    return {.title = ChartText::tr("Scores"),
            .summary = rows > 0 ? ChartText::tr("%Ln row(s) of the test part by score", nullptr, int(rows)) : QString(),
            .x = {.title = ChartText::tr("Probability of %1").arg(card.positive),
                  .low = 0,
                  .high = 1.02,
                  .words = share(),
                  .hasGrid = false},
            .y = {.title = ChartText::tr("Rows"), .words = share()},
            .series = {negatives, positives}};
}

CurveChart::Content weightsContent(const ModelCard &card, const ModelCard *other)
{
    QList<ModelCard::Coefficient> largest;
    for (const ModelCard::Coefficient &one : card.coefficients) {
        if (one.term != u"(intercept)")
            largest.append(one);
    }
    const qsizetype count = largest.size();
    std::stable_sort(largest.begin(), largest.end(), [](const auto &a, const auto &b) {
        return std::abs(a.value) > std::abs(b.value);
    });
    largest = largest.first(std::min<qsizetype>(largest.size(), mostWeights));
    const auto nameOf = [](const ModelCard::Coefficient &one) {
        return one.outcome.isEmpty() ? one.term : QStringLiteral("%1 · %2").arg(one.outcome, one.term);
    };
    QStringList names;
    PlotSeries own{.name = other ? ChartText::tr("version %1").arg(card.version) : ChartText::tr("coefficient"),
                   .points = {},
                   .kind = PlotSeries::Kind::Bars,
                   .barWidth = other ? 0.36 : 0.66};
    PlotSeries beside{.name = other ? ChartText::tr("version %1").arg(other->version) : QString(),
                      .points = {},
                      .kind = PlotSeries::Kind::Bars,
                      .barWidth = 0.36};
    for (int i = 0; i < largest.size(); ++i) {
        names.append(nameOf(largest.at(i)));
        own.points.append({i + (other ? -0.2 : 0.0), largest.at(i).value});
        if (other == nullptr)
            continue;
        for (const ModelCard::Coefficient &one : other->coefficients) {
            if (nameOf(one) == names.last())
                beside.points.append({i + 0.2, one.value});
        }
    }
    const PlotWords nameAt = [names](double at) { return names.value(int(std::lround(at))); };
    CurveChart::Content content{.title = ChartText::tr("Largest coefficients"),
                                .summary = {},
                                .x = {.title = {},
                                      .low = -0.6,
                                      .high = std::max<double>(0.6, double(names.size()) - 0.4),
                                      .words = nameAt,
                                      .hasGrid = false,
                                      .names = names},
                                .y = {.title = {}, .words = share()},
                                .series = {own}};
    if (count > mostWeights)
        content.summary = ChartText::tr("The %1 largest of %2").arg(mostWeights).arg(countText(count));
    if (other != nullptr)
        content.series.append(beside);
    return content;
}

} // namespace designer
