#pragma once

#include "engine/records/Records.h"

#include <QString>
#include <QTimeZone>

namespace designer {

// What "Copy error" puts on the clipboard: one block of text with everything another person needs. Pure.
struct ErrorReport
{
    QString product; // "Slipway 0.1.0"
    engine::RunRecord run;
    const engine::ActivityRecord *activity = nullptr; // borrowed; none: the run itself failed
    const engine::CellRecord *cell = nullptr; // borrowed; the one that failed
    QTimeZone zone;

    QString toString() const;
};

} // namespace designer
