#include "designer/widgets/Format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <cmath>

namespace designer {

namespace {

struct FormatText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Format)
};

QString twoDigits(qint64 number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); }

QString offsetText(int seconds)
{
    const QChar sign = seconds < 0 ? u'-' : u'+';
    const int minutes = std::abs(seconds) / 60;
    return sign + twoDigits(minutes / 60) + u':' + twoDigits(minutes % 60);
}

} // namespace

QString durationText(engine::Millis duration)
{
    const qint64 ms = qMax<qint64>(0, duration.count());
    if (ms < 1000)
        return FormatText::tr("%1 ms").arg(ms);
    if (ms < 60'000)
        return FormatText::tr("%1 s").arg(QLocale().toString(double(ms) / 1000, 'f', 1));
    const qint64 seconds = ms / 1000;
    if (seconds < 3600)
        return FormatText::tr("%1 min %2 s").arg(seconds / 60).arg(twoDigits(seconds % 60));
    const qint64 minutes = seconds / 60;
    if (minutes < 24 * 60)
        return FormatText::tr("%1 h %2 min").arg(minutes / 60).arg(twoDigits(minutes % 60));
    const qint64 hours = minutes / 60;
    return FormatText::tr("%1 d %2 h").arg(hours / 24).arg(twoDigits(hours % 24));
}

QString countText(qint64 count) { return QLocale().toString(count); }

QString bytesText(qint64 bytes) { return QLocale().formattedDataSize(bytes, 1, QLocale::DataSizeIecFormat); }

QString rateText(double perSecond)
{
    if (perSecond >= 1'000'000)
        return FormatText::tr("%1 M").arg(QLocale().toString(perSecond / 1'000'000, 'f', 2));
    if (perSecond >= 10'000)
        return FormatText::tr("%1 k").arg(QLocale().toString(perSecond / 1000, 'f', 0));
    return QLocale().toString(perSecond, 'f', perSecond < 10 ? 1 : 0);
}

QDateTime inZone(engine::Instant instant, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), zone);
}

QString timeText(engine::Instant instant, const QTimeZone &zone)
{
    const QDateTime time = inZone(instant, zone);
    const bool isThisYear = time.date().year() == QDateTime::currentDateTimeUtc().toTimeZone(zone).date().year();
    return QLocale().toString(time,
                              isThisYear ? QStringLiteral("d MMM HH:mm:ss") : QStringLiteral("d MMM yyyy HH:mm:ss"));
}

QString exactTimeText(engine::Instant instant, const QTimeZone &zone)
{
    const QDateTime time = inZone(instant, zone);
    return time.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz ")) + offsetText(time.offsetFromUtc());
}

QString relativeTimeText(engine::Instant instant, engine::Instant now)
{
    const qint64 seconds = std::chrono::duration_cast<std::chrono::seconds>(now - instant).count();
    if (seconds < 0 || seconds >= 7 * 86'400)
        return {};
    if (seconds < 60)
        return FormatText::tr("just now");
    if (seconds < 3600)
        return FormatText::tr("%1 min ago").arg(seconds / 60);
    if (seconds < 86'400)
        return FormatText::tr("%1 h ago").arg(seconds / 3600);
    return FormatText::tr("%n day(s) ago", nullptr, int(seconds / 86'400));
}

QString zoneText(const QTimeZone &zone, engine::Instant at)
{
    return QStringLiteral("%1 (UTC%2)")
        .arg(QString::fromLatin1(zone.id()), offsetText(zone.offsetFromUtc(inZone(at, zone))));
}

QString causeText(const QString &message)
{
    static const QRegularExpression begin(QStringLiteral("^Operation on target [^\\n]{1,260}? failed: (?=\\S)"));
    const QRegularExpressionMatch match = begin.match(message);
    return match.hasMatch() ? message.mid(match.capturedEnd()) : message;
}

} // namespace designer
