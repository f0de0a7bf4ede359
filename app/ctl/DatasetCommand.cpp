#include "app/ctl/Commands.h"
#include "app/ctl/Drafts.h"
#include "app/ctl/RunWatch.h"
#include "app/ctl/StoreText.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

constexpr int rowsUnlessSaid = 20; // as many as a terminal shows

// The context of this file's texts for translators.
struct DatasetCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::DatasetCommand)
};

class DatasetCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("dataset"); }
    QString summary() const override
    {
        return DatasetCommandText::tr("Show the columns of a dataset's files or table, or its first rows.");
    }
    QString arguments() const override { return QStringLiteral("schema NAME | preview NAME"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        addParameterOption(parser);
        parser.addOption({QStringLiteral("rows"),
                          DatasetCommandText::tr("How many rows preview shows, 1 to 10000 (%1).").arg(rowsUnlessSaid),
                          DatasetCommandText::tr("N"),
                          QString::number(rowsUnlessSaid)});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const bool isSchema = words.size() == 2 && words.first() == u"schema";
        const bool isPreview = words.size() == 2 && words.first() == u"preview";
        bool isNumber = false;
        const int rows = parser.value(QStringLiteral("rows")).toInt(&isNumber);
        if ((!isSchema && !isPreview) || !isNumber || rows < 1)
            return session.failUsage(
                DatasetCommandText::tr("Usage: slipwayctl dataset schema NAME | slipwayctl dataset preview NAME "
                                       "[--rows N] [--parameter NAME=VALUE …]"));
        const Result<Json> parameters = runParameters(parser);
        if (!parameters)
            return session.fail(parameters.error());
        Result<Json> body = datasetDraft(session, words.at(1));
        if (!body)
            return session.fail(body.error());
        (*body)["parameters"] = *parameters;
        if (const Result<Json> running = session.engine(); !running)
            return session.fail(running.error());
        return isSchema ? schema(session, *body) : preview(session, *body, rows);
    }

private:
    static int schema(Session &session, const Json &body)
    {
        const Result<Json> answer = session.call("POST", QStringLiteral("/slipway/v1/datasets/schema"), body);
        if (!answer)
            return session.fail(answer.error());
        printColumns(session, storeColumnsFromJson(memberAt(*answer, "columns")));
        return Done;
    }

    static int preview(Session &session, Json body, int count)
    {
        body["rows"] = count;
        const Result<Json> answer = session.call("POST", QStringLiteral("/slipway/v1/datasets/preview"), body);
        if (!answer)
            return session.fail(answer.error());
        printRows(session, storePreviewFromJson(*answer));
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeDatasetCommand() { return std::make_unique<DatasetCommand>(); }

} // namespace ctl
