#include "engine/scheduler/Recurrence.h"

#include "engine/scheduler/ScheduleRule.h"

namespace engine {

namespace {

// Beyond any use, and safe for calendar arithmetic.
constexpr Instant earliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant latest = std::chrono::sys_days(std::chrono::year(9990) / 1 / 1);
// How far next() looks: more than ten times the longest distance between two occurrences (1000 months).
constexpr std::chrono::days farthest{366 * 1000};

} // namespace

Result<Recurrence> Recurrence::fromJson(const Json &recurrence, const QString &where)
{
    auto rule = Rule::fromJson(recurrence, where);
    if (!rule)
        return rule.error();
    Recurrence result;
    result.m_rule = std::move(*rule);
    return result;
}

std::vector<Occurrence> Recurrence::between(Instant after, Instant until, int limit) const
{
    std::vector<Occurrence> found;
    after = std::clamp(after, earliest, latest);
    until = std::clamp(until, earliest, m_rule->end ? std::min(latest, *m_rule->end) : latest);
    for (qint64 index = m_rule->firstPeriodFor(after); !m_rule->isAfter(index, until); ++index) {
        for (const Occurrence &occurrence : m_rule->period(index)) {
            if (int(found.size()) >= limit)
                return found;
            if (occurrence.at <= after || occurrence.at < m_rule->start || occurrence.at > until)
                continue;
            if (found.empty() || found.back().at < occurrence.at)
                found.push_back(occurrence);
        }
        if (int(found.size()) >= limit)
            break;
    }
    return found;
}

std::vector<Occurrence> Recurrence::next(Instant after, int count) const
{
    after = std::clamp(after, earliest, latest);
    return between(after, std::max(after, m_rule->start) + farthest, count);
}

std::optional<Occurrence> Recurrence::last(Instant after, Instant until) const
{
    after = std::clamp(after, earliest, latest);
    until = std::clamp(until, earliest, m_rule->end ? std::min(latest, *m_rule->end) : latest);
    if (until < m_rule->start || until <= after)
        return std::nullopt;
    qint64 index = m_rule->firstPeriodFor(until);
    while (!m_rule->isAfter(index, until))
        ++index;
    const qint64 lowest = m_rule->firstPeriodFor(after);
    for (; index >= lowest; --index) {
        const std::vector<Occurrence> period = m_rule->period(index);
        for (auto occurrence = period.crbegin(); occurrence != period.crend(); ++occurrence) {
            if (occurrence->at <= until && occurrence->at > after && occurrence->at >= m_rule->start)
                return *occurrence;
        }
    }
    return std::nullopt;
}

QString Recurrence::timeZone() const { return m_rule->zone.id(); }

QString Recurrence::sentence() const { return m_rule->sentence(); }

} // namespace engine
