#pragma once

#include "engine/base/Json.h"

#include <QHash>
#include <QPointF>

#include <memory>
#include <optional>

class QMimeData;

namespace designer {

// Activities on their way over the clipboard: as JSON text that people can read and send, and under a type of our own.
// Values of secure strings are left out. A value; pure.
struct ActivityClipboard
{
    engine::Json activities = engine::Json::array();
    QHash<QString, QPointF> places; // by name

    std::unique_ptr<QMimeData> toMime() const;
    // Our own, the text of one or several activities, or of a whole pipeline. Nothing when it is something else.
    static std::optional<ActivityClipboard> fromMime(const QMimeData &mime);
};

} // namespace designer
