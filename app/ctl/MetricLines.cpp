#include "app/ctl/ModelTraining.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct MetricLinesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::MetricLines)
};

struct MetricName
{
    const char *key;
    QString title;
};

QList<MetricName> metricNames()
{
    using T = MetricLinesText;
    return {{"accuracy", T::tr("Accuracy")},
            {"rocAuc", T::tr("ROC AUC")},
            {"precision", T::tr("Precision")},
            {"recall", T::tr("Recall")},
            {"f1", T::tr("F1")},
            {"averagePrecision", T::tr("Average precision")},
            {"logLoss", T::tr("Log loss")},
            {"brier", T::tr("Brier score")},
            {"matthews", T::tr("Matthews correlation")},
            {"ks", T::tr("Kolmogorov-Smirnov")},
            {"liftTop10", T::tr("Lift in the top tenth")},
            {"r2", T::tr("R²")},
            {"mae", T::tr("Mean absolute error")},
            {"rmse", T::tr("Root mean squared error")}};
}

} // namespace

void sayMetrics(const QString &title, const Json &metrics, Session &session)
{
    session.say(QString());
    session.say(MetricLinesText::tr("%1 (%n row(s)):", nullptr, int(intAt(metrics, "rows"))).arg(printable(title)));
    for (const MetricName &metric : metricNames()) {
        const Json &value = memberAt(metrics, metric.key);
        if (value.is_number())
            session.say(
                QStringLiteral("  %1 %2").arg(metric.title.leftJustified(24)).arg(value.get<double>(), 0, 'f', 6));
    }
    const Json &confusion = memberAt(metrics, "confusion");
    if (!confusion.is_array())
        return;
    QStringList head{MetricLinesText::tr("True \\ predicted")};
    for (const Json &category : memberAt(metrics, "classes"))
        head.append(printable(toQString(category.get<std::string>())));
    QList<QStringList> rows;
    for (size_t k = 0; k < confusion.size(); ++k) {
        QStringList row{head.value(int(k) + 1)};
        for (const Json &count : confusion[k])
            row.append(QString::number(count.get<double>(), 'g', 12));
        rows.append(row);
    }
    session.say(QString());
    session.say(table(head, rows));
    session.say(QString());
}

} // namespace ctl
