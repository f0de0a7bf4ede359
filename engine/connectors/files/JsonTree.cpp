#include "engine/connectors/files/JsonTree.h"

#include <QCoreApplication>

namespace engine {
namespace {

struct JsonTreeText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonTree)
};

std::optional<JsonTree::Kind> kindOf(JsonTokens::Kind token)
{
    switch (token) {
    case JsonTokens::Kind::BeginObject:
        return JsonTree::Kind::Object;
    case JsonTokens::Kind::BeginArray:
        return JsonTree::Kind::Array;
    case JsonTokens::Kind::String:
        return JsonTree::Kind::String;
    case JsonTokens::Kind::Number:
        return JsonTree::Kind::Number;
    case JsonTokens::Kind::True:
        return JsonTree::Kind::True;
    case JsonTokens::Kind::False:
        return JsonTree::Kind::False;
    case JsonTokens::Kind::Null:
        return JsonTree::Kind::Null;
    default:
        return std::nullopt;
    }
}

void appendQuoted(std::string &to, std::string_view text)
{
    constexpr char digits[] = "0123456789abcdef";
    constexpr std::string_view escaped = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    to += '"';
    for (const char c : text) {
        if (const size_t which = escaped.find(c); which != std::string_view::npos) {
            to += '\\';
            to += letters[which];
        } else if (uint8_t(c) < 0x20) {
            to += "\\u00";
            to += digits[uint8_t(c) >> 4];
            to += digits[uint8_t(c) & 0xF];
        } else {
            to += c;
        }
    }
    to += '"';
}

} // namespace

Error JsonTree::tooLarge(const JsonTokens &tokens) const
{
    return tokens.invalid(
        JsonTreeText::tr("Line %1 of %2 holds a row of more than %3 MB or %4 values, the most that is "
                         "read: is a path of the collection of rows missing?")
            .arg(tokens.line())
            .arg(tokens.displayPath())
            .arg(mostText / 1024 / 1024)
            .arg(mostValues));
}

Result<> JsonTree::read(JsonTokens &tokens, const JsonTokens::Token &first)
{
    m_nodes.clear();
    m_open.clear();
    m_arena.clear();
    size_t bytes = 0;
    std::string_view name;
    JsonTokens::Token token = first;
    while (true) {
        bytes += token.text.size();
        if (bytes > mostText || m_nodes.size() >= mostValues)
            return tooLarge(tokens);
        if (token.kind == JsonTokens::Kind::Name) {
            name = m_arena.copy(token.text);
        } else if (const std::optional<Kind> kind = kindOf(token.kind)) {
            const Index index = Index(m_nodes.size());
            m_nodes.push_back({*kind, index + 1, name, m_arena.copy(token.text)});
            name = {};
            if (*kind == Kind::Object || *kind == Kind::Array)
                m_open.push_back(index);
        } else { // the end of a container
            m_nodes[m_open.back()].end = Index(m_nodes.size());
            m_open.pop_back();
        }
        if (m_open.empty())
            return {};
        const Result<JsonTokens::Token> next = tokens.next();
        if (!next)
            return next.error();
        token = *next;
    }
}

std::optional<JsonTree::Index> JsonTree::child(Index container, const JsonPath::Step &step) const
{
    const Node &node = m_nodes[container];
    if (node.kind != (step.index >= 0 ? Kind::Array : Kind::Object))
        return std::nullopt;
    std::optional<Index> found;
    int position = 0;
    for (Index at = firstIn(container); at < node.end; at = m_nodes[at].end, ++position) {
        if (step.index >= 0 ? position == step.index : m_nodes[at].name == step.name)
            found = at;
    }
    return found;
}

std::optional<JsonTree::Index> JsonTree::find(Index from, const std::vector<JsonPath::Step> &steps) const
{
    std::optional<Index> at = from;
    for (const JsonPath::Step &step : steps) {
        at = child(*at, step);
        if (!at)
            break;
    }
    return at;
}

// Without recursion: what is open is kept with where it ends.
void JsonTree::appendJson(std::string &to, Index node) const
{
    std::vector<Index> open;
    bool isFirst = true;
    for (Index at = node; at < m_nodes[node].end || !open.empty();) {
        if (!open.empty() && at == m_nodes[open.back()].end) {
            to += m_nodes[open.back()].kind == Kind::Object ? '}' : ']';
            open.pop_back();
            isFirst = false;
            continue;
        }
        const Node &value = m_nodes[at];
        if (!isFirst)
            to += ',';
        isFirst = false;
        if (!open.empty() && m_nodes[open.back()].kind == Kind::Object) {
            appendQuoted(to, value.name);
            to += ':';
        }
        switch (value.kind) {
        case Kind::Null:
            to += "null";
            break;
        case Kind::False:
            to += "false";
            break;
        case Kind::True:
            to += "true";
            break;
        case Kind::Number:
            to += value.text;
            break;
        case Kind::String:
            appendQuoted(to, value.text);
            break;
        case Kind::Object:
        case Kind::Array:
            to += value.kind == Kind::Object ? '{' : '[';
            open.push_back(at);
            isFirst = true;
            break;
        }
        ++at;
    }
}

Json JsonTree::toJson(Index node) const
{
    std::string text;
    appendJson(text, node);
    return Json::parse(text, nullptr, false); // it is JSON; what is too deep for its user was refused before
}

} // namespace engine
