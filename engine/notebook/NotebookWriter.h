#pragma once

#include "engine/model/Notebook.h"

#include <functional>

namespace engine {

class JsonWriter;

// Writes the outputs of code cell `index` between beginArray() and endArray(); false = the cell's own are written.
using OutputSource = std::function<bool(int index, JsonWriter &writer)>;

// A valid file of nbformat 4.5 (or its later minor version) with a newline at its end. `expectedSize` in bytes spares
// copies of a large one.
QByteArray writeNotebook(const Notebook &notebook, const OutputSource &outputs = {}, qint64 expectedSize = 0);

} // namespace engine
