#pragma once

#include "engine/base/Json.h"
#include "engine/records/RunEvent.h"

#include <QList>
#include <QString>

namespace tests {

// Outputs of nbformat and records of a notebook run, as tests of the notebook pages need them.

engine::Json streamOutput(const QString &text, const char *name = "stdout");
engine::Json bundleOutput(const char *form, const engine::Json &value);
engine::Json errorOutput(const QString &ename, const QString &evalue, const QStringList &traceback);
QByteArray pngOf(int width, int height); // base64

engine::RunRecord notebookRunRecord(engine::RunStatus status = engine::RunStatus::Failed);
engine::ActivityRecord notebookActivity(engine::ActivityStatus status = engine::ActivityStatus::Failed);
engine::AttemptRecord notebookAttempt(int number, engine::AttemptStatus status);
engine::CellRecord cellRecord(int index, const QString &title, const QString &source, engine::CellStatus status);

// The notebook of the design's pictures: six cells, the fourth fails in its second line.
QList<engine::CellRecord> predictionCells();
// What the engine answers to "cells?outputs=preview"; outputs by cell.
engine::Json cellsAnswer(const QList<engine::CellRecord> &cells, const QList<QList<engine::Json>> &outputs = {});

} // namespace tests
