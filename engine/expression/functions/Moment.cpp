#include "engine/expression/functions/Moment.h"

#include "engine/expression/functions/MomentNames.h"
#include "engine/expression/functions/Texts.h"

#include <algorithm>
#include <vector>

namespace engine::expression {

namespace {

constexpr int daysToUnixEpoch = 719'162;

int daysSinceYearOne(const Moment &moment) { return int(moment.ticks / Moment::perDay); }

// One number, word or sign of a date.
struct Piece
{
    enum class Kind { Number, Word, Sign };
    Kind kind;
    std::string_view text;
    int number = -1; // of up to nine digits
};

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Space only parts; nothing when there is a character no date has.
std::optional<std::vector<Piece>> piecesOf(std::string_view text)
{
    std::vector<Piece> pieces;
    for (size_t at = 0; at < text.size();) {
        const char c = text[at];
        size_t end = at + 1;
        if (isDigit(c)) {
            while (end < text.size() && isDigit(text[end]))
                ++end;
            Piece piece{Piece::Kind::Number, text.substr(at, end - at)};
            if (end - at <= 9) {
                piece.number = 0;
                for (const char digit : piece.text)
                    piece.number = piece.number * 10 + (digit - '0');
            }
            pieces.push_back(piece);
        } else if (isLetter(c)) {
            while (end < text.size() && isLetter(text[end]))
                ++end;
            pieces.push_back({Piece::Kind::Word, text.substr(at, end - at)});
        } else if (c == '-' || c == '/' || c == ':' || c == '.' || c == ',' || c == '+') {
            pieces.push_back({Piece::Kind::Sign, text.substr(at, 1)});
        } else if (c != ' ' && c != '\t') {
            return std::nullopt;
        }
        if (pieces.size() > 32)
            return std::nullopt;
        at = end;
    }
    return pieces;
}

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), toLowerAscii);
    return lower;
}

// The index of the name that is `word` or begins with its three letters; -1 when none does.
template <size_t n> int indexOfName(const std::array<std::string_view, n> &names, std::string_view word)
{
    const std::string wanted = lowered(word);
    for (size_t i = 0; i < n; ++i) {
        const std::string name = lowered(names[i]);
        if (wanted == name || wanted == name.substr(0, 3))
            return int(i);
    }
    return -1;
}

// Reads the pieces from left to right: a date, then a time, then a zone.
class Reader
{
public:
    explicit Reader(std::vector<Piece> pieces) : m_pieces(std::move(pieces)) { }

    std::optional<Moment> moment()
    {
        if (isWord(0) && indexOfName(dayNames, m_pieces[0].text) >= 0) {
            ++m_at;
            takeSign(',');
        }
        if (!date())
            return std::nullopt;
        const std::optional<int64_t> midnight = ticksOf(m_day);
        takeSign(',');
        const bool isT = takeWord("t");
        if (!midnight || !time(isT) || !zone() || m_at != m_pieces.size())
            return std::nullopt;
        Moment moment{*midnight + m_time - m_offset, m_isUtc};
        if (moment.ticks < 0 || moment.ticks >= Moment::end)
            return std::nullopt;
        return moment;
    }

private:
    bool isNumber(size_t ahead) const
    {
        return m_at + ahead < m_pieces.size() && m_pieces[m_at + ahead].kind == Piece::Kind::Number
            && m_pieces[m_at + ahead].number >= 0;
    }
    bool isWord(size_t ahead) const
    {
        return m_at + ahead < m_pieces.size() && m_pieces[m_at + ahead].kind == Piece::Kind::Word;
    }
    bool isSign(size_t ahead, char sign) const
    {
        return m_at + ahead < m_pieces.size() && m_pieces[m_at + ahead].kind == Piece::Kind::Sign
            && m_pieces[m_at + ahead].text[0] == sign;
    }
    bool takeSign(char sign)
    {
        if (!isSign(0, sign))
            return false;
        ++m_at;
        return true;
    }
    bool takeWord(std::string_view word)
    {
        if (!isWord(0) || lowered(m_pieces[m_at].text) != word)
            return false;
        ++m_at;
        return true;
    }
    const Piece &piece(size_t ahead) const { return m_pieces[m_at + ahead]; }

    static int fullYear(const Piece &piece)
    {
        if (piece.text.size() > 2)
            return piece.number;
        return piece.number + (piece.number < 30 ? 2000 : 1900); // as .NET Framework decides
    }

    bool date() { return numbers() || namedMonth(); }

    // 2024-01-31, 2024/1, 1/31/2024, 1-31-24
    bool numbers()
    {
        const char sign = isSign(1, '-') ? '-' : '/';
        if (!isNumber(0) || !isSign(1, sign) || !isNumber(2))
            return false;
        const bool isYearFirst = piece(0).text.size() >= 3;
        if (!isSign(3, sign) || !isNumber(4)) {
            if (!isYearFirst)
                return false;
            m_day = {piece(0).number, piece(2).number, 1};
            m_at += 3;
            return true;
        }
        m_day = isYearFirst ? CalendarDay{piece(0).number, piece(2).number, piece(4).number}
                            : CalendarDay{fullYear(piece(4)), piece(0).number, piece(2).number};
        m_at += 5;
        return true;
    }

    // 31 January 2024, 31-Jan-2024, January 31, 2024, January 2024
    bool namedMonth()
    {
        int day = 0;
        if (isNumber(0)) {
            day = piece(0).number;
            ++m_at;
            takeSign('-');
        }
        const int month = isWord(0) ? indexOfName(monthNames, piece(0).text) : -1;
        if (month < 0)
            return false;
        ++m_at;
        takeSign('-');
        if (day == 0 && isNumber(0) && piece(0).text.size() <= 2) {
            day = piece(0).number;
            ++m_at;
        }
        takeSign(',');
        if (!isNumber(0))
            return false;
        m_day = {fullYear(piece(0)), month + 1, day == 0 ? 1 : day};
        ++m_at;
        return true;
    }

    bool time(bool isRequired)
    {
        if (!isNumber(0))
            return !isRequired;
        int64_t hour = piece(0).number;
        int64_t minute = 0;
        int64_t second = 0;
        int64_t fraction = 0;
        const bool hasMinutes = isSign(1, ':') && isNumber(2);
        if (!hasMinutes && !isWord(1))
            return false;
        m_at += 1;
        if (hasMinutes) {
            minute = piece(1).number;
            m_at += 2;
            if (isSign(0, ':') && isNumber(1)) {
                second = piece(1).number;
                m_at += 2;
                if (isSign(0, '.') && m_at + 1 < m_pieces.size() && piece(1).kind == Piece::Kind::Number) {
                    fraction = fractionTicks(piece(1).text);
                    m_at += 2;
                }
            }
        }
        if (isWord(0) && !halfOfDay(hour, hasMinutes))
            return false;
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        m_time = hour * Moment::perHour + minute * Moment::perMinute + second * Moment::perSecond + fraction;
        return true;
    }

    bool halfOfDay(int64_t &hour, bool hasMinutes)
    {
        const std::string word = lowered(piece(0).text);
        const bool isPm = word == "pm" || word == "p";
        if (!isPm && word != "am" && word != "a")
            return hasMinutes; // a zone
        if (hour < 1 || hour > 12)
            return false;
        hour = hour % 12 + (isPm ? 12 : 0);
        ++m_at;
        return true;
    }

    static int64_t fractionTicks(std::string_view digits)
    {
        int64_t ticks = 0;
        for (size_t i = 0; i < 7; ++i)
            ticks = ticks * 10 + (i < digits.size() ? digits[i] - '0' : 0);
        return ticks + (digits.size() > 7 && digits[7] >= '5' ? 1 : 0);
    }

    bool zone()
    {
        if (takeWord("z") || takeWord("gmt") || takeWord("utc"))
            m_isUtc = true;
        const bool isEast = isSign(0, '+');
        if (!isEast && !isSign(0, '-'))
            return true;
        if (!isNumber(1))
            return false;
        int64_t hours = piece(1).number;
        int64_t minutes = 0;
        const size_t digits = piece(1).text.size();
        m_at += 2;
        if (digits == 4) {
            minutes = hours % 100;
            hours /= 100;
        } else if (digits > 2) {
            return false;
        } else if (isSign(0, ':') && isNumber(1)) {
            minutes = piece(1).number;
            m_at += 2;
        }
        if (hours > 14 || minutes > 59)
            return false;
        m_offset = (isEast ? 1 : -1) * (hours * Moment::perHour + minutes * Moment::perMinute);
        m_isUtc = true;
        return true;
    }

    std::vector<Piece> m_pieces;
    size_t m_at = 0;
    CalendarDay m_day;
    int64_t m_time = 0;
    int64_t m_offset = 0;
    bool m_isUtc = false;
};

bool readDigits(std::string_view text, size_t at, size_t count, int &out)
{
    int number = 0;
    for (size_t i = at; i < at + count; ++i) {
        if (!isDigit(text[i]))
            return false;
        number = number * 10 + (text[i] - '0');
    }
    out = number;
    return true;
}

// "2024-01-31T12:34:56.1234567Z" without the general reader: nearly every date of a run looks so.
std::optional<Moment> parseIso(std::string_view text)
{
    CalendarDay day;
    int hour = 0;
    int minute = 0;
    int second = 0;
    const bool fits = text.size() >= 19 && text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == ' ')
        && text[13] == ':' && text[16] == ':' && readDigits(text, 0, 4, day.year) && readDigits(text, 5, 2, day.month)
        && readDigits(text, 8, 2, day.day) && readDigits(text, 11, 2, hour) && readDigits(text, 14, 2, minute)
        && readDigits(text, 17, 2, second) && hour < 24 && minute < 60 && second < 60;
    if (!fits)
        return std::nullopt;
    const std::optional<int64_t> midnight = ticksOf(day);
    if (!midnight)
        return std::nullopt;
    int64_t fraction = 0;
    size_t at = 19;
    if (at < text.size() && text[at] == '.') {
        int digits = 0;
        while (++at < text.size() && isDigit(text[at])) {
            fraction = fraction * 10 + (text[at] - '0');
            if (++digits > 7)
                return std::nullopt; // rounded by the general reader
        }
        if (digits == 0)
            return std::nullopt;
        for (; digits < 7; ++digits)
            fraction *= 10;
    }
    const bool isUtc = at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z');
    if (at != text.size() && !isUtc)
        return std::nullopt;
    return Moment{
        *midnight + hour * Moment::perHour + minute * Moment::perMinute + second * Moment::perSecond + fraction, isUtc};
}

} // namespace

CalendarDay dayOf(const Moment &moment)
{
    const auto days = std::chrono::sys_days(std::chrono::days(daysSinceYearOne(moment) - daysToUnixEpoch));
    const std::chrono::year_month_day date(days);
    return {int(date.year()), int(unsigned(date.month())), int(unsigned(date.day()))};
}

int weekdayOf(const Moment &moment) { return (daysSinceYearOne(moment) + 1) % 7; }

std::optional<int64_t> ticksOf(const CalendarDay &day)
{
    if (day.year < 1 || day.year > 9999 || day.month < 1 || day.month > 12 || day.day < 1
        || day.day > daysIn(day.year, day.month))
        return std::nullopt;
    const std::chrono::sys_days days(std::chrono::year(day.year) / day.month / day.day);
    return (int64_t(days.time_since_epoch().count()) + daysToUnixEpoch) * Moment::perDay;
}

int daysIn(int year, int month)
{
    if (month == 2)
        return std::chrono::year(year).is_leap() ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::optional<Moment> parseMoment(std::string_view text)
{
    if (const std::optional<Moment> iso = parseIso(text))
        return iso;
    if (text.size() > 200)
        return std::nullopt;
    std::optional<std::vector<Piece>> pieces = piecesOf(text);
    if (!pieces || pieces->empty())
        return std::nullopt;
    return Reader(*std::move(pieces)).moment();
}

std::optional<Moment> momentOf(Instant instant)
{
    constexpr int64_t epoch = int64_t(daysToUnixEpoch) * Moment::perDay;
    const int64_t milliseconds = instant.time_since_epoch().count();
    if (milliseconds < -epoch / Moment::perMillisecond
        || milliseconds >= (Moment::end - epoch) / Moment::perMillisecond)
        return std::nullopt;
    return Moment{epoch + milliseconds * Moment::perMillisecond, true};
}

Instant instantOf(const Moment &moment)
{
    constexpr int64_t epoch = int64_t(daysToUnixEpoch) * Moment::perDay;
    const int64_t ticks = moment.ticks - epoch;
    const int64_t rest = (ticks % Moment::perMillisecond + Moment::perMillisecond) % Moment::perMillisecond;
    return Instant(Millis((ticks - rest) / Moment::perMillisecond));
}

} // namespace engine::expression
