#pragma once

#include "engine/api/MachineLooks.h"
#include "engine/base/CancelToken.h"
#include "engine/notebook/NotebookJob.h"

namespace engine {

// Every kernelspec on this machine, those that cannot be read included, each with what its interpreter says when it is
// started (at most 5 s each). Blocks; any thread.
QList<FoundKernel> lookAtKernels(const NotebookEnvironment &environment, const CancelToken &cancel);

} // namespace engine
