#include "scoring/metrics/Drift.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

using engine::Json;
using engine::memberAt;
using engine::toStdString;

namespace scoring {

namespace {

struct DriftText
{
    Q_DECLARE_TR_FUNCTIONS(scoring::DriftReport)
};

constexpr double leastShare = 0.0001;

double rate(qint64 part, qint64 whole) { return whole > 0 ? double(part) / double(whole) : 0; }

std::optional<double> finite(double number) { return std::isfinite(number) ? std::optional(number) : std::nullopt; }

QString percent(double share)
{
    const double hundred = share * 100;
    return QString::number(hundred, 'f', hundred > 0 && hundred < 10 ? 1 : 0) + QStringLiteral(" %");
}

double numberAt(const Json &json, const char *key)
{
    const Json &member = memberAt(json, key);
    return member.is_number() ? member.get<double>() : 0;
}

std::optional<double> maybeAt(const Json &json, const char *key)
{
    const Json &member = memberAt(json, key);
    return member.is_number() ? std::optional(member.get<double>()) : std::nullopt;
}

Json toJson(const DriftOfFeature &drift)
{
    Json unseen = Json::array();
    for (const UnseenLevel &level : drift.unseen)
        unseen.push_back({{"value", toStdString(level.text)}, {"rows", level.rows}});
    Json json = {{"name", toStdString(drift.name)},
                 {"kind", drift.isCategorical ? "categorical" : "continuous"},
                 {"rows", drift.rows},
                 {"psi", drift.stability},
                 {"level", toStdString(toString(drift.level))},
                 {"mayBeChance", drift.mayBeChance},
                 {"missingRate", drift.missingRate},
                 {"trainingMissingRate", drift.trainingMissingRate},
                 {"invalidRate", drift.invalidRate},
                 {"unseenRate", drift.unseenRate},
                 {"unseen", std::move(unseen)},
                 {"outsideRate", drift.outsideRate}};
    for (const auto &[key, value] : {std::pair("low", drift.low),
                                     std::pair("high", drift.high),
                                     std::pair("trainingLow", drift.trainingLow),
                                     std::pair("trainingHigh", drift.trainingHigh)}) {
        if (value && std::isfinite(*value))
            json[key] = *value;
    }
    return json;
}

Json listJson(const QList<DriftOfFeature> &list)
{
    Json json = Json::array();
    for (const DriftOfFeature &one : list)
        json.push_back(toJson(one));
    return json;
}

DriftLevel levelFrom(const QString &text)
{
    if (text == u"alarm")
        return DriftLevel::Alarm;
    return text == u"warning" ? DriftLevel::Warning : DriftLevel::None;
}

DriftOfFeature driftFrom(const Json &json)
{
    DriftOfFeature drift;
    drift.name = engine::stringAt(json, "name");
    drift.isCategorical = engine::stringAt(json, "kind") == u"categorical";
    drift.rows = engine::intAt(json, "rows");
    drift.stability = numberAt(json, "psi");
    drift.level = levelFrom(engine::stringAt(json, "level"));
    drift.mayBeChance = engine::boolAt(json, "mayBeChance");
    drift.missingRate = numberAt(json, "missingRate");
    drift.trainingMissingRate = numberAt(json, "trainingMissingRate");
    drift.invalidRate = numberAt(json, "invalidRate");
    drift.unseenRate = numberAt(json, "unseenRate");
    for (const Json &level : memberAt(json, "unseen"))
        drift.unseen.append({engine::stringAt(level, "value"), engine::intAt(level, "rows")});
    drift.outsideRate = numberAt(json, "outsideRate");
    drift.low = maybeAt(json, "low");
    drift.high = maybeAt(json, "high");
    drift.trainingLow = maybeAt(json, "trainingLow");
    drift.trainingHigh = maybeAt(json, "trainingHigh");
    return drift;
}

QList<DriftOfFeature> listFrom(const Json &json)
{
    QList<DriftOfFeature> list;
    for (const Json &one : json)
        list.append(driftFrom(one));
    return list;
}

// What a sample of the training rows would exceed once in a thousand times. For many rows n of n and m of m the index,
// divided by 1/n + 1/m, is distributed as χ² with one degree less than there are parts; its quantile by Wilson and
// Hilferty.
double byChance(int parts, double then, double now)
{
    constexpr double once = 3.0902323061678132; // in a thousand, of the normal distribution
    const double degrees = std::max(1, parts - 1);
    const double root = 1 - 2 / (9 * degrees) + once * std::sqrt(2 / (9 * degrees));
    return degrees * root * root * root * (1 / then + 1 / now);
}

// Half a row more in each part: an empty part of a small sample says little.
double smoothedStability(std::span<const qint64> then, std::span<const qint64> now)
{
    const auto sum = [](std::span<const qint64> counts) {
        return double(std::accumulate(counts.begin(), counts.end(), qint64(0)));
    };
    double index = 0;
    for (size_t i = 0; i < then.size(); ++i) {
        const double parts = double(then.size());
        const double shareThen = (double(then[i]) + 0.5) / (sum(then) + parts / 2);
        const double shareNow = (double(now[i]) + 0.5) / (sum(now) + parts / 2);
        index += (shareNow - shareThen) * std::log(shareNow / shareThen);
    }
    return index;
}

bool mayBeChance(std::span<const qint64> then, std::span<const qint64> now)
{
    std::vector<qint64> usedThen;
    std::vector<qint64> usedNow;
    for (size_t i = 0; i < then.size(); ++i) {
        if (then[i] == 0 && now[i] == 0)
            continue;
        usedThen.push_back(then[i]);
        usedNow.push_back(now[i]);
    }
    const double before = double(std::accumulate(usedThen.begin(), usedThen.end(), qint64(0)));
    const double after = double(std::accumulate(usedNow.begin(), usedNow.end(), qint64(0)));
    return before == 0 || after == 0
        || smoothedStability(usedThen, usedNow) <= byChance(int(usedThen.size()), before, after);
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

bool DriftReport::mayBeChance() const
{
    const QList<DriftOfFeature> all = scores + features;
    return worst == DriftLevel::None
        && std::any_of(all.begin(), all.end(), [](const DriftOfFeature &drift) { return drift.mayBeChance; });
}

QList<DriftOfFeature> DriftReport::byStability() const
{
    QList<DriftOfFeature> all = scores + features;
    std::stable_sort(all.begin(), all.end(), [](const DriftOfFeature &a, const DriftOfFeature &b) {
        return a.level != b.level ? a.level > b.level : a.stability > b.stability;
    });
    return all;
}

Json toJson(const DriftReport &report)
{
    return {{"drift", 1},
            {"model", toStdString(report.model)},
            {"version", report.version},
            {"rows", report.rows},
            {"worst", toStdString(toString(report.worst))},
            {"thresholds", {{"warning", driftWarning}, {"alarm", driftAlarm}}},
            {"features", listJson(report.features)},
            {"scores", listJson(report.scores)}};
}

DriftReport driftReportFromJson(const Json &json)
{
    DriftReport report;
    report.model = engine::stringAt(json, "model");
    report.version = int(engine::intAt(json, "version"));
    report.rows = engine::intAt(json, "rows");
    report.features = listFrom(memberAt(json, "features"));
    report.scores = listFrom(memberAt(json, "scores"));
    report.worst = levelFrom(engine::stringAt(json, "worst"));
    return report;
}

QString driftText(const DriftOfFeature &drift)
{
    const QString psi = QString::number(drift.stability, 'f', drift.stability < 0.01 ? 3 : 2);
    QStringList parts{drift.mayBeChance ? DriftText::tr("PSI %1, with so few rows perhaps by chance").arg(psi)
                                        : DriftText::tr("PSI %1").arg(psi)};
    if (drift.missingRate > 0 || drift.trainingMissingRate > 0)
        parts += DriftText::tr("missing %1 (training %2)")
                     .arg(percent(drift.missingRate), percent(drift.trainingMissingRate));
    if (drift.invalidRate > 0)
        parts += DriftText::tr("%1 are no such value").arg(percent(drift.invalidRate));
    if (drift.unseenRate > 0) {
        QStringList examples;
        for (const UnseenLevel &level : drift.unseen)
            examples += u'“' + (level.text.size() > 40 ? level.text.left(39) + u'…' : level.text) + u'”';
        parts += DriftText::tr("unseen %1: %2").arg(percent(drift.unseenRate), examples.join(QStringLiteral(", ")));
    }
    if (drift.outsideRate > 0) {
        const auto number = [](double value) { return QString::number(value, 'g', 6); };
        const QString range = number(drift.low.value_or(drift.trainingLow.value_or(0))) + QStringLiteral(" … ")
            + number(drift.high.value_or(drift.trainingHigh.value_or(0)));
        const QString before =
            number(drift.trainingLow.value_or(0)) + QStringLiteral(" … ") + number(drift.trainingHigh.value_or(0));
        parts += DriftText::tr("out of range %1: %2 (training %3)").arg(percent(drift.outsideRate), range, before);
    }
    return drift.name + QStringLiteral(": ") + parts.join(QStringLiteral(", "));
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
    if (profile.use == FieldUse::Categorical) {
        count.levels = LevelCodes(profile.levels, profile.type);
        if (profile.type == FieldType::Text)
            count.shortLevels = ShortLevels(profile.levels);
        count.counts.assign(profile.counts.size(), 0);
    } else {
        count.bins = NumberBins(profile.edges, profile.least, profile.most);
    }
    count.profile = std::move(profile);
    return count;
}

void DriftCounter::addRows(const InputBatch &rows)
{
    m_rows += rows.rows;
    for (size_t j = 0; j < m_features.size() && j < rows.columns.size(); ++j) {
        Count &count = m_features[j];
        const InputColumn &column = rows.columns[j];
        count.rows += rows.rows;
        if (count.profile.counts.empty())
            continue;
        count.invalid += std::count(column.invalid.begin(), column.invalid.end(), uint8_t(1));
        if (count.profile.use == FieldUse::Categorical)
            addLevels(count, column, rows.rows);
        else
            count.bins.add(column.numbers);
    }
}

void DriftCounter::addScores(int score, std::span<const double> values)
{
    Count &count = m_scores[size_t(score)];
    count.rows += qint64(values.size());
    count.bins.add(values);
}

void DriftCounter::addLevels(Count &count, const InputColumn &column, int rows)
{
    const bool text = !column.texts.empty();
    if (!text && column.numbers.empty())
        return;
    const size_t given = std::min(size_t(rows), text ? column.texts.size() : column.numbers.size());
    if (text && count.shortLevels.isUsable()) {
        addShortTexts(count, column.texts.first(given), column.invalid);
        return;
    }
    for (size_t i = 0; i < given; ++i) {
        if (text ? column.texts[i].data() == nullptr : std::isnan(column.numbers[i])) {
            addEmpty(count, column.invalid, i);
            continue;
        }
        const int level = text ? count.levels.find(column.texts[i]) : count.levels.find(column.numbers[i]);
        if (level >= 0)
            ++count.counts[size_t(level)];
        else if (text)
            addUnseen(count, column.texts[i]);
        else
            addUnseen(count, shortestText(column.numbers[i]).toStdString());
    }
}

void DriftCounter::addShortTexts(Count &count,
                                 std::span<const std::string_view> texts,
                                 std::span<const uint8_t> invalid)
{
    const ShortLevels levels = count.shortLevels; // nothing that is written below lies in it
    std::array<qint64, ShortLevels::most> counts{};
    for (size_t i = 0; i < texts.size(); ++i) {
        const std::string_view text = texts[i];
        if (text.data() == nullptr)
            addEmpty(count, invalid, i);
        else if (const int level = levels.find(text); level >= 0)
            ++counts[size_t(level)];
        else
            addUnseen(count, text);
    }
    for (size_t level = 0; level < count.counts.size(); ++level)
        count.counts[level] += counts[level];
}

// A cell without a value: a missing one, or one whose value the type cannot hold.
void DriftCounter::addEmpty(Count &count, std::span<const uint8_t> invalid, size_t row)
{
    ++(!invalid.empty() && invalid[row] != 0 ? count.unseen : count.missing);
}

void DriftCounter::addUnseen(Count &count, std::string_view text)
{
    ++count.unseen;
    addExample(count, text, 1);
}

void DriftCounter::addExample(Count &count, std::string_view text, qint64 rows)
{
    constexpr size_t mostKept = 64;
    if (const auto found = count.examples.find(text); found != count.examples.end()) {
        found->second += rows;
        return;
    }
    if (count.examples.size() >= mostKept) {
        const auto last = std::prev(count.examples.end());
        if (text > last->first)
            return;
        count.examples.erase(last);
    }
    count.examples.emplace(text, rows);
}

void DriftCounter::add(const DriftCounter &other)
{
    const auto addUp = [](std::vector<Count> &here, const std::vector<Count> &there) {
        for (size_t j = 0; j < here.size() && j < there.size(); ++j) {
            here[j].rows += there[j].rows;
            here[j].missing += there[j].missing;
            here[j].invalid += there[j].invalid;
            here[j].unseen += there[j].unseen;
            here[j].bins.add(there[j].bins);
            for (size_t i = 0; i < here[j].counts.size() && i < there[j].counts.size(); ++i)
                here[j].counts[i] += there[j].counts[i];
            for (const auto &[text, rows] : there[j].examples)
                addExample(here[j], text, rows);
        }
    };
    addUp(m_features, other.m_features);
    addUp(m_scores, other.m_scores);
    m_rows += other.m_rows;
}

DriftOfFeature DriftCounter::driftOf(const Count &count)
{
    const bool isCategorical = count.profile.use == FieldUse::Categorical;
    DriftOfFeature drift;
    drift.name = count.profile.name;
    drift.isCategorical = isCategorical;
    drift.rows = count.rows;
    drift.trainingMissingRate = rate(count.profile.missing, count.profile.rows);
    drift.invalidRate = rate(count.invalid, count.rows);
    const qint64 missing = isCategorical ? count.missing : count.bins.missing();
    std::vector<qint64> then = count.profile.counts;
    std::vector<qint64> now = count.counts;
    if (!isCategorical)
        now.assign(count.bins.counts().begin(), count.bins.counts().end());
    now.resize(then.size(), 0);
    const qint64 known = std::accumulate(then.begin(), then.end(), qint64(0)) + count.profile.missing;
    then.push_back(count.profile.missing);
    now.push_back(missing);
    then.push_back(std::max(qint64(0), count.profile.rows - known)); // of no level: rare, but possible in training too
    now.push_back(count.unseen);
    drift.stability = populationStability(then, now);
    drift.mayBeChance = drift.stability >= driftWarning && mayBeChance(then, now);
    drift.missingRate = rate(missing, count.rows);
    drift.unseenRate = rate(count.unseen, count.rows);
    for (const auto &[text, rows] : count.examples)
        drift.unseen.append({QString::fromStdString(text), rows});
    std::stable_sort(drift.unseen.begin(), drift.unseen.end(), [](const UnseenLevel &a, const UnseenLevel &b) {
        return a.rows > b.rows;
    });
    if (drift.unseen.size() > DriftOfFeature::mostUnseen)
        drift.unseen.resize(DriftOfFeature::mostUnseen);
    if (!isCategorical) {
        drift.outsideRate = rate(count.bins.outside(), count.rows);
        drift.low = finite(count.bins.lowest());
        drift.high = finite(count.bins.highest());
        drift.trainingLow = finite(count.profile.least);
        drift.trainingHigh = finite(count.profile.most);
    }
    if (drift.mayBeChance)
        return drift;
    if (drift.stability >= driftAlarm)
        drift.level = DriftLevel::Alarm;
    else if (drift.stability >= driftWarning)
        drift.level = DriftLevel::Warning;
    return drift;
}

DriftReport DriftCounter::report() const
{
    DriftReport report;
    report.rows = m_rows;
    for (const Count &count : m_features) {
        if (!count.profile.counts.empty())
            report.features.append(driftOf(count));
    }
    for (const Count &count : m_scores)
        report.scores.append(driftOf(count));
    for (const QList<DriftOfFeature> *list : {&report.features, &report.scores}) {
        for (const DriftOfFeature &drift : *list)
            report.worst = std::max(report.worst, drift.level);
    }
    return report;
}

} // namespace scoring
