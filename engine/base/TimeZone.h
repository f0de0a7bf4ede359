#pragma once

#include "engine/base/Clock.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace engine {

using LocalTime = std::chrono::local_time<Millis>; // what a clock on the wall shows, in a zone known elsewhere

// A zone of the tz database. Immutable, thread-safe. Right after 2037 too, where the database's tables end and its
// rules go on.
class TimeZone
{
public:
    // By IANA or Windows name, in any case; nothing for an unknown one.
    static std::optional<TimeZone> find(const QString &name);

    QString id() const; // IANA
    LocalTime toLocal(Instant instant) const;

    enum class Fit { Exact, Gap, Overlap };
    struct Resolved
    {
        Instant at;
        Fit fit;
    };
    // A local time in a gap is the first valid instant after it, one in an overlap the earlier of the two.
    Resolved toInstant(LocalTime local) const;

private:
    struct Zone;
    explicit TimeZone(std::shared_ptr<const Zone> zone);
    std::shared_ptr<const Zone> m_zone;
};

// The zones to choose from, by their IANA names, sorted; none when the machine has no tz database. Names of the past
// ("US/Pacific", "EST5EDT") are understood by find() but not among them.
QStringList timeZoneNames();
std::optional<QString> ianaZone(const QString &name); // "Europe/Berlin" of "W. Europe Standard Time"
QString tzdataVersion(); // of the database on this machine: "2025b", or "unknown"
QString systemTimeZone(); // IANA; empty when the machine's has no name

} // namespace engine
