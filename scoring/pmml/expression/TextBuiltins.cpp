#include "scoring/pmml/expression/Builtin.h"
#include "scoring/pmml/field/CellType.h"
#include "scoring/pmml/field/DateTime.h"

#include <QRegularExpression>
#include <QString>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace scoring::pmml {

namespace {

using Arguments = std::span<const Value>;

// Below, equal or above; texts by their characters; a text beside a number is read as one.
std::optional<int> compared(const Value &a, const Value &b, RowTexts &texts)
{
    if (a.isText() && b.isText()) {
        const int order = a.text == b.text ? 0 : texts.at(a.text).compare(texts.at(b.text));
        return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    const Type number{CellType::Double, 0};
    const Value x = cast(a, number, texts);
    const Value y = cast(b, number, texts);
    if (!x.isNumber() || !y.isNumber())
        return std::nullopt;
    return x.number < y.number ? -1 : x.number > y.number ? 1 : 0;
}

template <bool Below, bool Equal, bool Above> Value comparison(Arguments arguments, RowTexts &texts)
{
    const auto order = compared(arguments[0], arguments[1], texts);
    if (!order)
        return Value::ofBool(Below && Above); // of different sorts: they are not equal
    return Value::ofBool(*order < 0 ? Below : *order > 0 ? Above : Equal);
}

template <bool In> Value membership(Arguments arguments, RowTexts &texts)
{
    for (size_t i = 1; i < arguments.size(); ++i) {
        const auto order = compared(arguments[0], arguments[i], texts);
        if (order && *order == 0)
            return Value::ofBool(In);
    }
    return Value::ofBool(!In);
}

Value isMissing(Arguments arguments, RowTexts & /*texts*/) { return Value::ofBool(arguments[0].isMissing()); }

Value isNotMissing(Arguments arguments, RowTexts & /*texts*/) { return Value::ofBool(!arguments[0].isMissing()); }

bool isGood(const Value &value) { return value.isPresent() && !value.unlisted; }

Value isValid(Arguments arguments, RowTexts & /*texts*/) { return Value::ofBool(isGood(arguments[0])); }

Value isNotValid(Arguments arguments, RowTexts & /*texts*/) { return Value::ofBool(!isGood(arguments[0])); }

Value negated(Arguments arguments, RowTexts &texts)
{
    const Value value = cast(arguments[0], {CellType::Boolean, 0}, texts);
    return value.isNumber() ? Value::ofBool(value.number == 0.0) : Value::invalid();
}

QString wide(const Value &value, const RowTexts &texts) { return QString::fromStdString(textOf(value, texts)); }

Value kept(const QString &text, RowTexts &texts)
{
    const QByteArray utf8 = text.toUtf8();
    return Value::ofText(texts.keep(std::string_view(utf8.constData(), size_t(utf8.size()))));
}

Value uppercase(Arguments arguments, RowTexts &texts) { return kept(wide(arguments[0], texts).toUpper(), texts); }

Value lowercase(Arguments arguments, RowTexts &texts) { return kept(wide(arguments[0], texts).toLower(), texts); }

Value stringLength(Arguments arguments, RowTexts &texts)
{
    return Value::of(double(wide(arguments[0], texts).toUcs4().size()), Kind::Integer);
}

QString part(const QString &text, double from, double count) // from 1; characters beyond the end are none
{
    QList<uint> letters = text.toUcs4();
    const auto first = qsizetype(std::clamp(from - 1, 0.0, double(letters.size())));
    const auto length = qsizetype(std::clamp(count, 0.0, double(letters.size() - first)));
    letters = letters.mid(first, length);
    return QString::fromUcs4(reinterpret_cast<const char32_t *>(letters.constData()), letters.size());
}

Value substring(Arguments arguments, RowTexts &texts)
{
    const Value from = cast(arguments[1], {CellType::Integer, 0}, texts);
    const Value count =
        arguments.size() > 2 ? cast(arguments[2], {CellType::Integer, 0}, texts) : Value::of(1e9, Kind::Integer);
    if (!from.isNumber() || !count.isNumber() || from.number < 1 || count.number < 0)
        return Value::invalid();
    return kept(part(wide(arguments[0], texts), from.number, count.number), texts);
}

Value trimBlanks(Arguments arguments, RowTexts &texts)
{
    const std::string text = textOf(arguments[0], texts);
    return Value::ofText(texts.keep(trimmed(text)));
}

// SAS Enterprise Miner's (width, text), where the file itself does not define it.
Value sasNormalized(Arguments arguments, RowTexts &texts)
{
    const Value width = cast(arguments[0], {CellType::Integer, 0}, texts);
    if (!width.isNumber())
        return Value::invalid();
    return kept(part(wide(arguments[1], texts), 1, width.number).toUpper().trimmed(), texts);
}

Value concatenated(Arguments arguments, RowTexts &texts)
{
    std::string text;
    for (const Value &argument : arguments)
        text += textOf(argument, texts);
    return Value::ofText(texts.keep(text));
}

QRegularExpression pattern(const Value &value, const RowTexts &texts)
{
    return QRegularExpression(wide(value, texts), QRegularExpression::UseUnicodePropertiesOption);
}

Value replaced(Arguments arguments, RowTexts &texts)
{
    const QRegularExpression expression = pattern(arguments[1], texts);
    if (!expression.isValid())
        return Value::invalid();
    QString with = wide(arguments[2], texts); // $1 of PMML is \1 of Qt
    with.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    with.replace(QRegularExpression(QStringLiteral("\\$(\\d)")), QStringLiteral("\\\\1"));
    return kept(wide(arguments[0], texts).replace(expression, with), texts);
}

Value matches(Arguments arguments, RowTexts &texts)
{
    const QRegularExpression expression = pattern(arguments[1], texts);
    if (!expression.isValid())
        return Value::invalid();
    return Value::ofBool(expression.match(wide(arguments[0], texts)).hasMatch());
}

// One conversion of printf: flags, width and precision are the pattern's, the letter tells how it is written.
Value formatNumber(Arguments arguments, RowTexts &texts)
{
    const Value number = cast(arguments[0], {CellType::Double, 0}, texts);
    const std::string text = textOf(arguments[1], texts);
    const size_t percent = text.find('%');
    const size_t letter =
        percent == std::string::npos ? percent : text.find_first_not_of("0123456789.+- #", percent + 1);
    if (!number.isNumber() || letter == std::string::npos || letter - percent > 12)
        return Value::invalid();
    const std::string flags = text.substr(percent, letter - percent);
    const size_t digits = flags.find_first_of("123456789");
    if (digits != std::string::npos && std::atoi(flags.c_str() + digits) > 200)
        return Value::invalid();
    char buffer[1024];
    if (std::string_view("di").find(text[letter]) != std::string_view::npos)
        std::snprintf(
            buffer, sizeof buffer, (flags + "lld").c_str(), static_cast<long long>(std::llround(number.number)));
    else if (std::string_view("feEgG").find(text[letter]) != std::string_view::npos)
        std::snprintf(buffer, sizeof buffer, (flags + text[letter]).c_str(), number.number);
    else
        return Value::invalid();
    return Value::ofText(texts.keep(text.substr(0, percent) + buffer + text.substr(letter + 1)));
}

std::optional<Moment> momentIn(const Value &value, const RowTexts &texts)
{
    if (value.isText())
        return parseMoment(texts.at(value.text));
    return std::nullopt;
}

Value formatDatetime(Arguments arguments, RowTexts &texts)
{
    const auto moment = momentIn(arguments[0], texts);
    if (!moment)
        return Value::invalid();
    return Value::ofText(texts.keep(formatMoment(*moment, textOf(arguments[1], texts))));
}

Value daysSinceYear(Arguments arguments, RowTexts &texts)
{
    const auto moment = momentIn(arguments[0], texts);
    const Value year = cast(arguments[1], {CellType::Integer, 0}, texts);
    if (!moment || !moment->hasDate || !year.isNumber())
        return Value::invalid();
    return Value::of(double(daysSince(*moment, int(year.number))), Kind::Integer);
}

Value secondsSinceYear(Arguments arguments, RowTexts &texts)
{
    const auto moment = momentIn(arguments[0], texts);
    const Value year = cast(arguments[1], {CellType::Integer, 0}, texts);
    if (!moment || !moment->hasDate || !year.isNumber())
        return Value::invalid();
    return Value::of(std::floor(secondsSince(*moment, int(year.number))), Kind::Integer);
}

Value secondsSinceMidnight(Arguments arguments, RowTexts &texts)
{
    const auto moment = momentIn(arguments[0], texts);
    return moment ? Value::of(std::floor(moment->secondOfDay), Kind::Integer) : Value::invalid();
}

constexpr auto builtins = std::to_array<Builtin>({
    {"isMissing", isMissing, 1, 1, true},
    {"isNotMissing", isNotMissing, 1, 1, true},
    {"isValid", isValid, 1, 1, true},
    {"isNotValid", isNotValid, 1, 1, true},
    {"isInvalid", isNotValid, 1, 1, true},
    {"equal", comparison<false, true, false>, 2, 2},
    {"notEqual", comparison<true, false, true>, 2, 2},
    {"lessThan", comparison<true, false, false>, 2, 2},
    {"lessOrEqual", comparison<true, true, false>, 2, 2},
    {"greaterThan", comparison<false, false, true>, 2, 2},
    {"greaterOrEqual", comparison<false, true, true>, 2, 2},
    {"isIn", membership<true>, 2, -1},
    {"isNotIn", membership<false>, 2, -1},
    {"not", negated, 1, 1},
    {"uppercase", uppercase, 1, 1},
    {"lowercase", lowercase, 1, 1},
    {"stringLength", stringLength, 1, 1},
    {"substring", substring, 2, 3},
    {"trimBlanks", trimBlanks, 1, 1},
    {"concat", concatenated, 1, -1},
    {"replace", replaced, 3, 3},
    {"matches", matches, 2, 2},
    {"formatNumber", formatNumber, 2, 2},
    {"formatDatetime", formatDatetime, 2, 2},
    {"dateDaysSinceYear", daysSinceYear, 2, 2},
    {"dateSecondsSinceYear", secondsSinceYear, 2, 2},
    {"dateSecondsSinceMidnight", secondsSinceMidnight, 1, 1},
    {"SAS-EM-String-Normalize", sasNormalized, 2, 2},
});

} // namespace

const Builtin *textBuiltin(std::string_view name)
{
    const auto found =
        std::find_if(builtins.begin(), builtins.end(), [&](const Builtin &each) { return each.name == name; });
    return found == builtins.end() ? nullptr : &*found;
}

const Builtin *builtinOf(std::string_view name)
{
    if (name.starts_with("x-"))
        name.remove_prefix(2);
    const Builtin *numeric = numericBuiltin(name);
    return numeric ? numeric : textBuiltin(name);
}

} // namespace scoring::pmml
