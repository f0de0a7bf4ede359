#pragma once

#include "engine/model/BindingNeeds.h"

namespace ctl {

// Writes entries into the bindings of the factory in `folder`: into .slipway/bindings.json what can be shared, into
// .slipway/local/bindings.json what has a path of this machine; the other file loses an entry of the same name. Returns
// the files that changed. InvalidInput when an entry is none; blocks.
engine::Result<QStringList> writeBindings(const QString &folder, const QList<engine::BindingEntry> &entries);

// The entry of this name as the files write it, local before shared; null when there is none.
engine::Json writtenBinding(const QString &folder, const QString &name);

// The entries of these names out of both files. NotFound when neither has one.
engine::Result<QStringList> removeBinding(const QString &folder, const QString &name);

} // namespace ctl
