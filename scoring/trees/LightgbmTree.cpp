#include "scoring/trees/LightgbmTree.h"

#include <cmath>
#include <limits>

namespace scoring::trees {

namespace {

// decision_type, bit by bit.
constexpr unsigned categorical = 1;
constexpr unsigned defaultLeft = 2;
constexpr unsigned missingType = 3; // after a shift by 2
enum class Missing : uint8_t { None = 0, Zero = 1, Nan = 2 };

class TreeReader
{
public:
    explicit TreeReader(const LightgbmText::Block &block)
        : m_block(block)
        , m_line(block.empty() ? 0 : block.front().number)
    {
    }

    LightgbmTree read()
    {
        const bool isWhole = readLeaves() && readNodes() && readSets() && readLinear();
        return isWhole ? LightgbmTree{std::move(m_tree), 0} : LightgbmTree{std::nullopt, m_line};
    }

private:
    bool take(std::string_view key, std::vector<double> &into, size_t expected)
    {
        const LightgbmText::Line *line = LightgbmText::find(m_block, key);
        if (line == nullptr)
            return expected == 0;
        m_line = line->number;
        auto numbers = numbersOf(line->value);
        if (!numbers || numbers->size() != expected)
            return false;
        into = std::move(*numbers);
        return true;
    }

    // A count or flag: `fallback` when the line is absent, −1 when it is no count.
    int count(std::string_view key, int fallback)
    {
        const LightgbmText::Line *line = LightgbmText::find(m_block, key);
        if (line == nullptr)
            return fallback;
        m_line = line->number;
        const auto numbers = numbersOf(line->value);
        if (!numbers || numbers->size() != 1)
            return -1;
        return whole(numbers->front(), -1);
    }

    static int whole(double number, int otherwise)
    {
        const bool fits = number > -2147483648.0 && number < 2147483647.0 && number == std::trunc(number);
        return fits ? int(number) : otherwise;
    }

    bool readLeaves()
    {
        m_leaves = count("num_leaves", -1);
        const LightgbmText::Line *values = LightgbmText::find(m_block, "leaf_value");
        if (m_leaves < 1 || values == nullptr || size_t(m_leaves) > values->value.size())
            return false;
        return take("leaf_value", m_tree.values, size_t(m_leaves));
    }

    // Inner nodes come first, then the leaves: a child below zero is leaf −child − 1.
    bool readNodes()
    {
        const auto inner = size_t(m_leaves) - 1;
        std::vector<double> features;
        std::vector<double> thresholds;
        std::vector<double> decisions;
        std::vector<double> left;
        std::vector<double> right;
        if (!take("split_feature", features, inner) || !take("threshold", thresholds, inner)
            || !take("decision_type", decisions, inner) || !take("left_child", left, inner)
            || !take("right_child", right, inner))
            return false;
        const auto child = [inner](double number) {
            const int index = whole(number, -2147483647);
            return index >= 0 ? (size_t(index) < inner ? index : -1) : int(int64_t(inner) - int64_t(index) - 1);
        };
        for (size_t i = 0; i < inner; ++i) {
            TreeNode node;
            const auto decision = unsigned(std::max(0, whole(decisions[i], 0)));
            node.feature = whole(features[i], -1);
            node.threshold = thresholds[i];
            node.yes = child(left[i]);
            node.no = child(right[i]);
            node.missingYes = (decision & defaultLeft) != 0;
            if ((decision & categorical) != 0) {
                node.split = Split::InSet;
                node.set = whole(thresholds[i], -1);
                node.missingYes = false; // a missing category is none of the set
            } else {
                node.split = Split::LessOrEqual;
                const auto missing = Missing((decision >> 2U) & missingType);
                node.zeroIsMissing = missing == Missing::Zero;
                if (missing == Missing::None) // a missing number is taken for 0
                    node.missingYes = 0.0 <= node.threshold;
            }
            m_tree.nodes.push_back(node);
        }
        for (int leaf = 0; leaf < m_leaves; ++leaf) {
            TreeNode node;
            node.leaf = leaf;
            m_tree.nodes.push_back(node);
        }
        return true;
    }

    bool readSets()
    {
        const int sets = count("num_cat", 0);
        if (sets < 0 || sets > m_leaves)
            return false;
        if (sets == 0)
            return true;
        std::vector<double> boundaries;
        std::vector<double> words;
        if (!take("cat_boundaries", boundaries, size_t(sets) + 1))
            return false;
        const int total = whole(boundaries.back(), -1);
        if (total < 0 || !take("cat_threshold", words, size_t(total)))
            return false;
        for (int set = 0; set < sets; ++set) {
            const int from = whole(boundaries[size_t(set)], -1);
            const int to = whole(boundaries[size_t(set) + 1], -1);
            if (from < 0 || to < from || to > total)
                return false;
            std::vector<uint32_t> bits;
            for (int word = from; word < to; ++word) {
                const double value = words[size_t(word)];
                if (!(value >= 0) || value > double(std::numeric_limits<uint32_t>::max()))
                    return false;
                bits.push_back(uint32_t(value));
            }
            m_tree.sets.push_back(std::move(bits));
        }
        return true;
    }

    bool readLinear()
    {
        if (count("is_linear", 0) != 1)
            return true;
        std::vector<double> constants;
        std::vector<double> counts;
        if (!take("leaf_const", constants, size_t(m_leaves)) || !take("num_features", counts, size_t(m_leaves)))
            return false;
        int64_t total = 0;
        for (const double number : counts)
            total += std::max(0, whole(number, 0));
        std::vector<double> features;
        std::vector<double> coefficients;
        if (!take("leaf_features", features, size_t(total)) || !take("leaf_coeff", coefficients, size_t(total)))
            return false;
        size_t at = 0;
        for (int leaf = 0; leaf < m_leaves; ++leaf) {
            LinearLeaf linear{constants[size_t(leaf)], {}, {}};
            for (int i = 0; i < std::max(0, whole(counts[size_t(leaf)], 0)); ++i, ++at) {
                linear.features.push_back(whole(features[at], -1));
                linear.coefficients.push_back(coefficients[at]);
            }
            m_tree.linear.push_back(std::move(linear));
        }
        return true;
    }

    const LightgbmText::Block &m_block;
    int m_line;
    int m_leaves = 0;
    Tree m_tree;
};

} // namespace

LightgbmTree lightgbmTree(const LightgbmText::Block &block) { return TreeReader(block).read(); }

} // namespace scoring::trees
