#include "designer/models/ModelCard.h"

#include "designer/widgets/Format.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <limits>

namespace designer {

using namespace engine;

namespace {

struct CardText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ModelCard)
};

const Json &arrayAt(const Json &json, const char *key)
{
    static const Json none = Json::array();
    const Json &found = memberAt(json, key);
    return found.is_array() ? found : none;
}

std::optional<double> numberIn(const Json &value)
{
    return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::optional<double> numberAt(const Json &json, const char *key) { return numberIn(memberAt(json, key)); }

QStringList textsAt(const Json &json, const char *key)
{
    QStringList texts;
    for (const Json &one : arrayAt(json, key)) {
        if (one.is_string())
            texts.append(toQString(one.get_ref<const std::string &>()));
    }
    return texts;
}

// Of objects, the points that two of their members make.
QList<QPointF> pointsAt(const Json &json, const char *key, const char *x, const char *y)
{
    QList<QPointF> points;
    for (const Json &one : arrayAt(json, key)) {
        const auto across = numberAt(one, x);
        const auto up = numberAt(one, y);
        if (across && up)
            points.append({*across, *up});
    }
    return points;
}

// A card has tenths of the rows, best first, numbered and with their weights.
QList<QPointF> liftAt(const Json &gains)
{
    double all = 0;
    for (const Json &one : gains)
        all += numberAt(one, "weight").value_or(0);
    QList<QPointF> points;
    double seen = 0;
    for (const Json &one : gains) {
        seen += numberAt(one, "weight").value_or(0);
        if (const auto lift = numberAt(one, "cumulativeLift"); lift && all > 0)
            points.append({seen / all, *lift});
    }
    return points;
}

QString shortNumber(double value) { return QString::number(value, 'g', 6); }

ModelCard::Feature featureFrom(const Json &json)
{
    ModelCard::Feature feature{.name = stringAt(json, "name"),
                               .type = stringAt(json, "type"),
                               .use = stringAt(json, "role"),
                               .missingRate = numberAt(json, "missingRate").value_or(0),
                               .range = {},
                               .centre = {}};
    const QStringList levels = textsAt(json, "levels");
    const auto low = numberAt(json, "min");
    const auto high = numberAt(json, "max");
    if (!levels.isEmpty())
        feature.range = CardText::tr("%n level(s): %1", nullptr, int(levels.size()))
                            .arg(levels.first(std::min<qsizetype>(levels.size(), 20)).join(QStringLiteral(", ")));
    else if (low && high)
        feature.range = CardText::tr("%1 to %2").arg(shortNumber(*low), shortNumber(*high));
    const auto mean = numberAt(json, "mean");
    const auto deviation = numberAt(json, "sd");
    if (mean && deviation)
        feature.centre = QStringLiteral("%1 ± %2").arg(shortNumber(*mean), shortNumber(*deviation));
    return feature;
}

QList<ModelCard::Metric> metricsFrom(const Json &json)
{
    QList<ModelCard::Metric> metrics;
    const auto take = [&](const char *part, std::optional<double> ModelCard::Metric::*place) {
        const Json &values = memberAt(json, part);
        if (!values.is_object())
            return;
        for (const auto &value : values.items()) {
            if (!value.value().is_number())
                continue;
            const QString name = toQString(value.key());
            auto metric =
                std::find_if(metrics.begin(), metrics.end(), [&](const auto &one) { return one.name == name; });
            if (metric == metrics.end())
                metric = metrics.insert(metrics.end(), {.name = name, .train = {}, .test = {}});
            (*metric).*place = numberIn(value.value());
        }
    };
    take("test", &ModelCard::Metric::test);
    take("train", &ModelCard::Metric::train);
    return metrics;
}

void takeCurves(ModelCard &card, const Json &curves)
{
    const auto take = [&](const QString &outcome, const Json &one) {
        card.roc.append({outcome, pointsAt(one, "roc", "fpr", "tpr")});
        card.precisionRecall.append({outcome, pointsAt(one, "precisionRecall", "recall", "precision")});
    };
    if (const Json &each = memberAt(curves, "oneVersusRest"); each.is_object()) {
        for (const auto &one : each.items())
            take(toQString(one.key()), one.value());
        return;
    }
    if (memberAt(curves, "roc").is_array())
        take({}, curves);
    card.calibration = pointsAt(curves, "calibration", "meanScore", "observedRate");
    card.lift = liftAt(arrayAt(curves, "gains"));
    for (const Json &bin : arrayAt(curves, "histogram"))
        card.scores.append({numberAt(bin, "low").value_or(0),
                            numberAt(bin, "high").value_or(0),
                            numberAt(bin, "positives").value_or(0),
                            numberAt(bin, "negatives").value_or(0)});
    for (const Json &cut : arrayAt(curves, "thresholds"))
        card.cuts.append({numberAt(cut, "threshold").value_or(0),
                          numberAt(cut, "tp").value_or(0),
                          numberAt(cut, "fp").value_or(0),
                          numberAt(cut, "tn").value_or(0),
                          numberAt(cut, "fn").value_or(0)});
    std::sort(
        card.cuts.begin(), card.cuts.end(), [](const auto &a, const auto &b) { return a.threshold < b.threshold; });
    if (const ModelCard::Cut first = card.cuts.value(0); !card.cuts.isEmpty()) {
        const double positives = first.truePositives + first.falseNegatives;
        const double all = positives + first.falsePositives + first.trueNegatives;
        card.baseRate = all > 0 ? positives / all : 0;
    }
}

void takeCoefficients(ModelCard &card, const Json &json)
{
    QSet<QString> outcomes;
    for (const Json &one : arrayAt(json, "coefficients")) {
        card.coefficients.append({stringAt(one, "class"),
                                  stringAt(one, "name"),
                                  numberAt(one, "value").value_or(std::numeric_limits<double>::quiet_NaN()),
                                  numberAt(one, "standardError"),
                                  numberAt(one, "oddsRatio")});
        outcomes.insert(card.coefficients.last().outcome);
    }
    if (outcomes.size() == 1) { // one row says nothing by naming its class
        for (ModelCard::Coefficient &one : card.coefficients)
            one.outcome.clear();
    }
    card.areErrorsApproximate = boolAt(json, "approximateErrors");
}

// What the card says besides: what, text. Empty values are left out.
QList<std::pair<QString, QString>> factsOf(const Json &json)
{
    QList<std::pair<QString, QString>> facts;
    const auto add = [&](const QString &what, const QString &text) {
        if (!text.isEmpty())
            facts.append({what, text});
    };
    const auto count = [](const Json &of, const char *key) {
        return memberAt(of, key).is_number() ? countText(intAt(of, key)) : QString();
    };
    const auto exact = [](const Json &of, const char *key) {
        const auto value = numberAt(of, key);
        return value ? QString::number(*value, 'g', 8) : QString();
    };
    const Json &training = memberAt(json, "training");
    const Json &split = memberAt(training, "split");
    const Json &options = memberAt(training, "options");
    const Json &lineage = memberAt(json, "lineage");
    add(CardText::tr("Predicts"), stringAt(memberAt(json, "target"), "name"));
    add(CardText::tr("Intended use"), stringAt(json, "intendedUse"));
    add(CardText::tr("Limits"), stringAt(json, "limits"));
    add(CardText::tr("Licence"), stringAt(json, "licence"));
    add(CardText::tr("Training data"), stringAt(training, "source"));
    add(CardText::tr("Rows trained with"), count(training, "rows"));
    add(CardText::tr("Rows without a target"), count(training, "rowsWithoutTarget"));
    if (numberAt(split, "testShare").value_or(0) > 0)
        add(CardText::tr("Split"),
            CardText::tr("%1 rows to train, %2 to test, seed %3")
                .arg(count(split, "trainRows"), count(split, "testRows"), count(split, "seed")));
    add(CardText::tr("Penalty"), stringAt(options, "penalty"));
    add(CardText::tr("C = 1/λ"), exact(options, "C"));
    add(CardText::tr("Intercept"),
        stringAt(options, "objective") == u"penalisedIntercept" ? CardText::tr("penalised, as liblinear does")
            : memberAt(options, "objective").is_string()        ? CardText::tr("free")
                                                                : QString());
    add(CardText::tr("Solver"), stringAt(training, "solver"));
    add(CardText::tr("Iterations"), count(training, "iterations"));
    add(CardText::tr("Objective"), exact(training, "objective"));
    add(CardText::tr("Largest gradient"), exact(training, "gradientNorm"));
    if (memberAt(training, "rank").is_number())
        add(CardText::tr("Rank"),
            CardText::tr("%1 of %2 parameters").arg(count(training, "rank"), count(training, "parameters")));
    add(CardText::tr("Condition"), exact(training, "condition"));
    add(CardText::tr("Columns that follow from others"), textsAt(training, "dependent").join(QStringLiteral(", ")));
    add(CardText::tr("Fingerprint of the data"), stringAt(training, "fingerprint"));
    add(CardText::tr("Hash of the columns"), stringAt(training, "schemaHash"));
    add(CardText::tr("Pipeline"), stringAt(lineage, "pipeline"));
    add(CardText::tr("Run"), stringAt(lineage, "runId"));
    add(CardText::tr("Notebook"), stringAt(lineage, "notebook"));
    add(CardText::tr("Cell"), stringAt(lineage, "cell"));
    add(CardText::tr("Made with"), stringAt(json, "toolVersion"));
    return facts;
}

} // namespace

std::optional<double> ModelCard::test(const QString &metric) const
{
    for (const Metric &one : metrics) {
        if (one.name == metric)
            return one.test ? one.test : one.train;
    }
    return std::nullopt;
}

ModelCard::Cut ModelCard::cutAt(double wanted) const
{
    // A row is positive above the threshold: counts change only at the scores themselves, so the last cut at or below
    // the wanted threshold says it exactly.
    Cut found = cuts.value(0);
    for (const Cut &cut : cuts) {
        if (cut.threshold <= wanted)
            found = cut;
    }
    return found;
}

ModelCard modelCardFromJson(const Json &json)
{
    ModelCard card;
    const Json &target = memberAt(json, "target");
    card.name = stringAt(json, "name");
    card.version = int(intAt(json, "version"));
    card.aliases = textsAt(json, "aliases");
    card.file = stringAt(json, "file");
    card.created = stringAt(json, "createdAt");
    card.author = stringAt(json, "author");
    card.algorithm = algorithmTitle(stringAt(json, "algorithm"));
    card.target = stringAt(target, "name");
    card.classes = textsAt(target, "classes");
    card.positive = stringAt(target, "positive");
    card.threshold = numberAt(target, "threshold").value_or(0.5);
    card.notes = textsAt(json, "warnings");
    card.facts = factsOf(json);
    card.metrics = metricsFrom(memberAt(json, "metrics"));
    takeCoefficients(card, json);
    for (const Json &one : arrayAt(json, "features"))
        card.features.append(featureFrom(one));
    takeCurves(card, memberAt(json, "curves"));
    const Json &metrics = memberAt(json, "metrics");
    const Json &shown = memberAt(metrics, memberAt(metrics, "test").is_object() ? "test" : "train");
    for (const Json &row : arrayAt(shown, "confusion")) {
        QList<double> counts;
        for (const Json &count : row.is_array() ? row : Json::array())
            counts.append(numberIn(count).value_or(0));
        card.confusion.append(counts);
    }
    return card;
}

QString algorithmTitle(const QString &algorithm)
{
    if (algorithm == u"logistic_reg")
        return CardText::tr("Logistic regression");
    if (algorithm == u"linear_reg")
        return CardText::tr("Linear regression");
    return algorithm;
}

QString metricTitle(const QString &name)
{
    static const QHash<QString, const char *> titles{
        {QStringLiteral("accuracy"), QT_TRANSLATE_NOOP("designer::ModelCard", "Accuracy")},
        {QStringLiteral("balancedAccuracy"), QT_TRANSLATE_NOOP("designer::ModelCard", "Balanced accuracy")},
        {QStringLiteral("rocAuc"), QT_TRANSLATE_NOOP("designer::ModelCard", "ROC AUC")},
        {QStringLiteral("averagePrecision"), QT_TRANSLATE_NOOP("designer::ModelCard", "Average precision")},
        {QStringLiteral("logLoss"), QT_TRANSLATE_NOOP("designer::ModelCard", "Log-loss")},
        {QStringLiteral("brier"), QT_TRANSLATE_NOOP("designer::ModelCard", "Brier score")},
        {QStringLiteral("precision"), QT_TRANSLATE_NOOP("designer::ModelCard", "Precision")},
        {QStringLiteral("recall"), QT_TRANSLATE_NOOP("designer::ModelCard", "Recall")},
        {QStringLiteral("specificity"), QT_TRANSLATE_NOOP("designer::ModelCard", "Specificity")},
        {QStringLiteral("f1"), QT_TRANSLATE_NOOP("designer::ModelCard", "F1")},
        {QStringLiteral("matthews"), QT_TRANSLATE_NOOP("designer::ModelCard", "Matthews correlation")},
        {QStringLiteral("ks"), QT_TRANSLATE_NOOP("designer::ModelCard", "Kolmogorov–Smirnov")},
        {QStringLiteral("gini"), QT_TRANSLATE_NOOP("designer::ModelCard", "Gini")},
        {QStringLiteral("calibrationError"), QT_TRANSLATE_NOOP("designer::ModelCard", "Expected calibration error")},
        {QStringLiteral("r2"), QT_TRANSLATE_NOOP("designer::ModelCard", "R²")},
        {QStringLiteral("rmse"), QT_TRANSLATE_NOOP("designer::ModelCard", "Root mean squared error")},
        {QStringLiteral("mae"), QT_TRANSLATE_NOOP("designer::ModelCard", "Mean absolute error")},
        {QStringLiteral("mape"), QT_TRANSLATE_NOOP("designer::ModelCard", "Mean absolute percentage error")},
        {QStringLiteral("rocAucLow"), QT_TRANSLATE_NOOP("designer::ModelCard", "ROC AUC, lower end of 95 %")},
        {QStringLiteral("rocAucHigh"), QT_TRANSLATE_NOOP("designer::ModelCard", "ROC AUC, upper end of 95 %")},
        {QStringLiteral("liftTop10"), QT_TRANSLATE_NOOP("designer::ModelCard", "Lift of the best tenth")},
        {QStringLiteral("medianAe"), QT_TRANSLATE_NOOP("designer::ModelCard", "Median absolute error")},
        {QStringLiteral("mse"), QT_TRANSLATE_NOOP("designer::ModelCard", "Mean squared error")},
        {QStringLiteral("msle"), QT_TRANSLATE_NOOP("designer::ModelCard", "Mean squared log error")},
        {QStringLiteral("explainedVariance"), QT_TRANSLATE_NOOP("designer::ModelCard", "Explained variance")},
        {QStringLiteral("weight"), QT_TRANSLATE_NOOP("designer::ModelCard", "Sum of weights")},
        {QStringLiteral("rows"), QT_TRANSLATE_NOOP("designer::ModelCard", "Rows")}};
    const auto title = titles.constFind(name);
    return title == titles.cend() ? name : CardText::tr(*title);
}

QString metricText(std::optional<double> value)
{
    if (!value || std::isnan(*value))
        return QStringLiteral("–");
    if (*value == std::floor(*value) && std::abs(*value) >= 10 && std::abs(*value) < 1e15)
        return countText(qint64(*value));
    return std::abs(*value) < 1000 ? QString::number(*value, 'f', 4) : QString::number(*value, 'g', 6);
}

} // namespace designer
