#pragma once

#include "engine/data/RowBatch.h"

#include <QByteArray>
#include <QList>
#include <QStringList>

#include <optional>

namespace tests {

// 200 rows of values that are easily changed on their way: limits of integers, 38 digits, 100 ns, empty texts beside
// NULL, line ends and quotes in texts. Values as appendText() spells them; nothing = NULL.
struct PairColumn
{
    QString name;
    engine::InterimType type;
    const char *sqliteType;
    const char *postgresType;
};
using PairRow = QList<std::optional<QString>>;

const QList<PairColumn> &pairColumns();
// `isFine`: with times of 100 ns, which PostgreSQL does not have; `isFar`: with years before 1678 and after 2261, which
// Parquet's finest moments do not reach.
QList<PairRow> pairRows(bool isFine, bool isFar);

// The rows as a text file: RFC 4180, "\N" for NULL, with a header; as JSON, an object a line; and as the values of an
// INSERT.
QByteArray pairCsv(const QList<PairRow> &rows);
QByteArray pairJson(const QList<PairRow> &rows);
QByteArray pairSql(const QList<PairRow> &rows, bool isPostgres);

// A row as the rows of SourceRows are spelled, without its number. `isUtc`: offsets of times become zero.
QString pairText(const PairRow &row, bool isUtc);
// A row of SourceRows: its number and the zeros at the end of a decimal are taken away.
QString pairTextOf(const QString &read);

} // namespace tests
