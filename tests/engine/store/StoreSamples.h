#pragma once

#include "engine/store/RunJournal.h"

namespace tests {

// Records as a real run writes them, small enough to compare whole.
engine::RunRecord sampleRun(const QString &id, const QString &pipeline = QStringLiteral("Load Titanic"));
engine::ActivityRecord sampleActivity(const QString &run, const QString &name);
engine::RunEvent eventOf(const engine::RunRecord &run);
engine::RunEvent eventOf(const engine::ActivityRecord &activity);
engine::RunEvent eventOf(const engine::AttemptRecord &attempt);
engine::RunEvent eventOf(const engine::CellRecord &cell);

engine::Instant at(qint64 seconds); // after the start of 2026

} // namespace tests
