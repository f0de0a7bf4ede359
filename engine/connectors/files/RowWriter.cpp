#include "engine/connectors/files/RowWriter.h"

namespace engine {

RowWriter::~RowWriter() = default;

} // namespace engine
