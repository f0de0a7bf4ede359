#include "app/ctl/Commands.h"
#include "app/ctl/Drafts.h"
#include "engine/records/StoreContent.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

constexpr int rowsUnlessSaid = 20; // as many as a terminal shows
constexpr qsizetype widestCell = 40;

// The context of this file's texts for translators.
struct DatasetCommandText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::DatasetCommand)
};

QString shown(const std::optional<QString> &cell)
{
    if (!cell)
        return QStringLiteral("NULL");
    QString text = *cell;
    text.replace(u'\n', QChar(0x23CE)).replace(u'\r', QString()).replace(u'\t', u' ');
    return text.size() <= widestCell ? text : text.left(widestCell - 1) + QChar(0x2026);
}

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
            return session.failUsage(DatasetCommandText::tr(
                "Usage: slipwayctl dataset schema NAME | slipwayctl dataset preview NAME [--rows N]"));
        const Result<Json> body = datasetDraft(session, words.at(1));
        if (!body)
            return session.fail(body.error());
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
        session.print(*answer);
        QList<QStringList> rows;
        for (const StoreColumn &column : storeColumnsFromJson(memberAt(*answer, "columns")))
            rows.append({column.name,
                         column.type,
                         column.physicalType,
                         column.nullable ? DatasetCommandText::tr("yes") : DatasetCommandText::tr("no")});
        session.say(table({DatasetCommandText::tr("Column"),
                           DatasetCommandText::tr("Type"),
                           DatasetCommandText::tr("In the store"),
                           DatasetCommandText::tr("NULL")},
                          rows));
        return Done;
    }

    static int preview(Session &session, Json body, int count)
    {
        body["rows"] = count;
        const Result<Json> answer = session.call("POST", QStringLiteral("/slipway/v1/datasets/preview"), body);
        if (!answer)
            return session.fail(answer.error());
        session.print(*answer);
        const StorePreview preview = storePreviewFromJson(*answer);
        QStringList head;
        for (const StoreColumn &column : preview.columns)
            head.append(column.name);
        QList<QStringList> rows;
        for (const auto &row : preview.rows) {
            QStringList cells;
            for (const std::optional<QString> &cell : row)
                cells.append(shown(cell));
            rows.append(cells);
        }
        session.say(table(head, rows));
        for (const PreviewProblem &problem : preview.problems)
            session.say(DatasetCommandText::tr("Row %1: %2").arg(number(problem.row), problem.message));
        session.say(DatasetCommandText::tr("%n row(s)", nullptr, int(preview.rows.size()))
                    + (preview.more ? DatasetCommandText::tr(", and more") : QString()));
        return Done;
    }
};

} // namespace

std::unique_ptr<Command> makeDatasetCommand() { return std::make_unique<DatasetCommand>(); }

} // namespace ctl
