#include "designer/widgets/ErrorReport.h"

#include "designer/shell/Link.h"
#include "designer/widgets/Format.h"

#include <QCoreApplication>
#include <QStringList>

namespace designer {

using namespace engine;

namespace {

struct ErrorReportText
{
    Q_DECLARE_TR_FUNCTIONS(designer::ErrorReport)
};

QString line(const QString &name, const QString &value)
{
    return value.isEmpty() ? QString() : name + QStringLiteral(": ") + value + u'\n';
}

QString compact(const Json &json) { return json.empty() ? QString() : QString::fromUtf8(toCompact(json)); }

QString cellLines(const CellRecord &cell)
{
    QString place = ErrorReportText::tr("cell %1").arg(cell.index + 1);
    if (!cell.title.isEmpty())
        place += QStringLiteral(" “%1”").arg(cell.title);
    if (cell.errorLine > 0) {
        place += ErrorReportText::tr(", line %1").arg(cell.errorLine);
        const QString source = cell.source.section(u'\n', cell.errorLine - 1, cell.errorLine - 1).trimmed();
        if (!source.isEmpty())
            place += QStringLiteral(": ") + source;
    }
    return line(ErrorReportText::tr("Cell"), place);
}

} // namespace

QString ErrorReport::toString() const
{
    QString text = product + u'\n';
    text += line(ErrorReportText::tr("Pipeline"), QStringLiteral("%1@v%2").arg(run.pipeline).arg(run.version));
    text += line(ErrorReportText::tr("Run"), run.id.text());
    text += line(ErrorReportText::tr("Started"), exactTimeText(run.start.value_or(run.queuedAt), zone));
    text += line(ErrorReportText::tr("Triggered by"), run.invokedBy.name);
    text += line(ErrorReportText::tr("Parameters"), compact(run.parameters));
    Link link = runLink(run.id.text());
    QString message = run.message;
    QString traceback;
    if (activity) {
        text += line(ErrorReportText::tr("Activity"), QStringLiteral("%1 (%2)").arg(activity->path, activity->type));
        text += line(ErrorReportText::tr("Attempt"), QString::number(cell ? cell->attempt : activity->attempts));
        text += line(ErrorReportText::tr("Error code"), activity->error.errorCode);
        if (!activity->error.message.isEmpty())
            message = activity->error.message;
        traceback = stringAt(activity->error.details, "traceback");
        link = activityLink(run.id.text(), activity->path, cell ? cell->index + 1 : 0);
    }
    if (cell) {
        text += cellLines(*cell);
        if (!cell->traceback.isEmpty())
            traceback = cell->traceback;
    }
    text += line(ErrorReportText::tr("Message"), message);
    if (activity && traceback.isEmpty())
        text += line(ErrorReportText::tr("Details"), compact(activity->error.details));
    text += line(ErrorReportText::tr("Link"), link.toString());
    if (!traceback.isEmpty())
        text += u'\n' + traceback + u'\n';
    return text;
}

} // namespace designer
