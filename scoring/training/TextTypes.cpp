#include "scoring/training/TextTypes.h"

#include "scoring/InputBinding.h"

#include <QCoreApplication>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_set>

using engine::Error;
using engine::ErrorCode;
using engine::Result;

namespace scoring {

namespace {

struct TextTypesText
{
    Q_DECLARE_TR_FUNCTIONS(TextTypesText)
};

std::string_view trimmed(std::string_view text)
{
    const size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool isWord(std::string_view text, std::string_view word)
{
    return std::equal(
        text.begin(), text.end(), word.begin(), word.end(), [](char a, char b) { return (a | 0x20) == b; });
}

std::optional<double> numberIn(std::string_view text, FieldType type)
{
    text = trimmed(text);
    if (type == FieldType::Boolean && (isWord(text, "true") || isWord(text, "false")))
        return isWord(text, "true") ? 1 : 0;
    if (text.size() > 1 && text[0] == '+' && text[1] != '-')
        text.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || text.empty() || std::isnan(number))
        return std::nullopt;
    if (type == FieldType::Integer && (number != std::trunc(number) || text.find_first_of(".eE") != text.npos))
        return std::nullopt;
    if (type == FieldType::Boolean && number != 0 && number != 1)
        return std::nullopt;
    return number;
}

// The narrowest type all texts have; `isMissing` of each.
FieldType typeOf(const std::vector<std::string> &texts, const std::vector<uint8_t> &isMissing)
{
    const auto allAre = [&](FieldType type) {
        bool some = false;
        for (size_t i = 0; i < texts.size(); ++i) {
            if (isMissing[i])
                continue;
            const std::string_view text = trimmed(texts[i]);
            const bool isWordOnly = type != FieldType::Boolean || isWord(text, "true") || isWord(text, "false");
            if (!isWordOnly || !numberIn(text, type))
                return false;
            some = true;
        }
        return some;
    };
    for (const FieldType type : {FieldType::Boolean, FieldType::Integer, FieldType::Double}) {
        if (allAre(type))
            return type;
    }
    return FieldType::Text;
}

Error badCell(const TrainingColumn &column, size_t code)
{
    const auto row = std::find(column.codes.begin(), column.codes.end(), int32_t(code)) - column.codes.begin();
    return Error{ErrorCode::InvalidInput,
                 TextTypesText::tr("“%1” in row %2 of “%3” is no number that can be computed with.")
                     .arg(QString::fromStdString(column.texts[code].substr(0, 60)))
                     .arg(qint64(row) + 1)
                     .arg(column.name),
                 column.name};
}

} // namespace

QStringList usualMissingWords()
{
    QStringList words;
    for (const std::string_view word : missingWords())
        words.append(QString::fromUtf8(word.data(), qsizetype(word.size())));
    return words;
}

Result<TrainingTable>
withTypes(TrainingTable texts, const QStringList &missingWords, const QMap<QString, FieldType> &given)
{
    for (const QString &name : given.keys()) {
        if (const Result<int> found = texts.require(name); !found)
            return found.error();
    }
    std::unordered_set<std::string> words;
    for (const QString &word : missingWords)
        words.insert(word.toStdString());
    std::vector<TrainingColumn> columns;
    for (const TrainingColumn &column : texts.columns()) {
        if (column.type != FieldType::Text) {
            columns.push_back(column);
            continue;
        }
        std::vector<uint8_t> isMissing;
        for (const std::string &text : column.texts)
            isMissing.push_back(words.contains(std::string(trimmed(text))));
        TrainingColumn typed;
        typed.name = column.name;
        typed.type = given.value(column.name, typeOf(column.texts, isMissing));
        if (typed.type == FieldType::Float)
            typed.type = FieldType::Double;
        std::vector<double> numbers(column.texts.size(), std::numeric_limits<double>::quiet_NaN());
        std::vector<int32_t> codes(column.texts.size(), -1);
        for (size_t code = 0; code < column.texts.size(); ++code) {
            if (isMissing[code])
                continue;
            if (typed.type == FieldType::Text) {
                codes[code] = int32_t(typed.texts.size());
                typed.texts.push_back(column.texts[code]);
                continue;
            }
            const std::optional<double> number = numberIn(column.texts[code], typed.type);
            if (!number || std::isinf(*number))
                return badCell(column, code);
            numbers[code] = *number;
        }
        for (const int32_t code : column.codes) {
            if (typed.type == FieldType::Text)
                typed.codes.push_back(code < 0 ? -1 : codes[size_t(code)]);
            else
                typed.numbers.push_back(code < 0 ? std::numeric_limits<double>::quiet_NaN() : numbers[size_t(code)]);
        }
        columns.push_back(std::move(typed));
    }
    return TrainingTable::ofColumns(std::move(columns), texts.rows());
}

} // namespace scoring
