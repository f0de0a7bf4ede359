#include "designer/widgets/Moment.h"

#include "designer/widgets/Format.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>

namespace designer {

namespace {

struct MomentText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Moment)
};

} // namespace

engine::Instant presentInstant()
{
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

QString momentText(engine::Instant at, engine::Instant now, const QTimeZone &zone)
{
    const QDateTime time = inZone(at, zone);
    const QDate today = inZone(now, zone).date();
    const QString clock = time.toString(QStringLiteral("HH:mm"));
    const qint64 days = today.daysTo(time.date());
    if (days == 0)
        return clock;
    if (days == -1)
        return MomentText::tr("yesterday %1").arg(clock);
    if (days == 1)
        return MomentText::tr("tomorrow %1").arg(clock);
    const QLocale locale;
    if (qAbs(days) < 7)
        return locale.toString(time, QStringLiteral("ddd HH:mm"));
    return locale.toString(
        time, time.date().year() == today.year() ? QStringLiteral("d MMM HH:mm") : QStringLiteral("d MMM yyyy HH:mm"));
}

QString shortPath(const QString &folder)
{
    const QString home = QDir::homePath();
    if (folder == home)
        return QStringLiteral("~");
    return folder.startsWith(home + u'/') ? u'~' + folder.mid(home.size()) : folder;
}

} // namespace designer
