#pragma once

#include "designer/widgets/StatusLook.h"

#include <QHash>
#include <QString>

#include <optional>

namespace designer {

// What a run says about one activity, as the canvas shows it.
struct NodeState
{
    StatusLook look; // the pill on the node's top edge
    QString duration; // "12.4 s"; empty = none yet
    std::optional<qint64> rows; // on the links that leave the node

    bool operator==(const NodeState &other) const
    {
        return look.word == other.look.word && look.icon == other.look.icon && look.role == other.look.role
            && duration == other.duration && rows == other.rows;
    }
};

} // namespace designer
