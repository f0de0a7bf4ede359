#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QMap>
#include <QString>

#include <optional>

namespace engine {

// What a kernel may reach: the engine says it to a kernel it starts, in the file that SLIPWAY_CONTEXT names. A value.
struct KernelContext
{
    Json connections = Json::object(); // linked service → {"store": "sqlite", "file": …}, as NotebookRequest has it
    QMap<QString, QString> mounts; // literal path in the notebook → folder here
    QString exitFile; // takes the exit value
    QString models; // the registry's folder; empty: models are not kept

    // What a model card says of where it comes from; each may be empty.
    struct Lineage
    {
        QString pipeline;
        QString run;
        QString notebook;
    };
    Lineage lineage;

    // Nothing when SLIPWAY_CONTEXT is not set. Errors: Io, InvalidInput.
    static Result<std::optional<KernelContext>> read();
    // A path in the notebook as it is here: below a mount in its folder. Others stay as they are.
    QString pathHere(const QString &path) const;
    QStringList services() const;
};

} // namespace engine
