#include "app/ctl/Commands.h"
#include "app/ctl/DriftLines.h"
#include "app/ctl/RunPrinter.h"

#include <QCoreApplication>
#include <QHash>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ShowCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ShowCommand)
};

QString durationOf(const Json &record)
{
    const Json &milliseconds = memberAt(record, "durationInMs");
    return milliseconds.is_number() ? duration(milliseconds.get<qint64>()) : QString();
}

class ShowCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("show"); }
    QString summary() const override
    {
        return ShowCommandText::tr("Show one run down to its cells: an id, its beginning, or \"last\".");
    }
    QString arguments() const override { return QStringLiteral("[RUN]"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("outputs"), ShowCommandText::tr("Print what each cell printed.")});
        parser.addOption({QStringLiteral("source"), ShowCommandText::tr("Print each cell's source.")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() > 1)
            return session.failUsage(ShowCommandText::tr("Usage: slipwayctl show [RUN]"));
        if (const Result<QString> factory = session.factory(); !factory)
            return session.fail(factory.error());
        const Result<QString> id = session.runId(words.isEmpty() ? QStringLiteral("last") : words.first());
        if (!id)
            return session.fail(id.error());
        const QString path = QStringLiteral("/slipway/v1/runs/") + *id;
        const Result<Json> run = session.call("GET", path);
        const Result<Json> activities = session.call("GET", path + QStringLiteral("/activities"));
        const Result<Json> cells = session.call("GET", path + QStringLiteral("/cells"));
        for (const auto *part : {&run, &activities, &cells}) {
            if (!*part)
                return session.fail(part->error());
        }
        session.print(
            Json{{"run", *run}, {"activities", memberAt(*activities, "value")}, {"cells", memberAt(*cells, "value")}});
        sayRun(session, *run);
        QHash<QString, QList<const Json *>> inside; // by the container's path
        for (const Json &activity : memberAt(*activities, "value"))
            inside[containerOf(pathOf(activity))].append(&activity);
        sayInside(session, parser, inside, {}, memberAt(*cells, "value"));
        return Done;
    }

private:
    static void sayRun(const Session &session, const Json &run)
    {
        session.say(ShowCommandText::tr("Run %1 of %2, version %3, triggered by %4")
                        .arg(stringAt(run, "runId"), stringAt(run, "pipelineName"))
                        .arg(intAt(memberAt(run, "slipway"), "version"))
                        .arg(stringAt(memberAt(run, "invokedBy"), "name")));
        session.say(
            QStringLiteral("%1  %2  %3").arg(stringAt(run, "status"), stringAt(run, "runStart"), durationOf(run)));
        if (!stringAt(run, "message").isEmpty())
            session.say(stringAt(run, "message"));
        if (const QString reason = stringAt(memberAt(run, "slipway"), "reason"); !reason.isEmpty())
            session.say(reason);
    }

    static QString pathOf(const Json &activity)
    {
        return stringAt(memberAt(activity, "slipway"), "path", stringAt(activity, "activityName"));
    }

    // "Loop[3]/Load" is inside "Loop".
    static QString containerOf(const QString &path)
    {
        const QString before = path.left(std::max<qsizetype>(0, path.lastIndexOf(u'/')));
        return before.endsWith(u']') ? before.left(before.lastIndexOf(u'[')) : before;
    }

    // A container is followed by what ran in it.
    static void sayInside(const Session &session,
                          const QCommandLineParser &parser,
                          const QHash<QString, QList<const Json *>> &inside,
                          const QString &container,
                          const Json &cells)
    {
        for (const Json *activity : inside.value(container)) {
            sayActivity(session, parser, *activity, cells);
            if (const QString path = pathOf(*activity); !path.isEmpty())
                sayInside(session, parser, inside, path, cells);
        }
    }

    static void
    sayActivity(const Session &session, const QCommandLineParser &parser, const Json &activity, const Json &cells)
    {
        QString head = QStringLiteral("\n%1 (%2)  %3  %4")
                           .arg(pathOf(activity),
                                stringAt(activity, "activityType"),
                                stringAt(activity, "status"),
                                durationOf(activity));
        const int attempts = int(intAt(memberAt(activity, "slipway"), "attempts"));
        if (attempts > 1)
            head += ShowCommandText::tr(", %1 attempts").arg(attempts);
        session.say(head);
        if (const QString rows = RunPrinter::copySentence(memberAt(activity, "output")); !rows.isEmpty())
            session.say(QStringLiteral("  ") + rows);
        for (const QString &line : RunPrinter::rejectedLines(memberAt(activity, "output")))
            session.say(line);
        for (const QString &line : driftLines(memberAt(activity, "output")))
            session.say(QStringLiteral("  ") + line);
        if (const QString reason = stringAt(memberAt(activity, "slipway"), "reason"); !reason.isEmpty())
            session.say(QStringLiteral("  ") + reason);
        for (const Json &cell : cells) {
            if (stringAt(cell, "activityRunId") == stringAt(activity, "activityRunId")
                && stringAt(cell, "kind") == u"code")
                sayCell(session, parser, cell, attempts);
        }
        const Json &error = memberAt(activity, "error");
        if (!stringAt(error, "message").isEmpty()) {
            for (const QString &line : RunPrinter::failureLines(error))
                session.say(QStringLiteral("  ") + line);
        }
    }

    static void sayCell(const Session &session, const QCommandLineParser &parser, const Json &cell, int attempts)
    {
        const auto start = instantFromIso(stringAt(cell, "start"));
        const auto end = instantFromIso(stringAt(cell, "end"));
        const QString time = start && end ? duration((*end - *start).count()) : QString();
        const QString which = attempts > 1
            ? ShowCommandText::tr("attempt %1, cell %2").arg(intAt(cell, "attempt", 1)).arg(intAt(cell, "index") + 1)
            : ShowCommandText::tr("cell %1").arg(intAt(cell, "index") + 1);
        QString text = QStringLiteral("  %1 %2 %3  %4")
                           .arg(which.leftJustified(8),
                                stringAt(cell, "status").leftJustified(11),
                                time.rightJustified(8),
                                stringAt(cell, "title"));
        while (text.endsWith(u' '))
            text.chop(1);
        session.say(text);
        if (parser.isSet(QStringLiteral("source"))) {
            for (const QString &line : stringAt(cell, "source").split(u'\n'))
                session.say(QStringLiteral("      > ") + line);
        }
        if (parser.isSet(QStringLiteral("outputs"))) {
            for (const Json &output : memberAt(cell, "outputs")) {
                for (const QString &line : outputText(output).split(u'\n', Qt::SkipEmptyParts))
                    session.say(QStringLiteral("      │ ") + line);
            }
        }
    }
};

class CancelCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("cancel"); }
    QString summary() const override { return ShowCommandText::tr("Cancel a run; its sinks are as before."); }
    QString arguments() const override { return QStringLiteral("RUN"); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 1)
            return session.failUsage(ShowCommandText::tr("Usage: slipwayctl cancel RUN"));
        if (const Result<QString> factory = session.factory(); !factory)
            return session.fail(factory.error());
        const Result<QString> id = session.runId(words.first());
        if (!id)
            return session.fail(id.error());
        const Result<Json> cancelled =
            session.call("POST", QStringLiteral("/slipway/v1/runs/%1/cancel").arg(*id), Json::object());
        if (!cancelled)
            return session.fail(cancelled.error());
        session.say(ShowCommandText::tr("Run %1 is being cancelled.").arg(*id));
        session.print(Json{{"runId", toStdString(*id)}, {"cancelling", true}});
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeShowCommand() { return std::make_unique<ShowCommand>(); }

std::unique_ptr<Command> makeCancelCommand() { return std::make_unique<CancelCommand>(); }

} // namespace ctl
