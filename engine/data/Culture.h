#pragma once

#include "engine/base/Result.h"
#include "engine/data/Ticks.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class QLocale;

namespace engine {

// How people of one .NET culture ("de-DE") write numbers and dates: the Unicode CLDR's data, as Qt carries it. Digits
// are those of ASCII, as .NET reads them too. Immutable; any thread.
class Culture
{
public:
    // nullptr for "" and the other names of the invariant culture. InvalidInput for a name that nobody knows.
    static Result<std::shared_ptr<const Culture>> find(const QString &name);

    const QString &name() const { return m_name; } // "de-DE"

    // A number as the invariant culture spells it: "-1.234,5" is "-1234.5". Nothing when it is none here: groups of
    // digits are either left out or where they belong, so that "1.5" is not taken for 15 in Germany.
    std::optional<std::string> normalNumber(std::string_view text) const;
    void localizeNumber(std::string &number) const; // from the invariant spelling; without groups

    // A date in the order of this culture, or with the name of a month, and a time of day behind it: "31.12.2026
    // 13:45:10,5", "31. Dezember 2026", "12/31/2026 1:45 PM". The year has four digits. ISO 8601 is read too.
    struct Moment
    {
        CivilTime time;
        std::optional<int> offset; // minutes
    };
    std::optional<Moment> readMoment(std::string_view text) const;

    // For patterns. Names are compared without case; 1-based, 0 = none of them, `text` is advanced behind it.
    int takeMonth(std::string_view &text, bool abbreviated) const;
    int takeWeekday(std::string_view &text, bool abbreviated) const; // 1 = Sunday
    std::optional<bool> takeHalf(std::string_view &text) const; // true = afternoon
    std::string monthName(int month, bool abbreviated) const; // 1-based
    std::string weekdayName(int weekday, bool abbreviated) const; // 1 = Sunday
    std::string halfName(bool isAfternoon) const;
    const std::string &dateSeparator() const { return m_dateSeparator; } // what "/" means in a pattern
    const std::string &timeSeparator() const { return m_timeSeparator; } // what ":" means
    const std::string &decimalPoint() const { return m_decimalPoint; }
    QString shortDatePattern() const { return m_shortDate; } // .NET's "d"
    QString shortTimePattern() const { return m_shortTime; } // .NET's "t"
    QString longTimePattern() const { return m_longTime; } // .NET's "T"

private:
    struct Names
    {
        QList<QStringList> names; // by number: every spelling
        int take(QStringView &text) const; // the longest that fits; 1-based, 0 = none
    };
    enum class Order { DayFirst, MonthFirst, YearFirst };

    Culture() = default;
    void readNumbers(const QLocale &locale);
    void readDates(const QLocale &locale);
    bool takeNumericDate(QStringView &text, CivilTime &time) const;
    bool takeNamedDate(QStringView &text, CivilTime &time) const;
    bool takeTime(QStringView &text, CivilTime &time) const;
    std::optional<bool> takeHalfOf(QStringView &text) const;
    void passFillers(QStringView &text) const;

    QString m_name;
    std::string m_decimalPoint;
    std::string m_negativeSign;
    std::vector<std::string> m_groupSeparators; // every spelling
    int m_groupSize = 3; // of the last group before the point
    int m_higherGroupSize = 3; // of those before it
    Order m_order = Order::DayFirst;
    std::string m_dateSeparator;
    std::string m_timeSeparator;
    QString m_shortDate;
    QString m_shortTime;
    QString m_longTime;
    QStringList m_words; // that stand between day, month and year: "de"
    Names m_months[2]; // long, abbreviated
    Names m_weekdays[2];
    Names m_halves; // "AM", "PM"
};

} // namespace engine
