#include "engine/expression/functions/Comparison.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace engine::expression {

namespace {

std::partial_ordering compareNumbers(const Json &left, const Json &right)
{
    if (left.is_number_float() || right.is_number_float())
        return left.get<double>() <=> right.get<double>();
    const bool leftIsHuge = left.is_number_unsigned() && left.get<uint64_t>() > uint64_t(INT64_MAX);
    const bool rightIsHuge = right.is_number_unsigned() && right.get<uint64_t>() > uint64_t(INT64_MAX);
    if (leftIsHuge && rightIsHuge)
        return left.get<uint64_t>() <=> right.get<uint64_t>();
    if (leftIsHuge != rightIsHuge)
        return leftIsHuge ? std::partial_ordering::greater : std::partial_ordering::less;
    return left.get<int64_t>() <=> right.get<int64_t>();
}

using Members = std::vector<std::pair<std::string_view, const Json *>>;

Members sorted(const Json &object)
{
    Members members;
    for (const auto &[name, value] : *object.get_ptr<const Json::object_t *>())
        members.emplace_back(name, &value);
    std::sort(members.begin(), members.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    return members;
}

bool isEqualObject(const Json &left, const Json &right)
{
    const Members mine = sorted(left);
    const Members theirs = sorted(right);
    return std::equal(mine.begin(), mine.end(), theirs.begin(), theirs.end(), [](const auto &a, const auto &b) {
        return a.first == b.first && isEqual(*a.second, *b.second);
    });
}

} // namespace

bool isEqual(const Json &left, const Json &right)
{
    if (left.is_number() && right.is_number())
        return compareNumbers(left, right) == 0;
    if (left.is_boolean() && right.is_number())
        return right.get<double>() == (left.get<bool>() ? 1 : 0);
    if (left.is_number() && right.is_boolean())
        return isEqual(right, left);
    if (left.type() != right.type())
        return false;
    if (left.is_object())
        return left.size() == right.size() && isEqualObject(left, right);
    if (left.is_array())
        return std::equal(left.begin(), left.end(), right.begin(), right.end(), isEqual);
    return left == right;
}

std::optional<std::partial_ordering> compare(const Json &left, const Json &right)
{
    if (left.is_number() && right.is_number())
        return compareNumbers(left, right);
    if (left.is_string() && right.is_string())
        return left.get_ref<const std::string &>() <=> right.get_ref<const std::string &>();
    return std::nullopt;
}

} // namespace engine::expression
