#include "engine/connectors/files/InflatedBytes.h"

#include <QCoreApplication>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>

namespace engine {
namespace {

// The context of this file's texts for translators.
struct InflatedBytesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::InflatedBytes)
};

constexpr int windowBits = 15;
constexpr int withGzipHeader = 16;

// RFC 1950: a check of the first two bytes. A bare deflate stream that a packer makes never passes it: it would begin
// with a stored block whose padding is not zero.
bool hasZlibHeader(const unsigned char *bytes, size_t size)
{
    return size >= 2 && (bytes[0] & 0x0F) == Z_DEFLATED && (bytes[0] >> 4) <= 7
        && (bytes[0] * 256 + bytes[1]) % 31 == 0;
}

} // namespace

struct InflatedBytes::State
{
    z_stream stream{};
    bool isMade = false;
    bool isInside = false; // of a packed part
    bool isFirst = true;
    bool hasEnded = false; // the packed bytes
    std::array<unsigned char, size_t(64) * 1024> packed;

    ~State()
    {
        if (isMade)
            ::inflateEnd(&stream);
    }
};

InflatedBytes::InflatedBytes(std::unique_ptr<ByteStream> packed, Form form, QString displayPath)
    : m_packed(std::move(packed))
    , m_form(form)
    , m_displayPath(std::move(displayPath))
    , m_state(std::make_unique<State>())
{
}

InflatedBytes::~InflatedBytes() = default;

Error InflatedBytes::damaged(const QString &reason) const
{
    const QString form = m_form == Form::Gzip ? QStringLiteral("gzip") : QStringLiteral("deflate");
    return {ErrorCode::InvalidInput,
            InflatedBytesText::tr("%1 cannot be unpacked (%2): %3.").arg(m_displayPath, form, reason),
            m_displayPath};
}

// At least two bytes behind what is there, unless the packed bytes end.
Result<> InflatedBytes::fill()
{
    State &state = *m_state;
    if (state.stream.avail_in > 0 && state.stream.next_in != state.packed.data())
        std::memmove(state.packed.data(), state.stream.next_in, state.stream.avail_in);
    state.stream.next_in = state.packed.data();
    while (!state.hasEnded && state.stream.avail_in < 2) {
        const Result<size_t> got = m_packed->read(reinterpret_cast<char *>(state.packed.data()) + state.stream.avail_in,
                                                  state.packed.size() - state.stream.avail_in);
        if (!got)
            return got.error();
        state.hasEnded = *got == 0;
        state.stream.avail_in += uInt(*got);
    }
    return {};
}

Result<bool> InflatedBytes::begin()
{
    State &state = *m_state;
    // Tapes and block devices fill up with zeros, which gzip passes over too.
    while (true) {
        if (const Result<> filled = fill(); !filled)
            return filled.error();
        while (!state.isFirst && state.stream.avail_in > 0 && *state.stream.next_in == 0) {
            ++state.stream.next_in;
            --state.stream.avail_in;
        }
        if (state.stream.avail_in >= 2 || state.hasEnded)
            break;
    }
    if (state.stream.avail_in == 0 && !state.isFirst)
        return false;
    if (state.stream.avail_in == 0)
        return damaged(InflatedBytesText::tr("it is empty"));
    const unsigned char *const bytes = state.stream.next_in;
    if (m_form == Form::Gzip && (state.stream.avail_in < 2 || bytes[0] != 0x1F || bytes[1] != 0x8B))
        return damaged(state.isFirst ? InflatedBytesText::tr("it does not begin as such a file does")
                                     : InflatedBytesText::tr("something else follows behind the packed text"));
    if (m_form == Form::Deflate && !state.isFirst)
        return damaged(InflatedBytesText::tr("something else follows behind the packed text"));
    int bits = windowBits + withGzipHeader;
    if (m_form == Form::Deflate)
        bits = hasZlibHeader(bytes, state.stream.avail_in) ? windowBits : -windowBits;
    const int made = state.isMade ? ::inflateReset(&state.stream) : ::inflateInit2(&state.stream, bits);
    if (made != Z_OK)
        return Error{
            ErrorCode::Io, InflatedBytesText::tr("There is no memory to unpack %1.").arg(m_displayPath), m_displayPath};
    state.isMade = true;
    state.isFirst = false;
    state.isInside = true;
    return true;
}

Result<size_t> InflatedBytes::read(char *to, size_t size)
{
    State &state = *m_state;
    while (true) {
        if (!state.isInside) {
            const Result<bool> begun = begin();
            if (!begun)
                return begun.error();
            if (!*begun)
                return size_t(0);
        }
        if (state.stream.avail_in == 0) {
            if (const Result<> filled = fill(); !filled)
                return filled.error();
        }
        const auto room = uInt(std::min<size_t>(size, UINT_MAX));
        state.stream.next_out = reinterpret_cast<unsigned char *>(to);
        state.stream.avail_out = room;
        const int done = ::inflate(&state.stream, Z_NO_FLUSH);
        const size_t got = room - state.stream.avail_out;
        if (done == Z_STREAM_END)
            state.isInside = false;
        else if (done != Z_OK && done != Z_BUF_ERROR)
            return damaged(InflatedBytesText::tr("it is damaged"));
        else if (got == 0 && state.stream.avail_in == 0 && state.hasEnded)
            return damaged(InflatedBytesText::tr("it ends too early, so a part of it is missing"));
        if (got > 0)
            return got;
    }
}

} // namespace engine
