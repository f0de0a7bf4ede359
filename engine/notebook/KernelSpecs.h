#pragma once

#include "engine/notebook/NotebookJob.h"

namespace engine {

// Which kernelspec runs a notebook, and what has to be said about the choice.
struct KernelChoice
{
    KernelSpec spec;
    QString warning; // set when it is not the one the notebook names
};

// `asked` (the binding's) or, when empty, the notebook's own `named`, or, when that is not installed here, the first
// kernelspec of the notebook's language. The error lists what is installed and how to install what is missing.
Result<KernelChoice> chooseKernel(const QMap<QString, KernelSpec> &installed,
                                  const QString &asked,
                                  const QString &named,
                                  const QString &language);

// Where a person's own kernelspecs are, for all Jupyter programs.
QString userKernelsFolder();

// The folders that are searched, in order.
QStringList kernelSpecFolders(const NotebookEnvironment &environment);

// The command line of a kernel: placeholders filled in, a bare "python3" or "python" resolved to environment.python,
// other bare names looked up in `path`, ipykernel told to keep its history in memory.
Result<QStringList> kernelCommand(const KernelSpec &spec,
                                  const NotebookEnvironment &environment,
                                  const QString &connectionFile,
                                  const QString &path);

} // namespace engine
