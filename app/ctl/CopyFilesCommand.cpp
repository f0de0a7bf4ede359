#include "app/ctl/Commands.h"
#include "app/ctl/RunPrinter.h"
#include "engine/copy/CopyJob.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <csignal>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct CopyFilesText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::CopyFilesCommand)
};

const CancelToken interrupted;

extern "C" void onCopyFilesInterrupt(int) { interrupted.cancel(); }

// A dataset of type Binary at a path, bound to the folder above it.
struct Side
{
    Dataset dataset;
    Binding binding;
};

Side sideOf(const QString &path, const QString &compression)
{
    const QFileInfo info(QDir::cleanPath(QFileInfo(path).absoluteFilePath()));
    Side side;
    side.dataset.type = QStringLiteral("Binary");
    side.dataset.name = side.dataset.file = path;
    const bool isFolder = !info.isFile();
    side.dataset.typeProperties = {{"location", {{isFolder ? "folderPath" : "fileName", toStdString(info.fileName())}}},
                                   {"compression", {{"type", toStdString(compression)}}}};
    side.binding = FolderBinding{info.path()};
    return side;
}

Result<CopyPlan> planFrom(const QCommandLineParser &parser)
{
    const auto value = [&parser](const char *option) { return parser.value(QString::fromLatin1(option)); };
    const auto text = [&value](const char *option) { return toStdString(value(option)); };
    const Side from = sideOf(value("from"), value("unpack"));
    const Side to = sideOf(value("to"), value("pack"));
    Json reading = {{"recursive", !parser.isSet(QStringLiteral("flat"))}};
    if (!text("name").empty())
        reading["wildcardFileName"] = text("name");
    const Json source = {{"type", "BinarySource"}, {"storeSettings", reading}};
    const Json sink = {{"type", "BinarySink"}, {"storeSettings", {{"copyBehavior", text("behavior")}}}};
    const Json activity = {{"validateDataConsistency", parser.isSet(QStringLiteral("validate"))},
                           {"skipErrorFile", {{"fileMissing", parser.isSet(QStringLiteral("skip-missing"))}}}};
    const auto copy = planBinaryCopy({source, QStringLiteral("--from"), from.dataset, from.binding},
                                     {sink, QStringLiteral("--to"), to.dataset, to.binding},
                                     activity,
                                     QDir::currentPath());
    if (!copy)
        return copy.error();
    CopyPlan plan;
    plan.source = copy->source;
    plan.sink = copy->sink;
    plan.additional.storeRoot = copy->source.files.root;
    plan.deleteSourceFiles = parser.isSet(QStringLiteral("delete-source"));
    return plan;
}

class CopyFilesCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("copy-files"); }
    QString summary() const override
    {
        return CopyFilesText::tr("Copy files as they are into a folder, all or none; needs no engine.");
    }
    QString arguments() const override { return QStringLiteral("--from PATH --to FOLDER"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        const auto add = [&parser](const char *option, const QString &help, const QString &value = {}) {
            if (value.isEmpty())
                parser.addOption({QString::fromLatin1(option), help});
            else
                parser.addOption({QString::fromLatin1(option), help, value});
        };
        add("from", CopyFilesText::tr("A file, or a folder with all that is in it."), CopyFilesText::tr("PATH"));
        add("to", CopyFilesText::tr("The folder; it is made when it is not there."), CopyFilesText::tr("FOLDER"));
        add("name", CopyFilesText::tr("Only files of such names: \"*.csv\"."), CopyFilesText::tr("PATTERN"));
        add("flat", CopyFilesText::tr("Only the files of the folder itself, not of those in it."));
        add("behavior",
            CopyFilesText::tr("PreserveHierarchy (as it is without this), FlattenHierarchy or MergeFiles."),
            CopyFilesText::tr("NAME"));
        add("unpack",
            CopyFilesText::tr("Take a compression off: gzip, bzip2, deflate, zstd, lz4, ZipDeflate, Tar or TarGzip."),
            CopyFilesText::tr("CODEC"));
        add("pack", CopyFilesText::tr("Put a compression on, one of the same."), CopyFilesText::tr("CODEC"));
        add("validate", CopyFilesText::tr("Read each file again before they are committed."));
        add("skip-missing", CopyFilesText::tr("Leave out a file that is gone when its turn comes."));
        add("delete-source", CopyFilesText::tr("Delete the files that were read, once they are committed."));
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        if (!positional(parser).isEmpty() || !parser.isSet(QStringLiteral("from"))
            || !parser.isSet(QStringLiteral("to")))
            return session.failUsage(CopyFilesText::tr("Usage: slipwayctl copy-files --from PATH --to FOLDER"));
        const Result<CopyPlan> plan = planFrom(parser);
        if (!plan)
            return session.fail(plan.error());
        struct sigaction action
        {
        };
        action.sa_handler = onCopyFilesInterrupt;
        ::sigaction(SIGINT, &action, nullptr);
        ::sigaction(SIGTERM, &action, nullptr);
        const LoadIdentity identity{.load = LoadId::create(),
                                    .run = RunId(QStringLiteral("slipwayctl")),
                                    .activity = name(),
                                    .attempt = 1,
                                    .activityRun = RunId::create().text()};
        const CopyOutcome outcome = runCopy(*plan, identity, {}, interrupted);
        if (outcome.status == CopyOutcome::Status::Succeeded) {
            session.say(RunPrinter::copySentence(outcome.output));
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

std::unique_ptr<Command> makeCopyFilesCommand() { return std::make_unique<CopyFilesCommand>(); }

} // namespace ctl
