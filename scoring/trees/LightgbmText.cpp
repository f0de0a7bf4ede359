#include "scoring/trees/LightgbmText.h"

#include <algorithm>
#include <charconv>

namespace scoring::trees {

namespace {

LightgbmText::Line lineOf(int number, std::string_view text)
{
    if (text.starts_with('[')) { // [name: value]
        const size_t colon = text.find(": ");
        const size_t end = text.rfind(']');
        if (colon == std::string_view::npos || end == std::string_view::npos || end < colon + 2)
            return {number, text, {}};
        return {number, text.substr(1, colon - 1), text.substr(colon + 2, end - colon - 2)};
    }
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos)
        return {number, text, {}};
    return {number, text.substr(0, equals), text.substr(equals + 1)};
}

} // namespace

LightgbmText LightgbmText::cut(std::string_view text)
{
    constexpr std::string_view pandas = "pandas_categorical:";
    LightgbmText parts;
    enum class Where : uint8_t { Header, Trees, After, Parameters } where = Where::Header;
    int number = 0;
    while (!text.empty()) {
        const size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            continue;
        if (line.starts_with(pandas)) {
            parts.pandasCategories = line.substr(pandas.size());
        } else if (where <= Where::Trees && line.starts_with("Tree=")) {
            where = Where::Trees;
            parts.trees.push_back({lineOf(number, line)});
        } else if (line == "end of trees") {
            where = Where::After;
            parts.isWhole = true;
        } else if (line == "parameters:") {
            where = Where::Parameters;
        } else if (line == "end of parameters") {
            where = Where::After;
        } else if (where == Where::Header) {
            parts.header.push_back(lineOf(number, line));
        } else if (where == Where::Trees) {
            parts.trees.back().push_back(lineOf(number, line));
        } else if (where == Where::Parameters) {
            parts.parameters.push_back(lineOf(number, line));
        }
    }
    return parts;
}

const LightgbmText::Line *LightgbmText::find(const Block &block, std::string_view key)
{
    const auto found = std::ranges::find(block, key, &Line::key);
    return found == block.end() ? nullptr : &*found;
}

std::vector<std::string_view> wordsOf(std::string_view text)
{
    std::vector<std::string_view> words;
    for (size_t at = text.find_first_not_of(' '); at < text.size(); at = text.find_first_not_of(' ', at)) {
        const size_t end = std::min(text.find(' ', at), text.size());
        words.push_back(text.substr(at, end - at));
        at = end;
    }
    return words;
}

std::optional<std::vector<double>> numbersOf(std::string_view text)
{
    std::vector<double> numbers;
    for (const std::string_view word : wordsOf(text)) {
        double number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (error != std::errc() || end != word.data() + word.size())
            return std::nullopt;
        numbers.push_back(number);
    }
    return numbers;
}

} // namespace scoring::trees
