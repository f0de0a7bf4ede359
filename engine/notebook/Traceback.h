#pragma once

#include <QStringList>

namespace engine {

// Removes ANSI escape sequences (colours, cursor moves, titles).
QString withoutAnsi(const QString &text);

// At most `most` characters: three quarters of its beginning and a quarter of its end, with an ellipsis between.
QString shortened(const QString &text, qsizetype most);

// "<class 'ZeroDivisionError'>", as xeus names exceptions, becomes "ZeroDivisionError".
QString plainExceptionName(const QString &ename);

// The 1-based line of `source` at which the cell failed, 0 when the traceback does not say. Knows the headers of
// IPython 7 to 9, plain Python and R; of several frames in the cell the innermost counts. `executionCount` tells frames
// of this cell from frames of functions defined in earlier ones; 0 = not known.
int errorLine(const QStringList &traceback, const QString &source, int executionCount);

} // namespace engine
