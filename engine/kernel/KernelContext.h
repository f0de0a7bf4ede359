#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QMap>
#include <QString>

namespace engine {

// What the engine says to a kernel it starts: the file that SLIPWAY_CONTEXT names. Started by JupyterLab there is none,
// and all is empty. A value.
struct KernelContext
{
    Json connections = Json::object(); // linked service → {"store": "sqlite", "file": …}, as NotebookRequest has it
    QMap<QString, QString> mounts; // literal path in the notebook → folder here
    QString exitFile; // takes the exit value

    static Result<KernelContext> read(); // Io, InvalidInput
    // A path in the notebook as it is here: below a mount in its folder. Others stay as they are.
    QString pathHere(const QString &path) const;
    QStringList services() const;
};

} // namespace engine
