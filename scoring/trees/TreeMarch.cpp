#include "scoring/trees/TreeEnsemble.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <type_traits>

namespace scoring::trees {

namespace {

constexpr double zeroThreshold = double(1e-35f); // LightGBM's: a float, compared with doubles

} // namespace

// The march in one precision. Rows are taken in blocks: the cells of a block, lanes × features, stay in the caches
// while all trees pass; and within it each tree meets all of the block's lanes before the next one.
template <typename Real> class TypedMarch
{
public:
    using Node = TreeEnsemble::Node<Real>;
    static constexpr uint32_t lanes = TreeEnsemble::lanes;
    using Places = std::array<uint32_t, lanes>; // the node each lane is at

    TypedMarch(const TreeEnsemble &ensemble, std::vector<Real> &cells)
        : m_ensemble(ensemble)
        , m_nodes([&ensemble]() -> const std::vector<Node> & {
            if constexpr (std::is_same_v<Real, float>)
                return ensemble.m_floats;
            else
                return ensemble.m_doubles;
        }())
        , m_values([&ensemble]() -> const std::vector<Real> & {
            if constexpr (std::is_same_v<Real, float>)
                return ensemble.m_floatValues;
            else
                return ensemble.m_values;
        }())
        , m_cells(cells)
        , m_stride(size_t(ensemble.m_shape.features) * lanes)
    {
        constexpr size_t cacheBytes = 192 * 1024;
        const size_t fit = cacheBytes / std::max<size_t>(1, m_stride * sizeof(Real));
        m_chunks = int(std::clamp<size_t>(fit, 1, 32));
        m_cells.resize(std::max<size_t>(m_cells.size(), std::max<size_t>(m_stride, lanes) * size_t(m_chunks)));
    }

    // Calls take(row of the first lane, lanes in use, tree, places, cells) for each tree and lane group.
    template <typename Take> void run(std::span<const double *const> columns, int rows, int first, int last, Take take)
    {
        const int block = m_chunks * int(lanes);
        for (int start = 0; start < rows; start += block) {
            const int count = std::min(block, rows - start);
            load(columns, start, count);
            for (int tree = first; tree < last; ++tree) {
                const TreeEnsemble::Root &root = m_ensemble.m_roots[size_t(tree)];
                for (int chunk = 0; chunk * int(lanes) < count; ++chunk) {
                    const Real *cells = m_cells.data() + size_t(chunk) * m_stride;
                    Places at;
                    at.fill(root.node);
                    if (m_ensemble.m_plain)
                        march<true>(cells, root, at);
                    else
                        march<false>(cells, root, at);
                    const int used = std::min(int(lanes), count - chunk * int(lanes));
                    take(start + chunk * int(lanes), used, tree, at, cells);
                }
            }
        }
    }

    // What the leaf at `place` adds to sum `output`, for the lane's cells.
    Real value(uint32_t place, int output, const Real *cells, int lane) const
    {
        const size_t width = size_t(m_ensemble.m_shape.leafWidth);
        const auto leaf = size_t(m_ensemble.m_leaves[place]);
        const Real plain = width == 1 ? m_values[place] : m_values[leaf * width + size_t(output)];
        if (!m_ensemble.m_computes)
            return plain;
        const LinearLeaf &linear = m_ensemble.m_linear[leaf];
        if (std::isnan(linear.constant))
            return plain;
        double sum = linear.constant;
        for (size_t i = 0; i < linear.features.size(); ++i) {
            const Real x = cells[size_t(linear.features[i]) * lanes + size_t(lane)];
            if (std::isnan(x))
                return plain;
            sum += linear.coefficients[i] * double(x);
        }
        return Real(sum);
    }

    const std::vector<Real> &values() const { return m_values; }

private:
    void load(std::span<const double *const> columns, int start, int count)
    {
        constexpr Real missing = std::numeric_limits<Real>::quiet_NaN();
        for (int chunk = 0; chunk * int(lanes) < count; ++chunk) {
            const int used = std::min(int(lanes), count - chunk * int(lanes));
            Real *to = m_cells.data() + size_t(chunk) * m_stride;
            for (size_t feature = 0; feature < size_t(m_ensemble.m_shape.features); ++feature, to += lanes) {
                const double *from = feature < columns.size() ? columns[feature] : nullptr;
                if (from == nullptr) {
                    std::fill_n(to, lanes, missing);
                    continue;
                }
                from += start + chunk * int(lanes);
                for (int lane = 0; lane < used; ++lane)
                    to[lane] = Real(from[lane]);
                std::fill(to + used, to + lanes, missing);
            }
        }
    }

    // No branch depends on the data: a leaf's children are itself, so that all lanes take the same steps.
    template <bool plain> void march(const Real *cells, const TreeEnsemble::Root &root, Places &at) const
    {
        const Node *nodes = m_nodes.data();
        int step = 0;
        for (; step < root.shallow; ++step)
            for (uint32_t lane = 0; lane < lanes; ++lane)
                at[lane] = next<plain>(nodes, cells, at[lane], lane);
        // From here on some may be there already, and in trees that are not balanced most are.
        for (; step < root.deep; ++step) {
            uint32_t moved = 0;
            for (uint32_t lane = 0; lane < lanes; ++lane) {
                const uint32_t before = at[lane];
                at[lane] = next<plain>(nodes, cells, before, lane);
                moved |= before ^ at[lane];
            }
            if (moved == 0)
                return;
        }
    }

    template <bool plain> uint32_t next(const Node *nodes, const Real *cells, uint32_t place, uint32_t lane) const
    {
        const Node node = nodes[place];
        const Real x = cells[(node.column & ~(lanes - 1)) + lane];
        if constexpr (plain) {
            const uint32_t missing = uint32_t(x != x) & node.column; // its lowest bit is MissingRight
            return node.left + (uint32_t(x >= node.threshold) | missing);
        } else {
            if (node.left == place)
                return place;
            const bool missing =
                std::isnan(x) || ((node.column & TreeEnsemble::ZeroIsMissing) && std::abs(double(x)) <= zeroThreshold);
            if (missing)
                return node.left + (node.column & TreeEnsemble::MissingRight);
            if (node.column & TreeEnsemble::IsSet)
                return node.left + (contains(m_ensemble.m_bits[place], x) ? 0 : 1);
            if (node.column & TreeEnsemble::IsEqual)
                return node.left + (x == node.threshold ? 0 : 1);
            return node.left + (x >= node.threshold ? 1 : 0);
        }
    }

    bool contains(const TreeEnsemble::Bits &bits, Real x) const
    {
        if (!(x > Real(-1)) || !(x < Real(2147483648.0)))
            return false;
        const auto member = uint32_t(x);
        return member / 32 < bits.words && ((m_ensemble.m_words[bits.first + member / 32] >> (member % 32)) & 1) != 0;
    }

    const TreeEnsemble &m_ensemble;
    const std::vector<Node> &m_nodes;
    const std::vector<Real> &m_values;
    std::vector<Real> &m_cells; // chunks × features × lanes
    size_t m_stride; // cells of one chunk
    int m_chunks = 1; // lane groups in a block
};

struct TreeMarch::Scratch
{
    std::vector<float> floats;
    std::vector<double> doubles;
    std::vector<float> sums;
};

namespace {

template <typename Real>
void addTrees(const TreeEnsemble &ensemble,
              TypedMarch<Real> march,
              std::span<const double *const> columns,
              int rows,
              std::pair<int, int> trees,
              const std::vector<int> &outputOf,
              bool plainLeaves,
              Real *sums)
{
    const auto outputs = size_t(ensemble.shape().outputs);
    const bool wide = ensemble.shape().leafWidth > 1;
    const Real *values = march.values().data();
    march.run(
        columns, rows, trees.first, trees.second, [&](int row, int used, int tree, const auto &at, const Real *cells) {
            Real *sum = sums + size_t(row) * outputs;
            if (wide) {
                for (int lane = 0; lane < used; ++lane, sum += outputs)
                    for (size_t k = 0; k < outputs; ++k)
                        sum[k] += march.value(at[size_t(lane)], int(k), cells, lane);
                return;
            }
            sum += outputOf[size_t(tree)];
            if (plainLeaves) {
                for (int lane = 0; lane < used; ++lane, sum += outputs)
                    *sum += values[at[size_t(lane)]];
                return;
            }
            for (int lane = 0; lane < used; ++lane, sum += outputs)
                *sum += march.value(at[size_t(lane)], 0, cells, lane);
        });
}

} // namespace

TreeMarch::TreeMarch(const TreeEnsemble &ensemble) : m_scratch(std::make_unique<Scratch>()), m_ensemble(ensemble) { }

TreeMarch::~TreeMarch() = default;

void TreeMarch::add(std::span<const double *const> columns, int rows, int first, int last, double *sums)
{
    std::vector<int> outputOf(m_ensemble.m_roots.size());
    std::ranges::transform(m_ensemble.m_roots, outputOf.begin(), &TreeEnsemble::Root::output);
    const bool plainLeaves = !m_ensemble.m_computes;
    if (m_ensemble.m_shape.precision == Precision::Double) {
        addTrees<double>(
            m_ensemble, {m_ensemble, m_scratch->doubles}, columns, rows, {first, last}, outputOf, plainLeaves, sums);
        return;
    }
    const size_t count = size_t(rows) * size_t(m_ensemble.m_shape.outputs);
    m_scratch->sums.assign(sums, sums + count);
    addTrees<float>(m_ensemble,
                    {m_ensemble, m_scratch->floats},
                    columns,
                    rows,
                    {first, last},
                    outputOf,
                    plainLeaves,
                    m_scratch->sums.data());
    std::copy_n(m_scratch->sums.data(), count, sums);
}

void TreeMarch::leaves(std::span<const double *const> columns, int rows, int first, int last, int32_t *numbers)
{
    const auto take = [&](int row, int used, int tree, const auto &at, const auto *) {
        int32_t *to = numbers + size_t(row) * size_t(last - first) + size_t(tree - first);
        for (int lane = 0; lane < used; ++lane, to += last - first)
            *to = m_ensemble.m_numbers[size_t(m_ensemble.m_leaves[at[size_t(lane)]])];
    };
    if (m_ensemble.m_shape.precision == Precision::Double)
        TypedMarch<double>(m_ensemble, m_scratch->doubles).run(columns, rows, first, last, take);
    else
        TypedMarch<float>(m_ensemble, m_scratch->floats).run(columns, rows, first, last, take);
}

} // namespace scoring::trees
