#include "engine/base/TimeZone.h"

#include <QFile>
#include <QTimeZone>

#include <date/tz.h>

namespace engine {

namespace {

using Seconds = std::chrono::seconds;

// Debian's date-tz reads the compiled tables and not the rule behind them; the tables end with 2037. Qt applies the
// rule, but resolves local times wrongly, so only its offsets are used.
constexpr Instant tablesEnd = std::chrono::sys_days(std::chrono::year(2037) / 1 / 1);

const date::time_zone *locate(const QString &name)
{
    try {
        return date::locate_zone(name.toStdString());
    } catch (const std::exception &) { // date-tz has no other way to say "unknown"
        return nullptr;
    }
}

// The zone whose name differs in case only.
const date::time_zone *locateInAnyCase(const QString &name)
{
    try {
        for (const date::time_zone &zone : date::get_tzdb().zones) {
            if (name.compare(QString::fromStdString(zone.name()), Qt::CaseInsensitive) == 0)
                return &zone;
        }
    } catch (const std::exception &) { // no tz database on this machine
    }
    return nullptr;
}

QByteArray ianaOfWindows(const QString &name)
{
    if (const QByteArray exact = QTimeZone::windowsIdToDefaultIanaId(name.toUtf8()); !exact.isEmpty())
        return exact;
    for (const QByteArray &iana : QTimeZone::availableTimeZoneIds()) {
        const QByteArray windows = QTimeZone::ianaIdToWindowsId(iana);
        if (!windows.isEmpty() && name.compare(QString::fromUtf8(windows), Qt::CaseInsensitive) == 0)
            return QTimeZone::windowsIdToDefaultIanaId(windows);
    }
    return {};
}

} // namespace

struct TimeZone::Zone
{
    const date::time_zone *table;
    QTimeZone rule;

    Seconds offsetAt(Instant instant) const
    {
        if (instant < tablesEnd) {
            const auto whole = std::chrono::floor<Seconds>(instant);
            return table->get_info(date::sys_seconds(whole.time_since_epoch())).offset;
        }
        const auto time = QDateTime::fromMSecsSinceEpoch(instant.time_since_epoch().count(), Qt::UTC);
        return Seconds(rule.offsetFromUtc(time));
    }

    // `asUtc` is the local time, read as if it were UTC.
    Resolved byTables(Instant asUtc) const
    {
        const auto whole = std::chrono::floor<Seconds>(asUtc);
        const date::local_info info = table->get_info(date::local_seconds(whole.time_since_epoch()));
        switch (info.result) {
        case date::local_info::nonexistent:
            return {Instant(info.first.end.time_since_epoch()), Fit::Gap};
        case date::local_info::ambiguous:
            return {asUtc - info.first.offset, Fit::Overlap};
        default:
            return {asUtc - info.first.offset, Fit::Exact};
        }
    }

    // Rules change the offset at most once in three days.
    Resolved byRule(Instant asUtc) const
    {
        const Instant early = asUtc - std::chrono::hours(36);
        const Instant late = asUtc + std::chrono::hours(36);
        const Seconds before = offsetAt(early);
        const Seconds after = offsetAt(late);
        if (before == after)
            return {asUtc - before, Fit::Exact};
        const Instant change = changeBetween(early, late);
        const bool isBefore = asUtc - before < change;
        const bool isAfter = asUtc - after >= change;
        if (isBefore)
            return {asUtc - before, isAfter ? Fit::Overlap : Fit::Exact};
        if (isAfter)
            return {asUtc - after, Fit::Exact};
        return {change, Fit::Gap};
    }

    // The first whole second with another offset than at `from`; there is one before `to`.
    Instant changeBetween(Instant from, Instant to) const
    {
        auto low = std::chrono::floor<Seconds>(from);
        auto high = std::chrono::ceil<Seconds>(to);
        const Seconds before = offsetAt(low);
        while (high - low > Seconds(1)) {
            const auto middle = low + (high - low) / 2;
            (offsetAt(middle) == before ? low : high) = middle;
        }
        return high;
    }
};

TimeZone::TimeZone(std::shared_ptr<const Zone> zone) : m_zone(std::move(zone)) { }

std::optional<TimeZone> TimeZone::find(const QString &name)
{
    const QString wanted = name.trimmed();
    if (wanted.isEmpty())
        return std::nullopt;
    const date::time_zone *table = locate(wanted);
    if (table == nullptr) {
        if (const QByteArray iana = ianaOfWindows(wanted); !iana.isEmpty())
            table = locate(QString::fromUtf8(iana));
        else
            table = locateInAnyCase(wanted);
    }
    if (table == nullptr)
        return std::nullopt;
    const QTimeZone rule(QByteArray::fromStdString(table->name()));
    if (!rule.isValid())
        return std::nullopt;
    return TimeZone(std::make_shared<const Zone>(Zone{table, rule}));
}

QString TimeZone::id() const { return QString::fromStdString(m_zone->table->name()); }

LocalTime TimeZone::toLocal(Instant instant) const
{
    return LocalTime(instant.time_since_epoch() + m_zone->offsetAt(instant));
}

TimeZone::Resolved TimeZone::toInstant(LocalTime local) const
{
    const Instant asUtc(local.time_since_epoch());
    return asUtc < tablesEnd ? m_zone->byTables(asUtc) : m_zone->byRule(asUtc);
}

std::optional<QString> ianaZone(const QString &name)
{
    const std::optional<TimeZone> zone = TimeZone::find(name);
    return zone ? std::optional(zone->id()) : std::nullopt;
}

QStringList timeZoneNames()
{
    static const QStringList regions = {QStringLiteral("Africa"),
                                        QStringLiteral("America"),
                                        QStringLiteral("Antarctica"),
                                        QStringLiteral("Arctic"),
                                        QStringLiteral("Asia"),
                                        QStringLiteral("Atlantic"),
                                        QStringLiteral("Australia"),
                                        QStringLiteral("Europe"),
                                        QStringLiteral("Indian"),
                                        QStringLiteral("Pacific")};
    QStringList names;
    try {
        for (const date::time_zone &zone : date::get_tzdb().zones) {
            const QString name = QString::fromStdString(zone.name());
            if (name == u"UTC" || (name.contains(u'/') && regions.contains(name.section(u'/', 0, 0))))
                names += name;
        }
    } catch (const std::exception &) { // no tz database on this machine
        return {};
    }
    names.sort();
    return names;
}

QString systemTimeZone() { return ianaZone(QString::fromUtf8(QTimeZone::systemTimeZoneId())).value_or(QString()); }

QString tzdataVersion()
{
    // date-tz reports none for the system's database; its text form begins "# version 2025b".
    QFile text(QStringLiteral("/usr/share/zoneinfo/tzdata.zi"));
    if (text.open(QIODevice::ReadOnly)) {
        const QByteArray line = text.readLine(100).trimmed();
        if (line.startsWith("# version "))
            return QString::fromUtf8(line.mid(10));
    }
    return QStringLiteral("unknown");
}

} // namespace engine
