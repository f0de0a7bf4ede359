#pragma once

#include "engine/base/Json.h"
#include "scoring/training/TrainingTable.h"

#include <QMap>
#include <QString>

// The data sets and reference numbers of tests/data/scoring. What cannot be read ends the program.
namespace tests {

// `type`s of columns that are not what they look like; every other column gets the type its cells have.
scoring::TrainingTable readTable(const QString &file, const QMap<QString, scoring::FieldType> &types = {});
// The same cells without rows that are there before.
scoring::TrainingTable withoutDuplicates(const scoring::TrainingTable &table);

engine::Json readReference(const QString &name); // "iris_raw.json"
std::vector<double> numbersOf(const engine::Json &list); // nested lists one after another

// Whether |actual − expected| ≤ relative · |expected| + absolute; says on the debug output when not.
bool isClose(double actual, double expected, double relative, double absolute, const QString &what);

} // namespace tests
