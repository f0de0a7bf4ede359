#include "scoring/training/LinearSolver.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <cmath>
#include <deque>

namespace scoring {

namespace {

constexpr int newtonSteps = 200;
constexpr int lbfgsSteps = 5000;
constexpr double smallestPivot = 1e-12; // of a matrix with ones on the diagonal; below it a direction is not decided
constexpr double shortStep = 1e-6;
constexpr double farMargin = 30; // beyond it a probability is 1 or 0 to thirteen digits

double largest(const Eigen::VectorXd &vector) { return vector.size() == 0 ? 0 : vector.cwiseAbs().maxCoeff(); }

// The Hessian with the flat directions closed: they get the mean curvature.
void closeFlat(const LinearLoss &loss, const Eigen::VectorXd &flat, Eigen::MatrixXd &hessian)
{
    const int outputs = loss.problem().outputs;
    const Eigen::Index size = flat.size();
    const double curvature = hessian.diagonal().mean() / outputs;
    for (Eigen::Index j = 0; j < size; ++j) {
        if (flat[j] == 0)
            continue;
        for (int k = 0; k < outputs; ++k) {
            for (int l = 0; l < outputs; ++l)
                hessian(k * size + j, l * size + j) += curvature;
        }
    }
}

// Watches for margins that grow step by step although there is nothing left to gain.
class Divergence
{
public:
    bool grows(double margin)
    {
        m_times = margin > farMargin && margin - m_last > 0.3 ? m_times + 1 : 0;
        m_last = margin;
        return m_times >= 3;
    }

private:
    double m_last = 0;
    int m_times = 0;
};

// The direction of L-BFGS: what the last pairs of steps and gradient differences say of the inverse Hessian.
struct Memory
{
    struct Pair
    {
        Eigen::VectorXd step;
        Eigen::VectorXd difference;
    };
    std::deque<Pair> pairs;
    Eigen::VectorXd inverseDiagonal;

    void add(Pair pair)
    {
        constexpr size_t remembered = 20;
        if (pair.step.dot(pair.difference) <= 1e-14 * pair.difference.squaredNorm())
            return;
        pairs.push_back(std::move(pair));
        if (pairs.size() > remembered)
            pairs.pop_front();
    }

    Eigen::VectorXd direction(const Eigen::VectorXd &gradient) const
    {
        Eigen::VectorXd q = gradient;
        std::vector<double> alpha(pairs.size());
        for (size_t i = pairs.size(); i-- > 0;) {
            alpha[i] = pairs[i].step.dot(q) / pairs[i].step.dot(pairs[i].difference);
            q -= alpha[i] * pairs[i].difference;
        }
        double scale = 1;
        if (!pairs.empty()) {
            const Pair &last = pairs.back();
            scale = last.step.dot(last.difference) / last.difference.dot(inverseDiagonal.cwiseProduct(last.difference));
        }
        q = scale * inverseDiagonal.cwiseProduct(q);
        for (size_t i = 0; i < pairs.size(); ++i) {
            const double beta = pairs[i].difference.dot(q) / pairs[i].step.dot(pairs[i].difference);
            q += (alpha[i] - beta) * pairs[i].step;
        }
        return -q;
    }
};

} // namespace

Eigen::VectorXd flatDirections(const LinearLoss &loss)
{
    const LinearLoss::Problem &problem = loss.problem();
    if (problem.family != LossFamily::Softmax)
        return Eigen::VectorXd::Zero(problem.design->parameters());
    return (problem.ridge.array() == 0).cast<double>();
}

Eigen::VectorXd solveSymmetric(const Eigen::MatrixXd &hessian, const Eigen::VectorXd &right, int *rank)
{
    const Eigen::VectorXd diagonal = hessian.diagonal();
    const Eigen::VectorXd scale =
        (diagonal.array() > 0).select(diagonal.array().max(1e-300).sqrt().inverse(), 1.0).matrix();
    Eigen::MatrixXd scaled = scale.asDiagonal() * hessian * scale.asDiagonal();
    const Eigen::LLT<Eigen::MatrixXd> cholesky(scaled);
    if (cholesky.info() == Eigen::Success
        && cholesky.matrixLLT().diagonal().array().square().minCoeff() > smallestPivot) {
        if (rank)
            *rank = int(hessian.rows());
        return scale.cwiseProduct(cholesky.solve(scale.cwiseProduct(right)));
    }
    constexpr Eigen::Index mostForEigenvalues = 1000;
    if (hessian.rows() > mostForEigenvalues) {
        scaled.diagonal().array() += 1e-9;
        return scale.cwiseProduct(Eigen::LLT<Eigen::MatrixXd>(scaled).solve(scale.cwiseProduct(right)));
    }
    // The shortest solution is meant in the parameters as they are, not in scaled ones.
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(hessian);
    const double bound = eigen.eigenvalues().cwiseAbs().maxCoeff() * smallestPivot;
    const Eigen::ArrayXd inverse =
        (eigen.eigenvalues().array() > bound).select(eigen.eigenvalues().array().inverse(), 0.0);
    if (rank)
        *rank = int((inverse > 0).count());
    return eigen.eigenvectors() * (inverse.matrix().cwiseProduct(eigen.eigenvectors().transpose() * right));
}

Solution minimiseByNewton(const LinearLoss &loss, Eigen::VectorXd start, const SolverOptions &options)
{
    Solution solution;
    solution.solver = QStringLiteral("Newton");
    solution.theta = std::move(start);
    const Eigen::VectorXd flat = flatDirections(loss);
    LinearLoss::Evaluation now = loss.evaluate(solution.theta, true);
    Divergence divergence;
    const bool free = loss.problem().ridge.isZero();
    const int most = options.mostIterations > 0 ? options.mostIterations : newtonSteps;
    double lastStep = std::numeric_limits<double>::infinity();
    while (true) {
        const double slope = largest(now.gradient);
        const double reach = shortStep * (1 + largest(solution.theta));
        solution.converged = slope <= options.gradientTolerance && lastStep <= reach;
        if (solution.converged || slope == 0 || solution.iterations >= most || options.cancel.isCancelled())
            break;
        Eigen::MatrixXd hessian = now.hessian;
        closeFlat(loss, flat, hessian);
        const Eigen::VectorXd step = solveSymmetric(hessian, now.gradient, nullptr);
        double length = 1;
        LinearLoss::Evaluation next;
        Eigen::VectorXd there;
        bool better = false;
        for (int halvings = 0; halvings < 40 && !better; ++halvings, length /= 2) {
            there = solution.theta - length * step;
            next = loss.evaluate(there, true);
            const double noise = 1e-13 * std::fabs(now.value);
            better = std::isfinite(next.value)
                && (next.value < now.value || (next.value <= now.value + noise && largest(next.gradient) < slope));
            if (better)
                break;
        }
        ++solution.iterations;
        if (!better) { // nothing more can be gained in this arithmetic
            solution.converged = slope <= options.gradientTolerance;
            break;
        }
        lastStep = length * largest(step);
        solution.theta = std::move(there);
        now = std::move(next);
        if (free && loss.problem().family != LossFamily::Squares && divergence.grows(now.largestMargin)) {
            solution.separated = true;
            break;
        }
    }
    solution.converged = solution.converged || largest(now.gradient) == 0;
    solution.value = now.value;
    solution.gradient = std::move(now.gradient);
    solution.hessian = std::move(now.hessian);
    solution.largestMargin = now.largestMargin;
    return solution;
}

Solution minimiseByLbfgs(const LinearLoss &loss, Eigen::VectorXd start, const SolverOptions &options)
{
    Solution solution;
    solution.solver = QStringLiteral("L-BFGS");
    solution.theta = std::move(start);
    Memory memory;
    memory.inverseDiagonal = loss.curvature().cwiseMax(1e-300).cwiseInverse();
    LinearLoss::Evaluation now = loss.evaluate(solution.theta, false);
    Divergence divergence;
    const bool free = loss.problem().ridge.isZero();
    const int most = options.mostIterations > 0 ? options.mostIterations : lbfgsSteps;
    while (true) {
        solution.converged = largest(now.gradient) <= options.gradientTolerance;
        if (solution.converged || solution.iterations >= most || options.cancel.isCancelled())
            break;
        Eigen::VectorXd direction = memory.direction(now.gradient);
        double slope = direction.dot(now.gradient);
        if (slope >= 0) { // what is remembered has become wrong
            memory.pairs.clear();
            direction = memory.direction(now.gradient);
            slope = direction.dot(now.gradient);
        }
        LinearLoss::Evaluation next;
        Eigen::VectorXd there;
        bool better = false;
        double length = 1;
        for (int halvings = 0; halvings < 40; ++halvings, length /= 2) {
            there = solution.theta + length * direction;
            next = loss.evaluate(there, false);
            const double noise = 1e-13 * std::fabs(now.value);
            better = std::isfinite(next.value)
                && (next.value <= now.value + 1e-4 * length * slope
                    || (next.value <= now.value + noise && largest(next.gradient) < largest(now.gradient)));
            if (better)
                break;
        }
        ++solution.iterations;
        if (!better) {
            if (memory.pairs.empty())
                break;
            memory.pairs.clear(); // once more, downhill
            continue;
        }
        memory.add({there - solution.theta, next.gradient - now.gradient});
        solution.theta = std::move(there);
        now = std::move(next);
        if (free && loss.problem().family != LossFamily::Squares && divergence.grows(now.largestMargin)) {
            solution.separated = true;
            break;
        }
    }
    solution.value = now.value;
    solution.gradient = std::move(now.gradient);
    solution.largestMargin = now.largestMargin;
    return solution;
}

} // namespace scoring
