#include "app/ctl/Commands.h"
#include "app/ctl/CopyFiles.h"
#include "app/ctl/CopyLoad.h"
#include "app/ctl/CopyMapping.h"
#include "app/ctl/CopyPlaces.h"
#include "app/ctl/RunPrinter.h"
#include "app/ctl/StoreText.h"
#include "engine/copy/CopyJob.h"
#include "engine/copy/CopyTrial.h"
#include "engine/copy/FileSourcePlan.h"
#include "engine/copy/rejects/RejectWriter.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QRegularExpression>

#include <csignal>
#include <cstdio>
#include <unistd.h>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct CopyCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::CopyCommand)
};

const CancelToken interrupted;

extern "C" void onCopyInterrupt(int) { interrupted.cancel(); }

// A database is never taken for the name of a file.
Result<CopySink> sinkOf(const QCommandLineParser &parser)
{
    const QString to = parser.value(QStringLiteral("to"));
    static const QRegularExpression database(QStringLiteral("^[a-z]{2,}:|\\.(db|sqlite|sqlite3)(#|$)"));
    if (!isDatabasePlace(to) && !database.match(to).hasMatch())
        return fileTo(parser);
    if (const Result<> checked = checkWritingOptions(parser); !checked)
        return checked.error();
    return sinkFrom(to, QStringLiteral("--to"));
}

Result<SkipRules> skipRulesFrom(const QCommandLineParser &parser)
{
    SkipRules rules;
    rules.isOn = parser.isSet(QStringLiteral("skip"));
    const QString most = parser.value(QStringLiteral("max-errors"));
    const QString log = parser.value(QStringLiteral("log"));
    if (!rules.isOn && (!most.isEmpty() || !log.isEmpty()))
        return Error{ErrorCode::InvalidInput,
                     CopyCommandText::tr("--max-errors and --log mean something with --skip only."),
                     {}};
    bool isNumber = true;
    if (!most.isEmpty())
        rules.maxErrors = most.toLongLong(&isNumber);
    if (!isNumber || rules.maxErrors.value_or(0) < 0)
        return Error{ErrorCode::InvalidInput, CopyCommandText::tr("--max-errors takes a number from 0 on."), {}};
    if (!log.isEmpty()) {
        rules.log = SkipRules::Log::Activity;
        rules.root = QFileInfo(log).absoluteFilePath();
    }
    return rules;
}

class CopyCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("copy"); }
    QString summary() const override
    {
        return CopyCommandText::tr(
            "Copy a file, table or query into a table or file, all or nothing; needs no engine.");
    }
    QString arguments() const override { return QStringLiteral("--from SOURCE --to SINK"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        addSourceOptions(parser);
        parser.addOption(
            {QStringLiteral("from"),
             CopyCommandText::tr("A CSV, JSON (.json, .jsonl, .ndjson) or Parquet file, or a table as in --to."),
             CopyCommandText::tr("SOURCE")});
        parser.addOption(
            {QStringLiteral("to"),
             CopyCommandText::tr("sqlite:FILE#TABLE or postgresql://USER@HOST/DATABASE#TABLE; or a file (.csv, .tsv, "
                                 ".json, .jsonl, .parquet, also .gz, .zip …) or folder, which is made."),
             CopyCommandText::tr("SINK")});
        parser.addOption({QStringLiteral("pre-copy"),
                          CopyCommandText::tr("A script that runs first, in the same transaction: \"delete from t\"."),
                          CopyCommandText::tr("SQL")});
        addMappingOptions(parser);
        addLoadOptions(parser);
        addWritingOptions(parser);
        parser.addOption(
            {QStringLiteral("allow-empty"), CopyCommandText::tr("Let an empty file replace the table's rows.")});
        parser.addOption(
            {QStringLiteral("skip"),
             CopyCommandText::tr(
                 "Leave out rows that do not convert, have another number of columns, or that the table refuses.")});
        parser.addOption({QStringLiteral("max-errors"),
                          CopyCommandText::tr("With --skip: fail when more rows are bad."),
                          CopyCommandText::tr("N")});
        parser.addOption({QStringLiteral("log"),
                          CopyCommandText::tr("With --skip: write the rows left out into a file below this folder."),
                          CopyCommandText::tr("DIR")});
        parser.addOption(
            {QStringLiteral("preview"),
             CopyCommandText::tr("Copy nothing: convert the first 1,000 rows and say what would not fit.")});
        parser.addOption({QStringLiteral("dry-run"),
                          CopyCommandText::tr("Copy nothing: run the pre-copy script, take it back, and say what it "
                                              "would change.")});
        parser.addOption({QStringLiteral("rejects"),
                          CopyCommandText::tr("With --skip: keep the rows left out in this file, to correct and load "
                                              "them with slipwayctl rejects."),
                          CopyCommandText::tr("FILE")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        if (!positional(parser).isEmpty() || !parser.isSet(QStringLiteral("from"))
            || !parser.isSet(QStringLiteral("to")))
            return session.failUsage(
                CopyCommandText::tr("Usage: slipwayctl copy --from FILE|sqlite:FILE#TABLE|postgresql://…#TABLE --to "
                                    "sqlite:FILE#TABLE|postgresql://…#TABLE|FILE [--pre-copy SQL] "
                                    "[--map SOURCE:SINK,…]"));
        const Result<CopySink> sink = sinkOf(parser);
        if (!sink)
            return session.fail(sink.error());
        const Result<CopySource> source =
            sourceFrom(parser.value(QStringLiteral("from")), parser, QStringLiteral("--from"));
        if (!source)
            return session.fail(source.error());
        CopyPlan plan;
        plan.source = *source;
        plan.sink = *sink;
        if (const Result<> mapped = readMappingOptions(parser, plan); !mapped)
            return session.fail(mapped.error());
        if (const Result<> load = readLoadOptions(parser, plan); !load)
            return session.failUsage(load.error().message);
        if (auto *json = std::get_if<JsonFileSource>(&plan.source))
            describeRows(*json, plan);
        plan.preCopyScript = parser.value(QStringLiteral("pre-copy"));
        plan.allowEmptySource = parser.isSet(QStringLiteral("allow-empty"));
        const Result<SkipRules> skip = skipRulesFrom(parser);
        if (!skip)
            return session.failUsage(skip.error().message);
        plan.skip = *skip;

        if (parser.isSet(QStringLiteral("preview")))
            return preview(session, plan);
        if (parser.isSet(QStringLiteral("dry-run")))
            return dryRun(session, plan);
        struct sigaction action
        {
        };
        action.sa_handler = onCopyInterrupt;
        ::sigaction(SIGINT, &action, nullptr);
        ::sigaction(SIGTERM, &action, nullptr);
        const bool showProgress = !session.isJson() && ::isatty(STDERR_FILENO) != 0;
        CopyHooks hooks{.progress =
                            [showProgress](const CopyProgress &progress) {
                                if (showProgress)
                                    std::fprintf(stderr, "\r%s rows ", qPrintable(number(progress.counts.rowsCopied)));
                            },
                        .beforeCommit = {}};
        if (const QString kept = parser.value(QStringLiteral("rejects")); !kept.isEmpty() && plan.skip.isOn)
            hooks.rejects =
                std::make_shared<RejectWriter>(RejectWriter::Options{.file = QFileInfo(kept).absoluteFilePath()});
        const LoadIdentity identity{.load = LoadId::create(),
                                    .run = RunId(QStringLiteral("slipwayctl")),
                                    .activity = QStringLiteral("copy"),
                                    .attempt = 1,
                                    .activityRun = RunId::create().text()};
        const CopyOutcome outcome = runCopy(plan, identity, hooks, interrupted);
        if (showProgress)
            std::fputs("\r\033[K", stderr);
        return report(session, outcome);
    }

private:
    static int preview(const Session &session, const CopyPlan &plan)
    {
        constexpr int rows = 1000;
        const auto preview = previewConversion(plan, rows, interrupted);
        if (!preview)
            return session.fail(preview.error());
        printConversion(session, *preview);
        return preview->bad == 0 ? Done : CheckFailed;
    }

    static int dryRun(const Session &session, const CopyPlan &plan)
    {
        const auto trial = tryScript(plan, interrupted);
        if (!trial)
            return session.fail(trial.error());
        printTrial(session, *trial);
        return Done;
    }

    static int report(const Session &session, const CopyOutcome &outcome)
    {
        if (outcome.status == CopyOutcome::Status::Succeeded) {
            session.say(RunPrinter::copySentence(outcome.output));
            for (const QString &line : RunPrinter::rejectedLines(outcome.output))
                session.say(line);
            session.print(outcome.output);
            return Done;
        }
        if (session.isJson())
            session.print(Json{{"error", toJson(outcome.error)}, {"output", outcome.output}});
        else
            for (const QString &line : RunPrinter::failureLines(toJson(outcome.error)))
                std::fprintf(stderr, "%s\n", qPrintable(line));
        return outcome.status == CopyOutcome::Status::Cancelled ? Stopped : CheckFailed;
    }
};

} // namespace

std::unique_ptr<Command> makeCopyCommand() { return std::make_unique<CopyCommand>(); }

} // namespace ctl
