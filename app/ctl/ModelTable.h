#pragma once

#include "engine/base/CancelToken.h"
#include "scoring/training/TrainingTable.h"

#include <QCommandLineParser>
#include <QMap>
#include <QString>

namespace ctl {

// Everything a source has, in memory, to train with or to measure on. `place` is a file or table as CopyPlaces.h names
// it. Texts are numbers, booleans or texts by what stands in them; `missing` are the words for "not there" besides the
// usual ones. Errors: those of the source; InvalidInput: a row that cannot be read, or a bad cell.
engine::Result<scoring::TrainingTable> tableFrom(const QString &place,
                                                 const QCommandLineParser &parser,
                                                 const QString &option,
                                                 const engine::CancelToken &cancel);

} // namespace ctl
