#include "app/ctl/Commands.h"
#include "app/ctl/TestFiles.h"
#include "app/ctl/TestReport.h"
#include "app/ctl/TestRun.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSaveFile>

#include <algorithm>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct TestCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::TestCommand)
};

Result<> save(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return Error{ErrorCode::Io, TestCommandText::tr("Cannot write %1: %2").arg(path, file.errorString()), path};
    return {};
}

// Containers and what only works on values run anew each time: their outcomes follow from those of the others.
bool isWorthRecording(const Json &activity)
{
    static const QStringList valueActivities{QStringLiteral("setvariable"),
                                             QStringLiteral("appendvariable"),
                                             QStringLiteral("filter"),
                                             QStringLiteral("fail"),
                                             QStringLiteral("wait")};
    const QString type = stringAt(activity, "type");
    const QString status = stringAt(activity, "status");
    return !isContainer(type) && !valueActivities.contains(type.toLower())
        && (status == u"Succeeded" || status == u"Failed");
}

Json recordingOf(const Json &run, const Json &activities)
{
    Json outcomes = Json::object();
    for (const Json &activity : activities) {
        if (!isWorthRecording(activity))
            continue;
        Json outcome = {{"status", stringAt(activity, "status").toStdString()}};
        for (const char *member : {"output", "error"}) {
            if (const Json &value = memberAt(activity, member); !value.is_null() && !value.empty())
                outcome[member] = value;
        }
        outcomes[stringAt(activity, "path").toStdString()] = std::move(outcome);
    }
    return {{"runId", memberAt(run, "runId")},
            {"pipeline", memberAt(run, "pipeline")},
            {"status", memberAt(run, "status")},
            {"parameters", memberAt(run, "parameters")},
            {"activities", std::move(outcomes)}};
}

class TestCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("test"); }
    QString summary() const override
    {
        return TestCommandText::tr("Run the tests of the factory's pipelines, in a scratch copy and without a cloud.");
    }
    QString arguments() const override { return QStringLiteral("[FILE | FOLDER | NAME …]"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        parser.addOption({QStringLiteral("junit"),
                          TestCommandText::tr("Write what became of the tests as JUnit XML."),
                          TestCommandText::tr("FILE.xml")});
        parser.addOption({QStringLiteral("update"),
                          TestCommandText::tr("Write the values that were found into the tests, in place of those "
                                              "that were expected.")});
        parser.addOption({QStringLiteral("record"),
                          TestCommandText::tr("Run nothing: write how the activities of an earlier run ended into "
                                              "FILE, for mocksFrom."),
                          TestCommandText::tr("RUN")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        if (parser.isSet(QStringLiteral("record")))
            return record(parser, session);
        const Result<QString> factory = session.factoryFolder();
        if (!factory)
            return session.fail(factory.error());
        const Result<QList<TestFile>> files = findTests(*factory, positional(parser));
        if (!files)
            return session.fail(files.error());
        TestReport report{.factory = *factory, .begun = QDateTime::currentDateTimeUtc(), .outcomes = {}, .broken = {}};
        QElapsedTimer timer;
        timer.start();
        if (const Result<> done = runAll(session, *files, report); !done)
            return session.fail(done.error());
        report.milliseconds = timer.elapsed();
        int updatedFailures = 0;
        if (parser.isSet(QStringLiteral("update"))) {
            const Result<int> updated = update(session, *files, report);
            if (!updated)
                return session.fail(updated.error());
            updatedFailures = *updated;
        }
        session.say(summaryOf(report));
        session.print(Json{{"tests", report.outcomes.size()},
                           {"failed", report.failed()},
                           {"broken", report.broken.size()},
                           {"milliseconds", report.milliseconds}});
        if (parser.isSet(QStringLiteral("junit"))) {
            if (const Result<> saved = save(parser.value(QStringLiteral("junit")), toJUnit(report)); !saved)
                return session.fail(saved.error());
        }
        if (!report.broken.isEmpty())
            return WrongUsage;
        return report.failed() > updatedFailures ? CheckFailed : Done;
    }

private:
    static Result<> runAll(Session &session, const QList<TestFile> &files, TestReport &report)
    {
        for (const TestFile &file : files) {
            for (const Problem &problem : file.read.problems) {
                session.say(QStringLiteral("%1\n    %2").arg(problem.where, problem.message));
                session.print(Json{{"where", problem.where.toStdString()}, {"error", problem.message.toStdString()}});
            }
            report.broken += file.read.problems;
        }
        const bool isAny =
            std::any_of(files.cbegin(), files.cend(), [](const TestFile &file) { return !file.read.tests.isEmpty(); });
        if (!isAny)
            return {};
        const Result<QString> scratch = session.startStandalone();
        if (!scratch)
            return scratch.error();
        TestRun run(session, report.factory, *scratch + QStringLiteral("/tests"));
        if (const Result<> opened = run.open(); !opened)
            return opened;
        for (const TestFile &file : files) {
            for (const PipelineTest &test : file.read.tests) {
                report.outcomes.append(run.run(test, file.read.document));
                const TestOutcome &outcome = report.outcomes.constLast();
                for (const QString &line : linesAbout(outcome))
                    session.say(line);
                session.print(toJson(outcome));
            }
        }
        return {};
    }

    // Tests whose every mismatch could be written.
    static Result<int> update(Session &session, const QList<TestFile> &files, const TestReport &report)
    {
        int repaired = 0;
        for (const TestFile &file : files) {
            QList<Mismatch> all;
            for (const TestOutcome &outcome : report.outcomes) {
                if (outcome.test.file != file.shown || outcome.mismatches.isEmpty())
                    continue;
                all += outcome.mismatches;
                const UpdatedTests alone = withFoundValues(file.text, file.read.document, outcome.mismatches);
                repaired += alone.kept == 0 && outcome.error.isEmpty() ? 1 : 0;
            }
            const UpdatedTests updated = withFoundValues(file.text, file.read.document, all);
            if (updated.text != file.text) {
                if (const Result<> saved = save(file.path, updated.text); !saved)
                    return saved.error();
            }
            if (updated.changed > 0)
                session.say(TestCommandText::tr("%1: %n value(s) written", nullptr, updated.changed).arg(file.shown));
            if (updated.kept > 0)
                session.say(TestCommandText::tr("%1: %n expectation(s) to change by hand", nullptr, updated.kept)
                                .arg(file.shown));
        }
        return repaired;
    }

    static int record(const QCommandLineParser &parser, Session &session)
    {
        const QStringList words = positional(parser);
        if (words.size() != 1)
            return session.failUsage(TestCommandText::tr(
                "Usage: slipwayctl test --record RUN FILE.json; RUN is an id, its beginning, or \"last\"."));
        if (const Result<QString> factory = session.factory(); !factory)
            return session.fail(factory.error());
        const Result<QString> id = session.runId(parser.value(QStringLiteral("record")));
        if (!id)
            return session.fail(id.error());
        const QString path = QStringLiteral("/slipway/v1/runs/") + *id;
        const Result<Json> run = session.call("GET", path + QStringLiteral("/record"));
        if (!run)
            return session.fail(run.error());
        const Result<Json> activities = session.call("GET", path + QStringLiteral("/activityrecords"));
        if (!activities)
            return session.fail(activities.error());
        const Json recording = recordingOf(*run, memberAt(*activities, "value"));
        if (const Result<> saved = save(words.first(), toPretty(recording)); !saved)
            return session.fail(saved.error());
        session.say(
            TestCommandText::tr("%1: %n outcome(s) recorded", nullptr, int(memberAt(recording, "activities").size()))
                .arg(words.first()));
        session.print(recording);
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeTestCommand() { return std::make_unique<TestCommand>(); }

} // namespace ctl
