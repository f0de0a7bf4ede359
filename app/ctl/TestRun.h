#pragma once

#include "app/ctl/Session.h"
#include "engine/model/PipelineTest.h"
#include "engine/records/RunEvent.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace engine {
class ScratchFactory;
}

namespace ctl {

// How a test ended.
struct TestOutcome
{
    engine::PipelineTest test;
    engine::ValuePlace place; // of the test in its file
    QList<engine::Mismatch> mismatches; // none and no error: it has passed
    QHash<QString, engine::ValuePlace> places; // of the mismatches in the file, by pointer
    QString error; // why the run could not be made, or its tables not be read
    qint64 milliseconds = 0;

    bool hasPassed() const { return mismatches.isEmpty() && error.isEmpty(); }
};

// Runs tests one after another on the engine of a session, each in a scratch copy of the factory below `scratch`.
// Blocks its caller, with the event loop at work.
class TestRun final : public QObject
{
public:
    // The session outlives it.
    TestRun(Session &session, QString factoryFolder, QString scratch);
    ~TestRun() override;

    engine::Result<> open(); // once, before the first run()
    TestOutcome run(engine::PipelineTest test, const engine::PlacedJson &document);

private:
    engine::Result<engine::ObservedRun> observe(const engine::PipelineTest &test,
                                                const engine::ScratchFactory &scratch,
                                                const QString &beside,
                                                QList<engine::Mismatch> &found);
    engine::Result<engine::Json>
    mocksOf(const engine::PipelineTest &test, const engine::ScratchFactory &scratch, const QString &beside) const;
    engine::Result<> checkCalls(const QString &factory); // InvalidInput
    bool waitForEnd(const engine::RunId &run, int milliseconds);
    engine::Error explained(const engine::Error &error) const;
    void addTables(const engine::PipelineTest &test, const engine::ScratchFactory &scratch, TestOutcome &outcome) const;

    Session &m_session;
    QString m_factoryFolder;
    QString m_scratch;
    int m_count = 0;
    QSet<QString> m_ended; // runs
    QString m_awaited;
    std::function<void()> m_wake; // of the loop that waits for it
};

} // namespace ctl
