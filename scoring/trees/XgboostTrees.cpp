#include "scoring/trees/XgboostTrees.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

using engine::Json;
using engine::memberAt;

namespace scoring::trees {

namespace {

constexpr size_t mostCategories = size_t(1) << 24; // XGBoost's own limit

// The arrays of a tree, one entry for each node.
struct NodeArrays
{
    std::vector<double> left;
    std::vector<double> right;
    std::vector<double> feature;
    std::vector<double> condition;
    std::vector<double> missingLeft;
    std::vector<double> kind; // 1 = categorical; empty in old files
};

int indexOf(double number)
{
    return number >= 0 && number < double(std::numeric_limits<int>::max()) ? int(number) : -1;
}

std::optional<NodeArrays> nodeArrays(const Json &tree)
{
    NodeArrays arrays;
    const auto take = [&tree](const char *name, std::vector<double> &into) {
        auto numbers = numbersIn(memberAt(tree, name));
        if (numbers)
            into = std::move(*numbers);
        return numbers.has_value();
    };
    if (!take("left_children", arrays.left) || !take("right_children", arrays.right)
        || !take("split_indices", arrays.feature) || !take("split_conditions", arrays.condition)
        || !take("default_left", arrays.missingLeft))
        return std::nullopt;
    if (tree.contains("split_type") && !take("split_type", arrays.kind))
        return std::nullopt;
    const size_t nodes = arrays.left.size();
    if (nodes == 0 || arrays.right.size() != nodes || arrays.feature.size() != nodes || arrays.condition.size() != nodes
        || arrays.missingLeft.size() != nodes || (!arrays.kind.empty() && arrays.kind.size() != nodes))
        return std::nullopt;
    return arrays;
}

// The categories that go to the right, for each categorical node.
bool readSets(const Json &json, std::vector<TreeNode> &nodes, Tree &tree)
{
    const auto at = numbersIn(memberAt(json, "categories_nodes"));
    const auto begins = numbersIn(memberAt(json, "categories_segments"));
    const auto sizes = numbersIn(memberAt(json, "categories_sizes"));
    const auto members = numbersIn(memberAt(json, "categories"));
    if (!at || !begins || !sizes || !members || begins->size() != at->size() || sizes->size() != at->size())
        return false;
    for (size_t i = 0; i < at->size(); ++i) {
        const int node = indexOf((*at)[i]);
        const int begin = indexOf((*begins)[i]);
        const int size = indexOf((*sizes)[i]);
        if (node < 0 || size_t(node) >= nodes.size() || begin < 0 || size < 0
            || size_t(begin) + size_t(size) > members->size())
            return false;
        std::vector<uint32_t> bits;
        for (int k = 0; k < size; ++k) {
            const int member = indexOf((*members)[size_t(begin + k)]);
            if (member < 0 || size_t(member) >= mostCategories)
                return false;
            if (bits.size() <= size_t(member) / 32)
                bits.resize(size_t(member) / 32 + 1, 0);
            bits[size_t(member) / 32] |= 1U << (unsigned(member) % 32U);
        }
        nodes[size_t(node)].set = int(tree.sets.size());
        tree.sets.push_back(std::move(bits));
    }
    return true;
}

// The categories of one feature: texts as one run of bytes with offsets, or numbers.
bool readNames(const Json &json, Field &field, CategoryCodes &codes)
{
    const auto values = numbersIn(memberAt(json, "values"));
    if (!values)
        return false;
    field.use = FieldUse::Categorical;
    if (!json.contains("offsets")) {
        field.type = FieldType::Double;
        for (size_t k = 0; k < values->size(); ++k) {
            codes.numbers.emplace((*values)[k], int(k));
            field.levels << QString::number((*values)[k], 'g', QLocale::FloatingPointShortest);
        }
        return true;
    }
    const auto offsets = numbersIn(memberAt(json, "offsets"));
    if (!offsets || offsets->empty())
        return false;
    field.type = FieldType::Text;
    std::string bytes;
    for (const double value : *values)
        bytes.push_back(char(static_cast<unsigned char>(int(std::clamp(value, -128.0, 255.0)) & 0xff)));
    for (size_t k = 0; k + 1 < offsets->size(); ++k) {
        const int from = indexOf((*offsets)[k]);
        const int to = indexOf((*offsets)[k + 1]);
        if (from < 0 || to < from || size_t(to) > bytes.size())
            return false;
        std::string name = bytes.substr(size_t(from), size_t(to - from));
        field.levels << QString::fromStdString(name);
        codes.texts.emplace(std::move(name), int(k));
    }
    return true;
}

} // namespace

std::optional<std::vector<double>> numbersIn(const Json &array)
{
    if (!array.is_array())
        return std::nullopt;
    std::vector<double> numbers;
    numbers.reserve(array.size());
    for (const Json &item : array) {
        if (item.is_number())
            numbers.push_back(item.get<double>());
        else if (item.is_boolean())
            numbers.push_back(item.get<bool>() ? 1 : 0);
        else if (item.is_null())
            numbers.push_back(std::numeric_limits<double>::quiet_NaN());
        else if (item == "inf" || item == "-inf")
            numbers.push_back(item == "inf" ? std::numeric_limits<double>::infinity()
                                            : -std::numeric_limits<double>::infinity());
        else
            return std::nullopt;
    }
    return numbers;
}

std::optional<Tree> xgboostTree(const Json &json, int outputs, float weight)
{
    const std::optional<NodeArrays> arrays = nodeArrays(json);
    if (!arrays)
        return std::nullopt;
    const size_t count = arrays->left.size();
    const auto width = engine::intAt(memberAt(json, "tree_param"), "size_leaf_vector", 1) > 1 ? size_t(outputs) : 1;
    std::optional<std::vector<double>> vectors;
    if (width > 1) {
        vectors = numbersIn(memberAt(json, "base_weights"));
        if (!vectors || vectors->size() != count * width)
            return std::nullopt;
    }
    Tree tree;
    tree.nodes.resize(count);
    for (size_t i = 0; i < count; ++i) {
        TreeNode &node = tree.nodes[i];
        if (arrays->left[i] < 0) {
            node.leaf = int(tree.values.size() / width);
            tree.numbers.push_back(int(i));
            for (size_t k = 0; k < width; ++k)
                tree.values.push_back(
                    double(weight * float(width > 1 ? (*vectors)[i * width + k] : arrays->condition[i])));
            continue;
        }
        node.split = Split::Less;
        node.feature = indexOf(arrays->feature[i]);
        node.threshold = arrays->condition[i];
        node.missingYes = arrays->missingLeft[i] != 0;
        node.yes = indexOf(arrays->left[i]);
        node.no = indexOf(arrays->right[i]);
        if (!arrays->kind.empty() && arrays->kind[i] != 0) { // a member of the set goes to the right
            node.split = Split::InSet;
            std::swap(node.yes, node.no);
            node.missingYes = !node.missingYes;
        }
    }
    if (std::ranges::any_of(tree.nodes, [](const TreeNode &node) { return node.split == Split::InSet; })
        && !readSets(json, tree.nodes, tree))
        return std::nullopt;
    return tree;
}

bool readCategories(const Json &cats, QList<Field> &inputs, std::vector<std::optional<CategoryCodes>> &codes)
{
    const Json &names = memberAt(cats, "enc");
    if (!names.is_array() || names.empty())
        return true;
    if (names.size() != size_t(inputs.size()))
        return false;
    for (size_t input = 0; input < names.size(); ++input) {
        const Json &values = memberAt(names[input], "values");
        if (!values.is_array() || (values.empty() && inputs[qsizetype(input)].use != FieldUse::Categorical))
            continue; // a number
        CategoryCodes read;
        read.refusesUnseen = true;
        if (!readNames(names[input], inputs[qsizetype(input)], read))
            return false;
        codes[input] = std::move(read);
    }
    return true;
}

} // namespace scoring::trees
