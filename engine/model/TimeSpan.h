#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace engine {

// Data Factory's way to write durations, .NET's: "[d.]hh:mm[:ss[.fffffff]]", or days alone: "7". Fractions of a second
// are dropped; nothing for another form, hours over 23, minutes or seconds over 59, and negative spans.
std::optional<std::chrono::seconds> parseTimeSpan(const QString &text);
QString timeSpanToString(std::chrono::seconds span); // "0.12:00:00"

} // namespace engine
