#pragma once

#include "engine/base/Result.h"

#include <QString>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace scoring::trees {

enum class Split : uint8_t {
    Leaf,
    Less, // x < threshold
    LessOrEqual, // x <= threshold
    Equal, // x == threshold
    InSet // the number x, cut to an integer, is a member of Tree::sets[set]
};

// A node as a model file has it. A test that holds goes to `yes`, one that does not to `no`; NaN goes where
// `missingYes` says.
struct TreeNode
{
    Split split = Split::Leaf;
    bool missingYes = false;
    bool zeroIsMissing = false; // |x| <= 1e-35 is missing too (LightGBM's zero_as_missing)
    int feature = 0;
    double threshold = 0;
    int set = -1;
    int yes = -1; // indices into Tree::nodes
    int no = -1;
    int leaf = -1; // of a Leaf: index of its values
};

// A leaf that computes: constant + sum of coefficient × feature, or the leaf's plain value when one of them is missing.
struct LinearLeaf
{
    double constant = 0;
    std::vector<int> features;
    std::vector<double> coefficients; // as many
};

struct Tree
{
    std::vector<TreeNode> nodes; // nodes[0] is the root; those it does not reach are left out
    std::vector<double> values; // leaves × Shape::leafWidth, row-major
    std::vector<int> numbers; // of the leaves, as the source numbers them; empty = their index
    std::vector<LinearLeaf> linear; // of the leaves; empty = none of them computes
    std::vector<std::vector<uint32_t>> sets; // bits: member k is bit k % 32 of word k / 32
    int output = 0; // the sum its value is added to; 0 when leafWidth > 1
};

enum class Precision : uint8_t { Float, Double }; // of inputs, thresholds, leaves and sums

// Trees laid out for speed: an immutable value, shared between threads; TreeMarch goes through it. Nodes of 12 (float)
// or 16 bytes, breadth first, siblings adjacent.
class TreeEnsemble
{
public:
    struct Shape
    {
        int features = 0;
        int outputs = 1; // sums per row
        int leafWidth = 1; // 1, or `outputs`: every leaf adds to every sum
        Precision precision = Precision::Double;
    };

    // Errors: InvalidInput: an index out of range, a node with two parents (a cycle), too many nodes. `where` says
    // "trees/INDEX".
    static engine::Result<TreeEnsemble> make(const Shape &shape, const std::vector<Tree> &trees);

    const Shape &shape() const { return m_shape; }
    int size() const { return int(m_roots.size()); }

private:
    friend class TreeMarch;
    template <typename Real> friend class TypedMarch;

    static constexpr uint32_t lanes = 64; // rows that march together
    enum Flag : uint32_t { MissingRight = 1, ZeroIsMissing = 2, IsEqual = 4, IsSet = 8 }; // below `lanes`

    template <typename Real> struct Node
    {
        Real threshold; // right is where x >= threshold; NaN: never
        uint32_t left; // right is left + 1; of a leaf: itself
        uint32_t column; // feature × lanes + flags
    };
    struct Root
    {
        uint32_t node = 0;
        uint16_t shallow = 0; // steps no leaf is reached before
        uint16_t deep = 0; // steps to the deepest leaf
        int output = 0;
    };
    struct Bits
    {
        uint32_t first = 0; // word in m_words
        uint32_t words = 0;
    };

    struct Placing;
    engine::Result<void> place(const Tree &tree, Placing &placing);
    template <typename Real> void placeNode(std::vector<Node<Real>> &nodes, uint32_t at, const TreeNode &node);

    Shape m_shape;
    bool m_plain = true; // only Less, and no zero that is missing: the fast path
    bool m_computes = false; // some leaves are linear
    std::vector<Root> m_roots;
    std::vector<Node<float>> m_floats; // one of both, by precision
    std::vector<Node<double>> m_doubles;
    std::vector<double> m_values; // nodes, or leaves × leafWidth when that is above 1
    std::vector<float> m_floatValues; // the same as floats
    std::vector<int32_t> m_leaves; // of each node: index of its leaf in all trees, −1 = inner
    std::vector<int32_t> m_numbers; // leaves: as the source numbers them
    std::vector<LinearLeaf> m_linear; // leaves, when m_computes; without features and a constant of NaN = plain
    std::vector<Bits> m_bits; // of each node, unless m_plain
    std::vector<uint32_t> m_words;
};

// Rows going through an ensemble; its own scratch memory: one thread at a time.
class TreeMarch
{
public:
    explicit TreeMarch(const TreeEnsemble &ensemble); // borrowed
    ~TreeMarch();
    Q_DISABLE_COPY_MOVE(TreeMarch)

    // Adds the trees first … last − 1, in their order, to `sums` (rows × outputs, row-major). columns[feature] are
    // `rows` numbers with NaN for missing; a null pointer is a column without any. With Precision::Float everything is
    // rounded to floats, the sums as well after each addition.
    void add(std::span<const double *const> columns, int rows, int first, int last, double *sums);

    // The leaf each row ends in, as the source numbers them: rows × (last − first), row-major.
    void leaves(std::span<const double *const> columns, int rows, int first, int last, int32_t *numbers);

private:
    struct Scratch;
    std::unique_ptr<Scratch> m_scratch;
    const TreeEnsemble &m_ensemble;
};

} // namespace scoring::trees
