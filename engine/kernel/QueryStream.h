#pragma once

#include "engine/connectors/Sink.h"
#include "engine/data/DuckSession.h"
#include "engine/data/ValueConversion.h"

#include <memory>
#include <vector>

namespace engine {

// The rows of a query on their way into a sink: each value becomes what its column holds, exactly, or ends the load.
// Goes before its session.
class QueryStream final : public BatchStream
{
public:
    // `chosen`: for each column of the query, which of the sink's it goes into. Errors: a type that cannot go there.
    static Result<std::unique_ptr<QueryStream>> open(const QString &query,
                                                     const QList<DuckColumn> &columns,
                                                     const QList<SinkColumn> &targets,
                                                     const QList<int> &chosen,
                                                     DuckSession &session);
    ~QueryStream() override;

    Result<const RowBatch *> next() override;

private:
    struct Field
    {
        QString name;
        InterimType type;
        ValueConverter converter;
    };
    QueryStream() = default;
    Result<> convert(const Field &field, const Column &from, Column &to);

    std::vector<Field> m_fields;
    std::unique_ptr<DuckRows> m_rows;
    DuckBatch m_read;
    RowBatch m_batch;
    qint64 m_row = 0;
};

} // namespace engine
