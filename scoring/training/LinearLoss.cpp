#include "scoring/training/LinearLoss.h"

#include "scoring/Exponential.h"
#include "scoring/training/Chunks.h"

#include <cmath>

namespace scoring {

namespace {

constexpr int blockRows = 512; // with some dozens of columns it stays in the second cache
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
        Block block(*this, withHessian);
        for (block.first = chunk * perChunk; block.first < end; block.first += blockRows) {
            block.rows = std::min(blockRows, end - block.first);
            addBlock(matrix, block, sums[size_t(chunk)]);
        }
    });
    for (int chunk = 1; chunk < chunks; ++chunk)
        sums[0].add(sums[size_t(chunk)]);
    Evaluation evaluation;
    fill(sums[0], theta, withHessian, evaluation);
    return evaluation;
}

LinearLoss::Block::Block(const LinearLoss &loss, bool withHessian)
{
    const DesignMatrix &design = *loss.m_problem.design;
    const Eigen::Index q = design.dense().cols();
    const int outputs = loss.m_problem.outputs;
    theta.resize(q, outputs);
    margins.resize(blockRows, outputs);
    slopes.resize(blockRows, outputs);
    curvatures.resize(withHessian ? blockRows : 0, withHessian ? loss.pairs() : 0);
    losses.resize(blockRows);
    weighted.resize(blockRows);
    weightedRows.resize(withHessian && !design.codes().empty() ? blockRows : 0, q);
    dense.resize(size_t(q));
    products.resize(q);
}

void LinearLoss::addLogistic(Block &block, Sums &sums) const
{
    m_loops.logisticLoss({block.margins.data(),
                          m_problem.targets.data() + block.first,
                          m_problem.weights.data() + block.first,
                          block.losses.data(),
                          block.slopes.data(),
                          isCurved(block) ? block.curvatures.data() : nullptr},
                         block.rows);
    sums.loss += m_loops.sum(block.losses.data(), block.rows);
}

void LinearLoss::addSoftmax(Block &block, Sums &sums) const
{
    const int outputs = m_problem.outputs;
    Eigen::RowVectorXd row(outputs);
    for (Eigen::Index i = 0; i < block.rows; ++i) {
        const double weight = m_problem.weights[size_t(block.first + i)];
        const int truth = int(m_problem.targets[size_t(block.first + i)]);
        const double largest = block.margins.row(i).maxCoeff();
        double sum = 0;
        for (int k = 0; k < outputs; ++k) {
            row[k] = exponential(block.margins(i, k) - largest);
            sum += row[k];
        }
        sums.loss += weight * (std::log(sum) + largest - block.margins(i, truth));
        row /= sum;
        for (int k = 0, pair = 0; k < outputs; ++k) {
            double others = 1 - row[k];
            if (others < 0.5) // p is close to 1: from the other classes' own values
                others = row.head(k).sum() + row.tail(outputs - k - 1).sum();
            block.slopes(i, k) = k == truth ? -weight * others : weight * row[k];
            for (int l = 0; isCurved(block) && l <= k; ++l, ++pair)
                block.curvatures(i, pair) = weight * (l == k ? row[k] * others : -row[k] * row[l]);
        }
    }
}

void LinearLoss::addSquares(Block &block, Sums &sums) const
{
    for (Eigen::Index i = 0; i < block.rows; ++i) {
        const double weight = m_problem.weights[size_t(block.first + i)];
        const double rest = block.margins(i, 0) - m_problem.targets[size_t(block.first + i)];
        sums.loss += weight * 0.5 * rest * rest;
        block.slopes(i, 0) = weight * rest;
        if (isCurved(block))
            block.curvatures(i, 0) = weight;
    }
}

void LinearLoss::addMargins(const Eigen::MatrixXd &theta, Block &block) const
{
    const DesignMatrix &design = *m_problem.design;
    const int q = int(block.dense.size());
    for (int k = 0; k < m_problem.outputs; ++k) {
        for (int d = 0; d < q; ++d)
            block.theta(d, k) = theta(design.denseParameters()[size_t(d)], k);
        double *const margins = block.margins.col(k).data();
        std::fill_n(margins, block.rows, 0.0);
        m_loops.addColumns(margins, block.dense.data(), block.theta.col(k).data(), q, block.rows);
        for (const std::vector<int32_t> &codes : design.codes()) {
            for (int i = 0; i < block.rows; ++i) {
                if (const int32_t code = codes[size_t(block.first + i)]; code >= 0)
                    margins[i] += theta(code, k);
            }
        }
    }
}

void LinearLoss::addGradient(Block &block, Sums &sums) const
{
    const DesignMatrix &design = *m_problem.design;
    const std::vector<int> &denseParameters = design.denseParameters();
    for (int k = 0; k < m_problem.outputs; ++k) {
        const double *const slopes = block.slopes.col(k).data();
        block.products.setZero();
        m_loops.addProducts(block.products.data(), slopes, block.dense.data(), int(block.dense.size()), block.rows);
        for (size_t d = 0; d < denseParameters.size(); ++d)
            sums.gradient(denseParameters[d], k) += block.products[Eigen::Index(d)];
        for (const std::vector<int32_t> &codes : design.codes()) {
            for (int i = 0; i < block.rows; ++i) {
                if (const int32_t code = codes[size_t(block.first + i)]; code >= 0)
                    sums.gradient(code, k) += slopes[i];
            }
        }
    }
}

void LinearLoss::addBlock(const Eigen::MatrixXd &theta, Block &block, Sums &sums) const
{
    const Eigen::MatrixXd &dense = m_problem.design->dense();
    for (size_t d = 0; d < block.dense.size(); ++d)
        block.dense[d] = dense.col(Eigen::Index(d)).data() + block.first;
    addMargins(theta, block);
    for (int k = 0; k < m_problem.outputs; ++k)
        sums.largestMargin =
            std::max(sums.largestMargin, m_loops.largestMagnitude(block.margins.col(k).data(), block.rows));
    if (m_problem.family == LossFamily::Logistic)
        addLogistic(block, sums);
    else if (m_problem.family == LossFamily::Softmax)
        addSoftmax(block, sums);
    else
        addSquares(block, sums);
    addGradient(block, sums);
    if (isCurved(block))
        addHessian(block, sums);
}

void LinearLoss::addHessian(Block &block, Sums &sums) const
{
    const int q = int(block.dense.size());
    const bool hasLevels = !m_problem.design->codes().empty();
    for (int pair = 0; pair < pairs(); ++pair) {
        const double *const curvatures = block.curvatures.col(pair).data();
        Eigen::MatrixXd &dense = sums.dense[size_t(pair)];
        for (int d = 0; d < q; ++d) {
            m_loops.multiply(block.weighted.data(), curvatures, block.dense[size_t(d)], block.rows);
            // Column d of the lower triangle, from the diagonal on.
            m_loops.addProducts(&dense(d, d), block.weighted.data(), block.dense.data() + d, q - d, block.rows);
            if (hasLevels)
                block.weightedRows.col(d).head(block.rows) = block.weighted.head(block.rows);
        }
        if (hasLevels)
            addLevels(pair, block, sums);
    }
}

void LinearLoss::addLevels(int pair, Block &block, Sums &sums) const
{
    const auto &codes = m_problem.design->codes();
    const double *const curvatures = block.curvatures.col(pair).data();
    RowMatrix &mixed = sums.mixed[size_t(pair)];
    Eigen::MatrixXd &levels = sums.levels[size_t(pair)];
    for (size_t c = 0; c < codes.size(); ++c) {
        for (int i = 0; i < block.rows; ++i) {
            const int32_t code = codes[c][size_t(block.first + i)];
            if (code < 0)
                continue;
            mixed.row(code) += block.weightedRows.row(i);
            levels(code, code) += curvatures[i];
            for (size_t other = 0; other < c; ++other) { // features are in the order of their parameters
                if (const int32_t before = codes[other][size_t(block.first + i)]; before >= 0)
                    levels(code, before) += curvatures[i];
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
