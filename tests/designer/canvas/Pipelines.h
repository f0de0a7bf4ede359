#pragma once

#include "engine/base/Json.h"

#include <QPointF>
#include <QStringList>

namespace tests {

engine::Json json(const char *text); // fails the program when it is none

// "a>b" joins two activities by Succeeded, "a!b" by Failed, "a" alone is one; all are notebooks.
engine::Json pipeline(const QStringList &parts);

// `count` activities in rows, each linked with about two earlier ones.
engine::Json largePipeline(int count);

} // namespace tests
