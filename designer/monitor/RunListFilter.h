#pragma once

#include "engine/base/Json.h"
#include "engine/records/Records.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace designer {

// Which runs a list shows and in which order: what "runs/query" is asked for, and whether a run that happens belongs.
struct RunListFilter
{
    enum class Span { LastHour, LastDay, Last3Days, LastWeek, LastMonth, All, Custom };
    enum class Key { Start, Duration, Pipeline, Status, Version, TriggeredBy };

    engine::FactoryId factory; // empty = all
    bool isDebug = false; // debug runs, which are never among the others
    QString text; // part of a name, a run id or an error; any case
    Span span = Span::Last3Days;
    std::optional<engine::Instant> after; // of Custom
    std::optional<engine::Instant> before;
    QList<engine::RunStatus> statuses; // empty = all
    QStringList pipelines; // empty = all
    Key orderBy = Key::Start;
    Qt::SortOrder order = Qt::DescendingOrder;

    bool leavesOut() const; // anything but the factory and the order restricts
    void clear(); // so that it does not
    std::optional<engine::Instant> from(engine::Instant now) const;

    engine::Json toJson(engine::Instant now) const; // without offset and limit
    bool matches(const engine::RunRecord &run, engine::Instant now) const;
    bool operator==(const RunListFilter &) const = default;
};

QString titleOf(RunListFilter::Span span); // "Last 3 days"
QString toString(RunListFilter::Span span); // for settings
RunListFilter::Span spanFromString(const QString &text);

// A run's place in time: its start, or while it waits, when it was queued.
engine::Instant timeOf(const engine::RunRecord &run);
engine::Millis durationOf(const engine::RunRecord &run, engine::Instant now);

} // namespace designer
