#pragma once

#include "scoring/training/DesignMatrix.h"
#include "scoring/training/RowLoops.h"

#include <vector>

namespace scoring {

enum class LossFamily : uint8_t {
    Logistic, // one margin; target 1 or 0
    Softmax, // K margins; target 0 … K−1
    Squares // one margin; half the squared difference
};

// f(θ) = C · Σ weight · loss + ½ Σ ridge · θ². θ has K blocks of DesignMatrix::parameters(). Sums are made in chunks of
// rows whose size depends on rows and parameters only, and these are added in their order: the same bits on any number
// of threads.
class LinearLoss
{
public:
    struct Problem
    {
        const DesignMatrix *design = nullptr; // borrowed
        LossFamily family = LossFamily::Logistic;
        int outputs = 1; // K
        std::vector<double> targets;
        std::vector<double> weights; // of rows, with those of their classes in them
        double C = 1;
        Eigen::VectorXd ridge; // of each of DesignMatrix::parameters()
        int threads = 1;
    };

    struct Evaluation
    {
        double value = 0;
        Eigen::VectorXd gradient;
        Eigen::MatrixXd hessian; // empty when not asked for
        double largestMargin = 0; // in absolute value
    };

    explicit LinearLoss(Problem problem) : m_problem(std::move(problem)), m_loops(RowLoops::best()) { }

    const Problem &problem() const { return m_problem; }
    int parameters() const { return m_problem.outputs * m_problem.design->parameters(); }
    Evaluation evaluate(const Eigen::VectorXd &theta, bool withHessian) const;
    // An upper bound of the Hessian's diagonal.
    Eigen::VectorXd curvature() const;

private:
    struct Sums;
    // Rows that stay in the caches, and the memory for them. Columns have always room for a whole block.
    struct Block
    {
        Block(const LinearLoss &loss, bool withHessian);

        int first = 0;
        int rows = 0;
        Eigen::MatrixXd theta; // by dense parameter, q × K
        Eigen::MatrixXd margins; // rows × K
        Eigen::MatrixXd slopes; // first derivatives by the margins, rows × K
        Eigen::MatrixXd curvatures; // second ones, rows × pairs of outputs; empty when not asked for
        Eigen::VectorXd losses;
        Eigen::VectorXd weighted; // a column of the design matrix by the curvatures
        RowMatrix weightedRows; // all of them, row by row; only beside levels
        std::vector<const double *> dense; // the block's part of each dense column
        Eigen::VectorXd products; // by dense parameter
    };

    void addLogistic(Block &block, Sums &sums) const;
    void addSoftmax(Block &block, Sums &sums) const;
    void addSquares(Block &block, Sums &sums) const;
    void addBlock(const Eigen::MatrixXd &theta, Block &block, Sums &sums) const;
    void addMargins(const Eigen::MatrixXd &theta, Block &block) const;
    void addGradient(Block &block, Sums &sums) const;
    void addHessian(Block &block, Sums &sums) const;
    void addLevels(int pair, Block &block, Sums &sums) const;
    void fill(const Sums &sums, const Eigen::VectorXd &theta, bool withHessian, Evaluation &evaluation) const;
    bool isCurved(const Block &block) const { return block.curvatures.size() > 0; }
    int pairs() const { return m_problem.outputs * (m_problem.outputs + 1) / 2; }

    Problem m_problem;
    const RowLoops &m_loops;
};

} // namespace scoring
