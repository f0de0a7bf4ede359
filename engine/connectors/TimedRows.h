#pragma once

#include "engine/connectors/Sink.h"

#include <functional>

namespace engine {

// Tells a sink when a batch is at hand, so that the time it waited for it does not count.
class TimedRows final : public BatchStream
{
public:
    TimedRows(BatchStream &rows, std::function<void()> onBatch) : m_rows(rows), m_onBatch(std::move(onBatch)) { }
    Result<const RowBatch *> next() override
    {
        auto batch = m_rows.next();
        m_onBatch();
        return batch;
    }

private:
    BatchStream &m_rows; // borrowed
    std::function<void()> m_onBatch;
};

} // namespace engine
