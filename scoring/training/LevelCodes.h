#pragma once

#include "scoring/Field.h"

#include <QStringList>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace scoring {

// A number's shortest text: "3", "0.5", "1e+300". Read back it is the same number.
QString shortestText(double number);
// The number a text says in the same spelling and in no other way; none: NaN.
double numberOfText(const QString &text);

// The numbers 0 … n−1 of a categorical feature's levels. A value once made; any thread.
class LevelCodes
{
public:
    LevelCodes() = default;
    LevelCodes(const QStringList &levels, FieldType type);

    // −1: no level. Text features only.
    int find(std::string_view text) const
    {
        if (m_byText.empty()) {
            for (size_t i = 0; i < m_texts.size(); ++i) {
                const std::string &level = m_texts[i];
                if (level.size() == text.size() && std::memcmp(level.data(), text.data(), text.size()) == 0)
                    return int(i);
            }
            return -1;
        }
        const auto found = m_byText.find(text);
        return found == m_byText.end() ? -1 : found->second;
    }

    // −1: no level. All other features.
    int find(double number) const;

    // The codes of a block of cells, `missing` for those without a value. False: some value is no level, its code −1.
    bool findAll(std::span<const std::string_view> texts, int32_t missing, int32_t *codes) const;
    bool findAll(std::span<const double> numbers, int32_t missing, int32_t *codes) const;

private:
    // All of a short text in three words, so that it is compared without a branch.
    struct Key
    {
        uint64_t first = 0;
        uint64_t last = 0;
        uint64_t size = 0;
    };
    static constexpr size_t longestKey = 16;
    static Key keyOf(std::string_view text);

    struct Hash
    {
        using is_transparent = void;
        size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    std::vector<std::string> m_texts; // UTF-8
    std::vector<Key> m_keys; // of a few short texts
    std::unordered_map<std::string, int, Hash, std::equal_to<>> m_byText; // only of more than a few levels
    std::vector<std::pair<double, int>> m_numbers; // sorted
};

} // namespace scoring
