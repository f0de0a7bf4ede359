#pragma once

#include "engine/base/Json.h"

#include <QByteArray>
#include <QString>

namespace scoring::trees {

// Reads a Universal Binary JSON document as a whole. Errors: InvalidInput: damaged or cut off, nested deeper than 64,
// lengths that promise more than the file holds. `place` becomes Error::where, with the byte: "model.ubj:byte 17".
engine::Result<engine::Json> parseUbj(const QByteArray &bytes, const QString &place);

} // namespace scoring::trees
