#pragma once

#include "engine/base/CancelToken.h"
#include "engine/kernel/CellOutputs.h"
#include "engine/kernel/QueryRewriter.h"

#include <QMap>

namespace scoring {
class TrainingTable;
}

namespace engine {

struct ModelOptions;

// The statements of one cell, one after the other. Errors: errorAt(), or without a place.
class CellRun
{
public:
    CellRun(const CellSource &cell, QueryWorld &world, CellOutputs &outputs, CancelToken cancel);

    Result<> statement(TokenRange range);
    bool hasExited() const { return m_hasExited; } // EXIT: no further statement, no further cell

private:
    Result<> run(const PlainStatement &plain);
    Result<> run(const CreateModel &create);
    Result<> run(const DropModel &drop);
    Result<> run(const ShowModels &show);
    Result<> run(const ImportModel &import);
    Result<> run(const ExportModel &out);
    Result<> run(const ExportRows &out);
    Result<> run(const ExitNotebook &exit);
    Result<> run(const InsertRows &insert);

    Result<> train(const CreateModel &create, const ModelOptions &options, const scoring::TrainingTable &table);
    Result<> take(const CreateModel &create, KernelModel made, scoring::ModelCard card);
    Result<ShownTable> show(const QString &sql, const QList<DuckColumn> &columns, bool isWrapped);
    Result<QString> file(TokenRange expression);
    Result<QMap<QString, Json>> values(const QList<StatementOption> &options, const QStringList &known);
    void tellUnscored();
    void tellDrift();

    const CellSource &m_cell;
    QueryWorld &m_world;
    CellOutputs &m_outputs;
    const CancelToken m_cancel;
    bool m_hasExited = false;
};

} // namespace engine
