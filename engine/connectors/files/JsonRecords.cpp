#include "engine/connectors/files/JsonRecords.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {
namespace {

struct JsonRecordsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonRecords)
};

using TokenKind = JsonTokens::Kind;

} // namespace

JsonRecords::JsonRecords(std::unique_ptr<ByteStream> text, QString displayPath, Wanted wanted)
    : m_tokens(std::move(text), std::move(displayPath))
    , m_wanted(std::move(wanted))
{
    if (m_wanted.collection && m_wanted.collection->steps.empty())
        m_wanted.collection.reset();
    if (!m_wanted.collection)
        return;
    const auto &steps = m_wanted.collection->steps;
    m_isStreamed = !m_wanted.isRootWanted
        && std::all_of(steps.begin(), steps.end(), [](const JsonPath::Step &step) { return step.index < 0; });
    m_seen.resize(steps.size());
}

Error JsonRecords::noArray() const
{
    return m_tokens.invalid(JsonRecordsText::tr("The collection of rows in line %1 of %2 is no array: look at the "
                                                "collection reference of the mapping.")
                                .arg(m_tokens.line())
                                .arg(m_tokens.displayPath()));
}

Result<> JsonRecords::take(const JsonTokens::Token &first)
{
    m_row = 0;
    m_line = m_tokens.line();
    return m_tree.read(m_tokens, first);
}

Result<bool> JsonRecords::next()
{
    while (true) {
        if (m_next < m_end)
            return nextHeld();
        if (m_isInRoot) {
            const Result<bool> streamed = nextStreamed();
            if (!streamed || *streamed)
                return streamed;
        }
        const Result<bool> top = nextTop();
        if (!top || !*top)
            return top;
        if (!m_wanted.collection)
            return true;
    }
}

// To the next root: held, when it is a row or has its rows in it; else just begun.
Result<bool> JsonRecords::nextTop()
{
    while (true) {
        const Result<JsonTokens::Token> token = m_tokens.next();
        if (!token)
            return token.error();
        if (token->kind == TokenKind::End)
            return false;
        if (m_isInTopArray && m_tokens.depth() == 0) { // its end
            m_isInTopArray = false;
            continue;
        }
        if (!m_isInTopArray && token->kind == TokenKind::BeginArray) {
            m_isInTopArray = true;
            continue;
        }
        if (m_isStreamed) {
            m_matched = 0;
            std::fill(m_seen.begin(), m_seen.end(), false);
            m_isInRoot = token->kind == TokenKind::BeginObject;
            if (m_isInRoot)
                return true;
            if (const Result<> skipped = m_tokens.skip(); !skipped)
                return skipped.error();
            continue;
        }
        if (const Result<> taken = take(*token); !taken)
            return taken.error();
        if (!m_wanted.collection)
            return true;
        const auto collection = m_tree.find(0, m_wanted.collection->steps);
        if (!collection || m_tree.at(*collection).kind == JsonTree::Kind::Null)
            continue;
        const JsonTree::Kind kind = m_tree.at(*collection).kind;
        if (kind != JsonTree::Kind::Array && kind != JsonTree::Kind::Object)
            return noArray();
        m_next = kind == JsonTree::Kind::Array ? m_tree.firstIn(*collection) : *collection;
        m_end = m_tree.endOf(*collection);
        return true;
    }
}

Result<bool> JsonRecords::nextHeld()
{
    m_row = m_next;
    m_next = m_tree.endOf(m_next);
    return true;
}

// The next row of the root that is open; false once it has been closed.
Result<bool> JsonRecords::nextStreamed()
{
    while (true) {
        const Result<JsonTokens::Token> token = m_tokens.next();
        if (!token)
            return token.error();
        if (m_isInCollection) {
            if (token->kind == TokenKind::EndArray) {
                m_isInCollection = false;
                continue;
            }
            if (const Result<> taken = take(*token); !taken)
                return taken.error();
            return true;
        }
        if (token->kind == TokenKind::EndObject) {
            if (m_matched == 0) {
                m_isInRoot = false;
                return false;
            }
            --m_matched;
            continue;
        }
        const Result<std::optional<bool>> row = enterMember(*token);
        if (!row)
            return row.error();
        if (*row)
            return **row;
    }
}

// A member on the way to the collection, or beside it. True: the collection is one object, which is the row.
Result<std::optional<bool>> JsonRecords::enterMember(const JsonTokens::Token &name)
{
    const std::vector<JsonPath::Step> &steps = m_wanted.collection->steps;
    const size_t step = m_matched;
    const bool isMeant = name.text == steps[step].name;
    if (isMeant && m_seen[step])
        return m_tokens.invalid(
            JsonRecordsText::tr("“%1” is there twice in line %2 of %3: its rows may have been taken "
                                "already.")
                .arg(QString::fromStdString(steps[step].name))
                .arg(m_tokens.line())
                .arg(m_tokens.displayPath()));
    const Result<JsonTokens::Token> value = m_tokens.next();
    if (!value)
        return value.error();
    if (!isMeant) {
        if (const Result<> skipped = m_tokens.skip(); !skipped)
            return skipped.error();
        return std::optional<bool>();
    }
    m_seen[step] = true;
    const bool isLast = step + 1 == steps.size();
    if (!isLast && value->kind == TokenKind::BeginObject) {
        ++m_matched;
        std::fill(m_seen.begin() + std::ptrdiff_t(m_matched), m_seen.end(), false);
        return std::optional<bool>();
    }
    if (isLast && value->kind == TokenKind::BeginArray) {
        m_isInCollection = true;
        return std::optional<bool>();
    }
    if (isLast && value->kind == TokenKind::BeginObject) {
        if (const Result<> taken = take(*value); !taken)
            return taken.error();
        return std::optional<bool>(true);
    }
    if (isLast && value->kind != TokenKind::Null)
        return noArray();
    if (const Result<> skipped = m_tokens.skip(); !skipped)
        return skipped.error();
    return std::optional<bool>();
}

} // namespace engine
