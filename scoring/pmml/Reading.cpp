#include "scoring/pmml/Reading.h"

#include "scoring/pmml/expression/Expression.h"

#include <QCoreApplication>

#include <cmath>

using engine::Error;
using engine::ErrorCode;

namespace scoring::pmml {

namespace {

struct ReadingText
{
    Q_DECLARE_TR_FUNCTIONS(ReadingText)
};

constexpr size_t mostScratch = 50'000'000; // numbers: 400 MB a scorer
constexpr double longestArray = 20'000'000;

} // namespace

Reading::Reading(const QString &file) : m_file(file) { }

Reading::~Reading() = default;

void Reading::fail(const Node &at, const QString &message, ErrorCode code)
{
    if (m_error)
        return;
    m_error = Error{code, message, at ? m_file + QLatin1Char(':') + QString::number(at.line()) : m_file};
}

void Reading::refuse(const Node &at, const QString &what)
{
    fail(at, ReadingText::tr("The model uses %1, which Slipway does not score.").arg(what), ErrorCode::Unsupported);
}

int Reading::newSlot() { return m_slots++; }

int Reading::newOutcome() { return m_outcomes++; }

int Reading::newScratch(const Node &at, size_t size)
{
    if (size > mostScratch - m_scratch) {
        fail(at, ReadingText::tr("The model needs too much memory at %1.").arg(quoted(at.name())));
        return 0;
    }
    const size_t first = m_scratch;
    m_scratch += size;
    return int(first);
}

std::string_view Reading::required(const Node &at, std::string_view attribute)
{
    const auto value = at.attribute(attribute);
    if (!value)
        fail(at, ReadingText::tr("The element %1 lacks the attribute %2.").arg(quoted(at.name()), quoted(attribute)));
    return value.value_or(std::string_view());
}

double Reading::number(const Node &at, std::string_view attribute)
{
    required(at, attribute);
    return numberOr(at, attribute, 0);
}

double Reading::numberOr(const Node &at, std::string_view attribute, double fallback)
{
    const auto text = at.attribute(attribute);
    if (!text)
        return fallback;
    const auto parsed = parseNumber(*text);
    if (!parsed || std::isnan(*parsed))
        fail(at,
             ReadingText::tr("The attribute %2 of the element %1 is no number: %3")
                 .arg(quoted(at.name()), quoted(attribute), quoted(*text)));
    return parsed.value_or(fallback);
}

int Reading::countOr(const Node &at, std::string_view attribute, int fallback)
{
    const double value = numberOr(at, attribute, fallback);
    if (!(value >= 0 && value <= 1e9)) {
        fail(at,
             ReadingText::tr("The attribute %2 of the element %1 is out of range.")
                 .arg(quoted(at.name()), quoted(attribute)));
        return fallback;
    }
    return int(value);
}

bool Reading::boolOr(const Node &at, std::string_view attribute, bool fallback)
{
    const auto text = at.attribute(attribute);
    return text ? parseBoolean(*text).value_or(fallback) : fallback;
}

Type Reading::typeOr(const Node &at, std::string_view attribute, Type fallback)
{
    const auto text = at.attribute(attribute);
    if (!text)
        return fallback;
    const auto type = typeOf(*text);
    if (!type)
        fail(at, ReadingText::tr("%1 is no data type of PMML.").arg(quoted(*text)));
    return type.value_or(fallback);
}

std::vector<std::string> Reading::words(const Node &array)
{
    std::vector<std::string> all;
    const std::string_view text = array.text();
    constexpr std::string_view blanks = " \t\r\n";
    size_t i = 0;
    while ((i = text.find_first_not_of(blanks, i)) != std::string_view::npos) {
        std::string word;
        if (text[i] == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\'))
                    ++i;
                word += text[i];
            }
            if (i >= text.size())
                fail(array, ReadingText::tr("A quoted item of the array is not closed."));
            ++i;
        } else {
            for (; i < text.size() && blanks.find(text[i]) == std::string_view::npos; ++i) {
                if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '"')
                    ++i;
                word += text[i];
            }
        }
        all.push_back(std::move(word));
    }
    return all;
}

std::vector<double> Reading::numbers(const Node &array)
{
    const auto parsed = [&](const Node &at) {
        std::vector<double> all;
        for (const std::string &word : words(at)) {
            const auto number = parseNumber(word);
            if (!number)
                fail(at, ReadingText::tr("An item of the array is no number: %1").arg(quoted(word)));
            all.push_back(number.value_or(0));
        }
        return all;
    };
    if (!array.name().ends_with("SparseArray"))
        return parsed(array);
    std::vector<double> indices;
    std::vector<double> entries;
    for (const Node each : array) {
        if (each.is("Indices"))
            indices = parsed(each);
        else if (each.name().ends_with("Entries"))
            entries = parsed(each);
    }
    double size = numberOr(array, "n", 0);
    for (const double index : indices)
        size = std::max(size, index);
    if (!(size <= longestArray) || indices.size() != entries.size()) {
        fail(array,
             ReadingText::tr("The sparse array has %1 indices for %2 entries, or is too long.")
                 .arg(indices.size())
                 .arg(entries.size()));
        return {};
    }
    std::vector<double> all(size_t(size), numberOr(array, "defaultValue", 0));
    for (size_t i = 0; i < indices.size(); ++i) {
        if (indices[i] < 1) {
            fail(array, ReadingText::tr("An index of the sparse array is below 1."));
            return {};
        }
        all[size_t(indices[i]) - 1] = entries[i];
    }
    return all;
}

Value Reading::parseConstant(std::string_view text, Type type)
{
    Value value = parseValue(text, type, texts);
    if (!value.isPresent())
        value = Value::ofText(texts.intern(text));
    return value;
}

} // namespace scoring::pmml
