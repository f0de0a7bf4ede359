#pragma once

#include "engine/kernel/QueryRewriter.h"

namespace engine {

// ML.PREDICT and the other functions that BigQuery calls on a model, inside a query. PREDICT becomes a function that
// DuckDB runs on its own threads while the rows stream by; the others are computed when the statement is rewritten,
// and their rows put into the query.
class ModelCalls
{
public:
    ModelCalls(const CellSource &cell, QueryWorld &world, QueryRewriter &rewriter);

    // `at` is the token ML. The token behind the call's bracket; what replaces it goes into `made`.
    Result<qsizetype> take(qsizetype at, TokenRange range, MappedText &made);

private:
    struct Call
    {
        qsizetype position = 0; // of ML, in bytes
        KernelModel model;
        TokenRange rows; // a query, or the name of a table; may be empty
        bool isTable = false;
        std::optional<TokenRange> settings; // STRUCT(…)
        std::optional<TokenRange> list; // any other expression
    };
    struct Settings
    {
        std::optional<double> threshold;
        bool standardise = false;
    };

    Result<Call> read(qsizetype at, qsizetype behind);
    Result<> readArgument(TokenRange argument, Call &call);
    Result<Settings> settingsOf(const Call &call, const QStringList &known);
    Result<QueryRewriter::Described> rowsOf(const Call &call);
    Error at(const Call &call, const Error &error) const;
    Result<> predict(const Call &call, MappedText &made);
    Result<QString> measure(const QString &function, const Call &call);

    const CellSource &m_cell;
    QueryWorld &m_world;
    QueryRewriter &m_rewriter;
};

} // namespace engine
