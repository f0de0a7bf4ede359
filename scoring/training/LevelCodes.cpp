#include "scoring/training/LevelCodes.h"

#include <QByteArray>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace scoring {

namespace {

constexpr size_t fewLevels = 8; // so many are compared one after the other faster than hashed

} // namespace

QString shortestText(double number)
{
    char text[32];
    const auto [end, error] = std::to_chars(std::begin(text), std::end(text), number == 0 ? 0.0 : number);
    return QString::fromLatin1(text, qsizetype(end - text));
}

double numberOfText(const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    double number = 0;
    const char *const end = bytes.constData() + bytes.size();
    const auto [stop, error] = std::from_chars(bytes.constData(), end, number);
    return error == std::errc() && stop == end && !bytes.isEmpty() ? number : std::numeric_limits<double>::quiet_NaN();
}

LevelCodes::LevelCodes(const QStringList &levels, FieldType type)
{
    for (int i = 0; i < levels.size(); ++i) {
        if (type == FieldType::Text)
            m_texts.push_back(levels.at(i).toStdString());
        else
            m_numbers.emplace_back(numberOfText(levels.at(i)), i);
    }
    if (m_texts.size() > fewLevels) {
        for (size_t i = 0; i < m_texts.size(); ++i)
            m_byText.emplace(m_texts[i], int(i));
    } else if (std::ranges::all_of(m_texts, [](const std::string &text) { return text.size() <= longestKey; })) {
        for (const std::string &text : m_texts)
            m_keys.push_back(keyOf(text));
    }
    std::sort(m_numbers.begin(), m_numbers.end());
}

int LevelCodes::find(double number) const
{
    const auto found = std::lower_bound(m_numbers.begin(), m_numbers.end(), std::pair(number, -1));
    return found != m_numbers.end() && found->first == number ? found->second : -1;
}

LevelCodes::Key LevelCodes::keyOf(std::string_view text)
{
    const char *const at = text.data();
    const size_t size = text.size();
    Key key{.size = size};
    if (size >= 8 && size <= longestKey) { // the two may overlap
        std::memcpy(&key.first, at, 8);
        std::memcpy(&key.last, at + size - 8, 8);
    } else if (size >= 4 && size < 8) {
        uint32_t words[2];
        std::memcpy(&words[0], at, 4);
        std::memcpy(&words[1], at + size - 4, 4);
        key.first = words[0] | uint64_t(words[1]) << 32;
    } else if (size >= 1 && size < 4) {
        const auto byte = [at](size_t i) { return uint64_t(static_cast<unsigned char>(at[i])); };
        key.first = byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
    }
    return key;
}

bool LevelCodes::findAll(std::span<const std::string_view> texts, int32_t missing, int32_t *codes) const
{
    int32_t least = 0;
    for (size_t i = 0; i < texts.size(); ++i) {
        const std::string_view text = texts[i];
        int32_t code = -1;
        if (m_keys.empty()) {
            code = find(text);
        } else {
            const Key key = keyOf(text);
            for (size_t level = 0; level < m_keys.size(); ++level) {
                const Key &other = m_keys[level];
                const uint64_t differs = (key.first ^ other.first) | (key.last ^ other.last) | (key.size ^ other.size);
                code = differs == 0 ? int32_t(level) : code;
            }
        }
        const bool isMissing = text.data() == nullptr;
        codes[i] = isMissing ? missing : code;
        least = std::min(least, isMissing ? 0 : code);
    }
    return least >= 0;
}

bool LevelCodes::findAll(std::span<const double> numbers, int32_t missing, int32_t *codes) const
{
    int32_t least = 0;
    const bool areFew = m_numbers.size() <= fewLevels;
    for (size_t i = 0; i < numbers.size(); ++i) {
        const double number = numbers[i];
        int32_t code = -1;
        if (areFew) {
            for (const auto &[level, its] : m_numbers)
                code = number == level ? its : code;
        } else {
            code = find(number);
        }
        const bool isMissing = std::isnan(number);
        codes[i] = isMissing ? missing : code;
        least = std::min(least, isMissing ? 0 : code);
    }
    return least >= 0;
}

} // namespace scoring
