#pragma once

#include "engine/base/Clock.h"

#include <QDateTime>
#include <QString>
#include <QTimeZone>

#include <optional>

namespace designer {

// Values as people read them: the design's forms of durations, counts, bytes and times. Pure; numbers by the locale.
QString durationText(engine::Millis duration); // "482 ms" · "12.4 s" · "3 min 07 s" · "2 h 05 min" · "1 d 04 h"
QString countText(qint64 count); // "8,100,000"
QString bytesText(qint64 bytes); // "612 MiB"
QString rateText(double perSecond); // "826 k" : shortened to three figures

// Instants are stored in UTC and shown in one zone, chosen by the user.
QDateTime inZone(engine::Instant instant, const QTimeZone &zone);
QString timeText(engine::Instant instant, const QTimeZone &zone); // "20 Nov 22:00:01", the year when it is another one
QString exactTimeText(engine::Instant instant,
                      const QTimeZone &zone); // "2025-03-29 14:30:11.482 +01:00": tooltip, copy
QString relativeTimeText(engine::Instant instant, engine::Instant now); // "4 min ago"; empty over 7 days
QString zoneText(const QTimeZone &zone, engine::Instant at); // "Europe/Berlin (UTC+01:00)"

// The message of a failed run without the words Data Factory begins it with ("Operation on target X failed: "), where
// there is little room and the cause is looked for.
QString causeText(const QString &message);

} // namespace designer
