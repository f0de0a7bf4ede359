#include "engine/connectors/Sink.h"

namespace engine {

BatchStream::~BatchStream() = default;

Sink::~Sink() = default;

} // namespace engine
