#include "scoring/pmml/field/CellType.h"

#include "scoring/pmml/field/DateTime.h"

#include <charconv>
#include <cmath>

namespace scoring::pmml {

namespace {

bool sameIgnoringCase(std::string_view text, std::string_view lower)
{
    if (text.size() != lower.size())
        return false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i] >= 'A' && text[i] <= 'Z' ? char(text[i] - 'A' + 'a') : text[i];
        if (c != lower[i])
            return false;
    }
    return true;
}

std::optional<int> yearIn(std::string_view text, std::string_view before)
{
    if (!text.starts_with(before) || !text.ends_with(']'))
        return std::nullopt;
    const std::string_view digits = text.substr(before.size(), text.size() - before.size() - 1);
    int year = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), year);
    if (end.ec != std::errc() || end.ptr != digits.data() + digits.size() || year < 0 || year > 9999)
        return std::nullopt;
    return year;
}

Value numberFrom(double number, Type type)
{
    switch (type.data) {
    case CellType::Integer:
    case CellType::DaysSince:
    case CellType::TimeSeconds:
    case CellType::SecondsSince:
        return std::isfinite(number) ? Value::of(std::floor(number + 0.5), Kind::Integer) : Value::invalid();
    case CellType::Float:
        return Value::of(double(float(number)), Kind::Float);
    case CellType::Boolean:
        return number == 0.0 || number == 1.0 ? Value::ofBool(number == 1.0) : Value::invalid();
    default:
        return Value::of(number);
    }
}

// What counts days or seconds, from an ISO text.
std::optional<double> countFrom(std::string_view text, Type type)
{
    const std::optional<Moment> moment = parseMoment(text);
    if (!moment)
        return std::nullopt;
    switch (type.data) {
    case CellType::DaysSince:
        return moment->hasDate ? std::optional(double(daysSince(*moment, type.year))) : std::nullopt;
    case CellType::TimeSeconds:
        return moment->secondOfDay;
    default:
        return moment->hasDate ? std::optional(secondsSince(*moment, type.year)) : std::nullopt;
    }
}

template <typename Intern> Value parse(std::string_view text, Type type, const Intern &intern)
{
    switch (type.data) {
    case CellType::None:
    case CellType::String:
    case CellType::Date:
    case CellType::Time:
    case CellType::DateTime:
        return Value::ofText(intern(text));
    case CellType::Boolean: {
        const auto yes = parseBoolean(text);
        return yes ? Value::ofBool(*yes) : Value::invalid();
    }
    case CellType::Float: {
        float number = 0; // once rounded, from the decimal text
        const std::string_view digits = trimmed(text);
        const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (end.ec == std::errc() && end.ptr == digits.data() + digits.size())
            return Value::of(double(number), Kind::Float);
        [[fallthrough]];
    }
    default:
        if (const auto number = parseNumber(text))
            return numberFrom(*number, type);
        if (type.data >= CellType::DaysSince) {
            const auto count = countFrom(text, type);
            return count ? Value::of(*count, Kind::Integer) : Value::invalid();
        }
        return Value::invalid();
    }
}

} // namespace

std::optional<Type> typeOf(std::string_view name)
{
    static constexpr std::pair<std::string_view, CellType> plain[] = {
        {"string", CellType::String},
        {"integer", CellType::Integer},
        {"float", CellType::Float},
        {"double", CellType::Double},
        {"boolean", CellType::Boolean},
        {"date", CellType::Date},
        {"time", CellType::Time},
        {"dateTime", CellType::DateTime},
        {"timeSeconds", CellType::TimeSeconds},
    };
    for (const auto &[text, type] : plain) {
        if (name == text)
            return Type{type, 0};
    }
    if (const auto year = yearIn(name, "dateDaysSince["))
        return Type{CellType::DaysSince, *year};
    if (const auto year = yearIn(name, "dateTimeSecondsSince["))
        return Type{CellType::SecondsSince, *year};
    return std::nullopt;
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<double> parseNumber(std::string_view text)
{
    std::string_view digits = trimmed(text);
    if (digits.starts_with('+'))
        digits.remove_prefix(1);
    if (digits.empty())
        return std::nullopt;
    double number = 0;
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (end.ptr != digits.data() + digits.size())
        return std::nullopt;
    if (end.ec == std::errc::result_out_of_range) { // from_chars leaves the value alone
        const size_t e = digits.find_first_of("eE");
        const bool tiny = e != std::string_view::npos && digits.substr(e + 1).starts_with('-');
        const double huge = digits.starts_with('-') ? -HUGE_VAL : HUGE_VAL;
        return tiny ? 0.0 : huge;
    }
    return end.ec == std::errc() ? std::optional(number) : std::nullopt;
}

std::optional<bool> parseBoolean(std::string_view text)
{
    const std::string_view word = trimmed(text);
    if (sameIgnoringCase(word, "true") || word == "1" || word == "1.0")
        return true;
    if (sameIgnoringCase(word, "false") || word == "0" || word == "0.0")
        return false;
    return std::nullopt;
}

std::string textOf(double number, Kind kind)
{
    if (kind == Kind::Boolean)
        return number != 0.0 ? "true" : "false";
    if (std::isnan(number))
        return "NaN";
    char buffer[64];
    if (number == std::floor(number) && std::abs(number) < 1e15) {
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, int64_t(number));
        std::string text(buffer, end.ptr);
        return kind == Kind::Integer ? text : text + ".0";
    }
    const auto end = kind == Kind::Float ? std::to_chars(buffer, buffer + sizeof buffer, float(number))
                                         : std::to_chars(buffer, buffer + sizeof buffer, number);
    return {buffer, end.ptr};
}

std::string textOf(const Value &value, const RowTexts &texts)
{
    if (value.isText())
        return std::string(texts.at(value.text));
    return value.isPresent() ? textOf(value.number, value.kind) : std::string();
}

std::string textOf(const Value &value, const Texts &texts)
{
    if (value.isText())
        return std::string(texts.at(value.text));
    return value.isPresent() ? textOf(value.number, value.kind) : std::string();
}

Value parseValue(std::string_view text, Type type, Texts &texts)
{
    return parse(text, type, [&](std::string_view each) { return texts.intern(each); });
}

Value parseValue(std::string_view text, Type type, RowTexts &texts)
{
    return parse(text, type, [&](std::string_view each) { return texts.keep(each); });
}

Value cast(Value value, Type type, RowTexts &texts)
{
    if (!value.isPresent())
        return value;
    switch (type.data) {
    case CellType::None:
        return value;
    case CellType::String:
    case CellType::Date:
    case CellType::Time:
    case CellType::DateTime:
        return value.isText() ? value : Value::ofText(texts.keep(textOf(value, texts)));
    case CellType::Double:
        if (value.isNumber()) {
            value.kind = Kind::Double;
            return value;
        }
        break;
    default:
        break;
    }
    return value.isText() ? parseValue(texts.at(value.text), type, texts) : numberFrom(value.number, type);
}

} // namespace scoring::pmml
