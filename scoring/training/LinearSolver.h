#pragma once

#include "engine/base/CancelToken.h"
#include "scoring/training/LinearLoss.h"

namespace scoring {

struct SolverOptions
{
    int mostIterations = 0; // 0 = 200 Newton steps, 5,000 of L-BFGS
    double gradientTolerance = 0; // absolute, of the largest component
    engine::CancelToken cancel;
};

struct Solution
{
    Eigen::VectorXd theta;
    Eigen::MatrixXd hessian; // at theta; empty after L-BFGS
    QString solver; // "Newton" or "L-BFGS"
    int iterations = 0;
    double value = 0;
    Eigen::VectorXd gradient;
    double largestMargin = 0;
    bool converged = false;
    bool separated = false; // without a penalty a margin grows without end
};

// The directions in which the loss is flat for any data: with K outputs, adding one vector to each. Newton steps keep
// out of them. One entry for each of DesignMatrix::parameters(): 1 = flat.
Eigen::VectorXd flatDirections(const LinearLoss &loss);

// (H + what makes it invertible)⁻¹ · right-hand side: by Cholesky after scaling the diagonal to 1; where that fails,
// the shortest solution in the directions that the data decide. `rank` (may be null) gets the number of these
// directions.
Eigen::VectorXd solveSymmetric(const Eigen::MatrixXd &hessian, const Eigen::VectorXd &right, int *rank);

// Newton's method with step halving. Ends when the gradient is below the tolerance and the last step was so short that
// the next one would change nothing: the error of a step is the square of the one before.
Solution minimiseByNewton(const LinearLoss &loss, Eigen::VectorXd start, const SolverOptions &options);

// For more parameters than a Hessian is made for.
Solution minimiseByLbfgs(const LinearLoss &loss, Eigen::VectorXd start, const SolverOptions &options);

} // namespace scoring
