#include "designer/monitor/RunListFilter.h"

#include <QCoreApplication>

#include <array>

namespace designer {

using namespace engine;

namespace {

struct FilterText
{
    Q_DECLARE_TR_FUNCTIONS(designer::RunListFilter)
};

using Span = RunListFilter::Span;

struct SpanWords
{
    Span span;
    const char *key;
    int hours; // 0 = no limit
};

constexpr std::array spans{SpanWords{Span::LastHour, "lastHour", 1},
                           SpanWords{Span::LastDay, "lastDay", 24},
                           SpanWords{Span::Last3Days, "last3Days", 72},
                           SpanWords{Span::LastWeek, "lastWeek", 7 * 24},
                           SpanWords{Span::LastMonth, "lastMonth", 30 * 24},
                           SpanWords{Span::All, "all", 0},
                           SpanWords{Span::Custom, "custom", 0}};

const char *keyWord(RunListFilter::Key key)
{
    switch (key) {
    case RunListFilter::Key::Start:
        return "start";
    case RunListFilter::Key::Duration:
        return "duration";
    case RunListFilter::Key::Pipeline:
        return "pipeline";
    case RunListFilter::Key::Status:
        return "status";
    case RunListFilter::Key::Version:
        return "version";
    case RunListFilter::Key::TriggeredBy:
        return "triggeredBy";
    }
    return "start";
}

bool hasText(const RunRecord &run, const QString &text)
{
    return run.pipeline.contains(text, Qt::CaseInsensitive) || run.id.text().contains(text, Qt::CaseInsensitive)
        || run.message.contains(text, Qt::CaseInsensitive);
}

} // namespace

bool RunListFilter::leavesOut() const
{
    return !text.isEmpty() || span != Span::All || !statuses.isEmpty() || !pipelines.isEmpty();
}

void RunListFilter::clear()
{
    text.clear();
    span = Span::All;
    after.reset();
    before.reset();
    statuses.clear();
    pipelines.clear();
}

std::optional<Instant> RunListFilter::from(Instant now) const
{
    if (span == Span::Custom)
        return after;
    for (const SpanWords &words : spans) {
        if (words.span == span && words.hours > 0)
            return now - std::chrono::hours(words.hours);
    }
    return {};
}

Json RunListFilter::toJson(Instant now) const
{
    Json json = Json::object();
    if (!factory.isEmpty())
        json["factory"] = toStdString(factory.text());
    if (isDebug)
        json["debug"] = true;
    if (!text.isEmpty())
        json["text"] = toStdString(text);
    if (const auto first = from(now))
        json["after"] = toStdString(toIso(*first));
    if (span == Span::Custom && before)
        json["before"] = toStdString(toIso(*before));
    for (const RunStatus status : statuses)
        json["statuses"].push_back(toStdString(engine::toString(status)));
    for (const QString &pipeline : pipelines)
        json["pipelines"].push_back(toStdString(pipeline));
    json["orderBy"] = keyWord(orderBy);
    json["order"] = order == Qt::AscendingOrder ? "asc" : "desc";
    return json;
}

bool RunListFilter::matches(const RunRecord &run, Instant now) const
{
    if (!factory.isEmpty() && run.factory != factory)
        return false;
    if (isDebug != (run.version < 0)) // a draft's
        return false;
    if (!text.isEmpty() && !hasText(run, text))
        return false;
    if (!statuses.isEmpty() && !statuses.contains(run.status))
        return false;
    if (!pipelines.isEmpty() && !pipelines.contains(run.pipeline))
        return false;
    const Instant time = timeOf(run);
    const auto first = from(now);
    return !(first && time < *first) && !(span == Span::Custom && before && time > *before);
}

QString titleOf(Span span)
{
    switch (span) {
    case Span::LastHour:
        return FilterText::tr("Last hour");
    case Span::LastDay:
        return FilterText::tr("Last 24 hours");
    case Span::Last3Days:
        return FilterText::tr("Last 3 days");
    case Span::LastWeek:
        return FilterText::tr("Last 7 days");
    case Span::LastMonth:
        return FilterText::tr("Last 30 days");
    case Span::All:
        return FilterText::tr("All time");
    case Span::Custom:
        return FilterText::tr("From … to …");
    }
    return {};
}

QString toString(Span span)
{
    for (const SpanWords &words : spans) {
        if (words.span == span)
            return QLatin1String(words.key);
    }
    return {};
}

Span spanFromString(const QString &text)
{
    for (const SpanWords &words : spans) {
        if (text == QLatin1String(words.key) && words.span != Span::Custom)
            return words.span;
    }
    return Span::Last3Days;
}

Instant timeOf(const RunRecord &run) { return run.start.value_or(run.queuedAt); }

Millis durationOf(const RunRecord &run, Instant now)
{
    return run.start ? run.end.value_or(now) - *run.start : Millis(0);
}

} // namespace designer
