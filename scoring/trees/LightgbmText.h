#pragma once

#include <QByteArray>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace scoring::trees {

// A LightGBM file cut into its parts; views into the file's bytes. No part is looked at more closely.
struct LightgbmText
{
    struct Line
    {
        int number = 0; // 1-based
        std::string_view key;
        std::string_view value; // empty for a line without "="
    };
    using Block = std::vector<Line>;

    Block header;
    std::vector<Block> trees; // the first line is "Tree=N"
    Block parameters; // "[name: value]"
    std::string_view pandasCategories; // JSON; empty when the file has none
    bool isWhole = false; // "end of trees" was there

    static LightgbmText cut(std::string_view text);
    static const Line *find(const Block &block, std::string_view key);
};

// The numbers of a line, parted by spaces; none when one of them is no number.
std::optional<std::vector<double>> numbersOf(std::string_view text);
std::vector<std::string_view> wordsOf(std::string_view text);

} // namespace scoring::trees
