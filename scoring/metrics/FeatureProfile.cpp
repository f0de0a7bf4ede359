#include "scoring/metrics/FeatureProfile.h"

#include "scoring/training/LevelCodes.h"

#include <algorithm>
#include <cmath>
#include <limits>

using engine::Json;
using engine::memberAt;
using engine::toQString;
using engine::toStdString;

namespace scoring {

namespace {

constexpr size_t bins = 10;

double numberAt(const Json &json, const char *key)
{
    const Json &member = memberAt(json, key);
    return member.is_number() ? member.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

Json numberOrNull(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

void profileNumbers(std::vector<double> values, FeatureProfile &profile)
{
    profile.least = profile.most = profile.mean = std::numeric_limits<double>::quiet_NaN();
    profile.deviation = profile.mean;
    if (values.empty()) {
        profile.counts.assign(1, 0);
        return;
    }
    std::sort(values.begin(), values.end());
    profile.least = values.front();
    profile.most = values.back();
    profile.mean = 0;
    for (size_t i = 0; i < values.size(); ++i)
        profile.mean += (values[i] - profile.mean) / double(i + 1);
    double squares = 0;
    for (const double value : values)
        squares += (value - profile.mean) * (value - profile.mean);
    profile.deviation = std::sqrt(squares / double(values.size()));
    for (size_t bin = 1; bin < bins; ++bin) {
        const double edge = values[std::min(values.size() - 1, values.size() * bin / bins)];
        if (edge < profile.most && (profile.edges.empty() || edge > profile.edges.back()))
            profile.edges.push_back(edge);
    }
    profile.counts.assign(profile.edges.size() + 1, 0);
    for (const double value : values)
        ++profile.counts[size_t(std::lower_bound(profile.edges.begin(), profile.edges.end(), value)
                                - profile.edges.begin())];
}

} // namespace

FeatureProfile
profileOf(const TrainingColumn &column, std::span<const int> rows, FieldUse use, const QStringList &levels)
{
    FeatureProfile profile;
    profile.name = column.name;
    profile.type = column.type;
    profile.use = use;
    profile.rows = qint64(rows.size());
    if (use == FieldUse::Continuous && column.type != FieldType::Text) {
        std::vector<double> values;
        for (const int row : rows) {
            if (const double value = column.numbers[size_t(row)]; !std::isnan(value))
                values.push_back(value);
        }
        profile.missing = profile.rows - qint64(values.size());
        profileNumbers(std::move(values), profile);
        return profile;
    }
    profile.levels = levels;
    profile.counts.assign(size_t(levels.size()), 0);
    const LevelCodes codes(levels, column.type);
    for (const int row : rows) {
        const size_t at = size_t(row);
        const bool text = column.type == FieldType::Text;
        if (text ? column.codes[at] < 0 : std::isnan(column.numbers[at])) {
            ++profile.missing;
            continue;
        }
        const int level = text ? codes.find(column.texts[size_t(column.codes[at])]) : codes.find(column.numbers[at]);
        if (level >= 0)
            ++profile.counts[size_t(level)];
    }
    return profile;
}

FeatureProfile profileOfScores(const QString &name, std::span<const double> scores)
{
    FeatureProfile profile;
    profile.name = name;
    profile.rows = qint64(scores.size());
    std::vector<double> values;
    for (const double score : scores) {
        if (!std::isnan(score))
            values.push_back(score);
    }
    profile.missing = profile.rows - qint64(values.size());
    profileNumbers(std::move(values), profile);
    return profile;
}

QString toString(FieldType type)
{
    switch (type) {
    case FieldType::Double:
        return QStringLiteral("double");
    case FieldType::Float:
        return QStringLiteral("float");
    case FieldType::Integer:
        return QStringLiteral("integer");
    case FieldType::Boolean:
        return QStringLiteral("boolean");
    case FieldType::Text:
        return QStringLiteral("text");
    }
    return {};
}

FieldType fieldTypeFromString(const QString &text)
{
    for (const FieldType type : {FieldType::Float, FieldType::Integer, FieldType::Boolean, FieldType::Text}) {
        if (toString(type) == text)
            return type;
    }
    return FieldType::Double;
}

Json toJson(const FeatureProfile &profile)
{
    const bool categorical = profile.use == FieldUse::Categorical;
    Json json = {{"name", toStdString(profile.name)},
                 {"type", toStdString(toString(profile.type))},
                 {"role", categorical ? "categorical" : "continuous"},
                 {"rows", profile.rows},
                 {"missing", profile.missing},
                 {"missingRate", profile.rows > 0 ? double(profile.missing) / double(profile.rows) : 0}};
    if (categorical) {
        json["levels"] = Json::array();
        for (const QString &level : profile.levels)
            json["levels"].push_back(toStdString(level));
    } else {
        json["min"] = numberOrNull(profile.least);
        json["max"] = numberOrNull(profile.most);
        json["mean"] = numberOrNull(profile.mean);
        json["sd"] = numberOrNull(profile.deviation);
        json["edges"] = profile.edges;
    }
    json["counts"] = profile.counts;
    return json;
}

FeatureProfile featureProfileFromJson(const Json &json)
{
    FeatureProfile profile;
    profile.name = engine::stringAt(json, "name");
    profile.type = fieldTypeFromString(engine::stringAt(json, "type"));
    profile.use = engine::stringAt(json, "role") == u"categorical" ? FieldUse::Categorical : FieldUse::Continuous;
    profile.rows = engine::intAt(json, "rows");
    profile.missing = engine::intAt(json, "missing");
    profile.least = numberAt(json, "min");
    profile.most = numberAt(json, "max");
    profile.mean = numberAt(json, "mean");
    profile.deviation = numberAt(json, "sd");
    for (const Json &edge : memberAt(json, "edges")) {
        if (edge.is_number())
            profile.edges.push_back(edge.get<double>());
    }
    std::sort(profile.edges.begin(), profile.edges.end());
    for (const Json &level : memberAt(json, "levels")) {
        if (level.is_string())
            profile.levels.append(toQString(level.get<std::string>()));
    }
    for (const Json &count : memberAt(json, "counts"))
        profile.counts.push_back(count.is_number_integer() ? std::max(qint64(0), count.get<qint64>()) : 0);
    const size_t parts =
        profile.use == FieldUse::Categorical ? size_t(profile.levels.size()) : profile.edges.size() + 1;
    profile.counts.resize(parts, 0);
    return profile;
}

} // namespace scoring
