#pragma once

#include "engine/base/Result.h"

#include <QString>
#include <QStringList>

namespace engine {

// What somebody may have meant: "Did you mean “fare”?", else what there is: "There are: age, fare." Empty without
// candidates.
QString suggestName(const QString &wanted, const QStringList &candidates);

// Why nothing is at an absolute path: "There is no “finoutptu” in /data. Did you mean “finoutput”?" NotFound,
// or Io when the folder may not be read.
Error missingPath(const QString &path, const QString &where);

} // namespace engine
