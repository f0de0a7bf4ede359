#pragma once

#include "engine/base/Result.h"
#include "engine/kernel/SqlToken.h"

#include <QList>
#include <QString>

#include <optional>
#include <variant>

namespace engine {

// Tokens `first` … `last - 1` of a cell.
struct TokenRange
{
    qsizetype first = 0;
    qsizetype last = 0;
    bool isEmpty() const { return first >= last; }
};

// OPTIONS(name = expression, …)
struct StatementOption
{
    QString name; // lower-case
    qsizetype position = 0; // bytes in the cell
    TokenRange value;
};

struct NamedModel
{
    QString name; // also with a version or an alias of the registry: "m/3", "m@champion"
    qsizetype position = 0;
};

// A table of a bound database: service.table, service.schema.table
struct NamedTable
{
    QString service;
    QString schema; // may be empty
    QString table;
    qsizetype position = 0;
};

// The statements that DuckDB does not know. BigQuery's spelling, where BigQuery has them.
struct CreateModel // CREATE [OR REPLACE] [TEMP] MODEL [IF NOT EXISTS] m [OPTIONS(…)] AS query
{
    NamedModel model;
    bool isTemporary = false; // of this notebook only
    bool replaces = false;
    bool mayExist = false;
    QList<StatementOption> options;
    TokenRange query;
};
struct DropModel // DROP MODEL [IF EXISTS] m
{
    NamedModel model;
    bool mayMiss = false;
};
struct ShowModels // SHOW MODELS
{
};
struct ImportModel // IMPORT [OR REPLACE] MODEL m FROM 'file'
{
    NamedModel model;
    TokenRange file;
};
struct ExportModel // EXPORT MODEL m TO 'file'; also EXPORT MODEL m OPTIONS(uri = 'file')
{
    NamedModel model;
    TokenRange file;
};
struct ExportRows // EXPORT DATA OPTIONS(uri = 'file', format = 'CSV', header = true, …) AS query
{
    qsizetype position = 0;
    QList<StatementOption> options;
    TokenRange query;
};
struct ExitNotebook // EXIT; EXIT expression
{
    TokenRange value; // may be empty
};
// INSERT INTO service.t [(a, b)] query; INSERT OVERWRITE … replaces all rows;
// CREATE TABLE [IF NOT EXISTS] service.t AS query
struct InsertRows
{
    NamedTable table;
    bool makesTable = false;
    bool overwrites = false;
    bool mayExist = false;
    QStringList columns; // empty = the query's, in the order of the table
    TokenRange query;
};
struct PlainStatement // what DuckDB runs, once it is rewritten
{
    TokenRange all;
};
using KernelStatement = std::variant<PlainStatement,
                                     CreateModel,
                                     DropModel,
                                     ShowModels,
                                     ImportModel,
                                     ExportModel,
                                     ExportRows,
                                     ExitNotebook,
                                     InsertRows>;

// A cell and its tokens: what everybody who reads a statement of it needs.
struct CellSource
{
    explicit CellSource(const QByteArray &cell) : sql(cell), tokens(sqlTokens(cell)) { }
    QByteArray sql; // UTF-8
    QList<SqlToken> tokens;

    qsizetype startOf(qsizetype token) const { return token < tokens.size() ? tokens.at(token).start : sql.size(); }
    qsizetype endOf(TokenRange range) const
    {
        return range.isEmpty() ? startOf(range.first) : tokens.at(range.last - 1).end;
    }
};

// The statements of a cell, without their semicolons; empty ones are left out.
QList<TokenRange> statementsIn(const CellSource &cell);

// What a statement is. `services` are the bound databases, whose tables are not DuckDB's. Errors: errorAt().
Result<KernelStatement> readStatement(const CellSource &cell, TokenRange range, const QStringList &services);

// A model at token `at`, which is a name and moves behind all of it: m, dataset.m, m/3, m@champion.
NamedModel takeModelName(const CellSource &cell, qsizetype &at, qsizetype last);

// The token behind the bracket that `open` opens, at most `last`.
qsizetype behindBracket(const CellSource &cell, qsizetype open, qsizetype last);

} // namespace engine
