#pragma once

#include "designer/shell/Icons.h"
#include "engine/records/Status.h"

#include <QColor>
#include <QMetaType>
#include <QString>

namespace designer {

// How a state looks, the same everywhere: colour, shape and word.
struct StatusLook
{
    QString word; // translated
    QString icon;
    IconRole role = IconRole::Idle;

    QColor colour() const { return colourOf(role); }
    QColor tint() const; // background of a pill
};

StatusLook statusLook(engine::RunStatus status);
StatusLook statusLook(engine::ActivityStatus status);
StatusLook statusLook(engine::AttemptStatus status);
StatusLook statusLook(engine::CellStatus status);
StatusLook rejectedLook(qint64 rows); // "Succeeded, 37 rows rejected"
StatusLook retryingLook();

} // namespace designer

Q_DECLARE_METATYPE(designer::StatusLook)
