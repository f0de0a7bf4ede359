#pragma once

#include <QString>
#include <QStringList>

namespace engine {

// What somebody may have meant: "Did you mean “fare”?", else what there is: "There are: age, fare." Empty without
// candidates.
QString suggestName(const QString &wanted, const QStringList &candidates);

} // namespace engine
