#pragma once

#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"
#include "engine/copy/CopyPlan.h"

#include <memory>

namespace engine {

// The connectors behind a plan's source and sink: the one place that knows them all.
std::unique_ptr<Source> makeSource(const CopySource &source);
std::unique_ptr<Sink> makeSink(const CopySink &sink);

QString displayName(const CopySource &source); // for messages: "data/finoutput"

} // namespace engine
