#include "engine/kernel/CellRun.h"

#include "engine/connectors/NearNames.h"
#include "engine/data/TypeConversion.h"
#include "engine/kernel/BoundTables.h"
#include "engine/kernel/DriftWatch.h"
#include "engine/kernel/ModelFunction.h"
#include "engine/kernel/RocChart.h"

#include "scoring/ModelFile.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSaveFile>

namespace engine {

namespace {

struct CellRunText
{
    Q_DECLARE_TR_FUNCTIONS(engine::CellRun)
};

// Statements whose rows can be rows of a query, so that DuckDB spells their values.
bool isQuery(const QString &word)
{
    static const QStringList words{QStringLiteral("select"),
                                   QStringLiteral("with"),
                                   QStringLiteral("from"),
                                   QStringLiteral("values"),
                                   QStringLiteral("table"),
                                   QStringLiteral("describe"),
                                   QStringLiteral("summarize"),
                                   QStringLiteral("show"),
                                   QStringLiteral("pivot"),
                                   QStringLiteral("unpivot"),
                                   QStringLiteral("(")};
    return words.contains(word);
}

QString cellText(std::string_view bytes)
{
    QString text = QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
    if (text.size() > ShownTable::longestValue)
        text = text.left(ShownTable::longestValue - 1) + QChar(0x2026);
    return text;
}

} // namespace

CellRun::CellRun(const CellSource &cell, QueryWorld &world, CellOutputs &outputs, CancelToken cancel)
    : m_cell(cell)
    , m_world(world)
    , m_outputs(outputs)
    , m_cancel(std::move(cancel))
{
}

Result<> CellRun::statement(TokenRange range)
{
    m_world.unscored->take();
    m_world.drift->take();
    if (m_cancel.isCancelled())
        return Error{ErrorCode::Cancelled, CellRunText::tr("It was stopped."), {}};
    const Result<KernelStatement> read = readStatement(m_cell, range, m_world.context.services());
    if (!read)
        return read.error();
    Result<> done = std::visit([this](const auto &statement) { return run(statement); }, *read);
    if (!done && m_cancel.isCancelled())
        return Error{ErrorCode::Cancelled, CellRunText::tr("It was stopped."), {}};
    tellUnscored();
    if (done)
        tellDrift();
    return done;
}

void CellRun::tellDrift()
{
    for (const scoring::DriftReport &report : m_world.drift->take())
        m_outputs.drift(report);
}

void CellRun::tellUnscored()
{
    const UnscoredRows::Count count = m_world.unscored->take();
    if (count.rows == 0)
        return;
    QString text =
        CellRunText::tr("%n row(s) have no prediction.", nullptr, int(std::min<qint64>(count.rows, INT_MAX)));
    text += u' ' + CellRunText::tr("The first one: %1").arg(count.reason);
    m_outputs.warning(text + u'\n');
}

Result<ShownTable> CellRun::show(const QString &sql, const QList<DuckColumn> &columns, bool isWrapped)
{
    const Result<std::unique_ptr<DuckRows>> rows = m_world.session.query(sql);
    if (!rows)
        return rows.error();
    ShownTable table;
    for (const DuckColumn &column : columns)
        table.columns += {column.name,
                          column.spelled,
                          column.type != InterimType::String && column.type != InterimType::Binary
                              && column.type < InterimType::DateTime && column.type != InterimType::Boolean};
    if (!(*rows)->isResult()) {
        DuckBatch batch;
        while (true) {
            const Result<bool> more = (*rows)->next(batch);
            if (!more)
                return more.error();
            if (!*more)
                break;
        }
        const qint64 changed = (*rows)->changed();
        table.columns.clear();
        if (changed >= 0)
            m_outputs.text(CellRunText::tr("%1 row(s)", nullptr, int(std::min<qint64>(changed, INT_MAX)))
                               .arg(QLocale::c().toString(changed))
                           + u'\n');
        return table;
    }
    DuckBatch batch;
    qint64 characters = 0;
    while (true) {
        const Result<bool> more = (*rows)->next(batch);
        if (!more)
            return more.error();
        if (!*more)
            return table;
        for (int row = 0; row < batch.rows; ++row) {
            if (table.rows.size() >= ShownTable::mostRows || characters > ShownTable::mostCharacters) {
                table.hasMore = true;
                return table;
            }
            QList<std::optional<QString>> cells;
            std::string spelled;
            for (const Column &column : batch.columns) {
                if (!column.valid[size_t(row)]) {
                    cells += std::nullopt;
                    continue;
                }
                spelled.clear();
                if (isWrapped)
                    cells += cellText(column.bytes[size_t(row)]);
                else {
                    appendText(spelled, column, row);
                    cells += cellText(spelled);
                }
                characters += cells.last()->size();
            }
            table.rows += cells;
        }
    }
}

Result<> CellRun::run(const PlainStatement &plain)
{
    QueryRewriter rewriter(m_cell, m_world);
    const Result<MappedText> text = rewriter.rewrite(plain.all);
    if (!text)
        return text.error();
    const QString sql = QString::fromUtf8(text->text());
    const QString word = QString::fromUtf8(m_cell.tokens.at(plain.all.first).source(m_cell.sql)).toLower();
    QString shown = sql;
    qsizetype before = 0;
    QList<DuckColumn> columns;
    if (const Result<QList<DuckColumn>> described = m_world.session.describe(sql))
        columns = *described;
    else
        return rewriter.placed(described.error(), *text);
    if (isQuery(word)) {
        QStringList names;
        QStringList casts;
        for (qsizetype i = 0; i < columns.size(); ++i) {
            names += QStringLiteral("c%1").arg(i);
            casts += QStringLiteral("CAST(c%1 AS VARCHAR)").arg(i);
        }
        const QString begin = QStringLiteral("SELECT %1 FROM (").arg(casts.join(u','));
        const QString wrapped = begin + sql + QStringLiteral("\n) AS shown(%1)").arg(names.join(u','));
        if (const auto fits = m_world.session.describe(wrapped)) {
            shown = wrapped;
            before = begin.toUtf8().size();
        }
    }
    const Result<ShownTable> table = show(shown, columns, before > 0);
    if (!table)
        return rewriter.placed(table.error(), *text, before);
    if (table->columns.isEmpty())
        return {};
    if (word == u"explain") {
        for (const auto &row : table->rows)
            m_outputs.text(row.last().value_or(QString()) + u'\n');
        return {};
    }
    m_outputs.table(*table);
    if (const std::optional<RocChart> chart = RocChart::of(*table))
        m_outputs.picture(chart->svg(), chart->summary());
    return {};
}

Result<QMap<QString, Json>> CellRun::values(const QList<StatementOption> &options, const QStringList &known)
{
    QMap<QString, Json> values;
    QueryRewriter rewriter(m_cell, m_world);
    for (const StatementOption &option : options) {
        if (!known.contains(option.name))
            return errorAt(option.position,
                           CellRunText::tr("There is no option %1 here.").arg(option.name) + u' '
                               + suggestName(option.name, known));
        Result<Json> value = rewriter.value(option.value);
        if (!value)
            return value.error();
        values.insert(option.name, *std::move(value));
    }
    return values;
}

Result<QString> CellRun::file(TokenRange expression)
{
    const Result<Json> value = QueryRewriter(m_cell, m_world).value(expression);
    if (!value)
        return value.error();
    if (!value->is_string() || value->get_ref<const std::string &>().empty())
        return errorAt(m_cell.startOf(expression.first),
                       CellRunText::tr("The name of a file should stand here, in quotes."));
    return m_world.context.pathHere(toQString(value->get_ref<const std::string &>()));
}

Result<> CellRun::run(const DropModel &drop)
{
    if (drop.mayMiss && !m_world.models.contains(drop.model.name))
        return {};
    return m_world.models.remove(drop.model);
}

Result<> CellRun::run(const ShowModels &)
{
    ShownTable table;
    for (const QString &name : {QStringLiteral("model_name"),
                                QStringLiteral("algorithm"),
                                QStringLiteral("target"),
                                QStringLiteral("inputs"),
                                QStringLiteral("origin")})
        table.columns += {name, QStringLiteral("VARCHAR")};
    for (const KernelModel &model : m_world.models.all()) {
        const scoring::Model::Description &description = model.model->description();
        QStringList inputs;
        for (const scoring::Field &field : description.inputs)
            inputs += field.name;
        table.rows += QList<std::optional<QString>>{
            model.name, description.algorithm, description.target, inputs.join(QStringLiteral(", ")), model.origin};
    }
    m_outputs.table(table);
    return {};
}

Result<> CellRun::run(const ImportModel &import)
{
    const Result<QString> path = file(import.file);
    if (!path)
        return path.error();
    const Result<scoring::ModelPtr> model = scoring::readModel(*path);
    if (!model)
        return errorAt(m_cell.startOf(import.file.first), model.error().message, model.error().code);
    KernelModel read{import.model.name, *model, *path};
    if (Result<scoring::ModelCard> card = scoring::cardBeside(*path))
        read.card = std::make_shared<const scoring::ModelCard>(*std::move(card));
    else if (card.error().code != ErrorCode::NotFound)
        m_outputs.warning(CellRunText::tr("Drift will not be counted: %1").arg(card.error().message) + u'\n');
    return m_world.models.add(import.model, std::move(read), true);
}

Result<> CellRun::run(const ExitNotebook &exit)
{
    Json value;
    if (!exit.value.isEmpty()) {
        Result<Json> given = QueryRewriter(m_cell, m_world).value(exit.value);
        if (!given)
            return given.error();
        value = *std::move(given);
    }
    m_hasExited = true;
    if (m_world.context.exitFile.isEmpty()) {
        m_outputs.text(QString::fromUtf8(toCompact(value)) + u'\n');
        return {};
    }
    QSaveFile out(m_world.context.exitFile);
    if (!out.open(QIODevice::WriteOnly) || out.write(toCompact(value)) < 0 || !out.commit())
        return Error{
            ErrorCode::Io, CellRunText::tr("The exit value cannot be written: %1.").arg(out.errorString()), {}};
    return {};
}

Result<> CellRun::run(const InsertRows &insert)
{
    QueryRewriter rewriter(m_cell, m_world);
    const Result<QueryRewriter::Described> query = rewriter.describe(insert.query);
    if (!query)
        return query.error();
    const Result<qint64> rows =
        m_world.tables.load({insert, QString::fromUtf8(query->text.text()), query->columns}, m_world.session, m_cancel);
    if (!rows)
        return rows.error();
    m_outputs.text(CellRunText::tr("%1 row(s) written to %2", nullptr, int(std::min<qint64>(*rows, INT_MAX)))
                       .arg(QLocale::c().toString(*rows), insert.table.service + u'.' + insert.table.table)
                   + u'\n');
    return {};
}

} // namespace engine
