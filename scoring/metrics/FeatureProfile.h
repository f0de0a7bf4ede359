#pragma once

#include "engine/base/Json.h"
#include "scoring/Field.h"
#include "scoring/training/TrainingTable.h"

#include <QString>
#include <QStringList>

#include <span>
#include <vector>

namespace scoring {

// What the values of a feature were like in training: for the model card, and to see later whether they still are.
struct FeatureProfile
{
    QString name;
    FieldType type = FieldType::Double;
    FieldUse use = FieldUse::Continuous;
    qint64 rows = 0;
    qint64 missing = 0;

    // Continuous; NaN when all are missing.
    double least = 0;
    double most = 0;
    double mean = 0;
    double deviation = 0; // of the population
    // Bins of about equal weight: values up to and with edges[0], up to edges[1] … and above the last edge.
    std::vector<double> edges;

    QStringList levels; // categorical

    // Rows in each bin (edges + 1 of them) or of each level; missing ones are in none.
    std::vector<qint64> counts;
};

FeatureProfile
profileOf(const TrainingColumn &column, std::span<const int> rows, FieldUse use, const QStringList &levels);
// Of scores, numbers or probabilities.
FeatureProfile profileOfScores(const QString &name, std::span<const double> scores);

engine::Json toJson(const FeatureProfile &profile);
FeatureProfile featureProfileFromJson(const engine::Json &json); // tolerant

QString toString(FieldType type); // "double", "integer" …, as in the model card
FieldType fieldTypeFromString(const QString &text); // Double when it is none

} // namespace scoring
