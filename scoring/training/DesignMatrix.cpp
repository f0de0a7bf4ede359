#include "scoring/training/DesignMatrix.h"

#include "scoring/training/LevelCodes.h"

#include <cmath>

namespace scoring {

namespace {

// For each feature and level its design column, −1 where it is left out.
std::vector<std::vector<int>> columnsOfLevels(const FeatureFit &fit)
{
    std::vector<std::vector<int>> columns;
    for (const PipelineFeature &feature : fit.features)
        columns.emplace_back(size_t(feature.levels.size()), -1);
    for (int j = 0; j < fit.columns.size(); ++j) {
        if (fit.columns.at(j).level >= 0)
            columns[size_t(fit.columns.at(j).feature)][size_t(fit.columns.at(j).level)] = j;
    }
    return columns;
}

std::vector<int32_t> codesOf(const TrainingColumn &column,
                             const std::vector<int> &rows,
                             const PipelineFeature &feature,
                             const std::vector<int> &columnOfLevel)
{
    const LevelCodes levels(feature.levels, feature.type);
    const int impute = feature.imputeLevel ? int(feature.levels.indexOf(*feature.imputeLevel)) : -1;
    const auto parameterOf = [&](int level) { return level < 0 ? -1 : columnOfLevel[size_t(level)]; };
    std::vector<int32_t> codes;
    codes.reserve(rows.size());
    if (feature.type == FieldType::Text) {
        std::vector<int> parameterOfText;
        for (const std::string &text : column.texts)
            parameterOfText.push_back(parameterOf(levels.find(text)));
        for (const int row : rows) {
            const int32_t code = column.codes[size_t(row)];
            codes.push_back(code < 0 ? parameterOf(impute) : parameterOfText[size_t(code)]);
        }
        return codes;
    }
    for (const int row : rows) {
        const double number = column.numbers[size_t(row)];
        codes.push_back(parameterOf(std::isnan(number) ? impute : levels.find(number)));
    }
    return codes;
}

} // namespace

DesignMatrix::DesignMatrix(
    const TrainingTable &table, const std::vector<int> &rows, const FeatureFit &fit, bool intercept, bool centred)
    : m_width(int(fit.columns.size()))
    , m_intercept(intercept)
    , m_centre(size_t(m_width), 0)
    , m_spread(size_t(m_width), 1)
{
    for (int j = 0; j < m_width; ++j) {
        if (fit.columns.at(j).level < 0)
            m_denseParameters.push_back(j);
    }
    if (intercept)
        m_denseParameters.push_back(m_width);
    m_dense.resize(qsizetype(rows.size()), qsizetype(m_denseParameters.size()));
    if (intercept)
        m_dense.rightCols(1).setOnes();
    const auto levels = columnsOfLevels(fit);
    for (size_t f = 0; f < levels.size(); ++f) {
        const PipelineFeature &feature = fit.features.at(int(f));
        if (feature.use == FieldUse::Categorical)
            m_codes.push_back(codesOf(table.columns()[size_t(fit.tableColumns[f])], rows, feature, levels[f]));
    }
    const double n = double(rows.size());
    for (size_t d = 0; d < m_denseParameters.size() && m_denseParameters[d] < m_width; ++d) {
        const int j = m_denseParameters[d];
        const int f = fit.columns.at(j).feature;
        const PipelineFeature &feature = fit.features.at(f);
        const std::vector<double> &numbers = table.columns()[size_t(fit.tableColumns[size_t(f)])].numbers;
        auto column = m_dense.col(qsizetype(d));
        for (size_t i = 0; i < rows.size(); ++i) {
            const double x = numbers[size_t(rows[i])];
            column[qsizetype(i)] =
                ((std::isnan(x) ? feature.imputeValue.value_or(0) : x) - feature.mean) / feature.scale;
        }
        if (feature.mean != 0 || feature.scale != 1)
            continue; // it is standardised already
        const double mean = centred ? column.sum() / n : 0;
        const double spread = std::sqrt((column.array() - mean).square().sum() / n);
        m_centre[size_t(j)] = mean;
        m_spread[size_t(j)] = spread > 0 && std::isfinite(spread) ? spread : 1;
        column.array() = (column.array() - mean) / m_spread[size_t(j)];
    }
}

double DesignMatrix::value(int row, int column) const
{
    for (size_t d = 0; d < m_denseParameters.size(); ++d) {
        if (m_denseParameters[d] == column)
            return m_dense(row, qsizetype(d)) * spread(column) + centre(column);
    }
    for (const std::vector<int32_t> &codes : m_codes) {
        if (codes[size_t(row)] == column)
            return 1;
    }
    return 0;
}

DesignMatrix DesignMatrix::everyNth(int step) const
{
    DesignMatrix some;
    some.m_width = m_width;
    some.m_intercept = m_intercept;
    some.m_denseParameters = m_denseParameters;
    some.m_centre = m_centre;
    some.m_spread = m_spread;
    const int count = (rows() + step - 1) / step;
    some.m_dense.resize(count, m_dense.cols());
    for (int i = 0; i < count; ++i)
        some.m_dense.row(i) = m_dense.row(qsizetype(i) * step);
    for (const std::vector<int32_t> &codes : m_codes) {
        std::vector<int32_t> fewer;
        for (int i = 0; i < count; ++i)
            fewer.push_back(codes[size_t(i) * size_t(step)]);
        some.m_codes.push_back(std::move(fewer));
    }
    return some;
}

void DesignMatrix::toPipeline(const Eigen::VectorXd &parameters, double *coefficients, double &intercept) const
{
    intercept = m_intercept ? parameters[m_width] : 0;
    for (int j = 0; j < m_width; ++j) {
        coefficients[j] = parameters[j] / m_spread[size_t(j)];
        intercept -= coefficients[j] * m_centre[size_t(j)];
    }
}

Eigen::VectorXd DesignMatrix::gradientOfPipeline(const Eigen::VectorXd &gradient) const
{
    Eigen::VectorXd result = gradient;
    for (int j = 0; j < m_width; ++j) {
        result[j] = gradient[j] * m_spread[size_t(j)];
        if (m_intercept)
            result[j] += gradient[m_width] * m_centre[size_t(j)];
    }
    return result;
}

Eigen::MatrixXd DesignMatrix::toPipelineMatrix() const
{
    Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(parameters(), parameters());
    for (int j = 0; j < m_width; ++j) {
        matrix(j, j) = 1 / m_spread[size_t(j)];
        if (m_intercept)
            matrix(m_width, j) = -m_centre[size_t(j)] / m_spread[size_t(j)];
    }
    return matrix;
}

} // namespace scoring
