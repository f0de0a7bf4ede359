#pragma once

#include "engine/records/Records.h"

#include <QList>
#include <QString>

class QTableView;
class QTreeView;

namespace designer {

// A table as all of the monitor's look: rows are selected, a state is a pill, names are shortened in the middle.
// `lookRole`: the role of a StatusLook; `sentences`: columns that are shortened at their end.
void dressTable(QTableView *table, int lookRole, const QList<int> &sentences);
void dressTree(QTreeView *tree, int lookRole, const QList<int> &sentences); // the same, with rows below rows

QString errorText(const engine::RunError &error); // message, code, details and traceback to read

} // namespace designer
