#include "engine/data/Culture.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace engine {
namespace {

// The context of this file's texts for translators.
struct CultureText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Culture)
};

constexpr char16_t noBreakSpace = 0x00A0;
constexpr char16_t narrowSpace = 0x202F;
constexpr std::string_view minusSign = "\u2212";

bool isDigit(QChar c) { return c >= u'0' && c <= u'9'; }

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool takePrefix(std::string_view &text, std::string_view prefix)
{
    if (prefix.empty() || !text.starts_with(prefix))
        return false;
    text.remove_prefix(prefix.size());
    return true;
}

void passSpaces(QStringView &text)
{
    while (!text.isEmpty() && text.front() == u' ')
        text = text.mid(1);
}

bool takeCharacter(QStringView &text, QChar c)
{
    if (text.isEmpty() || text.front() != c)
        return false;
    text = text.mid(1);
    return true;
}

// How many digits; 0 = no number. Up to `most` of them.
int takeDigits(QStringView &text, int most, int &number)
{
    int count = 0;
    number = 0;
    for (; count < most && count < text.size() && isDigit(text.at(count)); ++count)
        number = number * 10 + (text.at(count).unicode() - u'0');
    if (count < text.size() && isDigit(text.at(count)))
        return 0;
    text = text.mid(count);
    return count;
}

// Every way to write a name: as it is, and without the point of an abbreviation.
void addSpellings(QStringList &spellings, const QString &name)
{
    QString plain = name;
    plain.replace(noBreakSpace, u' ').replace(narrowSpace, u' ');
    for (const QString &spelling : {name, plain, plain.endsWith(u'.') ? plain.chopped(1) : plain}) {
        if (!spelling.isEmpty() && !spellings.contains(spelling))
            spellings.append(spelling);
    }
}

// The names of languages are known; a country that is not would silently become the language's main one.
bool isTerritoryKnown(const QString &name, const QLocale &locale)
{
    const QStringList parts = QString(name).replace(u'_', u'-').split(u'-');
    const QString territory = parts.size() > 1 ? parts.last() : QString();
    if (territory.size() != 2)
        return true; // a script, or none
    return locale.name().section(u'_', -1).compare(territory, Qt::CaseInsensitive) == 0;
}

// What stands between two fields of a pattern.
QString separatorIn(const QString &pattern)
{
    static const QRegularExpression between(QStringLiteral("^[a-zA-Z]+([^a-zA-Z']+)[a-zA-Z]"));
    const QRegularExpressionMatch match = between.match(pattern);
    return match.hasMatch() ? match.captured(1) : QString();
}

} // namespace

Result<std::shared_ptr<const Culture>> Culture::find(const QString &name)
{
    const QString trimmed = name.trimmed();
    if (trimmed.isEmpty() || trimmed.compare(u"iv", Qt::CaseInsensitive) == 0
        || trimmed.startsWith(u"Invariant", Qt::CaseInsensitive))
        return std::shared_ptr<const Culture>();
    constexpr int longestName = 40;
    const QLocale locale(trimmed.left(longestName));
    if (trimmed.size() > longestName || locale.language() == QLocale::C || !isTerritoryKnown(trimmed, locale))
        return Error{ErrorCode::InvalidInput,
                     CultureText::tr("“%1” is no culture: write a language and a country, like de-DE.")
                         .arg(trimmed.left(longestName)),
                     {}};
    std::shared_ptr<Culture> culture(new Culture);
    culture->m_name = trimmed;
    culture->readNumbers(locale);
    culture->readDates(locale);
    return std::shared_ptr<const Culture>(culture);
}

void Culture::readNumbers(const QLocale &locale)
{
    m_decimalPoint = locale.decimalPoint().toStdString();
    m_negativeSign = locale.negativeSign().toStdString();
    const QString separator = locale.groupSeparator();
    if (separator.size() == 1 && separator.front().isSpace())
        m_groupSeparators = {" ", "\u00A0", "\u202F"};
    else if (separator == u"\u2019")
        m_groupSeparators = {separator.toStdString(), "'"};
    else if (!separator.isEmpty())
        m_groupSeparators = {separator.toStdString()};
    // The sizes of the groups are not told, but shown: "12,34,56,789".
    const QStringList groups =
        separator.isEmpty() ? QStringList() : locale.toString(qlonglong(123456789)).split(separator);
    if (groups.size() > 2) {
        m_groupSize = int(groups.last().size());
        m_higherGroupSize = int(groups.at(groups.size() - 2).size());
    }
}

void Culture::readDates(const QLocale &locale)
{
    m_shortDate = locale.dateFormat(QLocale::ShortFormat);
    if (!m_shortDate.contains(u"yyyy"))
        m_shortDate.replace(QStringLiteral("yy"), QStringLiteral("yyyy"));
    const qsizetype day = m_shortDate.indexOf(u'd');
    const qsizetype month = m_shortDate.indexOf(u'M');
    const qsizetype year = m_shortDate.indexOf(u'y');
    m_order = year < day && year < month ? Order::YearFirst : month < day ? Order::MonthFirst : Order::DayFirst;
    m_dateSeparator = separatorIn(m_shortDate).toStdString();
    m_shortTime = locale.timeFormat(QLocale::ShortFormat)
                      .replace(QStringLiteral("AP"), QStringLiteral("tt"), Qt::CaseInsensitive);
    m_shortTime.replace(noBreakSpace, u' ').replace(narrowSpace, u' ');
    static const QRegularExpression minutes(QStringLiteral("[hH]+(.+?)mm"));
    const QRegularExpressionMatch match = minutes.match(m_shortTime);
    const QString separator = match.hasMatch() ? match.captured(1) : QStringLiteral(":");
    m_timeSeparator = separator.toStdString();
    m_longTime =
        QString(m_shortTime).replace(QStringLiteral("mm"), QStringLiteral("mm") + separator + QStringLiteral("ss"));
    constexpr int months = 12;
    constexpr int daysOfWeek = 7;
    for (const auto &[place, form] : {std::pair(0, QLocale::LongFormat), std::pair(1, QLocale::ShortFormat)}) {
        for (int number = 1; number <= months; ++number) {
            QStringList spellings;
            addSpellings(spellings, locale.monthName(number, form));
            addSpellings(spellings, locale.standaloneMonthName(number, form));
            m_months[place].names.append(spellings);
        }
        for (int weekday = 0; weekday < daysOfWeek; ++weekday) { // Qt's Sunday is the seventh
            QStringList spellings;
            addSpellings(spellings, locale.dayName(weekday == 0 ? daysOfWeek : weekday, form));
            addSpellings(spellings, locale.standaloneDayName(weekday == 0 ? daysOfWeek : weekday, form));
            m_weekdays[place].names.append(spellings);
        }
    }
    for (const auto &[written, english] : {std::pair(locale.amText(), "AM"), std::pair(locale.pmText(), "PM")}) {
        QStringList spellings;
        addSpellings(spellings, written);
        addSpellings(spellings, QString::fromLatin1(english));
        m_halves.names.append(spellings);
    }
    static const QRegularExpression quoted(QStringLiteral("'([^']+)'"));
    for (auto word = quoted.globalMatch(locale.dateFormat(QLocale::LongFormat)); word.hasNext();)
        m_words.append(word.next().captured(1).trimmed());
}

std::optional<std::string> Culture::normalNumber(std::string_view text) const
{
    std::string normal;
    if (takePrefix(text, "-") || takePrefix(text, minusSign) || takePrefix(text, m_negativeSign))
        normal = "-";
    else
        (void)takePrefix(text, "+");
    std::string_view separator;
    int groups = 0; // that are closed
    int inGroup = 0;
    int digits = 0;
    bool isWellGrouped = true;
    while (!text.empty()) {
        if (isDigit(text.front())) {
            normal += text.front();
            text.remove_prefix(1);
            ++inGroup;
            ++digits;
            continue;
        }
        std::string_view rest = text;
        for (const std::string &known : m_groupSeparators) {
            if ((separator.empty() || separator == known) && takePrefix(rest, known))
                break;
        }
        if (rest.size() == text.size())
            break;
        if (separator.empty())
            separator = text.substr(0, text.size() - rest.size());
        isWellGrouped =
            isWellGrouped && inGroup > 0 && (groups == 0 ? inGroup <= m_higherGroupSize : inGroup == m_higherGroupSize);
        ++groups;
        inGroup = 0;
        text = rest;
    }
    if (!isWellGrouped || (groups > 0 && inGroup != m_groupSize))
        return std::nullopt;
    if (takePrefix(text, m_decimalPoint)) {
        normal += '.';
        for (; !text.empty() && isDigit(text.front()); text.remove_prefix(1), ++digits)
            normal += text.front();
    }
    if (digits == 0)
        return std::nullopt;
    normal.append(text); // an exponent, or what makes it no number
    if (!text.empty() && text.front() != 'e' && text.front() != 'E')
        return std::nullopt;
    return normal;
}

void Culture::localizeNumber(std::string &number) const
{
    if (const size_t point = number.find('.'); point != std::string::npos)
        number.replace(point, 1, m_decimalPoint);
}

int Culture::Names::take(QStringView &text) const
{
    int found = 0;
    qsizetype longest = 0;
    for (qsizetype i = 0; i < names.size(); ++i) {
        for (const QString &name : names.at(i)) {
            if (name.size() > longest && text.startsWith(name, Qt::CaseInsensitive)) {
                longest = name.size();
                found = int(i) + 1;
            }
        }
    }
    text = text.mid(longest);
    return found;
}

namespace {

// Reads a name at the beginning of UTF-8.
template <typename Take> int takeName(std::string_view &text, const Take &take)
{
    constexpr size_t longestName = 120; // bytes
    const QString start = QString::fromUtf8(text.data(), qsizetype(std::min(text.size(), longestName)));
    QStringView rest(start);
    const int found = take(rest);
    text.remove_prefix(size_t(QStringView(start).left(start.size() - rest.size()).toUtf8().size()));
    return found;
}

} // namespace

int Culture::takeMonth(std::string_view &text, bool abbreviated) const
{
    return takeName(text, [&](QStringView &rest) { return m_months[abbreviated ? 1 : 0].take(rest); });
}

int Culture::takeWeekday(std::string_view &text, bool abbreviated) const
{
    return takeName(text, [&](QStringView &rest) { return m_weekdays[abbreviated ? 1 : 0].take(rest); });
}

std::optional<bool> Culture::takeHalf(std::string_view &text) const
{
    const int half = takeName(text, [&](QStringView &rest) { return m_halves.take(rest); });
    return half == 0 ? std::nullopt : std::optional(half == 2);
}

std::string Culture::monthName(int month, bool abbreviated) const
{
    return m_months[abbreviated ? 1 : 0].names.at(month - 1).constFirst().toStdString();
}

std::string Culture::weekdayName(int weekday, bool abbreviated) const
{
    return m_weekdays[abbreviated ? 1 : 0].names.at(weekday - 1).constFirst().toStdString();
}

std::string Culture::halfName(bool isAfternoon) const
{
    return m_halves.names.at(isAfternoon ? 1 : 0).constFirst().toStdString();
}

std::optional<bool> Culture::takeHalfOf(QStringView &text) const
{
    const int half = m_halves.take(text);
    return half == 0 ? std::nullopt : std::optional(half == 2);
}

// What stands between the parts of a date and says nothing.
void Culture::passFillers(QStringView &text) const
{
    for (bool isPassed = true; isPassed;) {
        isPassed = takeCharacter(text, u' ') || takeCharacter(text, u',') || takeCharacter(text, u'.');
        for (const QString &word : m_words) {
            const bool isWhole =
                text.size() == word.size() || (text.size() > word.size() && !text.at(word.size()).isLetterOrNumber());
            if (isWhole && text.startsWith(word, Qt::CaseInsensitive)) {
                text = text.mid(word.size());
                isPassed = true;
            }
        }
    }
}

// "31.12.2026", "12/31/2026", "2026年12月31日"
bool Culture::takeNumericDate(QStringView &text, CivilTime &time) const
{
    static constexpr QStringView east[] = {u"年月日", u"년월일"};
    QStringView rest = text;
    int parts[3] = {};
    int sizes[3] = {};
    QChar separators[2];
    for (int i = 0; i < 3; ++i) {
        sizes[i] = takeDigits(rest, 4, parts[i]);
        if (sizes[i] == 0)
            return false;
        if (i == 2)
            break;
        passSpaces(rest);
        if (rest.isEmpty() || rest.front().isDigit() || rest.front() == u':')
            return false;
        separators[i] = rest.front();
        rest = rest.mid(1);
        passSpaces(rest);
    }
    const auto eastern = std::find_if(std::begin(east), std::end(east), [&separators](QStringView signs) {
        return signs.at(0) == separators[0] && signs.at(1) == separators[1];
    });
    if (eastern != std::end(east)) {
        if (!takeCharacter(rest, eastern->at(2)))
            return false;
    } else if (separators[0] != separators[1] || !QStringView(u"./-").contains(separators[0])) {
        return false;
    } else {
        (void)takeCharacter(rest, u'.'); // "2026. 12. 31."
    }
    const bool isYearFirst = sizes[0] == 4;
    if (!isYearFirst && (m_order == Order::YearFirst || sizes[2] != 4))
        return false;
    if ((isYearFirst ? sizes[2] : sizes[0]) > 2 || sizes[1] > 2)
        return false;
    const bool isMonthFirst = !isYearFirst && m_order == Order::MonthFirst;
    time.year = parts[isYearFirst ? 0 : 2];
    time.month = parts[isYearFirst ? 1 : isMonthFirst ? 0 : 1];
    time.day = parts[isYearFirst ? 2 : isMonthFirst ? 1 : 0];
    text = rest;
    return true;
}

// "31. Dezember 2026", "31 de dezembro de 2026", "December 31, 2026"
bool Culture::takeNamedDate(QStringView &text, CivilTime &time) const
{
    QStringView rest = text;
    time.year = time.month = time.day = 0;
    while (time.year == 0 || time.month == 0 || time.day == 0) {
        passFillers(rest);
        int number = 0;
        if (const int digits = takeDigits(rest, 4, number); digits == 4 && time.year == 0) {
            time.year = number;
        } else if (digits > 0 && digits <= 2 && time.day == 0) {
            time.day = number;
        } else if (digits > 0 || time.month != 0) {
            return false;
        } else {
            time.month = m_months[0].take(rest);
            if (time.month == 0)
                time.month = m_months[1].take(rest);
            if (time.month == 0 || (!rest.isEmpty() && rest.front().isLetter()))
                return false;
        }
    }
    text = rest;
    return true;
}

// "13:45", "1:45:10.5 PM", "13.45" where that is how it is written
bool Culture::takeTime(QStringView &text, CivilTime &time) const
{
    const QString own = QString::fromStdString(m_timeSeparator);
    const auto takeSeparator = [&own](QStringView &rest) {
        if (takeCharacter(rest, u':'))
            return true;
        if (own.isEmpty() || !rest.startsWith(own))
            return false;
        rest = rest.mid(own.size());
        return true;
    };
    std::optional<bool> isAfternoon = takeHalfOf(text);
    passSpaces(text);
    const int hours = takeDigits(text, 2, time.hour);
    if (hours == 0 || !takeSeparator(text) || takeDigits(text, 2, time.minute) != 2)
        return false;
    if (takeSeparator(text)) {
        if (takeDigits(text, 2, time.second) != 2)
            return false;
        if (takeCharacter(text, u'.') || takeCharacter(text, u',')) {
            constexpr int digitsOfTicks = 7;
            int digits = takeDigits(text, digitsOfTicks, time.fraction);
            if (digits == 0)
                return false;
            for (; digits < digitsOfTicks; ++digits)
                time.fraction *= 10;
        }
    }
    QStringView ahead = text;
    passSpaces(ahead);
    if (!isAfternoon) {
        isAfternoon = takeHalfOf(ahead);
        if (isAfternoon)
            text = ahead;
    }
    if (!isAfternoon)
        return true;
    if (time.hour < 1 || time.hour > 12)
        return false;
    time.hour = time.hour % 12 + (*isAfternoon ? 12 : 0);
    return true;
}

namespace {

bool takeOffset(QStringView &text, std::optional<int> &offset)
{
    passSpaces(text);
    if (text.isEmpty())
        return true;
    if (takeCharacter(text, u'Z') || takeCharacter(text, u'z')) {
        offset = 0;
        return true;
    }
    const bool isNegative = text.front() == u'-';
    if (!takeCharacter(text, u'+') && !takeCharacter(text, u'-'))
        return false;
    int hours = 0;
    int minutes = 0;
    if (text.size() == 4 && isDigit(text.at(2))) { // "+0200"
        if (takeDigits(text, 4, hours) != 4)
            return false;
        minutes = hours % 100;
        hours /= 100;
    } else if (takeDigits(text, 2, hours) != 2 || (takeCharacter(text, u':') && takeDigits(text, 2, minutes) != 2)) {
        return false;
    }
    const int sum = hours * 60 + minutes;
    offset = isNegative ? -sum : sum;
    return minutes <= 59 && sum <= 14 * 60;
}

} // namespace

std::optional<Culture::Moment> Culture::readMoment(std::string_view text) const
{
    constexpr size_t longestText = 200;
    if (text.size() > longestText)
        return std::nullopt;
    QString written = QString::fromUtf8(text.data(), qsizetype(text.size()));
    written.replace(noBreakSpace, u' ').replace(narrowSpace, u' ');
    QStringView rest(written);
    Moment moment;
    passSpaces(rest);
    // The day of the week says nothing that the date does not.
    const auto passWeekday = [this, &rest] {
        QStringView ahead = rest;
        passSpaces(ahead);
        if (m_weekdays[0].take(ahead) != 0 || m_weekdays[1].take(ahead) != 0) {
            if (ahead.isEmpty() || !ahead.front().isLetter())
                rest = ahead;
        }
    };
    passWeekday();
    passFillers(rest);
    if (!takeNumericDate(rest, moment.time) && !takeNamedDate(rest, moment.time))
        return std::nullopt;
    QStringView ahead = rest;
    passFillers(ahead);
    if (ahead.isEmpty())
        return moment;
    passWeekday();
    const bool isMarked = takeCharacter(rest, u'T');
    if (!isMarked)
        passFillers(rest);
    if (rest.isEmpty())
        return moment;
    if (!takeTime(rest, moment.time) || !takeOffset(rest, moment.offset))
        return std::nullopt;
    passSpaces(rest);
    return rest.isEmpty() ? std::optional(moment) : std::nullopt;
}

} // namespace engine
