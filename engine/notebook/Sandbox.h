#pragma once

#include "engine/base/Result.h"

#include <QMap>
#include <QStringList>

namespace engine {

// What a kernel may see besides the system: everything else of the machine is not there for it.
struct SandboxLayout
{
    QStringList readOnly; // folders at their own place
    QMap<QString, QString> writable; // path inside → folder here
    QString folder; // where the kernel starts
    bool network = false;
};

// Whether bubblewrap works here. `reason` is a sentence for a person when it does not.
struct SandboxProbe
{
    bool usable = false;
    QString reason;
};

// Tries the program once per engine (about 20 ms); later calls give the same answer. Empty = switched off.
SandboxProbe probeSandbox(const QString &program);

// The command line that runs `command` inside.
QStringList sandboxCommand(const QString &program, const SandboxLayout &layout, const QStringList &command);

// A literal path of a mount must be absolute and outside of what the system itself needs.
Result<> checkMountPath(const QString &path);

} // namespace engine
