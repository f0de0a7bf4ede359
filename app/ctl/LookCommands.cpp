#include "app/ctl/Commands.h"
#include "app/ctl/CopyPlaces.h"
#include "app/ctl/Drafts.h"
#include "app/ctl/StoreText.h"
#include "engine/copy/Endpoints.h"

#include <QCoreApplication>
#include <QFileInfo>

using namespace engine;

namespace ctl {

namespace {

constexpr int rowsUnlessSaid = 20; // as many as a terminal shows
constexpr int conversionRowsUnlessSaid = 1000;
constexpr int mostRows = 10'000;

// The context of this file's texts for translators.
struct LookCommandsText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::LookCommands)
};

bool isPlace(const QString &word) { return isDatabasePlace(word) || QFileInfo(word).isFile(); }

// A file or table of no factory; no engine is needed.
Result<std::unique_ptr<StoredRows>> rowsOf(const QString &place, const QCommandLineParser &parser)
{
    const Result<CopySource> source = sourceFrom(place, parser, place);
    if (!source)
        return source.error();
    if (const auto *file = std::get_if<CsvFileSource>(&*source))
        return makeStoredRows(*file, {});
    if (const auto *json = std::get_if<JsonFileSource>(&*source))
        return makeStoredRows(*json, {});
    if (const auto *parquet = std::get_if<ParquetFileSource>(&*source))
        return makeStoredRows(*parquet, {});
    if (const auto *sqlite = std::get_if<SqliteQuerySource>(&*source); sqlite && sqlite->query.isEmpty())
        return makeStoredRows(SqliteTableSink{.file = sqlite->file, .schema = sqlite->schema, .table = sqlite->table},
                              {});
    if (const auto *postgres = std::get_if<PostgresQuerySource>(&*source); postgres && postgres->query.isEmpty())
        return makeStoredRows(PostgresTableSink{postgres->connection, postgres->schema, postgres->table}, {});
    return Error{ErrorCode::Unsupported,
                 LookCommandsText::tr("Name a file or a table; the rows of a query are seen by copying them."),
                 QStringLiteral("--query")};
}

int numberOf(const QCommandLineParser &parser, int unlessSaid)
{
    const QString text = parser.value(QStringLiteral("rows"));
    return text.isEmpty() ? unlessSaid : text.toInt();
}

class SchemaCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("schema"); }
    QString summary() const override
    {
        return LookCommandsText::tr("Show the columns of a file, a table or a dataset.");
    }
    QString arguments() const override { return QStringLiteral("FILE|sqlite:FILE#TABLE|postgresql://…#TABLE|DATASET"); }
    void addOptions(QCommandLineParser &parser) const override { addSourceOptions(parser); }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        if (words.size() != 1)
            return session.failUsage(LookCommandsText::tr("Usage: slipwayctl schema PLACE|DATASET"));
        if (isPlace(words.first())) {
            const auto rows = rowsOf(words.first(), parser);
            const auto columns = rows ? (*rows)->schema() : Result<QList<StoreColumn>>(rows.error());
            if (!columns)
                return session.fail(columns.error());
            printColumns(session, *columns);
            return Done;
        }
        const Result<Json> body = datasetDraft(session, words.first());
        if (!body)
            return session.fail(body.error());
        if (const Result<Json> running = session.engine(); !running)
            return session.fail(running.error());
        const Result<Json> answer = session.call("POST", QStringLiteral("/slipway/v1/datasets/schema"), *body);
        if (!answer)
            return session.fail(answer.error());
        printColumns(session, storeColumnsFromJson(memberAt(*answer, "columns")));
        return Done;
    }
};

class PreviewCommand final : public Command
{
public:
    QString name() const override { return QStringLiteral("preview"); }
    QString summary() const override
    {
        return LookCommandsText::tr("Show the first rows of a file, a table or a dataset, or what a copy would make of "
                                    "them.");
    }
    QString arguments() const override { return QStringLiteral("PLACE|DATASET | --conversion PIPELINE ACTIVITY"); }

    void addOptions(QCommandLineParser &parser) const override
    {
        addSourceOptions(parser);
        parser.addOption({QStringLiteral("rows"),
                          LookCommandsText::tr("How many rows, 1 to %1.").arg(mostRows),
                          LookCommandsText::tr("N")});
        parser.addOption({QStringLiteral("conversion"),
                          LookCommandsText::tr("Convert rows as this Copy activity would, without copying them.")});
        parser.addOption({QStringLiteral("dry-run"),
                          LookCommandsText::tr("Run the pre-copy script of this Copy activity and take it back.")});
    }

    int execute(const QCommandLineParser &parser, Session &session) override
    {
        const QStringList words = positional(parser);
        const bool isTrial = parser.isSet(QStringLiteral("conversion")) || parser.isSet(QStringLiteral("dry-run"));
        const int rows = numberOf(parser, isTrial ? conversionRowsUnlessSaid : rowsUnlessSaid);
        if (words.size() != (isTrial ? 2 : 1) || rows < 1 || rows > mostRows)
            return session.failUsage(
                LookCommandsText::tr("Usage: slipwayctl preview PLACE|DATASET [--rows N] | "
                                     "slipwayctl preview --conversion|--dry-run PIPELINE ACTIVITY"));
        if (isTrial)
            return tryCopy(session, words, parser.isSet(QStringLiteral("dry-run")), rows);
        if (isPlace(words.first())) {
            const auto stored = rowsOf(words.first(), parser);
            const auto preview = stored ? (*stored)->preview(rows) : Result<StorePreview>(stored.error());
            if (!preview)
                return session.fail(preview.error());
            printRows(session, *preview);
            return Done;
        }
        Result<Json> body = datasetDraft(session, words.first());
        if (!body)
            return session.fail(body.error());
        if (const Result<Json> running = session.engine(); !running)
            return session.fail(running.error());
        (*body)["rows"] = rows;
        const Result<Json> answer = session.call("POST", QStringLiteral("/slipway/v1/datasets/preview"), *body);
        if (!answer)
            return session.fail(answer.error());
        printRows(session, storePreviewFromJson(*answer));
        return Done;
    }

private:
    static int tryCopy(Session &session, const QStringList &words, bool isScript, int rows)
    {
        const Result<QString> folder = session.factoryFolder();
        if (!folder)
            return session.fail(folder.error());
        if (const Result<Json> running = session.engine(); !running)
            return session.fail(running.error());
        Json body = {{"folder", toStdString(*folder)},
                     {"pipeline", toStdString(words.at(0))},
                     {"activity", toStdString(words.at(1))}};
        if (!isScript)
            body["rows"] = rows;
        const Result<Json> answer =
            session.call("POST",
                         QStringLiteral("/slipway/v1/copies/")
                             + (isScript ? QStringLiteral("dryrun") : QStringLiteral("conversion")),
                         body);
        if (!answer)
            return session.fail(answer.error());
        if (isScript) {
            printTrial(session, scriptTrialFromJson(*answer));
            return Done;
        }
        const ConversionPreview preview = conversionPreviewFromJson(*answer);
        printConversion(session, preview);
        return preview.bad == 0 ? Done : CheckFailed;
    }
};

} // namespace

std::unique_ptr<Command> makePreviewCommand() { return std::make_unique<PreviewCommand>(); }
std::unique_ptr<Command> makeSchemaCommand() { return std::make_unique<SchemaCommand>(); }

} // namespace ctl
