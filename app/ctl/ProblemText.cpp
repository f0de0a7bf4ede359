#include "app/ctl/ProblemText.h"

#include "engine/model/Problem.h"

using namespace engine;

namespace ctl {

QString problemText(const Json &problem)
{
    const Problem placed{.code = stringAt(problem, "code"),
                         .where = stringAt(problem, "where"),
                         .message = stringAt(problem, "message"),
                         .fix = stringAt(problem, "fix")};
    const qint64 line = intAt(problem, "line");
    const QString place = line > 0
        ? QStringLiteral("%1:%2:%3").arg(fileOf(placed)).arg(line).arg(intAt(problem, "column"))
        : fileOf(placed);
    QStringList lines{QStringLiteral("%1: %2: %3 [%4]")
                          .arg(place, stringAt(problem, "severity").toLower(), placed.message, placed.code)};
    if (!pathOf(placed).isEmpty())
        lines.append(QStringLiteral("    ") + pathOf(placed));
    if (!placed.fix.isEmpty())
        lines.append(QStringLiteral("    ") + placed.fix);
    return lines.join(u'\n');
}

} // namespace ctl
