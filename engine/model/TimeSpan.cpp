#include "engine/model/TimeSpan.h"

#include <QRegularExpression>

namespace engine {

std::optional<std::chrono::seconds> parseTimeSpan(const QString &text)
{
    static const QRegularExpression daysOnly(QStringLiteral("\\A[0-9]{1,8}\\z"));
    static const QRegularExpression form(QStringLiteral(
        "\\A(?:(?<d>[0-9]{1,8})\\.)?(?<h>[0-9]{1,2}):(?<m>[0-9]{1,2})(?::(?<s>[0-9]{1,2})(?:\\.[0-9]{1,7})?)?\\z"));
    constexpr int mostDays = 10'675'199; // .NET's largest TimeSpan

    const QString trimmed = text.trimmed();
    int days = 0;
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (daysOnly.match(trimmed).hasMatch()) {
        days = trimmed.toInt();
    } else {
        const QRegularExpressionMatch match = form.match(trimmed);
        if (!match.hasMatch())
            return std::nullopt;
        days = match.captured(u"d").toInt();
        hours = match.captured(u"h").toInt();
        minutes = match.captured(u"m").toInt();
        seconds = match.captured(u"s").toInt();
    }
    if (days > mostDays || hours > 23 || minutes > 59 || seconds > 59)
        return std::nullopt;
    return std::chrono::hours(24) * days + std::chrono::hours(hours) + std::chrono::minutes(minutes)
        + std::chrono::seconds(seconds);
}

QString timeSpanToString(std::chrono::seconds span)
{
    const auto two = [](qint64 number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); };
    const qint64 all = span.count();
    return QString::number(all / 86'400) + u'.' + two(all / 3'600 % 24) + u':' + two(all / 60 % 60) + u':'
        + two(all % 60);
}

} // namespace engine
