#include "engine/connectors/files/Transcoder.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <iconv.h>

namespace engine {
namespace {

// The context of this file's texts for translators.
struct TranscoderText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Transcoder)
};

constexpr size_t bufferBytes = size_t(64) * 1024;

iconv_t failedConversion() { return reinterpret_cast<iconv_t>(-1); } // as iconv_open(3) says it

} // namespace

std::optional<QByteArray> codecOf(const QString &encoding)
{
    const QString name = encoding.trimmed().toUpper();
    // Where Data Factory's name (.NET's) is another one than iconv's, or means more than it does there.
    static constexpr std::array<std::pair<QLatin1String, const char *>, 15> others{{
        {QLatin1String(""), "UTF-8"},
        {QLatin1String("UTF8"), "UTF-8"},
        {QLatin1String("UTF-8 WITHOUT BOM"), "UTF-8"},
        {QLatin1String("UTF8WITHOUTBOM"), "UTF-8"},
        {QLatin1String("UTF-16"), "UTF-16LE"},
        {QLatin1String("UNICODE"), "UTF-16LE"},
        {QLatin1String("UTF-32"), "UTF-32LE"},
        {QLatin1String("GB2312"), "CP936"},
        {QLatin1String("SHIFT-JIS"), "CP932"},
        {QLatin1String("SHIFT_JIS"), "CP932"},
        {QLatin1String("IBM00858"), "IBM858"},
        {QLatin1String("IBM737"), "CP737"},
        {QLatin1String("IBM775"), "CP775"},
        {QLatin1String("WINDOWS-874"), "CP874"},
        {QLatin1String("LATIN-1"), "ISO-8859-1"},
    }};
    const auto other =
        std::find_if(others.begin(), others.end(), [&name](const auto &each) { return each.first == name; });
    if (other != others.end())
        return QByteArray(other->second);
    static const QRegularExpression euro(QStringLiteral("^IBM0(114[0-9])$"));
    if (const auto match = euro.match(name); match.hasMatch())
        return QByteArray("IBM" + match.captured(1).toLatin1());
    static const QRegularExpression plain(QStringLiteral("^[A-Z0-9][A-Z0-9_:.-]{0,40}$")); // no options of iconv
    if (!plain.match(name).hasMatch())
        return std::nullopt;
    const QByteArray codec = name.toLatin1();
    const iconv_t conversion = ::iconv_open("UTF-8", codec.constData());
    if (conversion == failedConversion())
        return std::nullopt;
    ::iconv_close(conversion);
    return codec;
}

Transcoder::Transcoder(std::unique_ptr<ByteStream> text, QByteArray codec, QString displayPath)
    : m_text(std::move(text))
    , m_codec(std::move(codec))
    , m_displayPath(std::move(displayPath))
    , m_conversion(::iconv_open("UTF-8", m_codec.constData()))
    , m_in(bufferBytes)
    , m_out(bufferBytes)
{
    Q_ASSERT(m_conversion != failedConversion());
}

Transcoder::~Transcoder() { ::iconv_close(m_conversion); }

Error Transcoder::invalid(bool isCut) const
{
    constexpr size_t most = 4;
    const QByteArray bytes(m_in.data(), qsizetype(std::min(m_inSize, most)));
    const QString hex = QString::fromLatin1(bytes.toHex(' '));
    const QString codec = QString::fromLatin1(m_codec);
    const QString message = isCut
        ? TranscoderText::tr("%1 is not %2: it ends in the middle of a character, on line %3 (0x %4).")
        : TranscoderText::tr("%1 is not %2: on line %3 there are bytes that mean nothing in it (0x %4). Choose the "
                             "encoding it has in its dataset.");
    return {ErrorCode::InvalidInput,
            message.arg(m_displayPath, codec).arg(m_line).arg(hex),
            m_displayPath + u':' + QString::number(m_line)};
}

// A break of two characters counts as one.
void Transcoder::countLines(size_t from)
{
    for (size_t at = from; at < m_outSize; ++at) {
        const char c = m_out[at];
        m_line += c == '\r' || (c == '\n' && !m_afterReturn) ? 1 : 0;
        m_afterReturn = c == '\r';
    }
}

// More of the text, or its end, or m_error.
Result<> Transcoder::convert()
{
    const Result<size_t> got = m_text->read(m_in.data() + m_inSize, m_in.size() - m_inSize);
    if (!got)
        return got.error();
    m_isOver = *got == 0;
    m_inSize += *got;
    char *in = m_in.data();
    m_outStart = 0;
    m_outSize = 0;
    while (m_inSize > 0 || m_isOver) {
        const size_t before = m_outSize;
        char *out = m_out.data() + m_outSize;
        size_t room = m_out.size() - m_outSize;
        // The last call gives out what a stateful encoding has kept back.
        const bool isLast = m_inSize == 0;
        const size_t done = isLast ? ::iconv(m_conversion, nullptr, nullptr, &out, &room)
                                   : ::iconv(m_conversion, &in, &m_inSize, &out, &room);
        const int reason = errno;
        m_outSize = m_out.size() - room;
        countLines(before);
        if (done != size_t(-1) && isLast)
            break;
        if (done != size_t(-1))
            continue;
        if (reason == E2BIG) {
            m_out.resize(m_out.size() * 2);
            continue;
        }
        std::memmove(m_in.data(), in, m_inSize);
        in = m_in.data();
        if (reason == EINVAL && !m_isOver)
            break; // a character goes on in the next bytes
        m_error = invalid(reason == EINVAL);
        break;
    }
    return {};
}

Result<size_t> Transcoder::read(char *to, size_t size)
{
    while (m_outStart == m_outSize) {
        if (m_error)
            return *m_error;
        if (m_isOver)
            return size_t(0);
        if (const Result<> converted = convert(); !converted)
            return converted.error();
    }
    const size_t got = std::min(size, m_outSize - m_outStart);
    std::memcpy(to, m_out.data() + m_outStart, got);
    m_outStart += got;
    return got;
}

TextEncoder::TextEncoder(const QByteArray &codec)
    : m_conversion(::iconv_open(codec.constData(), "UTF-8"))
    , m_isUnicode(codec.startsWith("UTF-"))
{
    Q_ASSERT(m_conversion != failedConversion());
}

TextEncoder::~TextEncoder() { ::iconv_close(m_conversion); }

bool TextEncoder::encode(std::string_view utf8, std::string &out)
{
    char *in = const_cast<char *>(utf8.data()); // iconv(3) does not write there
    size_t inSize = utf8.size();
    while (inSize > 0) {
        const size_t before = out.size();
        constexpr size_t spare = 64;
        out.resize(before + inSize * 2 + spare);
        char *to = out.data() + before;
        size_t room = out.size() - before;
        const size_t replaced = ::iconv(m_conversion, &in, &inSize, &to, &room);
        const int reason = errno;
        out.resize(out.size() - room);
        if (replaced == size_t(-1) && reason == E2BIG)
            continue;
        if (replaced != 0) { // refused, or changed to something like it
            ::iconv(m_conversion, nullptr, nullptr, nullptr, nullptr);
            return false;
        }
    }
    return true;
}

void TextEncoder::end(std::string &out)
{
    const size_t before = out.size();
    constexpr size_t spare = 16; // a shift sequence
    out.resize(before + spare);
    char *to = out.data() + before;
    size_t room = spare;
    ::iconv(m_conversion, nullptr, nullptr, &to, &room);
    out.resize(out.size() - room);
}

void TextEncoder::appendMark(const QByteArray &codec, std::string &out)
{
    using namespace std::string_view_literals;
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> marks{{
        {"UTF-16LE"sv, "\xFF\xFE"sv},
        {"UTF-16BE"sv, "\xFE\xFF"sv},
        {"UTF-32LE"sv, "\xFF\xFE\0\0"sv},
        {"UTF-32BE"sv, "\0\0\xFE\xFF"sv},
    }};
    for (const auto &[name, mark] : marks) {
        if (std::string_view(codec.constData(), size_t(codec.size())) == name)
            out += mark;
    }
}

} // namespace engine
