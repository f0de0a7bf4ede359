#pragma once

#include "engine/copy/CopyPlan.h"

#include <QCommandLineParser>

namespace ctl {

// The form of files on the command line. --delimiter, --quote, … describe the text that is read, --to-delimiter, … the
// one that is written; when --from is a database, the first ones do too. The name of a file says the rest: .tsv is
// delimited by tabs, .json an array, .jsonl an object a line, .parquet Parquet, .gz packed. Relative paths start at the
// working folder. Errors: InvalidInput; `where` is the option.

void addReadingOptions(QCommandLineParser &parser);
void addWritingOptions(QCommandLineParser &parser);

engine::Result<engine::CopySource> fileFrom(const QString &place, const QCommandLineParser &parser);
engine::Result<engine::CopySink> fileTo(const QCommandLineParser &parser); // --to
// An option of files that are written, when --to is none.
engine::Result<> checkWritingOptions(const QCommandLineParser &parser);

} // namespace ctl
