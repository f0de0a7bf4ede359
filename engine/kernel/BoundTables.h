#pragma once

#include "engine/base/CancelToken.h"
#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"
#include "engine/data/DuckSession.h"
#include "engine/kernel/CellOutputs.h"
#include "engine/kernel/KernelContext.h"
#include "engine/kernel/KernelStatement.h"

#include <QMap>

#include <memory>
#include <mutex>

namespace engine {

// The tables of the databases that the linked services of a notebook are bound to, read and written by the engine's
// own connectors. Rows stream; a DECIMAL comes as DOUBLE, a time of day as text, moments as TIMESTAMP (WITH TIME ZONE).
// One thread at a time.
class BoundTables
{
public:
    explicit BoundTables(const KernelContext &context) : m_context(context) { }

    // Whom the cell that runs asks for passwords: once for each database. Borrowed until the next cell.
    void setAsked(CellOutputs *asked) { m_asked = asked; }

    std::optional<QString> serviceNamed(const QString &name) const; // as the factory spells it

    // Makes SELECT … FROM <function>() give the table's rows, read anew each time. The name of the function.
    Result<QString> publish(const NamedTable &table, DuckSession &session, const QString &function) const;

    // Rows of a query into a table: all or none. `query` is SQL for DuckDB, `columns` what it gives.
    struct Load
    {
        const InsertRows &insert;
        QString query;
        QList<DuckColumn> columns;
    };
    // How many rows. Errors: errorAt() the table, or what the query reports while it runs.
    Result<qint64> load(const Load &load, DuckSession &session, const CancelToken &cancel) const;

private:
    Result<std::unique_ptr<Source>> sourceOf(const NamedTable &table) const;
    Result<std::unique_ptr<Sink>> sinkOf(const InsertRows &insert) const;
    Result<QString> conninfoOf(const NamedTable &table) const;
    Error failed(const NamedTable &table, const Error &error) const; // of opening; what was typed is asked again

    const KernelContext &m_context;
    CellOutputs *m_asked = nullptr;
    mutable std::mutex m_mutex; // of what follows: DuckDB's threads open tables again
    mutable QMap<QString, QString> m_passwords; // by service
};

} // namespace engine
