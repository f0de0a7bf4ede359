#pragma once

#include "engine/base/Json.h"
#include "scoring/Batch.h"
#include "scoring/metrics/FeatureProfile.h"
#include "scoring/metrics/NumberBins.h"
#include "scoring/metrics/ShortLevels.h"
#include "scoring/training/LevelCodes.h"

#include <QList>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace scoring {

enum class DriftLevel : uint8_t { None, Warning, Alarm };
QString toString(DriftLevel level); // "none", "warning", "alarm"

constexpr double driftWarning = 0.1; // population stability index
constexpr double driftAlarm = 0.25;

// Σ (now − then) · ln(now / then) of shares; a share of 0 counts as 0.0001. 0 when one of the two has no rows.
double populationStability(std::span<const qint64> then, std::span<const qint64> now);

// A category that training has not seen.
struct UnseenLevel
{
    QString text;
    qint64 rows = 0;
};

// What scored rows were like beside those of training.
struct DriftOfFeature
{
    QString name;
    bool isCategorical = false;
    qint64 rows = 0;
    double stability = 0; // PSI over bins or levels, missing and unseen values being parts of their own
    // So few rows that a sample of the training rows could differ as much (one in a thousand does): no level then,
    // however high the index.
    bool mayBeChance = false;
    double missingRate = 0;
    double trainingMissingRate = 0;
    double invalidRate = 0; // cells with a value the feature's type cannot hold: "1,234" where a number is due
    double unseenRate = 0; // of levels
    QList<UnseenLevel> unseen; // the most frequent ones, at most `mostUnseen`
    double outsideRate = 0; // of numbers below or above those of training
    std::optional<double> low, high; // the farthest ones below and above
    std::optional<double> trainingLow, trainingHigh; // the range of training
    DriftLevel level = DriftLevel::None;

    static constexpr int mostUnseen = 5;
};
struct DriftReport
{
    QString model; // name and version as the card has them; empty and 0: it does not say
    int version = 0;
    qint64 rows = 0;
    QList<DriftOfFeature> features; // those the card has a profile of
    QList<DriftOfFeature> scores; // empty when the card has no bins of them
    DriftLevel worst = DriftLevel::None;

    bool mayBeChance() const; // nothing has a level, but only because the rows are too few
    // All of both, those that moved farthest first; equal ones in their order, scores first.
    QList<DriftOfFeature> byStability() const;
};
// {"drift": 1, "model", "version", "rows", "worst", "thresholds": {"warning", "alarm"}, "features": [{"name", "kind",
// "rows", "psi", "level", "mayBeChance", "missingRate", "trainingMissingRate", "invalidRate", "unseenRate", "unseen":
// [{"value", "rows"}], "outsideRate", "low", "high", "trainingLow", "trainingHigh"}], "scores": […]}; ranges are left
// out where there are none.
engine::Json toJson(const DriftReport &report);
DriftReport driftReportFromJson(const engine::Json &json); // tolerant

// One line of plain text: "age: PSI 0.31, missing 40 % (training 20 %)". What is as in training is not said.
QString driftText(const DriftOfFeature &drift);

// Counts rows as they are scored. One for each thread; add() them up in any order: what they report does not depend on
// how the rows were divided.
class DriftCounter
{
public:
    // `features` in the order of the batches' columns; a profile without counts is not looked at.
    DriftCounter(QList<FeatureProfile> features, QList<FeatureProfile> scores = {});

    void addRows(const InputBatch &rows);
    void addScores(int score, std::span<const double> values); // of the profile with this number
    void add(const DriftCounter &other); // made of the same profiles
    qint64 rows() const { return m_rows; }
    DriftReport report() const;

private:
    struct Count
    {
        FeatureProfile profile;
        LevelCodes levels;
        ShortLevels shortLevels; // the same, where they are few and short
        NumberBins bins; // of numbers
        std::vector<qint64> counts; // of levels
        qint64 rows = 0;
        qint64 missing = 0; // of levels; NumberBins has its own
        qint64 invalid = 0; // counted as missing too, where numbers are due
        qint64 unseen = 0;
        // The unseen levels that come first by their bytes: the only choice that is the same for any division.
        std::map<std::string, qint64, std::less<>> examples;
    };

    static Count countOf(FeatureProfile profile);
    static void addLevels(Count &count, const InputColumn &column, int rows);
    static void addShortTexts(Count &count, std::span<const std::string_view> texts, std::span<const uint8_t> invalid);
    static void addEmpty(Count &count, std::span<const uint8_t> invalid, size_t row);
    static void addUnseen(Count &count, std::string_view text);
    static void addExample(Count &count, std::string_view text, qint64 rows);
    static DriftOfFeature driftOf(const Count &count);

    std::vector<Count> m_features;
    std::vector<Count> m_scores;
    qint64 m_rows = 0;
};

} // namespace scoring
