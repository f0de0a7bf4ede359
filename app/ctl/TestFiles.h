#pragma once

#include "engine/model/PipelineTest.h"

namespace ctl {

// A file of tests that was read.
struct TestFile
{
    QString path; // absolute
    QString shown; // relative to the factory when it is in it
    QByteArray text;
    engine::PipelineTestFile read;
};

// The tests that a command names: files, folders (with all that is below) and names of tests, which may be patterns
// ("load *") and are looked for in .slipway/tests of the factory. Nothing named: all of the factory's. A file without a
// wanted test is left out. Errors: NotFound says what there is instead, Io.
engine::Result<QList<TestFile>> findTests(const QString &factory, const QStringList &wanted);

} // namespace ctl
