#pragma once

#include "app/ctl/TestRun.h"

#include <QDateTime>

namespace ctl {

// What became of all tests of a command. Pure.
struct TestReport
{
    QString factory; // its folder
    QDateTime begun;
    qint64 milliseconds = 0;
    QList<TestOutcome> outcomes;
    QList<engine::Problem> broken; // files that are no tests

    int failed() const;
};

// One line about a test, then what is not as expected.
QStringList linesAbout(const TestOutcome &outcome);
QString summaryOf(const TestReport &report);
engine::Json toJson(const TestOutcome &outcome);
// For build servers: <testsuite> with a <testcase> each; characters that XML cannot hold are replaced.
QByteArray toJUnit(const TestReport &report);

} // namespace ctl
