#pragma once

#include "engine/copy/CopyPlan.h"

#include <QCommandLineParser>

namespace ctl {

// The options of a copy that say how its rows go into the table: --write-behavior, --keys, --create, --retries. They go
// into a plan that has its sink.
void addLoadOptions(QCommandLineParser &parser);
engine::Result<> readLoadOptions(const QCommandLineParser &parser, engine::CopyPlan &plan);

} // namespace ctl
