#pragma once

#include "engine/copy/CopyPlan.h"

#include <QCommandLineParser>

namespace ctl {

// How a place that is no dataset is named on the command line, and the options that say how its text is read: the same
// for copy, preview and schema. Pure; relative paths start at the working folder. Errors: InvalidInput, `where` is the
// option.

// How a file is read (CopyFiles.h). --query: what to read from a database.
void addSourceOptions(QCommandLineParser &parser);

bool isDatabasePlace(const QString &place); // sqlite:… or postgresql://…
// FILE, sqlite:FILE#TABLE or postgresql://…#TABLE; with --query a database without a table. `option` names the place in
// errors: "--from".
engine::Result<engine::CopySource>
sourceFrom(const QString &place, const QCommandLineParser &parser, const QString &option);
// sqlite:FILE#TABLE or postgresql://…#TABLE; a table may be schema.table.
engine::Result<engine::CopySink> sinkFrom(const QString &place, const QString &option);

} // namespace ctl
