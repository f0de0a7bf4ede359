#pragma once

#include "engine/connectors/Sink.h"
#include "engine/connectors/Source.h"
#include "engine/connectors/Store.h"
#include "engine/copy/CopyPlan.h"

#include <memory>

namespace engine {

// The connectors behind a plan's source and sink: the one place that knows them all.
// `cancel` ends what open() waits for; while rows are read, Source::stop() does.
std::unique_ptr<Source> makeSource(const CopySource &source, const CancelToken &cancel = {});
std::unique_ptr<Source> makeSource(const CopyPlan &plan, const CancelToken &cancel); // with the columns it adds
std::unique_ptr<Sink> makeSink(const CopySink &sink);

// The same stores, looked at.
std::unique_ptr<Store> makeStore(const StorePlan &store, const CancelToken &cancel);
std::unique_ptr<StoredRows> makeStoredRows(const DatasetPlan &dataset, const CancelToken &cancel);

QString displayName(const CopySource &source); // for messages: "data/finoutput", "dbo.t"

} // namespace engine
