#pragma once

#include "app/ctl/Session.h"

#include <QStringList>

namespace ctl {

// `slipwayctl model convert MODEL FILE`: the format is that of the file's name: .pmml, .xml or .onnx, or that of the
// model itself, which is then copied as it is. → exit code
int convertModel(const QStringList &words, Session &session);

} // namespace ctl
