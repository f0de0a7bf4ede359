#include "scoring/training/LinearLoss.h"

#include "scoring/Link.h"
#include "scoring/training/Chunks.h"

#include <cmath>

namespace scoring {

namespace {

constexpr int blockRows = 256; // with some dozens of columns it stays in the second cache
constexpr int chunkRows = 16384;
constexpr double mostSums = 32e6; // numbers in the sums of all chunks together

} // namespace

// What one chunk of rows adds up to. The curvature sums are by pair of outputs: (0,0), (1,0), (1,1), (2,0) …; each is a
// symmetric matrix in three parts: numbers by numbers, levels by numbers, levels by levels.
struct LinearLoss::Sums
{
    double loss = 0;
    double largestMargin = 0;
    Eigen::MatrixXd gradient; // parameters × K
    std::vector<Eigen::MatrixXd> dense; // q × q, lower triangle
    std::vector<RowMatrix> mixed; // p × q
    std::vector<Eigen::MatrixXd> levels; // p × p, lower triangle

    Sums(const LinearLoss &loss_, bool withHessian)
    {
        const DesignMatrix &design = *loss_.m_problem.design;
        gradient = Eigen::MatrixXd::Zero(design.parameters(), loss_.m_problem.outputs);
        if (!withHessian)
            return;
        const Eigen::Index q = design.dense().cols();
        const bool hasLevels = !design.codes().empty();
        for (int pair = 0; pair < loss_.pairs(); ++pair) {
            dense.emplace_back(Eigen::MatrixXd::Zero(q, q));
            mixed.emplace_back(RowMatrix::Zero(hasLevels ? design.width() : 0, q));
            levels.emplace_back(Eigen::MatrixXd::Zero(hasLevels ? design.width() : 0, hasLevels ? design.width() : 0));
        }
    }

    void add(const Sums &other)
    {
        loss += other.loss;
        largestMargin = std::max(largestMargin, other.largestMargin);
        gradient += other.gradient;
        for (size_t pair = 0; pair < dense.size(); ++pair) {
            dense[pair] += other.dense[pair];
            mixed[pair] += other.mixed[pair];
            levels[pair] += other.levels[pair];
        }
    }
};

LinearLoss::Evaluation LinearLoss::evaluate(const Eigen::VectorXd &theta, bool withHessian) const
{
    const int rows = m_problem.design->rows();
    const double size = withHessian ? std::pow(double(parameters()), 2) : double(parameters());
    const int mostChunks = int(std::clamp(mostSums / size, 1.0, 4096.0));
    const int perChunk = std::max(chunkRows, (rows + mostChunks - 1) / mostChunks);
    const int chunks = std::max(1, (rows + perChunk - 1) / perChunk);
    const Eigen::MatrixXd matrix =
        Eigen::Map<const Eigen::MatrixXd>(theta.data(), m_problem.design->parameters(), m_problem.outputs);
    std::vector<Sums> sums(size_t(chunks), Sums(*this, withHessian));
    forEachChunk(chunks, m_problem.threads, [&](int chunk) {
        const int end = std::min(rows, (chunk + 1) * perChunk);
        for (int first = chunk * perChunk; first < end; first += blockRows)
            addBlock(first, std::min(blockRows, end - first), matrix, withHessian, sums[size_t(chunk)]);
    });
    for (int chunk = 1; chunk < chunks; ++chunk)
        sums[0].add(sums[size_t(chunk)]);
    Evaluation evaluation;
    fill(sums[0], theta, withHessian, evaluation);
    return evaluation;
}

void LinearLoss::addLogistic(int first, Block &block, Sums &sums) const
{
    for (Eigen::Index i = 0; i < block.margins.rows(); ++i) {
        const double weight = m_problem.weights[size_t(first + i)];
        const bool isOne = m_problem.targets[size_t(first + i)] != 0;
        const double z = block.margins(i, 0);
        const double e = std::exp(-std::fabs(z));
        const double larger = 1 / (1 + e);
        const double smaller = e * larger;
        const bool agrees = (z >= 0) == isOne;
        const double wrong = agrees ? smaller : larger; // probability of the other class
        sums.loss += weight * (std::log1p(e) + (agrees ? 0 : std::fabs(z)));
        block.slopes(i, 0) = isOne ? -weight * wrong : weight * wrong;
        if (block.curvatures.size() > 0)
            block.curvatures(i, 0) = weight * (smaller * larger);
    }
}

void LinearLoss::addSoftmax(int first, Block &block, Sums &sums) const
{
    const int outputs = m_problem.outputs;
    Eigen::RowVectorXd row(outputs);
    for (Eigen::Index i = 0; i < block.margins.rows(); ++i) {
        const double weight = m_problem.weights[size_t(first + i)];
        const int truth = int(m_problem.targets[size_t(first + i)]);
        const double largest = block.margins.row(i).maxCoeff();
        row = (block.margins.row(i).array() - largest).exp();
        const double sum = row.sum();
        sums.loss += weight * (std::log(sum) + largest - block.margins(i, truth));
        row /= sum;
        for (int k = 0, pair = 0; k < outputs; ++k) {
            double others = 1 - row[k];
            if (others < 0.5) // p is close to 1: from the other classes' own values
                others = row.head(k).sum() + row.tail(outputs - k - 1).sum();
            block.slopes(i, k) = k == truth ? -weight * others : weight * row[k];
            for (int l = 0; block.curvatures.size() > 0 && l <= k; ++l, ++pair)
                block.curvatures(i, pair) = weight * (l == k ? row[k] * others : -row[k] * row[l]);
        }
    }
}

void LinearLoss::addSquares(int first, Block &block, Sums &sums) const
{
    for (Eigen::Index i = 0; i < block.margins.rows(); ++i) {
        const double weight = m_problem.weights[size_t(first + i)];
        const double rest = block.margins(i, 0) - m_problem.targets[size_t(first + i)];
        sums.loss += weight * 0.5 * rest * rest;
        block.slopes(i, 0) = weight * rest;
        if (block.curvatures.size() > 0)
            block.curvatures(i, 0) = weight;
    }
}

void LinearLoss::addBlock(int first, int count, const Eigen::MatrixXd &theta, bool withHessian, Sums &sums) const
{
    const DesignMatrix &design = *m_problem.design;
    const int outputs = m_problem.outputs;
    const std::vector<int> &denseParameters = design.denseParameters();
    const Eigen::MatrixXd denseTheta = theta(denseParameters, Eigen::all);
    const auto dense = design.dense().middleRows(first, count);
    Block block;
    block.margins = dense * denseTheta;
    block.slopes.resize(count, outputs);
    block.curvatures.resize(withHessian ? count : 0, withHessian ? pairs() : 0);
    for (const std::vector<int32_t> &codes : design.codes()) {
        for (int k = 0; k < outputs; ++k) {
            for (int i = 0; i < count; ++i) {
                if (const int32_t code = codes[size_t(first + i)]; code >= 0)
                    block.margins(i, k) += theta(code, k);
            }
        }
    }
    sums.largestMargin = std::max(sums.largestMargin, block.margins.cwiseAbs().maxCoeff());
    if (m_problem.family == LossFamily::Logistic)
        addLogistic(first, block, sums);
    else if (m_problem.family == LossFamily::Softmax)
        addSoftmax(first, block, sums);
    else
        addSquares(first, block, sums);
    const Eigen::MatrixXd slopes = dense.transpose() * block.slopes;
    for (size_t d = 0; d < denseParameters.size(); ++d)
        sums.gradient.row(denseParameters[d]) += slopes.row(Eigen::Index(d));
    for (const std::vector<int32_t> &codes : design.codes()) {
        for (int k = 0; k < outputs; ++k) {
            for (int i = 0; i < count; ++i) {
                if (const int32_t code = codes[size_t(first + i)]; code >= 0)
                    sums.gradient(code, k) += block.slopes(i, k);
            }
        }
    }
    if (withHessian)
        addHessian(first, count, block.curvatures, sums);
}

void LinearLoss::addHessian(int first, int count, const Eigen::MatrixXd &curvatures, Sums &sums) const
{
    const DesignMatrix &design = *m_problem.design;
    const auto dense = design.dense().middleRows(first, count);
    const auto &codes = design.codes();
    RowMatrix weighted(count, dense.cols());
    for (int pair = 0; pair < pairs(); ++pair) {
        for (int i = 0; i < count; ++i)
            weighted.row(i) = dense.row(i) * curvatures(i, pair);
        sums.dense[size_t(pair)].triangularView<Eigen::Lower>() += weighted.transpose() * dense;
        RowMatrix &mixed = sums.mixed[size_t(pair)];
        Eigen::MatrixXd &levels = sums.levels[size_t(pair)];
        for (size_t c = 0; c < codes.size(); ++c) {
            for (int i = 0; i < count; ++i) {
                const int32_t code = codes[c][size_t(first + i)];
                if (code < 0)
                    continue;
                mixed.row(code) += weighted.row(i);
                levels(code, code) += curvatures(i, pair);
                for (size_t other = 0; other < c; ++other) { // features are in the order of their parameters
                    if (const int32_t before = codes[other][size_t(first + i)]; before >= 0)
                        levels(code, before) += curvatures(i, pair);
                }
            }
        }
    }
}

void LinearLoss::fill(const Sums &sums, const Eigen::VectorXd &theta, bool withHessian, Evaluation &evaluation) const
{
    const DesignMatrix &design = *m_problem.design;
    const int size = design.parameters();
    const Eigen::VectorXd ridge = m_problem.ridge.replicate(m_problem.outputs, 1);
    evaluation.largestMargin = sums.largestMargin;
    evaluation.value = m_problem.C * sums.loss + 0.5 * (ridge.array() * theta.array().square()).sum();
    evaluation.gradient = m_problem.C * Eigen::Map<const Eigen::VectorXd>(sums.gradient.data(), sums.gradient.size())
        + Eigen::VectorXd(ridge.cwiseProduct(theta));
    if (!withHessian)
        return;
    evaluation.hessian.setZero(parameters(), parameters());
    const std::vector<int> &denseParameters = design.denseParameters();
    Eigen::MatrixXd one(size, size);
    for (int k = 0, pair = 0; k < m_problem.outputs; ++k) {
        for (int l = 0; l <= k; ++l, ++pair) {
            one.setZero();
            if (!design.codes().empty()) {
                const Eigen::MatrixXd levels = sums.levels[size_t(pair)].selfadjointView<Eigen::Lower>();
                one.topLeftCorner(design.width(), design.width()) = levels;
                for (size_t d = 0; d < denseParameters.size(); ++d) {
                    one.col(denseParameters[d]).head(design.width()) += sums.mixed[size_t(pair)].col(Eigen::Index(d));
                    one.row(denseParameters[d]).head(design.width()) +=
                        sums.mixed[size_t(pair)].col(Eigen::Index(d)).transpose();
                }
            }
            const Eigen::MatrixXd dense = sums.dense[size_t(pair)].selfadjointView<Eigen::Lower>();
            one(denseParameters, denseParameters) += dense;
            evaluation.hessian.block(Eigen::Index(k) * size, Eigen::Index(l) * size, size, size) = m_problem.C * one;
            if (k != l)
                evaluation.hessian.block(Eigen::Index(l) * size, Eigen::Index(k) * size, size, size) =
                    m_problem.C * one;
        }
    }
    evaluation.hessian.diagonal() += ridge;
}

Eigen::VectorXd LinearLoss::curvature() const
{
    const DesignMatrix &design = *m_problem.design;
    const double most = m_problem.family == LossFamily::Squares ? 1 : 0.25;
    Eigen::VectorXd one = m_problem.ridge;
    const Eigen::Map<const Eigen::VectorXd> weights(m_problem.weights.data(), design.rows());
    const Eigen::VectorXd dense = design.dense().array().square().matrix().transpose() * weights;
    for (size_t d = 0; d < design.denseParameters().size(); ++d)
        one[design.denseParameters()[d]] += most * m_problem.C * dense[Eigen::Index(d)];
    for (const std::vector<int32_t> &codes : design.codes()) {
        for (size_t i = 0; i < codes.size(); ++i) {
            if (codes[i] >= 0)
                one[codes[i]] += most * m_problem.C * m_problem.weights[i];
        }
    }
    return one.replicate(m_problem.outputs, 1);
}

} // namespace scoring
