#pragma once

#include "engine/base/Json.h"
#include "scoring/Batch.h"
#include "scoring/metrics/FeatureProfile.h"
#include "scoring/training/LevelCodes.h"

#include <QList>

#include <span>
#include <vector>

namespace scoring {

enum class DriftLevel : uint8_t { None, Warning, Alarm };
QString toString(DriftLevel level); // "none", "warning", "alarm"

constexpr double driftWarning = 0.1; // population stability index
constexpr double driftAlarm = 0.25;

// Σ (now − then) · ln(now / then) of shares; a share of 0 counts as 0.0001. 0 when one of the two has no rows.
double populationStability(std::span<const qint64> then, std::span<const qint64> now);

// What scored rows were like beside those of training.
struct DriftOfFeature
{
    QString name;
    qint64 rows = 0;
    double stability = 0; // PSI over bins or levels, missing and unseen values being parts of their own
    double missingRate = 0;
    double trainingMissingRate = 0;
    double unseenRate = 0; // of levels
    double outsideRate = 0; // of numbers below or above those of training
    DriftLevel level = DriftLevel::None;
};
struct DriftReport
{
    QList<DriftOfFeature> features;
    QList<DriftOfFeature> scores; // empty when the card has no bins of them
    DriftLevel worst = DriftLevel::None;
};
engine::Json toJson(const DriftReport &report);
DriftReport driftReportFromJson(const engine::Json &json); // tolerant

// Counts rows as they are scored. One for each thread; add() them up in any order.
class DriftCounter
{
public:
    // `features` in the order of the batches' columns; a profile without counts is not looked at.
    DriftCounter(QList<FeatureProfile> features, QList<FeatureProfile> scores = {});

    void addRows(const InputBatch &rows);
    void addScores(int score, std::span<const double> values); // of the profile with this number
    void add(const DriftCounter &other); // made of the same profiles
    DriftReport report() const;

private:
    struct Count
    {
        FeatureProfile profile;
        LevelCodes levels;
        qint64 rows = 0;
        qint64 missing = 0;
        qint64 unseen = 0;
        qint64 outside = 0;
        std::vector<qint64> counts;
    };

    static Count countOf(FeatureProfile profile);
    static void addNumbers(Count &count, std::span<const double> numbers, std::span<const uint8_t> invalid);
    static void addLevels(Count &count, const InputColumn &column, int rows);
    static DriftOfFeature driftOf(const Count &count);

    std::vector<Count> m_features;
    std::vector<Count> m_scores;
};

} // namespace scoring
