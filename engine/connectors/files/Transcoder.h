#pragma once

#include "engine/connectors/files/ByteStream.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace engine {

// The name that iconv(3) has for an encoding of a dataset ("windows-1252", "UTF-16", "IBM00858" …); "UTF-8" for all
// ways to write that, nothing for one that is not known. UTF-16 and UTF-32 are little-endian unless they say otherwise.
std::optional<QByteArray> codecOf(const QString &encoding);

// Text in another encoding → UTF-8, exactly: bytes that mean nothing in it are InvalidInput, `where` is "file:line".
class Transcoder final : public ByteStream
{
public:
    // `codec` as codecOf() names it.
    Transcoder(std::unique_ptr<ByteStream> text, QByteArray codec, QString displayPath);
    ~Transcoder() override;
    Q_DISABLE_COPY_MOVE(Transcoder)

    Result<size_t> read(char *to, size_t size) override;

private:
    Result<> convert();
    void countLines(size_t from);
    Error invalid(bool isCut) const;

    std::unique_ptr<ByteStream> m_text;
    QByteArray m_codec;
    QString m_displayPath;
    void *m_conversion; // iconv_t
    std::vector<char> m_in;
    size_t m_inSize = 0;
    std::vector<char> m_out;
    size_t m_outStart = 0;
    size_t m_outSize = 0;
    int64_t m_line = 1; // of the end of m_out
    bool m_afterReturn = false;
    bool m_isOver = false;
    std::optional<Error> m_error; // comes after the text before it
};

// UTF-8 → text in another encoding, exactly: a character that it does not have is refused.
class TextEncoder
{
public:
    explicit TextEncoder(const QByteArray &codec); // as codecOf() names it
    ~TextEncoder();
    Q_DISABLE_COPY_MOVE(TextEncoder)

    // Appends the text to `out`. False: it has a character that the encoding lacks; what was appended is of no use.
    bool encode(std::string_view utf8, std::string &out);
    void end(std::string &out); // what a stateful encoding needs at its end
    // Whether any text can be encoded, so that nobody needs to ask.
    bool isUnicode() const { return m_isUnicode; }

    // Appends to `out` what a file in this encoding begins with: the byte order mark of UTF-16 and UTF-32.
    static void appendMark(const QByteArray &codec, std::string &out);

private:
    void *m_conversion; // iconv_t
    bool m_isUnicode;
};

} // namespace engine
