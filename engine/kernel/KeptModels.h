#pragma once

#include "engine/base/Result.h"
#include "engine/kernel/KernelModel.h"

#include <QList>
#include <QMap>
#include <QString>

namespace engine {

// The models of the registry, for the cells of one kernel. A version is read once: it never changes. One thread.
class KeptModels
{
public:
    explicit KeptModels(const QString &folder) : m_registry(folder) { } // empty: there is no registry

    bool isThere() const { return !m_registry.folder().isEmpty(); }
    QStringList names() const; // sorted
    // "m", "m/3" or "m@champion" as the registry spells it; upper and lower case of a name do not count. Nothing when
    // no version of that name is kept, or it is no name of the registry. Errors: NotFound (no such version or alias).
    Result<std::optional<scoring::ModelVersion>> find(const QString &text) const;

    Result<KernelModel> read(const scoring::ModelVersion &version);
    // As the next version of `model.name`. Errors: InvalidInput (the name), Unsupported, Io.
    Result<KernelModel> keep(KernelModel model, scoring::ModelCard card);

private:
    QString spelledAs(const QString &name) const;

    scoring::ModelRegistry m_registry;
    QMap<QString, KernelModel> m_read; // by folder of the version
};

} // namespace engine
