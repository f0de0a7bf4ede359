#include "app/ctl/Commands.h"

#include <QCoreApplication>

#include <array>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct RunsCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::RunsCommand)
};

QString spent(const Json &run)
{
    const auto start = instantFromIso(stringAt(run, "start", stringAt(run, "queuedAt")));
    const auto end = instantFromIso(stringAt(run, "end"));
    return start && end ? duration((*end - *start).count()) : QString();
}

Json texts(const QStringList &values)
{
    Json list = Json::array();
    for (const QString &value : values) {
        for (const QString &one : value.split(u',', Qt::SkipEmptyParts))
            list.push_back(toStdString(one.trimmed()));
    }
    return list;
}

class RunsCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("runs"); }
    QString summary() const override { return RunsCommandText::tr("List runs, newest first."); }

    void addOptions(QCommandLineParser &parser) const override
    {
        const auto option = [&parser](const char *name, const QString &text, const QString &value) {
            parser.addOption({QString::fromLatin1(name), text, value});
        };
        option("text",
               RunsCommandText::tr("Only runs with this in pipeline, id or error, whatever its case."),
               RunsCommandText::tr("TEXT"));
        option("status",
               RunsCommandText::tr("Only of this status (Queued, InProgress, Succeeded, Failed …), or several: A,B."),
               RunsCommandText::tr("STATUS"));
        option("pipeline",
               RunsCommandText::tr("Only runs of this pipeline; may be repeated."),
               RunsCommandText::tr("NAME"));
        option("triggered-by",
               RunsCommandText::tr("Only runs of this trigger, or Manual; may be repeated."),
               RunsCommandText::tr("NAME"));
        option("after", RunsCommandText::tr("Only what began at or after this time."), RunsCommandText::tr("ISO"));
        option("before", RunsCommandText::tr("Only what began at or before it."), RunsCommandText::tr("ISO"));
        option("sort",
               RunsCommandText::tr("By start, duration, pipeline, status, version or triggeredBy."),
               RunsCommandText::tr("COLUMN"));
        parser.addOption({QStringLiteral("debug"), RunsCommandText::tr("Debug runs instead of the others.")});
        parser.addOption({QStringLiteral("ascending"), RunsCommandText::tr("Smallest or oldest first.")});
        parser.addOption({QStringLiteral("all"), RunsCommandText::tr("Of all factories, not of this one alone.")});
        parser.addOption({QStringLiteral("limit"),
                          RunsCommandText::tr("How many at most (20)."),
                          RunsCommandText::tr("N"),
                          QStringLiteral("20")});
        parser.addOption({QStringLiteral("offset"),
                          RunsCommandText::tr("How many to leave out first (0)."),
                          RunsCommandText::tr("N"),
                          QStringLiteral("0")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const bool isAll = parser.isSet(QStringLiteral("all"));
        const Result<Json> body = queryFrom(parser);
        if (!body)
            return session.fail(body.error());
        Json query = *body;
        if (isAll) {
            if (const Result<Json> hello = session.engine(); !hello)
                return session.fail(hello.error());
        } else {
            const Result<QString> factory = session.factory();
            if (!factory)
                return session.fail(factory.error());
            query["factory"] = toStdString(*factory);
        }
        const Result<Json> runs = session.call("POST", QStringLiteral("/slipway/v1/runs/query"), query);
        if (!runs)
            return session.fail(runs.error());
        say(session, *runs, isAll);
        session.print(*runs);
        return Done;
    }

private:
    static Result<Json> queryFrom(const QCommandLineParser &parser)
    {
        Json body = {{"debug", parser.isSet(QStringLiteral("debug"))}};
        for (const auto &[option, key] :
             {std::pair{"text", "text"}, {"after", "after"}, {"before", "before"}, {"sort", "orderBy"}}) {
            if (parser.isSet(QLatin1String(option)))
                body[key] = toStdString(parser.value(QLatin1String(option)));
        }
        body["statuses"] = texts(parser.values(QStringLiteral("status")));
        body["pipelines"] = Json::array();
        for (const QString &pipeline : parser.values(QStringLiteral("pipeline")))
            body["pipelines"].push_back(toStdString(pipeline));
        body["triggeredBy"] = Json::array();
        for (const QString &trigger : parser.values(QStringLiteral("triggered-by")))
            body["triggeredBy"].push_back(toStdString(trigger));
        if (parser.isSet(QStringLiteral("ascending")))
            body["order"] = "asc";
        for (const auto &[option, least] : {std::pair{"limit", 1}, {"offset", 0}}) {
            bool isNumber = false;
            const int number = parser.value(QLatin1String(option)).toInt(&isNumber);
            if (!isNumber || number < least)
                return Error{
                    ErrorCode::InvalidInput,
                    RunsCommandText::tr("--%1 takes a number from %2 on.").arg(QLatin1String(option)).arg(least),
                    QStringLiteral("--") + QLatin1String(option)};
            body[option] = number;
        }
        return body;
    }

    static void say(const Session &session, const Json &runs, bool isAll)
    {
        QList<QStringList> rows;
        for (const Json &run : memberAt(runs, "value")) {
            QStringList row{stringAt(run, "runId").left(8)};
            if (isAll)
                row += stringAt(run, "factoryName");
            row += {stringAt(run, "pipeline"),
                    stringAt(run, "status"),
                    stringAt(run, "start", stringAt(run, "queuedAt")).left(19).replace(u'T', u' '),
                    spent(run),
                    stringAt(memberAt(run, "invokedBy"), "name"),
                    stringAt(run, "reason", stringAt(run, "message"))};
            rows += row;
        }
        if (rows.isEmpty()) {
            session.say(RunsCommandText::tr("No runs."));
            return;
        }
        QStringList head{RunsCommandText::tr("Run")};
        if (isAll)
            head += RunsCommandText::tr("Factory");
        head += {RunsCommandText::tr("Pipeline"),
                 RunsCommandText::tr("Status"),
                 RunsCommandText::tr("Start (UTC)"),
                 RunsCommandText::tr("Duration"),
                 RunsCommandText::tr("Triggered by"),
                 RunsCommandText::tr("Message")};
        session.say(table(head, rows));
        const qint64 total = intAt(runs, "total");
        if (total > rows.size())
            session.say(RunsCommandText::tr("%1 of %2; --limit and --offset show more.")
                            .arg(number(rows.size()), number(total)));
    }
};

} // namespace

std::unique_ptr<Command> makeRunsCommand() { return std::make_unique<RunsCommand>(); }

} // namespace ctl
