#pragma once

#include "engine/base/CancelToken.h"
#include "engine/kernel/BoundTables.h"
#include "engine/kernel/CellOutputs.h"
#include "engine/kernel/ModelFunction.h"
#include "engine/kernel/QueryRewriter.h"

#include <QStringList>

#include <memory>
#include <mutex>

namespace engine {

// What a notebook of SQL cells works with: a DuckDB in memory, the models, the bound tables. Runs cells; each statement
// sees what those before it left. One thread, but for interrupt().
class SqlWorkbench
{
public:
    // `folder` takes what does not fit into memory.
    static Result<std::unique_ptr<SqlWorkbench>> open(KernelContext context, const QString &folder);
    ~SqlWorkbench();
    Q_DISABLE_COPY_MOVE(SqlWorkbench)

    struct Outcome
    {
        enum class End { Ok, Failed, Exit } end = End::Ok;
        std::optional<Error> error; // of Failed; its place is errorAt()
    };
    // Statement after statement; ends with the first one that fails, or with EXIT.
    Outcome run(const QByteArray &cell, CellOutputs &outputs);

    void interrupt(); // any thread; the statement under way fails as Cancelled
    void interruptAgain(); // any thread; for a cell that was interrupted before DuckDB had begun, now and then

    struct Completion
    {
        QStringList matches;
        qsizetype start = 0; // bytes: what they replace
        qsizetype end = 0;
    };
    Completion complete(const QByteArray &cell, qsizetype cursor);

private:
    SqlWorkbench(KernelContext context, std::unique_ptr<DuckSession> session);

    const KernelContext m_context;
    const std::unique_ptr<DuckSession> m_session;
    KernelModels m_models;
    BoundTables m_tables;
    QueryWorld m_world;
    std::mutex m_mutex; // of what follows
    CancelToken m_cancel; // of the cell that runs
    bool m_isRunning = false;
};

} // namespace engine
