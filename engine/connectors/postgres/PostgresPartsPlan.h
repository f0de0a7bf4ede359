#pragma once

#include "engine/connectors/ParallelSource.h"
#include "engine/connectors/postgres/PostgresParts.h"
#include "engine/connectors/postgres/PostgresSource.h"

namespace engine {

// The parts of `whole`, all as they were at one moment: their transactions have the snapshot of one that stays open
// until they are. Ranges are of a column of whole numbers, dates or moments; rows without a value are in the first
// one, and what is outside of the bounds in the first and last. What cannot be cut is one part.
std::variant<ParallelSource::Parts, ParallelSource::Failure>
planPostgresParts(const PostgresSource::Origin &whole, const PostgresParts &parts, const CancelToken &cancel);

} // namespace engine
