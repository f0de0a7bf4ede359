#!/usr/bin/env python3
"""Occurrences of daily and weekly schedules by an independent oracle: the standard library's zoneinfo.

Prints a line "schedule <json>", then a line with the UTC instants in seconds since 1970. TestRecurrence runs it, so
that both read the tz database of the same machine.
The rule is the one of the product: a local time in a gap is the first valid instant after it, one in an overlap the
first of the two, and occurrences are a set.
"""
import datetime as dt
import json
import zoneinfo

UTC = dt.timezone.utc
ZONES = ["Europe/Berlin", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/Santiago",
         "Asia/Kolkata", "Africa/Casablanca", "Asia/Gaza", "Pacific/Apia", "America/Sao_Paulo", "UTC"]
WEEK_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]


def instant(local, zone):
    """UTC seconds of a local time."""
    first = int(local.replace(tzinfo=zone, fold=0).timestamp())
    if dt.datetime.fromtimestamp(first, zone).replace(tzinfo=None) == local:
        return first
    # In a gap: search the change for the first second that shows a later time than `local`.
    low, high = first - 2 * 86400, first + 2 * 86400
    while high - low > 1:
        middle = (low + high) // 2
        if dt.datetime.fromtimestamp(middle, zone).replace(tzinfo=None) < local:
            low = middle
        else:
            high = middle
    return high


def occurrences(schedule, years):
    zone = zoneinfo.ZoneInfo(schedule["timeZone"])
    start = dt.datetime.fromisoformat(schedule["startTime"])
    times = schedule.get("schedule", {})
    hours = times.get("hours", [start.hour])
    minutes = times.get("minutes", [start.minute])
    first = instant(start, zone)
    end = dt.date(start.year + years, 1, 1)
    found = set()
    day = start.date()
    sunday = day - dt.timedelta(days=(day.weekday() + 1) % 7)
    wanted = times.get("weekDays", [WEEK_DAYS[(day.weekday() + 1) % 7]])
    while day < end:
        if schedule["frequency"] == "Day":
            due = (day - start.date()).days % schedule["interval"] == 0
        else:
            due = (day - sunday).days // 7 % schedule["interval"] == 0 and WEEK_DAYS[(day.weekday() + 1) % 7] in wanted
        if due:
            for hour in hours:
                for minute in minutes:
                    at = instant(dt.datetime.combine(day, dt.time(hour, minute)), zone)
                    if at >= first:
                        found.add(at)
        day += dt.timedelta(days=1)
    return sorted(found)


def schedules():
    for zone in ZONES:
        for year, years in ((2010, 3), (2025, 2), (2037, 3)):
            start = f"{year}-01-06T02:30:00"
            common = {"startTime": start, "timeZone": zone}
            yield dict(common, frequency="Day", interval=1), years
            yield dict(common, frequency="Day", interval=3, schedule={"hours": [0, 2, 3], "minutes": [0, 30]}), years
            yield dict(common, frequency="Week", interval=2,
                       schedule={"weekDays": ["Sunday", "Monday", "Saturday"], "hours": [1, 2], "minutes": [30]}), years
            yield dict(common, frequency="Week", interval=1), years


def main():
    lines = []
    for schedule, years in schedules():
        lines.append("schedule " + json.dumps(schedule))
        lines.append(" ".join(map(str, occurrences(schedule, years))))
    print("\n".join(lines))


main()
