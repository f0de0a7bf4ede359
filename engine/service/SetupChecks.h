#pragma once

#include "engine/api/MachineLooks.h"

namespace engine {

// The checks of "Check my setup" that need nothing of the engine. Blocking; any thread.
SetupCheck checkDisk(const QString &folder);
// Whether a file can be made there: what the run store needs, asked without touching it.
Result<> checkWritable(const QString &folder);
SetupCheck checkKernels(const QList<FoundKernel> &kernels);
SetupCheck checkSandbox(const QString &program);
SetupCheck checkTimeZones();
SetupCheck checkDatabase();

// "3.4 GiB"
QString bytesText(qint64 bytes);

} // namespace engine
