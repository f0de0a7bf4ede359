#pragma once

#include "scoring/training/FeatureFit.h"

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace scoring {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// The design matrix of the training rows: numbers as they are, levels as codes. Its parameters are the p columns of the
// pipeline and then the intercept, if there is one. Inside, a number column is shifted and stretched to mean 0 and
// spread 1, so that the solver meets no column of another order of magnitude; toPipeline() undoes that.
class DesignMatrix
{
public:
    // `centred`: only with an intercept that is free.
    DesignMatrix(
        const TrainingTable &table, const std::vector<int> &rows, const FeatureFit &fit, bool intercept, bool centred);

    int rows() const { return int(m_dense.rows()); }
    int width() const { return m_width; } // p
    int parameters() const { return m_width + (m_intercept ? 1 : 0); }
    bool hasIntercept() const { return m_intercept; }

    // rows × q, column by column: the numbers, and ones for the intercept.
    const Eigen::MatrixXd &dense() const { return m_dense; }
    const std::vector<int> &denseParameters() const { return m_denseParameters; } // q
    // For each categorical feature the parameter each row adds; −1 = none.
    const std::vector<std::vector<int32_t>> &codes() const { return m_codes; }

    double centre(int column) const { return m_centre[size_t(column)]; }
    double spread(int column) const { return m_spread[size_t(column)]; }
    double value(int row, int column) const; // of the pipeline's design column, unscaled

    // Every n-th row, for a first guess.
    DesignMatrix everyNth(int step) const;

    // From parameters here to coefficients and intercept of the pipeline.
    void toPipeline(const Eigen::VectorXd &parameters, double *coefficients, double &intercept) const;
    // Gradient by the pipeline's coefficients and intercept, of one by the parameters here.
    Eigen::VectorXd gradientOfPipeline(const Eigen::VectorXd &gradient) const;
    // The matrix J with pipeline parameters = J · parameters here.
    Eigen::MatrixXd toPipelineMatrix() const;

private:
    DesignMatrix() = default;

    int m_width = 0;
    bool m_intercept = true;
    Eigen::MatrixXd m_dense;
    std::vector<int> m_denseParameters;
    std::vector<std::vector<int32_t>> m_codes;
    std::vector<double> m_centre;
    std::vector<double> m_spread;
};

} // namespace scoring
