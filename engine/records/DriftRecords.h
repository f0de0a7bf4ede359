#pragma once

#include "engine/base/Json.h"

#include <QList>
#include <QString>

#include <optional>

namespace engine {

enum class DriftLevel { None, Warning, Alarm }; // population stability index from 0.1, from 0.25
QString toString(DriftLevel level); // "none", "warning", "alarm"
DriftLevel driftLevelFrom(const QString &text); // None for any other word

// How one input of a model, or its score, differed from training.
struct FeatureDrift
{
    struct Unseen
    {
        QString value;
        qint64 rows = 0;
        bool operator==(const Unseen &) const = default;
    };

    QString name;
    bool isScore = false;
    bool isCategorical = false;
    qint64 rows = 0;
    double stability = 0; // the index
    DriftLevel level = DriftLevel::None;
    bool mayBeChance = false; // too few rows to tell
    double missingRate = 0;
    double trainingMissingRate = 0;
    double invalidRate = 0;
    double unseenRate = 0;
    QList<Unseen> unseen; // the most frequent ones
    double outsideRate = 0;
    std::optional<double> low = {}; // the farthest outside of training's range, below and above
    std::optional<double> high = {};
    std::optional<double> trainingLow = {};
    std::optional<double> trainingHigh = {};
    bool operator==(const FeatureDrift &) const = default;
};

// One scoring of a notebook: the rows that one ML.PREDICT of a statement saw.
struct ScoringDrift
{
    int cell = 0; // 1-based; 0 = not in a notebook
    QString model; // may be empty
    int version = 0;
    qint64 rows = 0;
    DriftLevel worst = DriftLevel::None;
    QList<FeatureDrift> features; // scores first, then inputs, each in the model's order
    bool operator==(const ScoringDrift &) const = default;
};

// As scoring/metrics/Drift.h writes it, with "cell". Tolerant: a kernel may send anything.
ScoringDrift scoringDriftFromJson(const Json &json);

// What an activity's output keeps of it, as "drift" in "slipway": {"worst", "scorings": [{"cell", "model", "version",
// "rows", "worst", "score", "most", "moved": [{"name", "psi", "level"}]}]}: the index of the score and the largest of
// the inputs (null = not known), and the ten that moved farthest. All of it is in the artifact "report".
Json driftSummary(const Json &scorings);
// Of an activity's output; nothing: no rows were compared. A run that succeeds with an alarm in it says so in its
// RunRecord::message, which is empty in all other runs that succeed.
std::optional<DriftLevel> driftOf(const Json &activityOutput);

} // namespace engine
