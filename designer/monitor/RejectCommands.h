#pragma once

#include "designer/monitor/RejectRow.h"

#include <QTimeZone>

class QWidget;

namespace designer {

class Workbench;

// What is done with rejected rows beside correcting them. GUI thread.

// Asks whether `rows` are to be loaded into `sink`; waits for the answer.
bool askToReload(qint64 rows, bool areChosen, const QString &sink, QWidget *window);
// "36 of 37 rows were loaded on 20 Nov 22:00 by anna; 1 was refused again."
QString reloadText(const RejectsSummary::Reload &reload, const QTimeZone &zone);
// Asks for a file, and writes what the engine gives for `route` into it.
void exportRejects(Workbench &workbench, const QString &route, QWidget *window);

} // namespace designer
