#pragma once

#include "engine/copy/rejects/RejectFile.h"

namespace engine {

// Rejected rows for a spreadsheet: the source's columns (corrections applied when `corrected`), then _row, _line,
// _file, _state, _code, _message and _original. RFC 4180, UTF-8; cells that a spreadsheet would compute get an
// apostrophe.
Result<QByteArray> rejectsCsv(RejectFile &file, const RejectQuery &query, bool corrected);

} // namespace engine
