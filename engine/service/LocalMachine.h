#pragma once

#include "engine/api/MachineLooks.h"
#include "engine/base/CancelToken.h"
#include "engine/base/Clock.h"
#include "engine/base/Places.h"
#include "engine/notebook/NotebookJob.h"
#include "engine/store/RunJournal.h"

#include <QObject>
#include <QThreadPool>

namespace engine {

// Looks at the machine on threads of its own: interpreters, the sandbox and the disk are asked there, each with a time
// limit. What the journal and the clocks say is read on the engine loop, before.
class LocalMachine final : public MachineLooks
{
public:
    // The journal and the clock outlive it.
    LocalMachine(NotebookEnvironment environment, Places places, RunJournal &journal, Clock &clock);
    ~LocalMachine() override; // ends what is under way
    Q_DISABLE_COPY_MOVE(LocalMachine)

    void kernels(std::function<void(const QList<FoundKernel> &)> answer) override;
    void check(std::function<void(const QList<SetupCheck> &)> answer) override;
    void makeSample(const QString &folder, std::function<void(const Result<MadeSample> &)> answer) override;
    Result<QByteArray> log(qint64 bytes) override;

private:
    SetupCheck clockCheck() const;
    SetupCheck storeState() const;

    NotebookEnvironment m_environment;
    Places m_places;
    RunJournal &m_journal;
    Clock &m_clock;
    Instant m_startedAt;
    Millis m_startedBoot;
    CancelToken m_cancel;
    QThreadPool m_pool;
    QObject m_home; // where answers arrive
};

} // namespace engine
