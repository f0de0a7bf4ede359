#pragma once

#include "engine/run/PipelineRuns.h"
#include "tests/engine/run/ScriptedRunner.h"
#include "tests/support/FakeClock.h"

#include <QTemporaryDir>

#include <memory>

namespace tests {

// A store, a factory folder with one pipeline `P` (an activity `A` of a scripted Copy), and the parts that run it.
struct PublishedFixture
{
    PublishedFixture();

    void write(const QString &relative, const QByteArray &content) const;
    engine::Result<engine::FactoryRecord> registerFolder(const QString &path);
    engine::Result<engine::Publication> publish(const QString &comment = {}); // of `factory`
    void pipeline(const QString &name, int concurrency) const;

    void notebookPipeline(const QString &name) const; // an activity `N` that runs on the kernel "python3"

    QTemporaryDir folder;
    QString factoryFolder;
    FakeClock clock;
    std::optional<QStringList> kernels; // what is installed; nothing: not asked about
    std::unique_ptr<engine::RunJournal> journal;
    std::unique_ptr<engine::TelemetryLog> telemetry;
    std::shared_ptr<ScriptedRunner> runner;
    engine::RunnerRegistry runners;
    std::unique_ptr<engine::PublishedVersions> versions;
    std::unique_ptr<engine::PipelineRuns> runs;
    engine::FactoryRecord factory;
    QList<engine::Problem> problems; // of the last publish
};

} // namespace tests
