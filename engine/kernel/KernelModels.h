#pragma once

#include "engine/base/Result.h"
#include "engine/kernel/KeptModels.h"
#include "engine/kernel/KernelModel.h"
#include "engine/kernel/KernelStatement.h"

#include <QMap>
#include <QString>

namespace engine {

// The models a cell may name; upper and lower case do not count. Those of this kernel, which go with it (read from
// files, or TEMP), hide those of the registry. One thread.
class KernelModels
{
public:
    explicit KernelModels(const QString &registry) : m_kept(registry) { } // its folder; empty: there is none

    // What CREATE MODEL makes is kept.
    bool keeps() const { return m_kept.isThere(); }
    Result<KernelModel> keep(const NamedModel &name, KernelModel model, scoring::ModelCard card);

    // Of this kernel only. Conflict: one of that name is there.
    Result<> add(const NamedModel &name, KernelModel model, bool replaces);
    Result<KernelModel> find(const NamedModel &name); // NotFound: the message names those that are there
    bool contains(const QString &name) const;
    // NotFound; Unsupported: it is kept, and what is kept stays.
    Result<> remove(const NamedModel &name);

    QStringList names() const; // all of them
    QList<KernelModel> all(); // by name; of those kept the newest version, those that cannot be read left out

private:
    QMap<QString, KernelModel> m_models; // by lower-case name
    KeptModels m_kept;
};

} // namespace engine
