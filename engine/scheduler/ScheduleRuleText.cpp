#include "engine/scheduler/ScheduleRule.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace engine {

namespace {

QString textTr(const char *text, int count = -1)
{
    return QCoreApplication::translate("engine::Recurrence", text, nullptr, count);
}

QString listed(const QStringList &parts)
{
    if (parts.size() < 2)
        return parts.join(QString());
    return textTr("%1 and %2").arg(parts.mid(0, parts.size() - 1).join(QStringLiteral(", ")), parts.last());
}

QString localText(LocalTime local, const QString &pattern)
{
    return QDateTime::fromMSecsSinceEpoch(local.time_since_epoch().count(), Qt::UTC).toString(pattern);
}

QString dayName(std::chrono::weekday day) { return QLocale::c().dayName(int(day.iso_encoding())); }

QString dayOfMonth(int day)
{
    if (day == -1)
        return textTr("the last day");
    return day > 0 ? textTr("day %1").arg(day) : textTr("day %1 before the end").arg(-day - 1);
}

QString ordinal(int occurrence)
{
    switch (occurrence) {
    case 1:
        return textTr("first");
    case 2:
        return textTr("second");
    case 3:
        return textTr("third");
    case 4:
        return textTr("fourth");
    case 5:
        return textTr("fifth");
    case -1:
        return textTr("last");
    default:
        return textTr("last but %1").arg(-occurrence - 1);
    }
}

} // namespace

QString Recurrence::Rule::sentence() const
{
    const bool isOne = interval == 1;
    QString text;
    switch (frequency) {
    case Frequency::Minute:
        text = isOne ? textTr("Every minute") : textTr("Every %1 minutes").arg(interval);
        break;
    case Frequency::Hour:
        text = isOne ? textTr("Every hour") : textTr("Every %1 hours").arg(interval);
        break;
    case Frequency::Day:
        text = isOne ? textTr("Every day") : textTr("Every %1 days").arg(interval);
        break;
    case Frequency::Week:
        text = isOne ? textTr("Every week") : textTr("Every %1 weeks").arg(interval);
        break;
    case Frequency::Month:
        text = isOne ? textTr("Every month") : textTr("Every %1 months").arg(interval);
        break;
    }

    QStringList which;
    if (frequency == Frequency::Week) {
        for (const std::chrono::weekday day : weekDays)
            which.append(dayName(day));
        if (which.isEmpty())
            which.append(dayName(std::chrono::weekday(std::chrono::floor<std::chrono::days>(localStart))));
    } else if (frequency == Frequency::Month) {
        for (const int day : monthDays)
            which.append(dayOfMonth(day));
        for (const MonthlyDay &monthly : monthlyDays)
            which.append(textTr("the %1 %2").arg(ordinal(monthly.occurrence), dayName(monthly.day)));
        if (which.isEmpty())
            which.append(localText(localStart, textTr("'day' d")));
    }
    if (!which.isEmpty())
        text = textTr("%1 on %2").arg(text, listed(which));

    if (frequency == Frequency::Minute || (frequency == Frequency::Hour && minutes.empty())) {
        text = textTr("%1 from %2").arg(text, localText(localStart, QStringLiteral("yyyy-MM-dd HH:mm")));
    } else if (frequency == Frequency::Hour) {
        QStringList past;
        for (const int minute : minutes)
            past.append(QString::number(minute));
        text = textTr("%1 at minute %2").arg(text, listed(past));
    } else {
        QStringList times;
        for (const Millis time : timesOfDay())
            times.append(localText(LocalTime(time),
                                   time.count() % 60'000 == 0 ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss")));
        text = textTr("%1 at %2").arg(text, listed(times));
    }
    if (end)
        text = textTr("%1 until %2").arg(text, localText(zone.toLocal(*end), QStringLiteral("yyyy-MM-dd HH:mm")));
    return textTr("%1 (%2)").arg(text, zone.id());
}

} // namespace engine
