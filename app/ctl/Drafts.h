#pragma once

#include "app/ctl/Session.h"

namespace ctl {

// What the engine is asked about: entities as they are in the factory folder, published or not. NotFound says which
// there are.
engine::Result<engine::Json> linkedServiceDraft(const Session &session, const QString &name);
engine::Result<engine::Json> datasetDraft(const Session &session, const QString &name); // and its linked service

} // namespace ctl
