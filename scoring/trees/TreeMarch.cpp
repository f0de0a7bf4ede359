#include "scoring/trees/TreeEnsemble.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace scoring::trees {

namespace {

constexpr double zeroThreshold = double(1e-35f); // LightGBM's: a float, compared with doubles

#if defined(__x86_64__)

bool hasWideMarch() { return __builtin_cpu_supports("avx2") != 0; }

// The first four levels of a tree, by position: 1 is the root, 2 i and 2 i + 1 are the children of i. A leaf has itself
// for both children.
struct Crown
{
    static constexpr int levels = 4;
    static constexpr uint32_t inner = 1U << levels;
    alignas(32) std::array<float, inner> thresholds = {};
    alignas(32) std::array<uint32_t, inner> columns = {};
    alignas(32) std::array<uint32_t, inner> exits = {}; // the nodes below, by position − inner

    template <typename Node> Crown(const Node *nodes, uint32_t root)
    {
        std::array<uint32_t, 2 *inner> places = {};
        places[1] = root;
        for (uint32_t at = 1; at < inner; ++at) {
            const Node &node = nodes[places[at]];
            thresholds[at] = float(node.threshold);
            columns[at] = node.column;
            places[2 * at] = node.left;
            places[2 * at + 1] = node.left + (node.left == places[at] ? 0 : 1);
        }
        std::copy_n(places.begin() + inner, inner, exits.begin());
    }
};

template <typename T> __attribute__((target("avx2"))) __m256i eight(const T *from)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(from));
}

// All bits, which is −1, where a cell is not below its threshold, or missing and sent to the right: by the lowest bit
// of its column.
template <bool hasMissing>
__attribute__((target("avx2"))) inline __m256i right(__m256 cells, __m256 thresholds, __m256i columns)
{
    const __m256 isRight = _mm256_cmp_ps(cells, thresholds, _CMP_GE_OQ);
    if constexpr (!hasMissing)
        return _mm256_castps_si256(isRight);
    const __m256 isMissing = _mm256_cmp_ps(cells, cells, _CMP_UNORD_Q);
    const __m256i goesRight = _mm256_sub_epi32(_mm256_setzero_si256(), _mm256_and_si256(columns, _mm256_set1_epi32(1)));
    return _mm256_or_si256(_mm256_castps_si256(isRight), _mm256_and_si256(_mm256_castps_si256(isMissing), goesRight));
}

// Takes eight times eight lanes down `steps` steps, at least the crown's. Its levels lie in registers; only the cells
// are looked up there, and the root's are side by side. Below, nodes are three words each in memory; a lane's next
// place is its node's left child, or the one behind it.
template <bool hasMissing, typename Node>
__attribute__((target("avx2"))) void
wideMarch(const Crown &crown, const Node *nodes, const float *cells, int steps, uint32_t *at)
{
    static_assert(sizeof(Node) == 12);
    const auto *words = reinterpret_cast<const int *>(nodes);
    const auto *thresholds = reinterpret_cast<const float *>(nodes);
    const __m256i laneBits = _mm256_set1_epi32(63);
    const __m256i firstLanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256 rootThreshold = _mm256_set1_ps(crown.thresholds[1]);
    const __m256i rootColumn = _mm256_set1_epi32(int(crown.columns[1]));
    const float *rootCells = cells + (crown.columns[1] & ~63U);
    for (int group = 0; group < 64; group += 32) { // four registers of places keep the look-ups busy
        __m256i place[4]; // in the crown: positions
        __m256i lane[4];
        for (int k = 0; k < 4; ++k) {
            lane[k] = _mm256_add_epi32(firstLanes, _mm256_set1_epi32(group + 8 * k));
            const __m256 x = _mm256_loadu_ps(rootCells + group + 8 * k);
            place[k] = _mm256_sub_epi32(_mm256_set1_epi32(2), right<hasMissing>(x, rootThreshold, rootColumn));
        }
        for (int level = 1; level < Crown::levels; ++level) { // eight of its nodes by the low bits of their position
            const size_t half = level == 3 ? 8 : 0;
            const __m256 levelThresholds = _mm256_load_ps(crown.thresholds.data() + half);
            const __m256i levelColumns = eight(crown.columns.data() + half);
            for (int k = 0; k < 4; ++k) {
                const __m256 threshold = _mm256_permutevar8x32_ps(levelThresholds, place[k]);
                const __m256i column = _mm256_permutevar8x32_epi32(levelColumns, place[k]);
                const __m256i cell = _mm256_add_epi32(_mm256_andnot_si256(laneBits, column), lane[k]);
                const __m256 x = _mm256_i32gather_ps(cells, cell, 4);
                place[k] =
                    _mm256_sub_epi32(_mm256_add_epi32(place[k], place[k]), right<hasMissing>(x, threshold, column));
            }
        }
        const __m256i lowExits = eight(crown.exits.data());
        const __m256i highExits = eight(crown.exits.data() + 8);
        for (int k = 0; k < 4; ++k) {
            const __m256i isHigh = _mm256_slli_epi32(place[k], 28); // its sign: bit 3 of the position
            const __m256 low = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(lowExits, place[k]));
            const __m256 high = _mm256_castsi256_ps(_mm256_permutevar8x32_epi32(highExits, place[k]));
            place[k] = _mm256_castps_si256(_mm256_blendv_ps(low, high, _mm256_castsi256_ps(isHigh)));
        }
        for (int step = Crown::levels; step < steps; ++step) {
            for (int k = 0; k < 4; ++k) {
                const __m256i word = _mm256_add_epi32(place[k], _mm256_add_epi32(place[k], place[k]));
                const __m256 threshold = _mm256_i32gather_ps(thresholds, word, 4);
                const __m256i left = _mm256_i32gather_epi32(words + 1, word, 4);
                const __m256i column = _mm256_i32gather_epi32(words + 2, word, 4);
                const __m256i cell = _mm256_add_epi32(_mm256_andnot_si256(laneBits, column), lane[k]);
                const __m256 x = _mm256_i32gather_ps(cells, cell, 4);
                place[k] = _mm256_sub_epi32(left, right<hasMissing>(x, threshold, column));
            }
        }
        for (int k = 0; k < 4; ++k)
            _mm256_storeu_si256(reinterpret_cast<__m256i *>(at + group + 8 * k), place[k]);
    }
}

#else

bool hasWideMarch() { return false; }
struct Crown
{
    template <typename Node> Crown(const Node *, uint32_t) { }
};
template <bool hasMissing, typename Node>
void wideMarch(const Crown &, const Node *, const float *, int, uint32_t *) { }

#endif

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
        m_hasMissing.resize(size_t(m_chunks));
        m_isWide = std::is_same_v<Real, float> && hasWideMarch() && m_nodes.size() < (size_t(1) << 29)
            && m_stride < (size_t(1) << 31);
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
                std::optional<Crown> crown;
                if (canMarchWide(root))
                    crown.emplace(m_nodes.data(), root.node);
                for (int chunk = 0; chunk * int(lanes) < count; ++chunk) {
                    const Real *cells = m_cells.data() + size_t(chunk) * m_stride;
                    Places at;
                    at.fill(root.node);
                    const bool hasMissing = m_hasMissing[size_t(chunk)];
                    if (!m_ensemble.m_plain)
                        march<Kind::Any>(cells, root, at);
                    else if (crown)
                        marchWide(*crown, cells, root, hasMissing, at);
                    else if (hasMissing)
                        march<Kind::Plain>(cells, root, at);
                    else
                        march<Kind::Whole>(cells, root, at);
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
    enum class Kind : uint8_t {
        Any, // whatever there is to test
        Plain, // only whether a cell is below a threshold
        Whole // that, and no cell is missing
    };

    void load(std::span<const double *const> columns, int start, int count)
    {
        constexpr Real missing = std::numeric_limits<Real>::quiet_NaN();
        for (int chunk = 0; chunk * int(lanes) < count; ++chunk) {
            const int used = std::min(int(lanes), count - chunk * int(lanes));
            Real *to = m_cells.data() + size_t(chunk) * m_stride;
            bool hasMissing = false;
            for (size_t feature = 0; feature < size_t(m_ensemble.m_shape.features); ++feature, to += lanes) {
                const double *from = feature < columns.size() ? columns[feature] : nullptr;
                if (from == nullptr) {
                    std::fill_n(to, lanes, missing);
                    hasMissing = true;
                    continue;
                }
                from += start + chunk * int(lanes);
                for (int lane = 0; lane < used; ++lane) {
                    to[lane] = Real(from[lane]);
                    hasMissing = hasMissing || to[lane] != to[lane];
                }
                std::fill(to + used, to + lanes, Real(0));
            }
            m_hasMissing[size_t(chunk)] = hasMissing;
        }
    }

    // No branch depends on the data: a leaf's children are itself, so that all lanes take the same steps.
    template <Kind kind> void march(const Real *cells, const TreeEnsemble::Root &root, Places &at) const
    {
        const Node *nodes = m_nodes.data();
        int step = 0;
        for (; step < root.shallow; ++step)
            for (uint32_t lane = 0; lane < lanes; ++lane)
                at[lane] = next<kind>(nodes, cells, at[lane], lane);
        // From here on some may be there already, and in trees that are not balanced most are.
        for (; step < root.deep; ++step) {
            uint32_t moved = 0;
            for (uint32_t lane = 0; lane < lanes; ++lane) {
                const uint32_t before = at[lane];
                at[lane] = next<kind>(nodes, cells, before, lane);
                moved |= before ^ at[lane];
            }
            if (moved == 0)
                return;
        }
    }

    template <Kind kind> uint32_t next(const Node *nodes, const Real *cells, uint32_t place, uint32_t lane) const
    {
        const Node node = nodes[place];
        const Real x = cells[(node.column & ~(lanes - 1)) + lane];
        if constexpr (kind == Kind::Whole) {
            return node.left + uint32_t(x >= node.threshold);
        } else if constexpr (kind == Kind::Plain) {
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

    // The same with instructions that look up eight places at once, all steps of the deepest leaf: worth it where most
    // leaves lie about as deep.
    bool canMarchWide(const TreeEnsemble::Root &root) const
    {
        constexpr int usualDepth = 10;
        return m_isWide && m_ensemble.m_plain && (root.deep <= usualDepth || root.deep <= 2 * root.shallow);
    }

    void
    marchWide(const Crown &crown, const Real *cells, const TreeEnsemble::Root &root, bool hasMissing, Places &at) const
    {
        if constexpr (std::is_same_v<Real, float>) {
            if (hasMissing)
                wideMarch<true>(crown, m_nodes.data(), cells, root.deep, at.data());
            else
                wideMarch<false>(crown, m_nodes.data(), cells, root.deep, at.data());
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
    std::vector<bool> m_hasMissing; // by lane group
    bool m_isWide; // marchWide() can be used
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
