#include "scoring/metrics/Drift.h"

#include <algorithm>
#include <cmath>
#include <numeric>

using engine::Json;
using engine::memberAt;
using engine::toStdString;

namespace scoring {

namespace {

constexpr double leastShare = 0.0001;

double rate(qint64 part, qint64 whole) { return whole > 0 ? double(part) / double(whole) : 0; }

double numberAt(const Json &json, const char *key)
{
    const Json &member = memberAt(json, key);
    return member.is_number() ? member.get<double>() : 0;
}

Json toJson(const QList<DriftOfFeature> &list)
{
    Json json = Json::array();
    for (const DriftOfFeature &one : list)
        json.push_back({{"name", toStdString(one.name)},
                        {"rows", one.rows},
                        {"psi", one.stability},
                        {"missingRate", one.missingRate},
                        {"trainingMissingRate", one.trainingMissingRate},
                        {"unseenRate", one.unseenRate},
                        {"outsideRate", one.outsideRate},
                        {"level", toStdString(toString(one.level))}});
    return json;
}

DriftLevel levelFrom(const QString &text)
{
    if (text == u"alarm")
        return DriftLevel::Alarm;
    return text == u"warning" ? DriftLevel::Warning : DriftLevel::None;
}

QList<DriftOfFeature> listFrom(const Json &json)
{
    QList<DriftOfFeature> list;
    for (const Json &one : json)
        list.append({engine::stringAt(one, "name"),
                     engine::intAt(one, "rows"),
                     numberAt(one, "psi"),
                     numberAt(one, "missingRate"),
                     numberAt(one, "trainingMissingRate"),
                     numberAt(one, "unseenRate"),
                     numberAt(one, "outsideRate"),
                     levelFrom(engine::stringAt(one, "level"))});
    return list;
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

double populationStability(std::span<const qint64> then, std::span<const qint64> now)
{
    const double before = double(std::accumulate(then.begin(), then.end(), qint64(0)));
    const double after = double(std::accumulate(now.begin(), now.end(), qint64(0)));
    if (before == 0 || after == 0)
        return 0;
    double index = 0;
    for (size_t i = 0; i < then.size() && i < now.size(); ++i) {
        const double shareThen = std::max(leastShare, double(then[i]) / before);
        const double shareNow = std::max(leastShare, double(now[i]) / after);
        index += (shareNow - shareThen) * std::log(shareNow / shareThen);
    }
    return index;
}

Json toJson(const DriftReport &report)
{
    return {{"features", toJson(report.features)},
            {"scores", toJson(report.scores)},
            {"worst", toStdString(toString(report.worst))}};
}

DriftReport driftReportFromJson(const Json &json)
{
    return {listFrom(memberAt(json, "features")),
            listFrom(memberAt(json, "scores")),
            levelFrom(engine::stringAt(json, "worst"))};
}

DriftCounter::DriftCounter(QList<FeatureProfile> features, QList<FeatureProfile> scores)
{
    for (FeatureProfile &profile : features)
        m_features.push_back(countOf(std::move(profile)));
    for (FeatureProfile &profile : scores)
        m_scores.push_back(countOf(std::move(profile)));
}

DriftCounter::Count DriftCounter::countOf(FeatureProfile profile)
{
    Count count;
    if (profile.use == FieldUse::Categorical)
        count.levels = LevelCodes(profile.levels, profile.type);
    count.counts.assign(profile.counts.size(), 0);
    count.profile = std::move(profile);
    return count;
}

void DriftCounter::addRows(const InputBatch &rows)
{
    for (size_t j = 0; j < m_features.size() && j < rows.columns.size(); ++j) {
        Count &count = m_features[j];
        count.rows += rows.rows;
        if (count.counts.empty())
            continue;
        if (count.profile.use == FieldUse::Categorical)
            addLevels(count, rows.columns[j], rows.rows);
        else
            addNumbers(count, rows.columns[j].numbers, rows.columns[j].invalid);
    }
}

void DriftCounter::addScores(int score, std::span<const double> values)
{
    Count &count = m_scores[size_t(score)];
    count.rows += qint64(values.size());
    addNumbers(count, values, {});
}

void DriftCounter::addNumbers(Count &count, std::span<const double> numbers, std::span<const uint8_t> invalid)
{
    const std::vector<double> &edges = count.profile.edges;
    for (size_t i = 0; i < numbers.size(); ++i) {
        const double number = numbers[i];
        if (std::isnan(number) || (!invalid.empty() && invalid[i] != 0)) {
            ++count.missing;
            continue;
        }
        count.outside += number < count.profile.least || number > count.profile.most;
        // A handful of edges: counting those below needs no branch.
        size_t bin = 0;
        for (const double edge : edges)
            bin += edge < number;
        ++count.counts[bin];
    }
}

void DriftCounter::addLevels(Count &count, const InputColumn &column, int rows)
{
    const bool text = !column.texts.empty();
    if (!text && column.numbers.empty())
        return;
    for (size_t i = 0; i < size_t(rows); ++i) {
        const bool invalid = !column.invalid.empty() && column.invalid[i] != 0;
        if (!invalid && (text ? column.texts[i].data() == nullptr : std::isnan(column.numbers[i]))) {
            ++count.missing;
            continue;
        }
        const int level = invalid ? -1
            : text                ? count.levels.find(column.texts[i])
                                  : count.levels.find(column.numbers[i]);
        if (level < 0)
            ++count.unseen;
        else
            ++count.counts[size_t(level)];
    }
}

void DriftCounter::add(const DriftCounter &other)
{
    const auto addUp = [](std::vector<Count> &here, const std::vector<Count> &there) {
        for (size_t j = 0; j < here.size() && j < there.size(); ++j) {
            here[j].rows += there[j].rows;
            here[j].missing += there[j].missing;
            here[j].unseen += there[j].unseen;
            here[j].outside += there[j].outside;
            for (size_t i = 0; i < here[j].counts.size() && i < there[j].counts.size(); ++i)
                here[j].counts[i] += there[j].counts[i];
        }
    };
    addUp(m_features, other.m_features);
    addUp(m_scores, other.m_scores);
}

DriftOfFeature DriftCounter::driftOf(const Count &count)
{
    DriftOfFeature drift;
    drift.name = count.profile.name;
    drift.rows = count.rows;
    drift.trainingMissingRate = rate(count.profile.missing, count.profile.rows);
    if (count.counts.empty())
        return drift;
    std::vector<qint64> then = count.profile.counts;
    std::vector<qint64> now = count.counts;
    const qint64 known = std::accumulate(then.begin(), then.end(), qint64(0)) + count.profile.missing;
    then.push_back(count.profile.missing);
    now.push_back(count.missing);
    then.push_back(std::max(qint64(0), count.profile.rows - known)); // of no level: rare, but possible in training too
    now.push_back(count.unseen);
    drift.stability = populationStability(then, now);
    drift.missingRate = rate(count.missing, count.rows);
    drift.unseenRate = rate(count.unseen, count.rows);
    drift.outsideRate = rate(count.outside, count.rows);
    if (drift.stability >= driftAlarm)
        drift.level = DriftLevel::Alarm;
    else if (drift.stability >= driftWarning)
        drift.level = DriftLevel::Warning;
    return drift;
}

DriftReport DriftCounter::report() const
{
    DriftReport report;
    for (const Count &count : m_features)
        report.features.append(driftOf(count));
    for (const Count &count : m_scores)
        report.scores.append(driftOf(count));
    for (const QList<DriftOfFeature> *list : {&report.features, &report.scores}) {
        for (const DriftOfFeature &drift : *list)
            report.worst = std::max(report.worst, drift.level);
    }
    return report;
}

} // namespace scoring
