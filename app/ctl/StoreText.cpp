#include "app/ctl/StoreText.h"

#include <QCoreApplication>

using namespace engine;

namespace ctl {

namespace {

constexpr qsizetype widestCell = 40;

// The context of this file's texts for translators.
struct StoreTextText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::StoreText)
};

QString shown(const std::optional<QString> &cell)
{
    if (!cell)
        return QStringLiteral("NULL");
    QString text = *cell;
    text.replace(u'\n', QChar(0x23CE)).replace(u'\r', QString()).replace(u'\t', u' ');
    return text.size() <= widestCell ? text : text.left(widestCell - 1) + QChar(0x2026);
}

} // namespace

void printColumns(const Session &session, const QList<StoreColumn> &columns)
{
    session.print(Json{{"columns", toJson(columns)}});
    QList<QStringList> rows;
    for (const StoreColumn &column : columns)
        rows.append({column.name,
                     column.type,
                     column.physicalType,
                     column.nullable ? StoreTextText::tr("yes") : StoreTextText::tr("no")});
    session.say(table({StoreTextText::tr("Column"),
                       StoreTextText::tr("Type"),
                       StoreTextText::tr("In the store"),
                       StoreTextText::tr("NULL")},
                      rows));
}

void printRows(const Session &session, const StorePreview &preview)
{
    session.print(toJson(preview));
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
        session.say(StoreTextText::tr("Row %1: %2").arg(number(problem.row), problem.message));
    session.say(StoreTextText::tr("%n row(s)", nullptr, int(preview.rows.size()))
                + (preview.more ? StoreTextText::tr(", and more") : QString()));
}

void printConversion(const Session &session, const ConversionPreview &preview)
{
    session.print(toJson(preview));
    QList<QStringList> rows;
    for (const ConversionColumn &column : preview.columns)
        rows.append({column.source,
                     column.sink,
                     column.physicalType.isEmpty() ? column.sinkType : column.physicalType,
                     number(column.ok),
                     number(column.lossy),
                     number(column.failing),
                     number(column.nulls)});
    session.say(table({StoreTextText::tr("Source"),
                       StoreTextText::tr("Sink"),
                       StoreTextText::tr("Type"),
                       StoreTextText::tr("Ok"),
                       StoreTextText::tr("Lossy"),
                       StoreTextText::tr("Failing"),
                       StoreTextText::tr("NULL")},
                      rows));
    for (const ConversionColumn &column : preview.columns) {
        for (const ConversionSample &sample : column.worst)
            session.say(printable(StoreTextText::tr("%1, row %2: “%3”: %4")
                                      .arg(column.source, number(sample.row), sample.value, sample.message)));
    }
    for (const ConversionSample &problem : preview.rowProblems)
        session.say(printable(problem.message));
    session.say(StoreTextText::tr("%1 of %2 rows would be loaded").arg(number(preview.good), number(preview.rows))
                + (preview.more ? StoreTextText::tr("; the source goes on") : QString()));
}

void printTrial(const Session &session, const ScriptTrial &trial)
{
    session.print(toJson(trial));
    session.say(printable(trial.sentence));
}

} // namespace ctl
