#pragma once

#include "engine/base/Result.h"
#include "scoring/training/TrainingTable.h"

#include <QMap>
#include <QStringList>

namespace scoring {

QStringList usualMissingWords(); // those of InputBinding.h

// Tables out of files of text: text columns typed by what stands in them, others as they are. A column of which every
// cell is missing or a whole number becomes Integer, one of numbers Double, one of true and false Boolean, all others
// stay Text; `given` says what a column is to be instead. Numbers are in the invariant spelling ("1,234" is a text);
// spaces around them do not count. Errors: InvalidInput: a cell that is not of the given type, or infinite; NotFound: a
// column that is given a type and is not there.
engine::Result<TrainingTable> withTypes(TrainingTable texts,
                                        const QStringList &missingWords = usualMissingWords(),
                                        const QMap<QString, FieldType> &given = {});

} // namespace scoring
