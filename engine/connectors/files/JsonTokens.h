#pragma once

#include "engine/base/Result.h"
#include "engine/connectors/files/ByteStream.h"

#include <QString>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

// JSON (RFC 8259) token by token: values one after another, with anything blank between them. Numbers keep their text.
// Memory does not grow with the text, only with its longest string. One thread at a time; calls block.
//
// Errors, all final: InvalidInput (`where` is "file:line") for what is no JSON, bytes that are no UTF-8, half a
// surrogate pair, strings of more than 100 MB and values nested deeper than 1,000; and those of the bytes.
class JsonTokens
{
public:
    enum class Kind : uint8_t {
        BeginObject,
        EndObject,
        BeginArray,
        EndArray,
        Name,
        String,
        Number,
        True,
        False,
        Null,
        End
    };
    struct Token
    {
        Kind kind = Kind::End;
        std::string_view text; // of a name or string, unescaped; of a number, as it stands. Valid until the next call
    };
    static constexpr size_t longestText = size_t(100) * 1024 * 1024; // bytes
    static constexpr size_t deepest = 1000;

    JsonTokens(std::unique_ptr<ByteStream> text, QString displayPath); // UTF-8
    Q_DISABLE_COPY_MOVE(JsonTokens)

    Result<Token> next(); // End after the last value, and from then on
    Result<> skip(); // the value whose first token was just taken, up to its end

    int64_t line() const { return m_line; } // 1-based, of the last token's end
    size_t depth() const { return m_open.size(); } // containers that are open
    const QString &displayPath() const { return m_displayPath; }
    Error invalid(const QString &message) const; // InvalidInput here

private:
    enum class Expect : uint8_t { Value, ValueOrEnd, Name, NameOrEnd, CommaOrEnd };

    Result<bool> fill();
    Result<int> peek(); // the next character, blank ones passed over; -1 at the end
    Result<Token> value(char first);
    Result<Token> open(char bracket);
    Result<Token> close(char bracket);
    Result<Token> word(std::string_view word, Kind kind);
    Result<Token> number();
    Result<> string();
    Result<> escape();
    Result<char> take();
    Result<unsigned> hexadecimal();
    Error unexpected(int character) const;

    std::unique_ptr<ByteStream> m_text;
    QString m_displayPath;
    std::vector<char> m_buffer;
    size_t m_at = 0;
    size_t m_size = 0;
    int64_t m_line = 1;
    std::vector<char> m_open; // '{' or '['
    Expect m_expect = Expect::Value;
    std::string m_string;
};

} // namespace engine
