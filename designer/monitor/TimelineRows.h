#pragma once

#include "designer/monitor/RunWatch.h"
#include "designer/widgets/StatusLook.h"

namespace designer {

// One line of the timeline: an activity, or a cell below it.
struct TimelineRow
{
    struct Bar // one attempt
    {
        engine::Instant waitedFrom; // = start: it did not wait
        engine::Instant start;
        std::optional<engine::Instant> end; // none: still going
        StatusLook look;
        bool isFailed = false; // its end is marked
        int attempt = 1;
    };

    engine::ActivityRunId activityRun; // empty: it has no record, only a place in the pipeline
    QString activity; // path
    int cell = 0; // 1-based; 0 = the activity itself
    int depth = 0; // of containers
    QString label;
    StatusLook look;
    QList<Bar> bars;
    QString note; // instead of bars: "not started: TitanicPredictions failed"

    bool isSamePlace(const TimelineRow &other) const { return activity == other.activity && cell == other.cell; }
};

// The rows of a run in the order its activities appeared, cells below their activity unless it is in `collapsed` (by
// path). Activities that have not begun come from the pipeline, when it is loaded. Pure.
QList<TimelineRow> timelineRows(const RunWatch &run, const QStringList &collapsed);

// Why an activity did not run: the first of its dependencies that is not met; empty when that is not known.
QString whyNotStarted(const RunWatch &run, const QString &activity);

} // namespace designer
