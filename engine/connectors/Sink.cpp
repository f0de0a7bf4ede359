#include "engine/connectors/Sink.h"

namespace engine {

BatchStream::~BatchStream() = default;

RowRejecter::~RowRejecter() = default;

Sink::~Sink() = default;

Result<> Sink::define(const QList<SinkColumn> &)
{
    Q_ASSERT(!makesColumns());
    return {};
}

} // namespace engine
