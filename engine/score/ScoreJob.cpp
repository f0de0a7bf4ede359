#include "engine/score/ScoreJob.h"

#include "engine/connectors/NearNames.h"
#include "engine/score/ScoredRows.h"

#include <QCoreApplication>

#include <algorithm>
#include <thread>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct ScoreJobText
{
    Q_DECLARE_TR_FUNCTIONS(engine::ScoreJob)
};

// Numbers stay numbers; everything else, dates among it, is read as its text.
InterimType readAs(InterimType type)
{
    switch (type) {
    case InterimType::Boolean:
    case InterimType::SByte:
    case InterimType::Byte:
    case InterimType::Int16:
    case InterimType::UInt16:
    case InterimType::Int32:
    case InterimType::UInt32:
    case InterimType::Int64:
    case InterimType::Single:
    case InterimType::Double:
        return type;
    case InterimType::UInt64:
    case InterimType::Decimal:
        return InterimType::Double;
    default:
        return InterimType::String;
    }
}

bool isText(InterimType type) { return type == InterimType::String; }

Result<std::vector<int>> columnsToKeep(const QStringList &keep, const QList<SourceColumn> &columns)
{
    std::vector<int> kept;
    if (keep == QStringList(QStringLiteral("*"))) {
        for (int column = 0; column < int(columns.size()); ++column)
            kept.push_back(column);
        return kept;
    }
    for (const QString &name : keep) {
        const auto found = std::ranges::find(columns, name, &SourceColumn::name);
        if (found == columns.end())
            return Error{ErrorCode::InvalidInput,
                         ScoreJobText::tr("The column \"%1\" that is to be kept is not there.").arg(name),
                         name};
        kept.push_back(int(found - columns.begin()));
    }
    return kept;
}

// A column that is not there, with the one that may be meant.
Error withSuggestion(Error error, const QList<SourceColumn> &columns)
{
    QStringList names;
    for (const SourceColumn &column : columns)
        names << column.name;
    if (error.where.isEmpty() || names.contains(error.where.trimmed(), Qt::CaseInsensitive))
        return error; // it says so itself
    error.message += u' ' + suggestName(error.where, names);
    return error;
}

QStringList absentColumns(const scoring::InputBinding &binding, const QList<SourceColumn> &columns)
{
    QStringList names;
    for (const SourceColumn &column : columns)
        names << column.name;
    QStringList absent;
    for (int input = 0; input < int(binding.inputs().size()); ++input) {
        const QString &name = binding.inputs()[input].name;
        if (binding.columnOf(input) < 0)
            absent << ScoreJobText::tr("The column \"%1\" is not there: all its cells count as missing.").arg(name)
                    + u' ' + suggestName(name, names);
    }
    return absent;
}

SinkColumn sinkColumn(const QString &name, InterimType type)
{
    SinkColumn column;
    column.name = name;
    column.type = type;
    return column;
}

Result<QList<SinkColumn>> columnsToWrite(const QList<SourceColumn> &columns,
                                         const std::vector<int> &kept,
                                         const QList<scoring::OutputField> &outputs)
{
    QList<SinkColumn> written;
    for (const int column : kept)
        written << sinkColumn(columns[column].name, readAs(columns[column].type));
    for (const scoring::OutputField &output : outputs) {
        if (std::ranges::find(written, output.name, &SinkColumn::name) != written.end())
            return Error{ErrorCode::InvalidInput,
                         ScoreJobText::tr("The column \"%1\" cannot be kept: an output of the model is called so.")
                             .arg(output.name),
                         output.name};
        written << sinkColumn(output.name, interimTypeOf(output.type));
    }
    return written;
}

} // namespace

Result<ScoreJob::Summary> ScoreJob::run(Source &source, Sink &sink, const CancelToken &cancel) const
{
    const Result<QList<SourceColumn>> columns = source.open();
    if (!columns)
        return columns.error();
    Summary summary;
    QList<scoring::TableColumn> table;
    for (const SourceColumn &column : *columns)
        table << scoring::TableColumn{column.name, isText(readAs(column.type))};
    const Result<scoring::InputBinding> binding = scoring::InputBinding::make(m_model->inputs(), table);
    if (!binding)
        return withSuggestion(binding.error(), *columns);
    summary.absent = absentColumns(*binding, *columns);
    const Result<std::vector<int>> kept = columnsToKeep(m_settings.keep, *columns);
    if (!kept)
        return kept.error();

    // Only what is used or kept is read; from here on columns are counted as they are projected.
    QList<int> wanted = binding->usedColumns();
    for (const int column : *kept)
        if (!wanted.contains(column))
            wanted << column;
    std::ranges::sort(wanted);
    QList<ProjectedColumn> projected;
    QList<scoring::TableColumn> projectedTable;
    for (const int column : std::as_const(wanted)) {
        projected << ProjectedColumn{column, readAs((*columns)[column].type), {}, false, {}};
        projectedTable << table[column];
    }
    if (const Result<> done = source.project(projected); !done)
        return done.error();
    const Result<scoring::InputBinding> bound = scoring::InputBinding::make(m_model->inputs(), projectedTable);
    if (!bound)
        return bound.error();

    const int threads =
        m_settings.threads > 0 ? m_settings.threads : std::max(1, int(std::thread::hardware_concurrency()));
    ScoredRows::Plan plan{*bound, {}, m_settings.badRows, threads, {}, {}};
    for (const int column : *kept)
        plan.kept.push_back(int(wanted.indexOf(column)));
    for (int batch = 0; batch < ScoredRows::batchesUnderWay(threads); ++batch) {
        Result<std::unique_ptr<scoring::Scorer>> scorer = m_model->scorer(m_settings.options);
        if (!scorer)
            return scorer.error();
        plan.scorers.push_back(std::move(*scorer));
    }
    if (m_settings.card)
        plan.drift = scoring::ModelDrift::of(*m_settings.card, *m_model, plan.scorers.front()->outputs());
    const Result<QList<SinkColumn>> written = columnsToWrite(*columns, *kept, plan.scorers.front()->outputs());
    if (!written)
        return written.error();

    QList<int> places;
    for (const SinkColumn &column : *written) {
        places << int(places.size());
        summary.outputs << column.name;
    }
    if (const Result<QList<SinkColumn>> opened = sink.open(cancel); !opened)
        return opened.error();
    if (const Result<> defined = sink.define(*written); !defined)
        return defined.error();
    if (const Result<> begun = sink.begin(); !begun)
        return begun.error();
    {
        ScoredRows rows(source, std::move(plan), cancel);
        const Result<LoadResult> load = sink.load(places, rows);
        if (!load) {
            sink.rollBack();
            return load.error();
        }
        summary.load = *load;
        summary.rows = rows.rows();
        summary.badRows = rows.badRows();
        summary.problems = rows.takeProblems();
        summary.drift = rows.drift();
    }
    if (const Result<> unchanged = source.verifyUnchanged(); !unchanged) {
        sink.rollBack();
        return unchanged.error();
    }
    if (const auto [answer, error] = sink.commit(); answer != Sink::CommitAnswer::Committed)
        return error;
    return summary;
}

} // namespace engine
