#include "engine/connectors/files/JsonTokens.h"

#include "engine/connectors/files/Utf8.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {
namespace {

struct JsonTokensText
{
    Q_DECLARE_TR_FUNCTIONS(engine::JsonTokens)
};

constexpr size_t readAtOnce = 256 * 1024;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

// -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
bool isNumber(std::string_view text)
{
    const auto digits = [&text] {
        const size_t count = size_t(std::find_if_not(text.begin(), text.end(), isDigit) - text.begin());
        text.remove_prefix(count);
        return count;
    };
    if (text.starts_with('-'))
        text.remove_prefix(1);
    if (text.starts_with('0'))
        text.remove_prefix(1);
    else if (digits() == 0)
        return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (digits() == 0)
            return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-'))
            text.remove_prefix(1);
        if (digits() == 0)
            return false;
    }
    return text.empty();
}

void appendUtf8(std::string &to, unsigned code)
{
    if (code < 0x80) {
        to += char(code);
    } else if (code < 0x800) {
        to += char(0xC0 | (code >> 6));
        to += char(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        to += char(0xE0 | (code >> 12));
        to += char(0x80 | ((code >> 6) & 0x3F));
        to += char(0x80 | (code & 0x3F));
    } else {
        to += char(0xF0 | (code >> 18));
        to += char(0x80 | ((code >> 12) & 0x3F));
        to += char(0x80 | ((code >> 6) & 0x3F));
        to += char(0x80 | (code & 0x3F));
    }
}

} // namespace

JsonTokens::JsonTokens(std::unique_ptr<ByteStream> text, QString displayPath)
    : m_text(std::move(text))
    , m_displayPath(std::move(displayPath))
    , m_buffer(readAtOnce)
{
}

Error JsonTokens::invalid(const QString &message) const
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("%1:%2").arg(m_displayPath).arg(m_line)};
}

Error JsonTokens::unexpected(int character) const
{
    if (character < 0)
        return invalid(m_open.empty() ? JsonTokensText::tr("%1 ends inside a value.").arg(m_displayPath)
                                      : JsonTokensText::tr("%1 ends inside an object or array.").arg(m_displayPath));
    const QString shown = character > ' ' && character < 0x7F
        ? QString(QChar(char16_t(character)))
        : QStringLiteral("0x%1").arg(character & 0xFF, 2, 16, QLatin1Char('0'));
    const QString wanted = [this] {
        switch (m_expect) {
        case Expect::Value:
            return JsonTokensText::tr("a value");
        case Expect::ValueOrEnd:
            return JsonTokensText::tr("a value or “]”");
        case Expect::Name:
            return JsonTokensText::tr("a name in quotes");
        case Expect::NameOrEnd:
            return JsonTokensText::tr("a name in quotes or “}”");
        case Expect::CommaOrEnd:
            break;
        }
        return m_open.empty() || m_open.back() == '[' ? JsonTokensText::tr("a comma or “]”")
                                                      : JsonTokensText::tr("a comma or “}”");
    }();
    return invalid(JsonTokensText::tr("“%1” stands in line %2 of %3 where %4 must be: this is no JSON.")
                       .arg(shown)
                       .arg(m_line)
                       .arg(m_displayPath, wanted));
}

Result<bool> JsonTokens::fill()
{
    const Result<size_t> got = m_text->read(m_buffer.data(), m_buffer.size());
    if (!got)
        return got.error();
    m_at = 0;
    m_size = *got;
    return m_size > 0;
}

Result<char> JsonTokens::take()
{
    if (m_at == m_size) {
        const Result<bool> more = fill();
        if (!more)
            return more.error();
        if (!*more)
            return invalid(JsonTokensText::tr("%1 ends inside a string.").arg(m_displayPath));
    }
    return m_buffer[m_at++];
}

Result<int> JsonTokens::peek()
{
    while (true) {
        for (; m_at < m_size; ++m_at) {
            const char c = m_buffer[m_at];
            if (c == '\n')
                ++m_line;
            else if (c != ' ' && c != '\t' && c != '\r')
                return int(uint8_t(c));
        }
        const Result<bool> more = fill();
        if (!more)
            return more.error();
        if (!*more)
            return -1;
    }
}

Result<JsonTokens::Token> JsonTokens::next()
{
    Result<int> c = peek();
    if (!c)
        return c.error();
    if (m_open.empty() && *c < 0)
        return Token{};
    if (m_expect == Expect::CommaOrEnd && *c == ',') {
        ++m_at;
        m_expect = m_open.back() == '{' ? Expect::Name : Expect::Value;
        c = peek();
        if (!c)
            return c.error();
    }
    if (*c < 0)
        return unexpected(*c);
    const char character = char(*c);
    if ((character == ']' || character == '}') && m_expect != Expect::Value && m_expect != Expect::Name)
        return close(character);
    switch (m_expect) {
    case Expect::Value:
    case Expect::ValueOrEnd:
        return value(character);
    case Expect::Name:
    case Expect::NameOrEnd: {
        if (character != '"')
            return unexpected(*c);
        if (const Result<> read = string(); !read)
            return read.error();
        const Result<int> colon = peek();
        if (!colon)
            return colon.error();
        if (*colon != ':')
            return *colon < 0 ? unexpected(-1)
                              : invalid(JsonTokensText::tr("The name “%1” in line %2 of %3 has no “:” behind it.")
                                            .arg(QString::fromStdString(m_string.substr(0, 100)))
                                            .arg(m_line)
                                            .arg(m_displayPath));
        ++m_at;
        m_expect = Expect::Value;
        return Token{Kind::Name, m_string};
    }
    case Expect::CommaOrEnd:
        break;
    }
    return unexpected(*c);
}

Result<JsonTokens::Token> JsonTokens::value(char first)
{
    switch (first) {
    case '{':
    case '[':
        return open(first);
    case '"':
        if (const Result<> read = string(); !read)
            return read.error();
        m_expect = m_open.empty() ? Expect::Value : Expect::CommaOrEnd;
        return Token{Kind::String, m_string};
    case 't':
        return word("true", Kind::True);
    case 'f':
        return word("false", Kind::False);
    case 'n':
        return word("null", Kind::Null);
    default:
        if (first != '-' && !isDigit(first))
            return unexpected(uint8_t(first));
        return number();
    }
}

Result<JsonTokens::Token> JsonTokens::open(char bracket)
{
    if (m_open.size() == deepest)
        return invalid(JsonTokensText::tr("Line %1 of %2 holds a value that is nested deeper than %3, the most that is "
                                          "read.")
                           .arg(m_line)
                           .arg(m_displayPath)
                           .arg(deepest));
    ++m_at;
    m_open.push_back(bracket);
    m_expect = bracket == '{' ? Expect::NameOrEnd : Expect::ValueOrEnd;
    return Token{bracket == '{' ? Kind::BeginObject : Kind::BeginArray, {}};
}

Result<JsonTokens::Token> JsonTokens::close(char bracket)
{
    if (m_open.empty() || (bracket == '}') != (m_open.back() == '{'))
        return unexpected(uint8_t(bracket));
    ++m_at;
    m_open.pop_back();
    m_expect = m_open.empty() ? Expect::Value : Expect::CommaOrEnd;
    return Token{bracket == '}' ? Kind::EndObject : Kind::EndArray, {}};
}

Result<JsonTokens::Token> JsonTokens::word(std::string_view word, Kind kind)
{
    for (const char wanted : word) {
        if (m_at == m_size) {
            const Result<bool> more = fill();
            if (!more)
                return more.error();
            if (!*more)
                return unexpected(-1);
        }
        if (m_buffer[m_at] != wanted)
            return unexpected(uint8_t(m_buffer[m_at]));
        ++m_at;
    }
    m_expect = m_open.empty() ? Expect::Value : Expect::CommaOrEnd;
    return Token{kind, {}};
}

Result<JsonTokens::Token> JsonTokens::number()
{
    m_string.clear();
    while (true) {
        const char *const start = m_buffer.data() + m_at;
        const char *const end = m_buffer.data() + m_size;
        const char *const stop = std::find_if_not(
            start, end, [](char c) { return isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; });
        m_string.append(start, stop);
        m_at += size_t(stop - start);
        if (stop != end)
            break;
        if (m_string.size() > longestText)
            break;
        const Result<bool> more = fill();
        if (!more)
            return more.error();
        if (!*more)
            break;
    }
    if (!isNumber(m_string))
        return invalid(JsonTokensText::tr("“%1” in line %2 of %3 is no number of JSON.")
                           .arg(QString::fromStdString(m_string.substr(0, 100)))
                           .arg(m_line)
                           .arg(m_displayPath));
    m_expect = m_open.empty() ? Expect::Value : Expect::CommaOrEnd;
    return Token{Kind::Number, m_string};
}

// From its first quote to the one that closes it, into m_string.
Result<> JsonTokens::string()
{
    ++m_at;
    m_string.clear();
    while (true) {
        const char *const start = m_buffer.data() + m_at;
        const char *const end = m_buffer.data() + m_size;
        const char *const stop =
            std::find_if(start, end, [](char c) { return c == '"' || c == '\\' || uint8_t(c) < 0x20; });
        m_string.append(start, stop);
        m_at += size_t(stop - start);
        if (m_string.size() > longestText)
            return invalid(JsonTokensText::tr("Line %1 of %2 holds a string of more than %3 MB, the most that is read.")
                               .arg(m_line)
                               .arg(m_displayPath)
                               .arg(longestText / 1024 / 1024));
        const Result<char> c = take();
        if (!c)
            return c.error();
        if (*c == '"')
            break;
        if (*c == '\\') {
            if (const Result<> escaped = escape(); !escaped)
                return escaped;
        } else if (uint8_t(*c) < 0x20) {
            return invalid(JsonTokensText::tr("A string in line %1 of %2 has a line break or control character in it: "
                                              "it must be escaped.")
                               .arg(m_line)
                               .arg(m_displayPath));
        } else {
            m_string += *c; // first of a new buffer
        }
    }
    if (endOfUtf8(m_string.data(), m_string.size(), MoreText::Ends) != m_string.size())
        return invalid(
            JsonTokensText::tr("A string in line %1 of %2 is not UTF-8: give the encoding of the file in its dataset.")
                .arg(m_line)
                .arg(m_displayPath));
    return {};
}

Result<unsigned> JsonTokens::hexadecimal()
{
    unsigned code = 0;
    for (int i = 0; i < 4; ++i) {
        const Result<char> c = take();
        if (!c)
            return c.error();
        const char lower = char(*c | 0x20);
        if (isDigit(*c))
            code = code * 16 + unsigned(*c - '0');
        else if (lower >= 'a' && lower <= 'f')
            code = code * 16 + unsigned(lower - 'a' + 10);
        else
            return invalid(JsonTokensText::tr("“\\u” in line %1 of %2 has no four hexadecimal digits behind it.")
                               .arg(m_line)
                               .arg(m_displayPath));
    }
    return code;
}

Result<> JsonTokens::escape()
{
    const Result<char> c = take();
    if (!c)
        return c.error();
    constexpr std::string_view escapes = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (const size_t which = escapes.find(*c); which != std::string_view::npos) {
        m_string += meanings[which];
        return {};
    }
    if (*c != 'u')
        return invalid(JsonTokensText::tr("“\\%1” in line %2 of %3 is no escape of JSON.")
                           .arg(QChar::fromLatin1(*c))
                           .arg(m_line)
                           .arg(m_displayPath));
    const auto lonely = [this] {
        return invalid(
            JsonTokensText::tr("A string in line %1 of %2 holds half a surrogate pair, which is no character.")
                .arg(m_line)
                .arg(m_displayPath));
    };
    const Result<unsigned> high = hexadecimal();
    if (!high)
        return high.error();
    if (*high < 0xD800 || *high > 0xDFFF) {
        appendUtf8(m_string, *high);
        return {};
    }
    if (*high > 0xDBFF)
        return lonely();
    for (const char wanted : {'\\', 'u'}) {
        const Result<char> next = take();
        if (!next)
            return next.error();
        if (*next != wanted)
            return lonely();
    }
    const Result<unsigned> low = hexadecimal();
    if (!low)
        return low.error();
    if (*low < 0xDC00 || *low > 0xDFFF)
        return lonely();
    appendUtf8(m_string, 0x10000 + ((*high - 0xD800) << 10) + (*low - 0xDC00));
    return {};
}

Result<> JsonTokens::skip()
{
    const size_t outside = m_open.empty() ? 0 : m_open.size() - 1;
    const bool isContainer = m_expect == Expect::NameOrEnd || m_expect == Expect::ValueOrEnd;
    if (!isContainer)
        return {};
    while (m_open.size() > outside) {
        if (const Result<Token> token = next(); !token)
            return token.error();
    }
    return {};
}

} // namespace engine
