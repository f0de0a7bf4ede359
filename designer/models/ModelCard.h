#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QPointF>
#include <QString>
#include <QStringList>

#include <optional>

namespace designer {

// What the registry says about one version of a model, as the window shows it. A value; made from the engine's answer.
struct ModelCard
{
    struct Metric
    {
        QString name; // "rocAuc"
        std::optional<double> train;
        std::optional<double> test;
    };
    struct Coefficient
    {
        QString outcome; // of a model with several rows; empty with one
        QString term; // "age", "sex=female", "(intercept)"
        double value = 0;
        std::optional<double> standardError;
        std::optional<double> oddsRatio;
    };
    struct Feature
    {
        QString name;
        QString type;
        QString use;
        double missingRate = 0; // 0 to 1
        QString range; // "0.17 to 80", "3 levels: C, Q, S"
        QString centre; // "29.88 ± 14.41"
    };
    // How the rows of the test part fall at one threshold, weights counted.
    struct Cut
    {
        double threshold = 0.5;
        double truePositives = 0;
        double falsePositives = 0;
        double trueNegatives = 0;
        double falseNegatives = 0;
    };
    struct Curve
    {
        QString outcome; // of several classes; empty with two
        QList<QPointF> points;
    };
    struct Bin
    {
        double low = 0;
        double high = 0;
        double positives = 0; // rows
        double negatives = 0;
    };

    QString name;
    int version = 0;
    QStringList aliases;
    QString file; // name of the model's file
    QString created; // ISO 8601, UTC
    QString author;
    QString algorithm;
    QString target;
    QStringList classes;
    QString positive; // of two classes: whose probability the threshold is about
    double threshold = 0.5;
    QStringList notes; // what training warned about
    QList<std::pair<QString, QString>> facts; // the rest of the card: what, text
    QList<Metric> metrics;
    QList<Coefficient> coefficients;
    bool areErrorsApproximate = false; // standard errors of a penalised fit
    QList<Feature> features;
    QList<Curve> roc; // (false positive rate, true positive rate)
    QList<Curve> precisionRecall; // (recall, precision)
    QList<QPointF> calibration; // (mean prediction, observed rate)
    QList<QPointF> lift; // (share of rows, rate over the base rate)
    QList<Bin> scores; // histogram of the score
    QList<Cut> cuts; // by threshold, ascending
    QList<QList<double>> confusion; // [true][predicted], classes × classes
    double baseRate = 0; // of the positive class

    bool isBinary() const { return classes.size() == 2; }
    std::optional<double> test(const QString &metric) const; // of the test part, else of the training part
    Cut cutAt(double threshold) const; // of the nearest one that is kept
};

// Of an answer of `GET /slipway/v1/models/card`: the registry's card.json with "version" and "aliases". Tolerant: what
// is missing stays empty.
ModelCard modelCardFromJson(const engine::Json &json);

// "Logistic regression" of "logistic_reg"; another one is shown as it is.
QString algorithmTitle(const QString &algorithm);
// "ROC AUC" of "rocAuc"; a name that is not known is shown as it is.
QString metricTitle(const QString &name);
// 4 significant decimals, as metrics are read; a dash for none.
QString metricText(std::optional<double> value);

} // namespace designer
