#include "engine/expression/functions/Comparison.h"
#include "engine/expression/functions/Function.h"
#include "engine/expression/functions/Texts.h"
#include "engine/expression/Limits.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace engine::expression {

namespace {

bool failCollection(Call &call, size_t index)
{
    return call.failType(index, ExpressionText::tr("an Array or a String"));
}

bool contains(Call &call)
{
    const Json &collection = call[0];
    if (collection.is_array())
        return call.give(std::any_of(
            collection.begin(), collection.end(), [&call](const Json &item) { return isEqual(item, call[1]); }));
    if (!collection.is_string() && !collection.is_object())
        return call.failType(0, ExpressionText::tr("an Array, an Object or a String"));
    const std::string *wanted = call.text(1);
    if (wanted == nullptr)
        return false;
    if (collection.is_object())
        return call.give(findMember(collection, *wanted) != nullptr);
    return call.give(findText(collection.get_ref<const std::string &>(), *wanted) != std::string::npos);
}

bool empty(Call &call)
{
    const Json &collection = call[0];
    if (const auto *text = collection.get_ptr<const std::string *>())
        return call.give(text->empty());
    if (!collection.is_structured() && !collection.is_null())
        return call.failType(0, ExpressionText::tr("an Array, an Object or a String"));
    return call.give(collection.empty());
}

// Of a text the character at one end, of an empty array null.
bool end(Call &call, bool atFront)
{
    const Json &collection = call[0];
    if (const auto *text = collection.get_ptr<const std::string *>()) {
        if (isAscii(*text))
            return call.giveText(text->empty() ? *text : std::string(1, atFront ? text->front() : text->back()));
        const QString wide = toQString(*text);
        return call.giveText(toStdString(atFront ? wide.left(1) : wide.right(1)));
    }
    if (!collection.is_array())
        return failCollection(call, 0);
    if (collection.empty())
        return call.give(nullptr);
    return call.giveMember(0, atFront ? collection.front() : collection.back());
}

bool first(Call &call) { return end(call, true); }
bool last(Call &call) { return end(call, false); }

std::string keyOf(const Json &item) { return item.dump(-1, ' ', false, Json::error_handler_t::replace); }

// All arguments of the type of the first one.
bool checkSameType(Call &call)
{
    if (!call[0].is_structured())
        return call.failType(0, ExpressionText::tr("an Array or an Object"));
    for (size_t i = 1; i < call.count(); ++i) {
        if (call[i].type() != call[0].type())
            return call.failType(i,
                                 call[0].is_array() ? ExpressionText::tr("an Array as the first one")
                                                    : ExpressionText::tr("an Object as the first one"));
    }
    return true;
}

bool intersection(Call &call)
{
    if (!checkSameType(call))
        return false;
    const bool isArray = call[0].is_array();
    std::vector<std::unordered_map<std::string, const Json *>> others(call.count() - 1);
    for (size_t i = 1; i < call.count(); ++i) {
        for (auto member = call[i].begin(); member != call[i].end(); ++member)
            others[i - 1].emplace(isArray ? keyOf(*member) : member.key(), &*member);
    }
    Json result = isArray ? Json::array() : Json::object();
    std::unordered_set<std::string> seen;
    for (auto member = call[0].begin(); member != call[0].end(); ++member) {
        const std::string key = isArray ? keyOf(*member) : member.key();
        const Json *found = &*member;
        for (const auto &other : others) {
            const auto at = other.find(key);
            found = at == other.end() ? nullptr : at->second;
            if (found == nullptr)
                break;
        }
        if (found == nullptr || !seen.insert(key).second)
            continue;
        if (isArray)
            result.push_back(*found);
        else
            result.get_ptr<Json::object_t *>()->Container::emplace_back(key, *found);
    }
    return call.give(std::move(result));
}

bool join(Call &call)
{
    const Json *list = call.list(0);
    const std::string *delimiter = list == nullptr ? nullptr : call.text(1);
    if (delimiter == nullptr)
        return false;
    std::string whole;
    for (size_t i = 0; i < list->size() && whole.size() <= maximumText; ++i) {
        if (i > 0)
            whole += *delimiter;
        appendText(whole, (*list)[i]);
    }
    return call.giveText(std::move(whole));
}

bool length(Call &call)
{
    if (const auto *text = call[0].get_ptr<const std::string *>())
        return call.give(isAscii(*text) ? int64_t(text->size()) : int64_t(toQString(*text).size()));
    return call[0].is_array() ? call.give(int64_t(call[0].size())) : failCollection(call, 0);
}

bool countOf(Call &call, size_t &count)
{
    int64_t wanted = 0;
    if (!call.whole(1, wanted))
        return false;
    if (wanted < 0)
        return call.failAt(1, ExpressionText::tr("must not be negative."));
    count = size_t(wanted);
    return true;
}

bool part(Call &call, size_t from, size_t to)
{
    const Json &list = call[0];
    to = std::min(to, list.size());
    Json::array_t items;
    if (from < to)
        items.assign(list.begin() + std::ptrdiff_t(from), list.begin() + std::ptrdiff_t(to));
    return call.give(std::move(items));
}

bool skip(Call &call)
{
    size_t count = 0;
    if (call.list(0) == nullptr || !countOf(call, count))
        return false;
    return part(call, count, SIZE_MAX);
}

bool take(Call &call)
{
    size_t count = 0;
    if (const auto *text = call[0].get_ptr<const std::string *>()) {
        if (!countOf(call, count))
            return false;
        if (isAscii(*text))
            return call.giveText(text->substr(0, count));
        const QString wide = toQString(*text);
        return call.giveText(toStdString(wide.left(qsizetype(std::min(count, size_t(wide.size()))))));
    }
    if (!call[0].is_array())
        return failCollection(call, 0);
    return countOf(call, count) && part(call, 0, count);
}

bool unite(Call &call)
{
    if (!checkSameType(call))
        return false;
    if (call[0].is_array()) {
        Json::array_t items;
        std::unordered_set<std::string> seen;
        for (size_t i = 0; i < call.count(); ++i) {
            for (const Json &item : call[i]) {
                if (seen.insert(keyOf(item)).second)
                    items.push_back(item);
            }
        }
        return call.give(std::move(items));
    }
    Json result = Json::object();
    auto *members = result.get_ptr<Json::object_t *>();
    std::unordered_map<std::string, size_t> places;
    for (size_t i = 0; i < call.count(); ++i) {
        for (const auto &[name, value] : *call[i].get_ptr<const Json::object_t *>()) {
            const auto [at, isNew] = places.emplace(name, members->size());
            if (isNew)
                members->Container::emplace_back(name, value);
            else
                (members->begin() + std::ptrdiff_t(at->second))->second = value;
        }
    }
    return call.give(std::move(result));
}

constexpr auto group = FunctionGroup::Collection;

// clang-format off
const Function functions[] = {
    {"contains", "contains(collection, value)", 2, 2, contains, QT_TRANSLATE_NOOP("engine::Expression", "Whether a text has another in it, an array an item, an object a member of that name."), group},
    {"empty", "empty(collection)", 1, 1, empty, QT_TRANSLATE_NOOP("engine::Expression", "Whether a text, an array or an object has nothing in it."), group},
    {"first", "first(collection)", 1, 1, first, QT_TRANSLATE_NOOP("engine::Expression", "The first item of an array or the first character of a text."), group},
    {"intersection", "intersection(collection1, collection2, …)", 1, -1, intersection, QT_TRANSLATE_NOOP("engine::Expression", "The items or members that all have."), group},
    {"join", "join(collection, delimiter)", 2, 2, join, QT_TRANSLATE_NOOP("engine::Expression", "The items of an array as one text with a delimiter between them."), group},
    {"last", "last(collection)", 1, 1, last, QT_TRANSLATE_NOOP("engine::Expression", "The last item of an array or the last character of a text."), group},
    {"length", "length(collection)", 1, 1, length, QT_TRANSLATE_NOOP("engine::Expression", "How many items an array or characters a text has."), group},
    {"skip", "skip(collection, count)", 2, 2, skip, QT_TRANSLATE_NOOP("engine::Expression", "The array without its first items."), group},
    {"take", "take(collection, count)", 2, 2, take, QT_TRANSLATE_NOOP("engine::Expression", "The first items of an array or the first characters of a text."), group},
    {"union", "union(collection1, collection2, …)", 1, -1, unite, QT_TRANSLATE_NOOP("engine::Expression", "The items or members that one of them has; of two members of one name the later."), group},
};
// clang-format on

} // namespace

std::span<const Function> collectionFunctions() { return functions; }

} // namespace engine::expression
