#pragma once

#include "engine/base/Clock.h"
#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/base/TimeZone.h"

#include <QList>
#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace engine {

// One instant at which a trigger is due.
struct Occurrence
{
    Instant at;
    QString local; // "2026-03-29T03:00:00" in the trigger's zone
    int offsetMinutes = 0; // of the zone at that instant
    enum class Adjusted { No, Gap, Overlap } adjusted = Adjusted::No; // moved out of a gap; first of two in an overlap
    bool operator==(const Occurrence &) const = default;
};

// The recurrence of a ScheduleTrigger: a set of UTC instants anchored to startTime, which without a zone is local in
// timeZone. Immutable, pure, thread-safe. Day, Week and Month: a local time in a DST gap becomes the first valid
// instant, one in an overlap fires at the first occurrence only; hours and minutes not given are those of startTime;
// weeks begin on Sunday, and every interval-th one from that of startTime counts; days that a month has not are left
// out. Minute and Hour: elapsed time from startTime, blind to DST. Nothing before startTime or after endTime; at
// endTime itself it fires.
class Recurrence
{
public:
    // From typeProperties.recurrence. Errors name the property. Year is refused as Unsupported, and times of day with
    // Minute and Hour.
    static Result<Recurrence> fromJson(const Json &recurrence, const QString &where);

    // Due instants in (after, until], ascending, at most `limit`.
    std::vector<Occurrence> between(Instant after, Instant until, int limit) const;
    std::vector<Occurrence> next(Instant after, int count) const; // fewer when the recurrence ends
    std::optional<Occurrence> last(Instant after, Instant until) const; // the latest in (after, until]

    QString timeZone() const; // IANA
    QString sentence() const; // "Every day at 22:00 (Europe/Berlin)"

private:
    struct Rule;
    std::shared_ptr<const Rule> m_rule;
};

} // namespace engine
