#include "scoring/training/FeatureFit.h"

#include "scoring/training/LevelCodes.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <map>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct FeatureFitText
{
    Q_DECLARE_TR_FUNCTIONS(FeatureFitText)
};

// A sum that loses next to nothing, whatever the order of magnitude of its parts (Neumaier).
class ExactSum
{
public:
    void add(double value)
    {
        const double total = m_sum + value;
        m_lost += std::fabs(m_sum) >= std::fabs(value) ? (m_sum - total) + value : (value - total) + m_sum;
        m_sum = total;
    }
    double total() const { return m_sum + m_lost; }

private:
    double m_sum = 0;
    double m_lost = 0;
};

double medianOf(std::vector<double> values)
{
    const size_t middle = values.size() / 2;
    std::nth_element(values.begin(), values.begin() + qsizetype(middle), values.end());
    const double upper = values[middle];
    if (values.size() % 2 == 1)
        return upper;
    const double lower = *std::max_element(values.begin(), values.begin() + qsizetype(middle));
    return (lower + upper) / 2;
}

double meanOf(const std::vector<double> &values)
{
    ExactSum sum;
    for (const double value : values)
        sum.add(value);
    return sum.total() / double(values.size());
}

double mostFrequentOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    double best = values.front();
    size_t most = 0;
    for (size_t first = 0; first < values.size();) {
        size_t last = first;
        while (last < values.size() && values[last] == values[first])
            ++last;
        if (last - first > most) {
            most = last - first;
            best = values[first];
        }
        first = last;
    }
    return best;
}

Error allMissing(const QString &name)
{
    return Error{ErrorCode::InvalidInput,
                 FeatureFitText::tr("“%1” is missing in all training rows. Leave the column out, or replace missing "
                                    "values by a constant.")
                     .arg(name),
                 name};
}

Error someMissing(const QString &name, qsizetype count)
{
    return Error{ErrorCode::InvalidInput,
                 FeatureFitText::tr("“%1” is missing in %n training row(s). Say what is to replace missing values.",
                                    nullptr,
                                    int(count))
                     .arg(name),
                 name};
}

// The options that hold for one column.
Preparation::Rule ruleFor(const QString &name, const TrainingColumn &column, const TrainingOptions &options)
{
    const Preparation &preparation = options.preparation;
    Preparation::Rule rule = preparation.rules.value(name);
    const bool category = column.type == FieldType::Text || options.categorical.contains(name);
    if (!rule.use)
        rule.use = category ? FieldUse::Categorical : FieldUse::Continuous;
    rule.numbers = rule.numbers.value_or(preparation.numbers);
    rule.constantNumber = rule.constantNumber.value_or(preparation.constantNumber);
    rule.levels = rule.levels.value_or(preparation.levels);
    rule.constantLevel = rule.constantLevel.value_or(preparation.constantLevel);
    rule.standardise = rule.standardise.value_or(preparation.standardise);
    if (!rule.badCell)
        rule.badCell = rule.use == FieldUse::Categorical ? preparation.unseenLevel : preparation.badCell;
    return rule;
}

Result<PipelineFeature>
fitNumber(const TrainingColumn &column, std::span<const int> rows, const Preparation::Rule &rule)
{
    PipelineFeature feature;
    feature.name = column.name;
    feature.type = column.type;
    feature.badCell = *rule.badCell == BadCell::Zeros ? BadCell::NoScore : *rule.badCell;
    std::vector<double> values;
    values.reserve(rows.size());
    for (const int row : rows) {
        const double value = column.numbers[size_t(row)];
        if (!std::isnan(value))
            values.push_back(value);
    }
    const qsizetype missing = qsizetype(rows.size() - values.size());
    if (values.empty() && *rule.numbers != NumberImpute::Constant)
        return allMissing(column.name);
    switch (*rule.numbers) {
    case NumberImpute::Median:
        feature.imputeValue = medianOf(values);
        break;
    case NumberImpute::Mean:
        feature.imputeValue = meanOf(values);
        break;
    case NumberImpute::MostFrequent:
        feature.imputeValue = mostFrequentOf(values);
        break;
    case NumberImpute::Constant:
        feature.imputeValue = *rule.constantNumber;
        break;
    case NumberImpute::None:
        if (missing > 0)
            return someMissing(column.name, missing);
        break;
    }
    if (!*rule.standardise)
        return feature;
    const double n = double(rows.size());
    values.insert(values.end(), size_t(missing), feature.imputeValue.value_or(0));
    feature.mean = meanOf(values);
    ExactSum squares;
    ExactSum rest;
    for (const double value : values) {
        squares.add((value - feature.mean) * (value - feature.mean));
        rest.add(value - feature.mean);
    }
    const double variance = (squares.total() - rest.total() * rest.total() / n) / n;
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    const double bound = n * epsilon * variance + std::pow(n * feature.mean * epsilon, 2);
    feature.scale = variance > bound && std::isfinite(variance) ? std::sqrt(variance) : 1;
    if (!std::isfinite(feature.mean) || !std::isfinite(variance))
        return Error{ErrorCode::InvalidInput,
                     FeatureFitText::tr("The values of “%1” are too large to be standardised. Scale them down.")
                         .arg(column.name),
                     column.name};
    return feature;
}

// The levels of a column with how often each is there, in the order of the levels.
std::vector<std::pair<std::string, qsizetype>> countLevels(const TrainingColumn &column, std::span<const int> rows)
{
    std::vector<std::pair<std::string, qsizetype>> counted;
    if (column.type == FieldType::Text) {
        std::vector<qsizetype> counts(column.texts.size(), 0);
        for (const int row : rows) {
            if (const int32_t code = column.codes[size_t(row)]; code >= 0)
                ++counts[size_t(code)];
        }
        for (size_t i = 0; i < counts.size(); ++i) {
            if (counts[i] > 0)
                counted.emplace_back(column.texts[i], counts[i]);
        }
        std::sort(counted.begin(), counted.end());
        return counted;
    }
    std::map<double, qsizetype> counts;
    for (const int row : rows) {
        const double value = column.numbers[size_t(row)];
        if (!std::isnan(value))
            ++counts[value + 0.0];
    }
    for (const auto &[value, count] : counts)
        counted.emplace_back(shortestText(value).toStdString(), count);
    return counted;
}

void insertLevel(PipelineFeature &feature, const QString &level)
{
    if (feature.levels.contains(level))
        return;
    const bool text = feature.type == FieldType::Text;
    const auto before = [text](const QString &a, const QString &b) {
        return text ? a.toStdString() < b.toStdString() : numberOfText(a) < numberOfText(b);
    };
    feature.levels.insert(std::lower_bound(feature.levels.begin(), feature.levels.end(), level, before), level);
}

Result<PipelineFeature>
fitLevels(const TrainingColumn &column, std::span<const int> rows, const Preparation::Rule &rule, int mostLevels)
{
    PipelineFeature feature;
    feature.name = column.name;
    feature.type = column.type;
    feature.use = FieldUse::Categorical;
    feature.badCell = *rule.badCell;
    const auto counted = countLevels(column, rows);
    if (qsizetype(counted.size()) > mostLevels)
        return Error{ErrorCode::InvalidInput,
                     FeatureFitText::tr("“%1” has %n different value(s); each would become a column. Leave the column "
                                        "out, or group its values.",
                                        nullptr,
                                        int(counted.size()))
                         .arg(column.name),
                     column.name};
    qsizetype present = 0;
    qsizetype most = 0;
    QString mostFrequent;
    for (const auto &[level, count] : counted) {
        feature.levels.append(QString::fromStdString(level));
        present += count;
        if (count > most) {
            most = count;
            mostFrequent = feature.levels.constLast();
        }
    }
    const qsizetype missing = qsizetype(rows.size()) - present;
    if (counted.empty() && *rule.levels != LevelImpute::Constant)
        return allMissing(column.name);
    if (*rule.levels == LevelImpute::MostFrequent) {
        feature.imputeLevel = mostFrequent;
    } else if (*rule.levels == LevelImpute::Constant) {
        const QString level = *rule.constantLevel;
        if (column.type != FieldType::Text && std::isnan(numberOfText(level)))
            return Error{ErrorCode::InvalidInput,
                         FeatureFitText::tr("“%1” holds numbers: its missing values cannot be replaced by “%2”.")
                             .arg(column.name, level),
                         column.name};
        feature.imputeLevel = level;
        insertLevel(feature, level);
    } else if (missing > 0) {
        return someMissing(column.name, missing);
    }
    return feature;
}

Result<QStringList> chosenFeatures(const TrainingTable &table, const TrainingOptions &options)
{
    QStringList names = options.features;
    if (names.isEmpty()) {
        for (const TrainingColumn &column : table.columns()) {
            if (column.name != options.target && column.name != options.weight)
                names.append(column.name);
        }
    }
    QSet<QString> seen;
    for (const QString &name : names) {
        if (seen.contains(name))
            return Error{
                ErrorCode::InvalidInput, FeatureFitText::tr("The feature “%1” is named twice.").arg(name), name};
        if (name == options.target || name == options.weight)
            return Error{ErrorCode::InvalidInput,
                         FeatureFitText::tr("“%1” cannot be a feature: it is the target or the weight.").arg(name),
                         name};
        seen.insert(name);
    }
    if (names.isEmpty())
        return Error{ErrorCode::InvalidInput, FeatureFitText::tr("There is no feature to train with."), {}};
    return names;
}

} // namespace

Result<FeatureFit> fitFeatures(const TrainingTable &table, std::span<const int> rows, const TrainingOptions &options)
{
    const Result<QStringList> names = chosenFeatures(table, options);
    if (!names)
        return names.error();
    FeatureFit fit;
    for (const QString &name : *names) {
        const Result<int> at = table.require(name);
        if (!at)
            return at.error();
        const TrainingColumn &column = table.columns()[size_t(*at)];
        const Preparation::Rule rule = ruleFor(name, column, options);
        if (*rule.use == FieldUse::Continuous && column.type == FieldType::Text)
            return Error{ErrorCode::InvalidInput,
                         FeatureFitText::tr("“%1” holds texts and cannot be taken as a number.").arg(name),
                         name};
        const Result<PipelineFeature> feature = *rule.use == FieldUse::Continuous
            ? fitNumber(column, rows, rule)
            : fitLevels(column, rows, rule, options.preparation.mostLevels);
        if (!feature)
            return feature.error();
        const int number = int(fit.features.size());
        fit.features.append(*feature);
        fit.tableColumns.push_back(*at);
        if (feature->use == FieldUse::Continuous)
            fit.columns.append({name, number, -1});
        for (int level = options.preparation.dropFirstLevel ? 1 : 0; level < feature->levels.size(); ++level)
            fit.columns.append({QStringLiteral("%1=%2").arg(name, feature->levels.at(level)), number, level});
        if (feature->levels.size() > 20 && feature->levels.size() > qsizetype(rows.size() / 2))
            fit.warnings.append(FeatureFitText::tr("“%1” has %n value(s), nearly one for each row; such a column says "
                                                   "little about new rows.",
                                                   nullptr,
                                                   int(feature->levels.size()))
                                    .arg(name));
    }
    if (fit.columns.isEmpty())
        return Error{ErrorCode::InvalidInput,
                     FeatureFitText::tr("Every feature has a single value: there is nothing to learn from."),
                     {}};
    return fit;
}

} // namespace scoring
