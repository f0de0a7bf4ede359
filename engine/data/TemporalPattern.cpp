#include "engine/data/TemporalPattern.h"

#include "engine/data/TextCursor.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

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

QString standardPattern(InterimType type, const QString &pattern)
{
    if (pattern.size() != 1)
        return pattern;
    if (type == InterimType::TimeSpan)
        return pattern; // "c" and its kin: without a pattern
    switch (pattern.at(0).unicode()) {
    case 'd':
        return QStringLiteral("MM/dd/yyyy");
    case 'g':
        return QStringLiteral("MM/dd/yyyy HH:mm");
    case 'G':
        return QStringLiteral("MM/dd/yyyy HH:mm:ss");
    case 'o':
    case 'O':
        return QStringLiteral("yyyy-MM-ddTHH:mm:ss.fffffffK");
    case 's':
        return QStringLiteral("yyyy-MM-ddTHH:mm:ss");
    case 'u':
        return QStringLiteral("yyyy-MM-dd HH:mm:ssZ");
    default:
        return pattern;
    }
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

Result<TemporalPattern> TemporalPattern::compile(InterimType type, const QString &pattern)
{
    Q_ASSERT(type == InterimType::DateTime || type == InterimType::DateTimeOffset || type == InterimType::TimeSpan);
    TemporalPattern compiled;
    compiled.m_interval = type == InterimType::TimeSpan;
    const auto literal = [&compiled](char c) { compiled.m_tokens.push_back({Part::Literal, 1, c}); };
    const std::string text = standardPattern(type, pattern).toStdString();
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
            time.month = takeName(cursor, monthNames, token.length == 3);
            taken = time.month > 0;
            break;
        case Part::Day:
            taken = cursor.takeNumber(token.length, 2, time.day);
            break;
        case Part::DayName:
            taken = takeName(cursor, dayNames, token.length == 3) > 0;
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
            if (cursor.takeIgnoringCase(token.length == 1 ? "P" : "PM"))
                taken = afternoon = true;
            else
                taken = cursor.takeIgnoringCase(token.length == 1 ? "A" : "AM");
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
