#pragma once

#include "engine/copy/CopyPlan.h"

#include <QCommandLineParser>

namespace ctl {

// The options of a copy that say how its columns are made, mapped and read: --map, --translator, --culture,
// --add-column, --partitions, --delete-source. They go into a plan that has its source.
void addMappingOptions(QCommandLineParser &parser);
engine::Result<> readMappingOptions(const QCommandLineParser &parser, engine::CopyPlan &plan);

} // namespace ctl
