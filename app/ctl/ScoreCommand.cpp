#include "app/ctl/Commands.h"
#include "app/ctl/CopyFiles.h"
#include "app/ctl/CopyPlaces.h"
#include "app/ctl/DriftLines.h"
#include "app/ctl/ModelPlaces.h"
#include "engine/copy/Endpoints.h"
#include "engine/score/ScoreJob.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <csignal>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct ScoreCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::ScoreCommand)
};

constexpr size_t shownProblems = 10;

const CancelToken interrupted;

extern "C" void onScoreInterrupt(int) { interrupted.cancel(); }

Error invalid(const QString &option, const QString &message)
{
    return {ErrorCode::InvalidInput, message, QStringLiteral("--") + option};
}

Result<scoring::OutputChoice> choiceFrom(const QString &word)
{
    using scoring::OutputChoice;
    static const QList<std::pair<QString, OutputChoice>> choices{
        {QString(), OutputChoice::All},
        {QStringLiteral("all"), OutputChoice::All},
        {QStringLiteral("label"), OutputChoice::Label},
        {QStringLiteral("probability"), OutputChoice::Probability},
        {QStringLiteral("raw"), OutputChoice::Raw},
        {QStringLiteral("leaf"), OutputChoice::Leaf}};
    for (const auto &[name, choice] : choices)
        if (word == name)
            return choice;
    return invalid(QStringLiteral("output"),
                   ScoreCommandText::tr("“%1” is no output: write all, label, probability, raw or leaf.").arg(word));
}

Result<BadRows> policyFrom(const QString &word)
{
    if (word.isEmpty() || word == u"null")
        return BadRows::Null;
    if (word == u"fail")
        return BadRows::Fail;
    if (word == u"skip")
        return BadRows::Skip;
    return invalid(QStringLiteral("on-bad-row"),
                   ScoreCommandText::tr("“%1” is no policy: write fail, null or skip.").arg(word));
}

Result<std::optional<int>> countFrom(const QCommandLineParser &parser, const QString &option)
{
    const QString text = parser.value(option);
    if (text.isEmpty())
        return std::optional<int>();
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    if (!isNumber || number < 1 || number > 1'000'000)
        return invalid(option, ScoreCommandText::tr("“%1” is no number from 1 on.").arg(text));
    return std::optional<int>(number);
}

Result<ScoreJob::Settings> settingsFrom(const QCommandLineParser &parser)
{
    ScoreJob::Settings settings;
    const auto choice = choiceFrom(parser.value(QStringLiteral("output")));
    if (!choice)
        return choice.error();
    settings.options.output = *choice;
    const auto iterations = countFrom(parser, QStringLiteral("iterations"));
    if (!iterations)
        return iterations.error();
    settings.options.iterations = *iterations;
    const auto threads = countFrom(parser, QStringLiteral("threads"));
    if (!threads)
        return threads.error();
    settings.threads = threads->value_or(0);
    const auto policy = policyFrom(parser.value(QStringLiteral("on-bad-row")));
    if (!policy)
        return policy.error();
    settings.badRows = *policy;
    settings.keep = parser.value(QStringLiteral("keep")).split(u',', Qt::SkipEmptyParts);
    return settings;
}

Json toJson(const RowProblem &problem)
{
    return {{"file", toStdString(problem.file)},
            {"row", problem.row},
            {"line", problem.line},
            {"column", toStdString(problem.column)},
            {"value", toStdString(problem.value)},
            {"reason", toStdString(problem.message)}};
}

class ScoreCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("score"); }
    QString summary() const override
    {
        return ScoreCommandText::tr("Score the rows of a file with a model; needs no engine.");
    }
    QString arguments() const override { return QStringLiteral("--model MODEL --in FILE --out FILE"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        const auto add = [&parser](const QStringList &names, const QString &help, const QString &value) {
            parser.addOption({names, help, value});
        };
        add({QStringLiteral("model")},
            ScoreCommandText::tr("PMML, XGBoost JSON or UBJ, LightGBM text, or ONNX."),
            ScoreCommandText::tr("MODEL"));
        add({QStringLiteral("in"), QStringLiteral("from")},
            ScoreCommandText::tr(
                "The rows: CSV, or what the name ends with (.jsonl, .parquet, .gz); sqlite:FILE#TABLE or "
                "postgresql://…#TABLE."),
            ScoreCommandText::tr("SOURCE"));
        add({QStringLiteral("out"), QStringLiteral("to")},
            ScoreCommandText::tr("Where the scores go, in the order of the rows; all or nothing is written."),
            ScoreCommandText::tr("FILE"));
        add({QStringLiteral("output")},
            ScoreCommandText::tr("label, probability, raw (margins) or leaf; without it all outputs of the model."),
            ScoreCommandText::tr("WHAT"));
        add({QStringLiteral("iterations")},
            ScoreCommandText::tr("Of boosted trees: only the first so many rounds."),
            ScoreCommandText::tr("N"));
        add({QStringLiteral("keep")},
            ScoreCommandText::tr("Columns of the input to write before the outputs, parted by commas; * = all."),
            ScoreCommandText::tr("COLUMNS"));
        add({QStringLiteral("threads")},
            ScoreCommandText::tr("That score (as many as there are cores)."),
            ScoreCommandText::tr("N"));
        add({QStringLiteral("on-bad-row")},
            ScoreCommandText::tr("A row the model cannot score: fail, null (its outputs are NULL) or skip (null)."),
            ScoreCommandText::tr("POLICY"));
        addSourceOptions(parser);
        addWritingOptions(parser);
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const auto isGiven = [&parser](const char *option) {
            return !parser.value(QString::fromLatin1(option)).isEmpty();
        };
        if (!positional(parser).isEmpty() || !isGiven("model") || !isGiven("in") || !isGiven("out"))
            return session.failUsage(
                ScoreCommandText::tr("Usage: slipwayctl score --model MODEL --in FILE --out FILE"));
        Result<ScoreJob::Settings> settings = settingsFrom(parser);
        if (!settings)
            return session.fail(settings.error());
        const Result<ModelAtPlace> model = modelFrom(parser.value(QStringLiteral("model")));
        if (!model)
            return session.fail(model.error());
        if (Result<scoring::ModelCard> card = scoring::cardBeside(model->file))
            settings->card = *std::move(card);
        else if (card.error().code != ErrorCode::NotFound)
            session.say(ScoreCommandText::tr("Drift is not counted: %1").arg(card.error().message));
        const Result<CopySource> from = sourceFrom(parser.value(QStringLiteral("in")), parser, QStringLiteral("--in"));
        const Result<CopySink> to = fileTo(parser);
        if (!from || !to)
            return session.fail(!from ? from.error() : to.error());
        struct sigaction action
        {
        };
        action.sa_handler = onScoreInterrupt;
        ::sigaction(SIGINT, &action, nullptr);
        ::sigaction(SIGTERM, &action, nullptr);

        QElapsedTimer time;
        time.start();
        const std::unique_ptr<Source> source = makeSource(*from, interrupted);
        const std::unique_ptr<Sink> sink = makeSink(*to);
        const Result<ScoreJob::Summary> summary = ScoreJob(model->model, *settings).run(*source, *sink, interrupted);
        if (!summary) {
            session.fail(summary.error());
            return summary.error().code == ErrorCode::Cancelled ? Stopped : CheckFailed;
        }
        report(session, *summary, parser.value(QStringLiteral("out")), time.elapsed());
        return Done;
    }

private:
    static void report(Session &session, const ScoreJob::Summary &summary, const QString &out, qint64 milliseconds)
    {
        session.say(ScoreCommandText::tr("%n row(s) scored into %1 in %2.", nullptr, int(summary.rows))
                        .arg(out, duration(milliseconds)));
        for (const QString &absent : summary.absent)
            session.say(printable(absent));
        if (summary.badRows > 0)
            session.say(ScoreCommandText::tr("%n row(s) could not be scored:", nullptr, int(summary.badRows)));
        for (size_t i = 0; i < std::min(shownProblems, summary.problems.size()); ++i) {
            const RowProblem &problem = summary.problems[i];
            const QString place = QStringLiteral("%1:%2").arg(problem.file).arg(problem.line);
            const QString column = problem.column.isEmpty()
                ? QString()
                : QStringLiteral("%1 = \"%2\": ").arg(problem.column, problem.value);
            session.say(
                QStringLiteral("  %1  %2%3").arg(printable(place), printable(column), printable(problem.message)));
        }
        if (summary.drift) {
            for (const QString &line : driftLines(*summary.drift))
                session.say(line);
        }
        Json outputs = Json::array();
        for (const QString &output : summary.outputs)
            outputs.push_back(toStdString(output));
        Json absent = Json::array();
        for (const QString &sentence : summary.absent)
            absent.push_back(toStdString(sentence));
        Json problems = Json::array();
        for (const RowProblem &problem : summary.problems)
            problems.push_back(toJson(problem));
        session.print(Json{{"rows", summary.rows},
                           {"badRows", summary.badRows},
                           {"columns", outputs},
                           {"problems", problems},
                           {"absent", absent},
                           {"drift", summary.drift ? scoring::toJson(*summary.drift) : Json()},
                           {"bytesWritten", summary.load.bytesWritten},
                           {"milliseconds", milliseconds}});
    }
};

} // namespace

std::unique_ptr<Command> makeScoreCommand() { return std::make_unique<ScoreCommand>(); }

} // namespace ctl
