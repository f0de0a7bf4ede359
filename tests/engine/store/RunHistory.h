#pragma once

#include "engine/store/RunJournal.h"

namespace tests {

// What an engine that has been busy for months has recorded: `count` ended runs of 12 pipelines in 2 factories
// ("north", "south"), one every five minutes from the start of 2026 on; a tenth failed with a message of some 200
// characters, a quarter started by hand, the rest by 6 triggers. The same for the same number, always.
engine::RunRecord historicRun(int number);
// Appends the runs from `first` on; true when all are recorded.
bool appendHistory(engine::RunJournal &journal, int first, int count);

} // namespace tests
