#pragma once

#include "engine/model/Notebook.h"
#include "engine/notebook/KernelSession.h"

namespace engine {

// What is decided before a kernel is started: the notebook as it will be executed, and by which kernel.
struct NotebookPlan
{
    Notebook notebook; // parameters injected, old outputs removed
    KernelSpec spec;
    QStringList warnings;
};

// Errors: the file, the kernel or a parameter is wrong. Reads the kernelspecs, nothing else.
Result<NotebookPlan> planNotebook(const NotebookRequest &request, const NotebookEnvironment &environment);

// How the kernel of a plan is started in its run folder. Writes connection.json's counterpart for the notebook,
// context.json (0600; what the module `slipway` reads), into the folder; adds to `warnings` what the user should know;
// `sandbox` becomes "bubblewrap" or the reason why there is none.
Result<KernelSetup> setUpKernel(const NotebookRequest &request,
                                const NotebookEnvironment &environment,
                                const KernelSpec &spec,
                                const RunFolder &folder,
                                QStringList *warnings,
                                QString *sandbox);

// The name of the file, in the run folder, into which `slipway.exit(value)` writes its value.
inline constexpr char16_t exitValueFile[] = u"exit.json";

} // namespace engine
