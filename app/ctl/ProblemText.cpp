#include "app/ctl/ProblemText.h"

#include "app/ctl/Session.h"
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
    QStringList lines{
        QStringLiteral("%1: %2: %3 [%4]")
            .arg(printable(place), stringAt(problem, "severity").toLower(), printable(placed.message), placed.code)};
    if (!pathOf(placed).isEmpty())
        lines.append(QStringLiteral("    ") + printable(pathOf(placed)));
    if (!placed.fix.isEmpty())
        lines.append(QStringLiteral("    ") + printable(placed.fix));
    return lines.join(u'\n');
}

} // namespace ctl
