#pragma once

#include "engine/base/Clock.h"

#include <QString>
#include <QTimeZone>

namespace designer {

engine::Instant presentInstant(); // of this machine's clock

// A time near the present as people say it, in `zone`: "22:30", "yesterday 18:05", "tomorrow 22:00", "Mon 18:05" within
// a week, else "20 Nov 22:00", with the year when it is another one. For sentences; tables use timeText().
QString momentText(engine::Instant at, engine::Instant now, const QTimeZone &zone);

QString shortPath(const QString &folder); // the home folder as "~"

} // namespace designer
