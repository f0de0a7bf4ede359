#pragma once

#include "app/ctl/Session.h"
#include "engine/records/CopyTrialRecords.h"
#include "engine/records/StoreContent.h"

namespace ctl {

// Columns, first rows, and what a copy would make of them, as a terminal shows them; as JSON with --json.
void printColumns(const Session &session, const QList<engine::StoreColumn> &columns);
void printRows(const Session &session, const engine::StorePreview &preview);
void printConversion(const Session &session, const engine::ConversionPreview &preview);
void printTrial(const Session &session, const engine::ScriptTrial &trial);

} // namespace ctl
