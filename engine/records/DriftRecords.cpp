#include "engine/records/DriftRecords.h"

#include <algorithm>
#include <cmath>

namespace engine {

namespace {

constexpr qsizetype mostMoved = 10;
constexpr qsizetype mostFeatures = 100'000;

std::optional<double> numberAt(const Json &json, const char *key)
{
    const Json &member = memberAt(json, key);
    return member.is_number() && std::isfinite(member.get<double>()) ? std::optional(member.get<double>())
                                                                     : std::nullopt;
}

double rateAt(const Json &json, const char *key) { return std::clamp(numberAt(json, key).value_or(0), 0.0, 1.0); }

FeatureDrift featureFrom(const Json &json, bool isScore)
{
    FeatureDrift drift;
    drift.name = stringAt(json, "name");
    drift.isScore = isScore;
    drift.isCategorical = stringAt(json, "kind") == u"categorical";
    drift.rows = std::max<qint64>(0, intAt(json, "rows"));
    drift.stability = std::max(0.0, numberAt(json, "psi").value_or(0));
    drift.level = driftLevelFrom(stringAt(json, "level"));
    drift.mayBeChance = boolAt(json, "mayBeChance");
    drift.missingRate = rateAt(json, "missingRate");
    drift.trainingMissingRate = rateAt(json, "trainingMissingRate");
    drift.invalidRate = rateAt(json, "invalidRate");
    drift.unseenRate = rateAt(json, "unseenRate");
    for (const Json &unseen : memberAt(json, "unseen"))
        drift.unseen.append({stringAt(unseen, "value"), intAt(unseen, "rows")});
    drift.outsideRate = rateAt(json, "outsideRate");
    drift.low = numberAt(json, "low");
    drift.high = numberAt(json, "high");
    drift.trainingLow = numberAt(json, "trainingLow");
    drift.trainingHigh = numberAt(json, "trainingHigh");
    return drift;
}

Json summaryOf(const ScoringDrift &scoring)
{
    Json score;
    Json most;
    for (const FeatureDrift &drift : scoring.features) {
        Json &largest = drift.isScore ? score : most;
        largest = largest.is_number() ? std::max(largest.get<double>(), drift.stability) : drift.stability;
    }
    QList<FeatureDrift> moved = scoring.features;
    moved.removeIf([](const FeatureDrift &drift) { return drift.level == DriftLevel::None; });
    std::stable_sort(moved.begin(), moved.end(), [](const FeatureDrift &a, const FeatureDrift &b) {
        return a.stability > b.stability;
    });
    Json list = Json::array();
    for (const FeatureDrift &drift : moved.first(std::min(mostMoved, moved.size())))
        list.push_back({{"name", toStdString(drift.name)},
                        {"psi", drift.stability},
                        {"level", toStdString(toString(drift.level))}});
    return {{"cell", scoring.cell},
            {"model", toStdString(scoring.model)},
            {"version", scoring.version},
            {"rows", scoring.rows},
            {"worst", toStdString(toString(scoring.worst))},
            {"score", score},
            {"most", most},
            {"moved", std::move(list)}};
}

} // namespace

QString toString(DriftLevel level)
{
    switch (level) {
    case DriftLevel::None:
        return QStringLiteral("none");
    case DriftLevel::Warning:
        return QStringLiteral("warning");
    case DriftLevel::Alarm:
        return QStringLiteral("alarm");
    }
    return {};
}

DriftLevel driftLevelFrom(const QString &text)
{
    if (text == u"alarm")
        return DriftLevel::Alarm;
    return text == u"warning" ? DriftLevel::Warning : DriftLevel::None;
}

ScoringDrift scoringDriftFromJson(const Json &json)
{
    ScoringDrift scoring;
    scoring.cell = int(std::clamp<qint64>(intAt(json, "cell"), 0, 1'000'000));
    scoring.model = stringAt(json, "model");
    scoring.version = int(std::clamp<qint64>(intAt(json, "version"), 0, 1'000'000'000));
    scoring.rows = std::max<qint64>(0, intAt(json, "rows"));
    for (const bool isScore : {true, false}) {
        for (const Json &one : memberAt(json, isScore ? "scores" : "features")) {
            if (one.is_object() && scoring.features.size() < mostFeatures)
                scoring.features.append(featureFrom(one, isScore));
        }
    }
    for (const FeatureDrift &drift : std::as_const(scoring.features))
        scoring.worst = std::max(scoring.worst, drift.level);
    return scoring;
}

Json driftSummary(const Json &scorings)
{
    DriftLevel worst = DriftLevel::None;
    Json list = Json::array();
    for (const Json &json : scorings) {
        const ScoringDrift scoring = scoringDriftFromJson(json);
        worst = std::max(worst, scoring.worst);
        list.push_back(summaryOf(scoring));
    }
    return {{"worst", toStdString(toString(worst))}, {"scorings", std::move(list)}};
}

std::optional<DriftLevel> driftOf(const Json &activityOutput)
{
    const Json &drift = memberAt(memberAt(activityOutput, "slipway"), "drift");
    if (!drift.is_object())
        return std::nullopt;
    return driftLevelFrom(stringAt(drift, "worst"));
}

} // namespace engine
