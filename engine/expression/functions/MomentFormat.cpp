#include "engine/expression/functions/Moment.h"
#include "engine/expression/functions/MomentNames.h"

namespace engine::expression {

namespace {

void appendPadded(std::string &out, int64_t number, int width)
{
    char digits[24];
    int count = 0;
    do {
        digits[count++] = char('0' + number % 10);
        number /= 10;
    } while (number > 0);
    if (count < width)
        out.append(size_t(width - count), '0');
    while (count > 0)
        out += digits[--count];
}

std::string_view standardFormat(char letter)
{
    switch (letter) {
    case 'd':
        return "M/d/yyyy";
    case 'D':
        return "dddd, MMMM d, yyyy";
    case 'f':
        return "dddd, MMMM d, yyyy h:mm tt";
    case 'F':
    case 'U':
        return "dddd, MMMM d, yyyy h:mm:ss tt";
    case 'g':
        return "M/d/yyyy h:mm tt";
    case 'G':
        return "M/d/yyyy h:mm:ss tt";
    case 'm':
    case 'M':
        return "MMMM d";
    case 'o':
    case 'O':
        return "yyyy-MM-ddTHH:mm:ss.fffffffK";
    case 'r':
    case 'R':
        return "ddd, dd MMM yyyy HH:mm:ss 'GMT'";
    case 's':
        return "yyyy-MM-ddTHH:mm:ss";
    case 't':
        return "h:mm tt";
    case 'T':
        return "h:mm:ss tt";
    case 'u':
        return "yyyy-MM-dd HH:mm:ss'Z'";
    case 'y':
    case 'Y':
        return "MMMM yyyy";
    default:
        return {};
    }
}

class Formatter
{
public:
    Formatter(const Moment &moment, std::string &out) : m_moment(moment), m_out(out), m_day(dayOf(moment)) { }

    bool custom(std::string_view format)
    {
        for (size_t at = 0; at < format.size();) {
            const char letter = format[at];
            if (letter == '\'' || letter == '"') {
                if (!quoted(format, at))
                    return false;
                continue;
            }
            if (letter == '\\') {
                if (at + 1 >= format.size())
                    return false;
                m_out += format[at + 1];
                at += 2;
                continue;
            }
            if (letter == '%') { // what follows is a custom format of one letter
                if (at + 1 >= format.size() || format[at + 1] == '%')
                    return false;
                ++at;
                continue;
            }
            size_t end = at + 1;
            while (end < format.size() && format[end] == letter)
                ++end;
            // ":" and "/" and all that is no specifier are single characters.
            const size_t used = specifier(letter, int(end - at));
            if (used == 0)
                return false;
            at += used;
        }
        return true;
    }

private:
    // A text in quotes, in which a backslash escapes.
    bool quoted(std::string_view format, size_t &at)
    {
        const char quote = format[at++];
        while (at < format.size() && format[at] != quote) {
            if (format[at] == '\\' && ++at >= format.size())
                return false;
            m_out += format[at++];
        }
        return at++ < format.size();
    }

    int64_t timeOfDay() const { return m_moment.ticks % Moment::perDay; }
    int hour() const { return int(timeOfDay() / Moment::perHour); }

    // How many characters of the format it was; 0: no format.
    size_t specifier(char letter, int count)
    {
        switch (letter) {
        case 'y':
            appendPadded(m_out, count <= 2 ? m_day.year % 100 : m_day.year, count);
            return size_t(count);
        case 'M':
            named(count, m_day.month, monthNames[size_t(m_day.month - 1)]);
            return size_t(count);
        case 'd':
            named(count, m_day.day, dayNames[size_t(weekdayOf(m_moment))]);
            return size_t(count);
        case 'H':
            appendPadded(m_out, hour(), std::min(count, 2));
            return size_t(count);
        case 'h':
            appendPadded(m_out, hour() % 12 == 0 ? 12 : hour() % 12, std::min(count, 2));
            return size_t(count);
        case 'm':
            appendPadded(m_out, timeOfDay() / Moment::perMinute % 60, std::min(count, 2));
            return size_t(count);
        case 's':
            appendPadded(m_out, timeOfDay() / Moment::perSecond % 60, std::min(count, 2));
            return size_t(count);
        case 'f':
        case 'F':
            return fraction(letter == 'F', count) ? size_t(count) : 0;
        case 't':
            m_out += std::string_view(hour() < 12 ? "AM" : "PM").substr(0, size_t(count));
            return size_t(count);
        case 'z':
            m_out += count == 1 ? "+0" : count == 2 ? "+00" : "+00:00";
            return size_t(count);
        case 'K':
            if (m_moment.isUtc)
                m_out += 'Z';
            return 1;
        case 'g':
            m_out += "A.D.";
            return size_t(count);
        default:
            m_out += letter;
            return 1;
        }
    }

    void named(int count, int number, std::string_view name)
    {
        if (count <= 2)
            appendPadded(m_out, number, count);
        else
            m_out += count == 3 ? name.substr(0, 3) : name;
    }

    // "F" leaves zeros at the end out, and the point before it with the last of them.
    bool fraction(bool isShort, int count)
    {
        if (count > 7)
            return false;
        int64_t part = timeOfDay() % Moment::perSecond;
        for (int i = count; i < 7; ++i)
            part /= 10;
        if (!isShort) {
            appendPadded(m_out, part, count);
            return true;
        }
        for (; count > 0 && part % 10 == 0; --count)
            part /= 10;
        if (count > 0)
            appendPadded(m_out, part, count);
        else if (m_out.ends_with('.'))
            m_out.pop_back();
        return true;
    }

    const Moment &m_moment;
    std::string &m_out;
    CalendarDay m_day;
};

} // namespace

bool formatMoment(const Moment &moment, std::string_view format, std::string &out)
{
    if (format.size() > 1)
        return Formatter(moment, out).custom(format);
    const std::string_view standard = standardFormat(format.empty() ? 'G' : format[0]);
    return !standard.empty() && Formatter(moment, out).custom(standard);
}

} // namespace engine::expression
