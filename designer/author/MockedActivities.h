#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"
#include "engine/model/Factory.h"

#include <QList>
#include <QStringList>

namespace designer {

// One activity of a pipeline in a debug run: it runs, or ends at once as it is said here.
struct MockedActivity
{
    QString path; // without iterations, as the engine names it: "Loop/Load"
    QString type;
    bool isMocked = false;
    QString status = QStringLiteral("Succeeded"); // or "Failed"
    QString output = {}; // JSON, as it is typed
    QString error = {}; // message of a failure
    // Of an earlier run: {"Loop[3]/Load": {"status", "output", "error"}}, as long as nothing of it is changed.
    engine::Json iterations = engine::Json::object();
    bool operator==(const MockedActivity &) const = default;
};

// All functions are pure.

QList<MockedActivity> mockableActivities(const engine::Pipeline &pipeline); // at any depth, in their order

engine::Result<engine::Json>
outputOf(const MockedActivity &activity); // an empty text is {}; `where` is "path:line:column"

// What the engine wants: {"Loop/Load": {"status", "output", "error"}}. InvalidInput: `where` begins with the path.
engine::Result<engine::Json> mocksOf(const QList<MockedActivity> &activities);

// Fills in outcomes by path, with iterations or without, or by a name that is there once; `only`: the path of one
// activity, empty = all. Those that are filled in are mocked.
struct TakenOutcomes
{
    int count = 0; // of activities filled in
    QStringList unknown; // the pipeline has no such activity
    QStringList notEnded; // neither succeeded nor failed there
};
TakenOutcomes take(QList<MockedActivity> &activities, const engine::Json &outcomes, const QString &only);

// Outcomes in a file: as `slipwayctl debug --mocks` takes them, or as `slipwayctl test --record` writes them.
engine::Result<engine::Json> outcomesIn(const QByteArray &text, const QString &file);
engine::Json outcomesOf(const engine::Json &activityRecords); // of a run: {"value": [record]}

// For the settings; long outputs are left out there, so that these stay quick to read.
engine::Json toKeep(const QList<MockedActivity> &activities);
void restore(QList<MockedActivity> &activities, const engine::Json &kept);

} // namespace designer
