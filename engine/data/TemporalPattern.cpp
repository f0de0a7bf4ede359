#include "engine/data/TemporalPattern.h"

#include "engine/data/TextCursor.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace engine;

namespace {

constexpr std::array<std::string_view, 12> monthNames{"January",
                                                      "February",
                                                      "March",
                                                      "April",
                                                      "May",
                                                      "June",
                                                      "July",
                                                      "August",
                                                      "September",
                                                      "October",
                                                      "November",
                                                      "December"};
constexpr std::array<std::string_view, 7> dayNames{
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

// 1-based; 0 = none of them.
template <size_t n> int takeName(TextCursor &cursor, const std::array<std::string_view, n> &names, bool abbreviated)
{
    for (size_t i = 0; i < n; ++i) {
        if (cursor.takeIgnoringCase(abbreviated ? names[i].substr(0, 3) : names[i]))
            return int(i) + 1;
    }
    return 0;
}

Error badPattern(const QString &pattern, const QString &why)
{
    return {ErrorCode::InvalidInput,
            QCoreApplication::translate("engine::TemporalPattern", "The format \"%1\" cannot be used: %2.")
                .arg(pattern, why),
            {}};
}

// A year of two digits as .NET's invariant calendar reads it: 0 … 49 is 2000 …, 50 … 99 is 1950 ….
int fullYear(int twoDigits) { return twoDigits < 50 ? 2000 + twoDigits : 1900 + twoDigits; }

} // namespace

QString TemporalPattern::standardPattern(InterimType type, const QString &pattern, const Culture *culture)
{
    if (pattern.size() != 1)
        return pattern;
    if (type == InterimType::TimeSpan)
        return pattern; // "c" and its kin: without a pattern
    const QString date = culture ? culture->shortDatePattern() : QStringLiteral("MM/dd/yyyy");
    const QString time = culture ? culture->shortTimePattern() : QStringLiteral("HH:mm");
    const QString longTime = culture ? culture->longTimePattern() : QStringLiteral("HH:mm:ss");
    switch (pattern.at(0).unicode()) {
    case 'd':
        return date;
    case 'g':
        return date + u' ' + time;
    case 'G':
        return date + u' ' + longTime;
    case 't':
        return culture ? time : pattern;
    case 'T':
        return culture ? longTime : pattern;
    case 'o':
    case 'O':
        return QStringLiteral("yyyy-MM-ddTHH':'mm':'ss.fffffffK");
    case 's':
        return QStringLiteral("yyyy-MM-ddTHH':'mm':'ss");
    case 'u':
        return QStringLiteral("yyyy-MM-dd HH':'mm':'ssZ");
    default:
        return pattern;
    }
}

int TemporalPattern::takeMonth(TextCursor &cursor, bool abbreviated) const
{
    return m_culture ? m_culture->takeMonth(cursor.rest, abbreviated) : takeName(cursor, monthNames, abbreviated);
}

int TemporalPattern::takeWeekday(TextCursor &cursor, bool abbreviated) const
{
    return m_culture ? m_culture->takeWeekday(cursor.rest, abbreviated) : takeName(cursor, dayNames, abbreviated);
}

// true = afternoon
std::optional<bool> TemporalPattern::takeHalf(TextCursor &cursor, bool abbreviated) const
{
    if (m_culture)
        return m_culture->takeHalf(cursor.rest);
    if (cursor.takeIgnoringCase(abbreviated ? "P" : "PM"))
        return true;
    if (cursor.takeIgnoringCase(abbreviated ? "A" : "AM"))
        return false;
    return std::nullopt;
}

std::optional<TemporalPattern::Part> TemporalPattern::partOf(InterimType type, char letter, int length)
{
    const bool interval = type == InterimType::TimeSpan;
    const int most = letter == 'f' || letter == 'F'                      ? 7
        : letter == 'd' && interval                                      ? 8
        : letter == 'z'                                                  ? 3
        : !interval && (letter == 'y' || letter == 'M' || letter == 'd') ? 4
                                                                         : 2;
    if (length > most)
        return std::nullopt;
    switch (letter) {
    case 'd':
        return interval ? Part::Days : length > 2 ? Part::DayName : Part::Day;
    case 'h':
        return interval ? Part::Hour : Part::HourOfHalf;
    case 'm':
        return Part::Minute;
    case 's':
        return Part::Second;
    case 'f':
        return Part::Fraction;
    case 'F':
        return Part::OptionalFraction;
    default:
        break;
    }
    if (interval)
        return std::nullopt;
    switch (letter) {
    case 'y':
        return Part::Year;
    case 'M':
        return length > 2 ? Part::MonthName : Part::Month;
    case 'H':
        return Part::Hour;
    case 't':
        return Part::Half;
    case 'z':
        return Part::Offset;
    case 'K':
        return length == 1 ? std::optional(Part::OptionalOffset) : std::nullopt;
    default:
        return std::nullopt;
    }
}

Result<TemporalPattern>
TemporalPattern::compile(InterimType type, const QString &pattern, std::shared_ptr<const Culture> culture)
{
    Q_ASSERT(type == InterimType::DateTime || type == InterimType::DateTimeOffset || type == InterimType::TimeSpan);
    TemporalPattern compiled;
    compiled.m_interval = type == InterimType::TimeSpan;
    compiled.m_culture = std::move(culture);
    const Culture *const known = compiled.m_culture.get();
    const auto literal = [&compiled](char c) { compiled.m_tokens.push_back({Part::Literal, 1, c}); };
    const std::string text = standardPattern(type, pattern, known).toStdString();
    for (size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '\'' || c == '"') {
            const size_t end = text.find(c, at + 1);
            if (end == std::string::npos)
                return badPattern(pattern,
                                  QCoreApplication::translate("engine::TemporalPattern", "a quote is not closed"));
            for (++at; at < end; ++at)
                literal(text[at]);
            at = end + 1;
            continue;
        }
        if (c == '\\' && at + 1 < text.size()) {
            literal(text[at + 1]);
            at += 2;
            continue;
        }
        if (c == '%' && at + 1 < text.size()) { // "%d": one token, not a standard pattern
            ++at;
            continue;
        }
        if (known && !compiled.m_interval && (c == '/' || c == ':')) {
            const std::string &separator = c == '/' ? known->dateSeparator() : known->timeSeparator();
            std::for_each(separator.begin(), separator.end(), literal);
            ++at;
            continue;
        }
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter || c == 'T' || c == 'Z') {
            literal(c);
            ++at;
            continue;
        }
        const size_t end = std::min(text.find_first_not_of(c, at), text.size());
        const int length = int(end - at);
        const std::optional<Part> part = partOf(type, c, length);
        if (!part) {
            return badPattern(pattern,
                              QCoreApplication::translate("engine::TemporalPattern", "\"%1\" means nothing in it")
                                  .arg(QString::fromStdString(text.substr(at, end - at))));
        }
        compiled.m_tokens.push_back({*part, length, 0});
        at = end;
    }
    const auto has = [&compiled](Part part) {
        return std::any_of(compiled.m_tokens.begin(), compiled.m_tokens.end(), [part](const Token &token) {
            return token.part == part;
        });
    };
    if (has(Part::HourOfHalf) != has(Part::Half)) {
        return badPattern(pattern,
                          QCoreApplication::translate("engine::TemporalPattern",
                                                      "\"h\" and \"t\" need each other; \"H\" is the hour of 24"));
    }
    if (compiled.m_tokens.empty())
        return badPattern(pattern, QCoreApplication::translate("engine::TemporalPattern", "it is empty"));
    return compiled;
}

std::optional<TemporalPattern::Moment> TemporalPattern::read(std::string_view text) const
{
    TextCursor cursor{text};
    CivilTime time;
    Moment moment;
    int days = 0;
    bool half = false;
    bool afternoon = false;
    for (size_t at = 0; at < m_tokens.size(); ++at) {
        const Token &token = m_tokens[at];
        bool taken = false;
        switch (token.part) {
        case Part::Year:
            taken = token.length > 2 ? cursor.takeNumber(token.length, 4, time.year)
                                     : cursor.takeNumber(token.length, 2, time.year);
            if (taken && token.length <= 2)
                time.year = fullYear(time.year);
            break;
        case Part::Month:
            taken = cursor.takeNumber(token.length, 2, time.month);
            break;
        case Part::MonthName:
            time.month = takeMonth(cursor, token.length == 3);
            taken = time.month > 0;
            break;
        case Part::Day:
            taken = cursor.takeNumber(token.length, 2, time.day);
            break;
        case Part::DayName:
            taken = takeWeekday(cursor, token.length == 3) > 0;
            break;
        case Part::Days:
            taken = cursor.takeNumber(token.length, 8, days);
            break;
        case Part::Hour:
            taken = cursor.takeNumber(token.length, 2, time.hour);
            break;
        case Part::HourOfHalf:
            taken = cursor.takeNumber(token.length, 2, time.hour) && time.hour >= 1 && time.hour <= 12;
            break;
        case Part::Minute:
            taken = cursor.takeNumber(token.length, 2, time.minute);
            break;
        case Part::Second:
            taken = cursor.takeNumber(token.length, 2, time.second);
            break;
        case Part::Fraction:
            taken = cursor.takeFraction(token.length, token.length, time.fraction);
            break;
        case Part::OptionalFraction:
            taken = cursor.takeFraction(0, token.length, time.fraction);
            break;
        case Part::Half:
            half = true;
            if (const std::optional<bool> isAfternoon = takeHalf(cursor, token.length == 1)) {
                afternoon = *isAfternoon;
                taken = true;
            }
            break;
        case Part::Offset:
        case Part::OptionalOffset: {
            int minutes = 0;
            if (cursor.takeOffset(minutes)) {
                moment.offset = minutes;
                taken = true;
            } else {
                taken = token.part == Part::OptionalOffset;
            }
            break;
        }
        case Part::Literal:
            taken = cursor.take(token.literal);
            if (!taken && token.literal == '.' && at + 1 < m_tokens.size()
                && m_tokens[at + 1].part == Part::OptionalFraction) {
                ++at; // ".FFF" may be absent as a whole
                taken = true;
            }
            if (taken && token.literal == 'Z')
                moment.offset = 0;
            break;
        }
        if (!taken)
            return std::nullopt;
    }
    if (!cursor.atEnd())
        return std::nullopt;
    if (m_interval) {
        constexpr int mostDays = 10'675'198; // a day below the most that fits: no sum overflows
        if (days > mostDays || time.hour > 23 || time.minute > 59 || time.second > 59)
            return std::nullopt;
        moment.ticks = days * ticksPerDay + time.hour * ticksPerHour + time.minute * ticksPerMinute
            + time.second * ticksPerSecond + time.fraction;
        return moment;
    }
    if (half)
        time.hour = time.hour % 12 + (afternoon ? 12 : 0);
    const std::optional<int64_t> ticks = ticksOf(time);
    if (!ticks)
        return std::nullopt;
    moment.ticks = *ticks;
    return moment;
}

namespace {

void appendNumber(std::string &out, int number, int digits)
{
    std::string text = std::to_string(number);
    if (text.size() < size_t(digits))
        text.insert(0, size_t(digits) - text.size(), '0');
    out += text;
}

// The digits of a second, `length` of them.
void appendFraction(std::string &out, int fraction, int length, bool isOptional)
{
    constexpr int digitsOfTicks = 7;
    std::string digits;
    appendNumber(digits, fraction, digitsOfTicks);
    digits.resize(size_t(length));
    while (isOptional && !digits.empty() && digits.back() == '0')
        digits.pop_back();
    if (isOptional && digits.empty() && !out.empty() && out.back() == '.')
        out.pop_back(); // ".FFF" is left out as a whole
    out += digits;
}

void appendOffset(std::string &out, int minutes, int length)
{
    const int size = std::abs(minutes);
    out += minutes < 0 ? '-' : '+';
    appendNumber(out, size / 60, 2);
    if (length < 3 && size % 60 == 0)
        return;
    out += ':';
    appendNumber(out, size % 60, 2);
}

} // namespace

void TemporalPattern::append(std::string &out, const Token &token, const CivilTime &time, const Moment &moment) const
{
    const bool abbreviated = token.length == 3;
    switch (token.part) {
    case Part::Year:
        appendNumber(out, token.length > 2 ? time.year : time.year % 100, token.length);
        return;
    case Part::Month:
        appendNumber(out, time.month, token.length);
        return;
    case Part::MonthName:
        out += m_culture ? m_culture->monthName(time.month, abbreviated)
                         : std::string(monthNames[size_t(time.month) - 1].substr(0, abbreviated ? 3 : 20));
        return;
    case Part::Day:
        appendNumber(out, time.day, token.length);
        return;
    case Part::DayName: {
        const auto weekday = int((moment.ticks / ticksPerDay + 1) % 7); // 0001-01-01 was a Monday
        out += m_culture ? m_culture->weekdayName(weekday + 1, abbreviated)
                         : std::string(dayNames[size_t(weekday)].substr(0, abbreviated ? 3 : 20));
        return;
    }
    case Part::Days:
        appendNumber(out, time.day, token.length);
        return;
    case Part::Hour:
        appendNumber(out, time.hour, token.length);
        return;
    case Part::HourOfHalf:
        appendNumber(out, time.hour % 12 == 0 ? 12 : time.hour % 12, token.length);
        return;
    case Part::Minute:
        appendNumber(out, time.minute, token.length);
        return;
    case Part::Second:
        appendNumber(out, time.second, token.length);
        return;
    case Part::Fraction:
    case Part::OptionalFraction:
        appendFraction(out, time.fraction, token.length, token.part == Part::OptionalFraction);
        return;
    case Part::Half: {
        const std::string half =
            m_culture ? m_culture->halfName(time.hour >= 12) : std::string(time.hour >= 12 ? "PM" : "AM");
        out += m_culture || token.length > 1 ? half : half.substr(0, 1);
        return;
    }
    case Part::Offset:
        appendOffset(out, moment.offset.value_or(0), token.length);
        return;
    case Part::OptionalOffset:
        if (moment.offset && *moment.offset == 0)
            out += 'Z';
        else if (moment.offset)
            appendOffset(out, *moment.offset, 3);
        return;
    case Part::Literal:
        out += token.literal;
        return;
    }
}

bool TemporalPattern::write(std::string &out, const Moment &moment) const
{
    CivilTime time;
    if (m_interval) {
        if (moment.ticks < 0) // .NET's patterns of intervals know no sign
            return false;
        time.day = int(moment.ticks / ticksPerDay);
        const int64_t rest = moment.ticks % ticksPerDay;
        time.hour = int(rest / ticksPerHour);
        time.minute = int(rest % ticksPerHour / ticksPerMinute);
        time.second = int(rest % ticksPerMinute / ticksPerSecond);
        time.fraction = int(rest % ticksPerSecond);
    } else if (isDateTime(moment.ticks)) {
        time = civilTimeOf(moment.ticks);
    } else {
        return false;
    }
    std::string text;
    for (const Token &token : m_tokens)
        append(text, token, time, moment);
    const std::optional<Moment> back = read(text);
    const auto instant = [](const Moment &each) { return each.ticks - each.offset.value_or(0) * ticksPerMinute; };
    if (!back || instant(*back) != instant(moment) || back->offset.value_or(0) != moment.offset.value_or(0))
        return false;
    out += text;
    return true;
}
