#pragma once

#include <QStringList>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace scoring {

// Which of a few short texts a text is, without a branch for each of them: nothing has to be guessed when they come in
// any order. A value once made; any thread.
class ShortLevels
{
public:
    static constexpr size_t most = 8;

    ShortLevels() = default;
    explicit ShortLevels(const QStringList &levels)
    {
        for (const QString &level : levels) {
            const QByteArray text = level.toUtf8();
            if (text.size() > 8 || m_count == most) {
                m_count = 0;
                return;
            }
            m_words[m_count] = word({text.constData(), size_t(text.size())});
            m_sizes[m_count++] = uint64_t(text.size());
        }
    }

    bool isUsable() const { return m_count > 0; } // at most eight levels of at most eight bytes

    // −1: no level. `text` may not be null.
    int find(std::string_view text) const
    {
        if (text.size() > 8)
            return -1;
        const uint64_t wanted = word(text);
        int found = -1;
        for (size_t i = 0; i < m_count; ++i)
            found = (int(m_words[i] == wanted) & int(m_sizes[i] == text.size())) != 0 ? int(i) : found;
        return found;
    }

private:
    template <typename Number> static uint64_t load(const char *from)
    {
        Number number;
        std::memcpy(&number, from, sizeof(number));
        return number;
    }

    // Up to eight bytes as a number, zeros behind them; no byte outside of the text is read.
    static uint64_t word(std::string_view text)
    {
        const size_t size = text.size();
        const char *const bytes = text.data();
        if (size == 8)
            return load<uint64_t>(bytes);
        if (size >= 4)
            return load<uint32_t>(bytes) | load<uint32_t>(bytes + size - 4) << (size - 4) * 8;
        if (size >= 2)
            return load<uint16_t>(bytes) | load<uint16_t>(bytes + size - 2) << (size - 2) * 8;
        return size == 1 ? load<uint8_t>(bytes) : 0;
    }

    size_t m_count = 0;
    std::array<uint64_t, most> m_words{};
    std::array<uint64_t, most> m_sizes{};
};

} // namespace scoring
