#include "scoring/pmml/VerificationSample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace scoring::pmml {

namespace {

constexpr int mostRows = 64;
constexpr int missingRow = 3; // cells are missing there, and in every 11th row after it

bool isBlank(const QString &text) { return text.trimmed().size() != text.size() || text.isEmpty(); }

} // namespace

VerificationSample::VerificationSample(const LinearPipeline &pipeline)
{
    int rows = 12;
    for (const PipelineFeature &feature : pipeline.features)
        rows = std::max(rows, std::min(int(feature.levels.size()) + 2, mostRows));
    m_batch.rows = rows;
    m_columns.resize(size_t(pipeline.features.size()));
    for (size_t i = 0; i < m_columns.size(); ++i) {
        Column &column = m_columns[i];
        fill(pipeline.features.at(int(i)), i, rows, column);
        InputColumn input;
        if (pipeline.features.at(int(i)).type == FieldType::Text)
            input.texts = column.texts;
        else
            input.numbers = column.numbers;
        m_batch.columns.push_back(input);
    }
}

void VerificationSample::fill(const PipelineFeature &feature, size_t index, int rows, Column &column)
{
    constexpr std::array steps{0.0, 1.0, -1.0, 0.5, -0.25, 2.0, -3.0};
    const bool imputes = feature.imputeValue.has_value() || feature.imputeLevel.has_value();
    column.kept.resize(size_t(rows));
    for (int row = 0; row < rows; ++row) {
        const bool missing = imputes && (row % 11 == missingRow || row % 13 == int(index % 13));
        if (feature.use == FieldUse::Continuous) {
            const double step = steps[(size_t(row) + index * 3) % steps.size()];
            const double number = feature.mean + feature.scale * step;
            const bool whole = feature.type == FieldType::Integer || feature.type == FieldType::Boolean;
            column.numbers.push_back(missing     ? std::numeric_limits<double>::quiet_NaN()
                                         : whole ? std::floor(number)
                                                 : number);
            continue;
        }
        const QString &level = feature.levels.at((row + int(index)) % int(feature.levels.size()));
        const bool leftOut = missing || (feature.type == FieldType::Text && isBlank(level));
        column.numbers.push_back(leftOut ? std::numeric_limits<double>::quiet_NaN() : level.toDouble());
        column.kept[size_t(row)] = level.toStdString();
        column.texts.push_back(leftOut ? std::string_view() : std::string_view(column.kept[size_t(row)]));
    }
}

} // namespace scoring::pmml
