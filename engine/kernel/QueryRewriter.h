#pragma once

#include "engine/base/Result.h"
#include "engine/data/DuckSession.h"
#include "engine/kernel/KernelContext.h"
#include "engine/kernel/KernelModels.h"
#include "engine/kernel/KernelStatement.h"
#include "engine/kernel/MappedText.h"

#include <QSet>

#include <memory>

namespace engine {

class BoundTables;
class DriftWatches;
class UnscoredRows;

// What queries may name besides what DuckDB knows. Borrowed: lives as long as the kernel.
struct QueryWorld
{
    DuckSession &session;
    const KernelContext &context;
    KernelModels &models;
    BoundTables &tables;
    std::shared_ptr<UnscoredRows> unscored;
    std::shared_ptr<DriftWatches> drift;
    int functions = 0; // published so far, for their names
};

// Makes SQL that DuckDB runs out of a query of a cell:
//   ML.PREDICT(MODEL m, …) and the other ML functions   a subquery
//   service.schema.table behind FROM or JOIN            a table function that streams its rows
//   :name and ${name}, where a variable has that name   getvariable('name')
//   'text' that is a path below a mount                 the path here
// Publishes the functions it needs in the session. Errors: errorAt().
class QueryRewriter
{
public:
    QueryRewriter(const CellSource &cell, QueryWorld &world);

    Result<MappedText> rewrite(TokenRange range, bool isTable = false);
    // The same, and its columns: the query is prepared, but not run. `isTable`: the range is the name of a table.
    struct Described
    {
        MappedText text;
        QList<DuckColumn> columns;
    };
    Result<Described> describe(TokenRange query, bool isTable = false);
    // An expression without columns as JSON: 'a' → "a", [1, 2] → [1, 2].
    Result<Json> value(TokenRange expression);

    // An error of DuckDB's for a made text, at its place in the cell. `before`: bytes in front of the made text.
    Error placed(const Error &error, const MappedText &text, qsizetype before = 0) const;

private:
    // What decides whether a name is a table's: one for each open bracket.
    struct Clause
    {
        bool isFrom = false; // in the FROM clause
        bool awaitsTable = false; // a table must come next
        bool isBrackets = false; // [ or {
    };

    Result<qsizetype> takeToken(qsizetype at, TokenRange range, MappedText &made);
    Result<qsizetype> takeWord(qsizetype at, TokenRange range, MappedText &made);
    Result<qsizetype> takeStruct(qsizetype at, TokenRange range, MappedText &made);
    Result<qsizetype> takeBoundTable(qsizetype at, TokenRange range, MappedText &made);
    std::optional<qsizetype> takeVariable(qsizetype at, TokenRange range, MappedText &made);
    void followSign(qsizetype at);
    void readVariables();
    bool isSign(qsizetype at, TokenRange range, char sign) const;
    bool isWord(qsizetype at, TokenRange range, const char *word) const;

    const CellSource &m_cell;
    QueryWorld &m_world;
    std::vector<Clause> m_clauses;
    QString m_firstWord; // of the statement, lower-case
    bool m_isValue = false; // STRUCT(…) is a value as BigQuery writes it, no type
    std::optional<QSet<QString>> m_variables; // lower-case; read when the first one is met
};

} // namespace engine
