#include "engine/scheduler/ScheduleRule.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace engine {

namespace {

QString readerTr(const char *text) { return QCoreApplication::translate("engine::Recurrence", text); }

const QStringList &weekDayNames()
{
    static const QStringList names = {QStringLiteral("Sunday"),
                                      QStringLiteral("Monday"),
                                      QStringLiteral("Tuesday"),
                                      QStringLiteral("Wednesday"),
                                      QStringLiteral("Thursday"),
                                      QStringLiteral("Friday"),
                                      QStringLiteral("Saturday")};
    return names;
}

std::optional<std::chrono::weekday> weekDayFrom(const QString &name)
{
    for (qsizetype i = 0; i < weekDayNames().size(); ++i) {
        if (name.compare(weekDayNames()[i], Qt::CaseInsensitive) == 0)
            return std::chrono::weekday(unsigned(i));
    }
    return std::nullopt;
}

std::optional<qint64> wholeNumber(const Json &json)
{
    if (json.is_number_integer())
        return json.get<qint64>();
    if (!json.is_string())
        return std::nullopt;
    bool ok = false;
    const qint64 number = toQString(json.get_ref<const std::string &>()).toLongLong(&ok);
    return ok ? std::optional(number) : std::nullopt;
}

// Reads a recurrence; the first thing wrong ends it.
class RuleReader
{
public:
    RuleReader(const Json &json, QString where) : m_json(json), m_where(std::move(where)) { }

    std::optional<Error> error;

    QString frequency() const { return stringAt(m_json, "frequency"); }

    int interval()
    {
        const Json &written = memberAt(m_json, "interval");
        if (written.is_null())
            return 1;
        const std::optional<qint64> number = wholeNumber(written);
        if (!number || *number < 1 || *number > 1000) {
            refuse("interval", readerTr("The interval is no whole number from 1 to 1000; correct it."));
            return 1;
        }
        return int(*number);
    }

    std::optional<TimeZone> zone()
    {
        const QString name = stringAt(m_json, "timeZone", QStringLiteral("UTC"));
        auto found = TimeZone::find(name);
        if (!found)
            refuse("timeZone",
                   readerTr("There is no time zone \"%1\"; write a Windows name like \"W. Europe Standard Time\" or an "
                            "IANA name like \"Europe/Berlin\".")
                       .arg(name));
        return found;
    }

    // A time without zone is local in `zone`.
    std::optional<std::pair<Instant, LocalTime>> time(const char *key, const TimeZone &zone)
    {
        const Json &written = memberAt(m_json, key);
        if (written.is_null())
            return std::nullopt;
        static const QRegularExpression zoned(QStringLiteral("(?:[Zz]|[+-][0-9]{2}:?[0-9]{2})\\s*\\z"));
        const QString text = stringAt(m_json, key);
        const std::optional<Instant> instant = instantFromIso(text);
        if (!instant) {
            refuse(key,
                   readerTr("\"%1\" is no date and time; write it like \"2026-03-01T22:00:00\" or with \"Z\" for UTC.")
                       .arg(text));
            return std::nullopt;
        }
        if (text.contains(u'T') && zoned.match(text).hasMatch())
            return std::pair(*instant, zone.toLocal(*instant));
        const LocalTime local(instant->time_since_epoch());
        return std::pair(zone.toInstant(local).at, local);
    }

    std::vector<int> numbers(const char *key, int least, int most)
    {
        std::vector<int> found;
        const Json &list = member(key);
        for (size_t i = 0; i < list.size(); ++i) {
            const std::optional<qint64> number = wholeNumber(list[i]);
            if (!number || *number < least || *number > most || (least < 0 && *number == 0)) {
                refuse(element(key, i), readerTr("It is no whole number from %1 to %2.").arg(least).arg(most));
                return {};
            }
            found.push_back(int(*number));
        }
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }

    std::vector<std::chrono::weekday> weekDays()
    {
        std::vector<std::chrono::weekday> found;
        const Json &list = member("weekDays");
        for (size_t i = 0; i < list.size(); ++i) {
            if (const auto day = readWeekDay(list[i], element("weekDays", i)))
                found.push_back(*day);
            else
                return {};
        }
        const auto order = [](std::chrono::weekday day) { return day.c_encoding(); };
        std::sort(found.begin(), found.end(), [&](auto left, auto right) { return order(left) < order(right); });
        found.erase(std::unique(found.begin(), found.end()), found.end());
        return found;
    }

    template <typename MonthlyDay> std::vector<MonthlyDay> monthlyDays()
    {
        std::vector<MonthlyDay> found;
        const Json &list = member("monthlyOccurrences");
        for (size_t i = 0; i < list.size(); ++i) {
            const QString place = element("monthlyOccurrences", i);
            const auto day = readWeekDay(memberAt(list[i], "day"), place + u".day");
            if (!day)
                return {};
            const std::optional<qint64> number = wholeNumber(memberAt(list[i], "occurrence"));
            if (!number || *number == 0 || *number < -5 || *number > 5) {
                refuse(place + u".occurrence", readerTr("It is no whole number from 1 to 5 or from -5 to -1."));
                return {};
            }
            found.push_back({*day, int(*number)});
        }
        return found;
    }

    bool has(const char *key) { return !member(key).empty(); }

    void refuse(const char *property, const QString &message) { refuse(QString::fromLatin1(property), message); }

    void refuse(const QString &property, const QString &message, ErrorCode code = ErrorCode::InvalidInput)
    {
        if (!error)
            error = Error{code, message, m_where + u'.' + property};
    }

private:
    // A list of "schedule"; empty when it is not there.
    const Json &member(const char *key)
    {
        static const Json none = Json::array();
        const Json &list = memberAt(memberAt(m_json, "schedule"), key);
        if (list.is_array())
            return list;
        if (!list.is_null())
            refuse(QStringLiteral("schedule.") + QString::fromLatin1(key),
                   readerTr("It is no list; put it between [ and ]."));
        return none;
    }

    static QString element(const char *key, size_t index)
    {
        return QStringLiteral("schedule.%1[%2]").arg(QString::fromLatin1(key)).arg(index);
    }

    std::optional<std::chrono::weekday> readWeekDay(const Json &json, const QString &place)
    {
        const QString name = json.is_string() ? toQString(json.get_ref<const std::string &>()) : QString();
        const auto day = weekDayFrom(name);
        if (!day)
            refuse(place,
                   readerTr("\"%1\" is no day of the week; write one of: %2.")
                       .arg(name, weekDayNames().join(QStringLiteral(", "))));
        return day;
    }

    const Json &m_json;
    QString m_where;
};

} // namespace

Result<std::shared_ptr<const Recurrence::Rule>> Recurrence::Rule::fromJson(const Json &json, const QString &where)
{
    if (!json.is_object())
        return Error{ErrorCode::InvalidInput,
                     readerTr("The recurrence is missing; write {\"frequency\": \"Day\", \"interval\": 1, "
                              "\"startTime\": …, \"timeZone\": …}."),
                     where};
    RuleReader reader(json, where);
    static const QStringList frequencies = {QStringLiteral("Minute"),
                                            QStringLiteral("Hour"),
                                            QStringLiteral("Day"),
                                            QStringLiteral("Week"),
                                            QStringLiteral("Month")};
    qsizetype frequency = 0;
    while (frequency < frequencies.size()
           && reader.frequency().compare(frequencies[frequency], Qt::CaseInsensitive) != 0)
        ++frequency;
    if (frequency == frequencies.size()) {
        const bool isYear = reader.frequency().compare(u"Year", Qt::CaseInsensitive) == 0;
        reader.refuse(QStringLiteral("frequency"),
                      readerTr("\"%1\" is no frequency this build knows; write Minute, Hour, Day, Week or Month.")
                          .arg(reader.frequency()),
                      isYear ? ErrorCode::Unsupported : ErrorCode::InvalidInput);
        return *reader.error;
    }
    const int interval = reader.interval();
    const std::optional<TimeZone> zone = reader.zone();
    if (reader.error)
        return *reader.error;
    const auto start = reader.time("startTime", *zone);
    const auto end = reader.time("endTime", *zone);
    if (!start)
        reader.refuse("startTime", readerTr("The start is missing; write it like \"2026-03-01T22:00:00\"."));
    else if (end && end->first < start->first)
        reader.refuse("endTime", readerTr("It ends before it starts; correct the start or the end."));
    if (reader.error)
        return *reader.error;

    auto rule = std::make_shared<Rule>(Rule{.frequency = Frequency(frequency),
                                            .interval = interval,
                                            .zone = *zone,
                                            .start = start->first,
                                            .localStart = start->second,
                                            .end = end ? std::optional(end->first) : std::nullopt,
                                            .minutes = reader.numbers("minutes", 0, 59),
                                            .hours = reader.numbers("hours", 0, 23),
                                            .weekDays = reader.weekDays(),
                                            .monthDays = reader.numbers("monthDays", -31, 31),
                                            .monthlyDays = reader.monthlyDays<MonthlyDay>()});
    const bool isElapsed = rule->frequency == Frequency::Minute || rule->frequency == Frequency::Hour;
    if (isElapsed && reader.has("hours"))
        reader.refuse(QStringLiteral("schedule.hours"),
                      readerTr("Minute and Hour count elapsed time and take no hours; write \"frequency\": \"Day\"."),
                      ErrorCode::Unsupported);
    if (rule->frequency == Frequency::Minute && reader.has("minutes"))
        reader.refuse(QStringLiteral("schedule.minutes"),
                      readerTr("Minute counts elapsed time and takes no minutes; write \"frequency\": \"Hour\"."),
                      ErrorCode::Unsupported);
    if (rule->frequency != Frequency::Week && reader.has("weekDays"))
        reader.refuse("schedule.weekDays", readerTr("Days of the week go with \"frequency\": \"Week\" only."));
    if (rule->frequency != Frequency::Month) {
        for (const char *key : {"monthDays", "monthlyOccurrences"}) {
            if (reader.has(key))
                reader.refuse(QStringLiteral("schedule.") + QString::fromLatin1(key),
                              readerTr("Days of the month go with \"frequency\": \"Month\" only."));
        }
    } else if (reader.has("monthDays") && reader.has("monthlyOccurrences")) {
        reader.refuse(QStringLiteral("schedule.monthlyOccurrences"),
                      readerTr("Days by number and days by occurrence together are not known to this build; make two "
                               "triggers."),
                      ErrorCode::Unsupported);
    }
    if (reader.error)
        return *reader.error;
    return std::shared_ptr<const Rule>(rule);
}

} // namespace engine
