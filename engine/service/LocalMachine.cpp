#include "engine/service/LocalMachine.h"

#include "engine/base/PostTo.h"
#include "engine/service/KernelLooks.h"
#include "engine/service/SetupChecks.h"
#include "engine/service/TitanicSample.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>

namespace engine {

namespace {

using State = SetupCheck::State;

constexpr Millis clockTolerance = std::chrono::minutes(2);
constexpr Millis jumpTolerance = std::chrono::minutes(10); // as the trigger loop's
constexpr Instant earliestSane = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);
constexpr Instant latestSane = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);

// The context of this file's texts for translators.
struct LocalMachineText
{
    Q_DECLARE_TR_FUNCTIONS(engine::LocalMachine)
};

} // namespace

LocalMachine::LocalMachine(NotebookEnvironment environment, Places places, RunJournal &journal, Clock &clock)
    : m_environment(std::move(environment))
    , m_places(std::move(places))
    , m_journal(journal)
    , m_clock(clock)
    , m_startedAt(clock.now())
    , m_startedBoot(clock.boot())
{
    m_pool.setMaxThreadCount(2);
}

LocalMachine::~LocalMachine()
{
    m_cancel.cancel();
    m_pool.clear();
    m_pool.waitForDone();
}

void LocalMachine::kernels(std::function<void(const QList<FoundKernel> &)> answer)
{
    m_pool.start([this, answer = std::move(answer)] {
        const QList<FoundKernel> found = lookAtKernels(m_environment, m_cancel);
        postTo(&m_home, [answer, found] { answer(found); });
    });
}

void LocalMachine::check(std::function<void(const QList<SetupCheck> &)> answer)
{
    const SetupCheck clock = clockCheck();
    m_pool.start([this, store = storeState(), clock, answer = std::move(answer)]() mutable {
        if (const Result<> writable = checkWritable(m_places.data); !writable) {
            store.state = State::Error;
            store.message = writable.error().message;
            store.fix = LocalMachineText::tr("Give yourself the right to write there, or move the engine's data with "
                                             "SLIPWAY_HOME.");
        }
        const QList<SetupCheck> checks = {store,
                                          checkDisk(m_places.data),
                                          checkKernels(lookAtKernels(m_environment, m_cancel)),
                                          checkSandbox(m_environment.bubblewrap),
                                          clock,
                                          checkTimeZones(),
                                          checkDatabase()};
        postTo(&m_home, [answer, checks] { answer(checks); });
    });
}

void LocalMachine::makeSample(const QString &folder, std::function<void(const Result<MadeSample> &)> answer)
{
    m_pool.start([this, folder, answer = std::move(answer)] {
        const Result<TitanicSample> made = makeTitanicSample(folder);
        const Result<MadeSample> result =
            made ? Result<MadeSample>(MadeSample{made->folder, made->passengers}) : Result<MadeSample>(made.error());
        postTo(&m_home, [answer, result] { answer(result); });
    });
}

Result<QByteArray> LocalMachine::log(qint64 bytes)
{
    QFile file(m_places.log);
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::NotFound,
            file.exists()
                ? LocalMachineText::tr("The engine's log %1 cannot be read: %2.").arg(m_places.log, file.errorString())
                : LocalMachineText::tr("This engine writes no log: it was started in a terminal and "
                                       "prints there."),
            m_places.log};
    const qint64 from = std::max<qint64>(0, file.size() - bytes);
    // One byte before tells whether the first line is whole.
    file.seek(std::max<qint64>(0, from - 1));
    QByteArray text = file.read(bytes + 1);
    if (from > 0) {
        const qsizetype firstEnd = text.indexOf('\n');
        text.remove(0, firstEnd < 0 ? 1 : firstEnd + 1);
    }
    return text;
}

SetupCheck LocalMachine::storeState() const
{
    SetupCheck check{.id = QStringLiteral("store"),
                     .state = State::Ok,
                     .title = LocalMachineText::tr("Run store"),
                     .message = {},
                     .fix = {}};
    const Result<RunPage> runs = m_journal.find({.limit = 0});
    if (!runs) {
        check.state = State::Error;
        check.message = LocalMachineText::tr("The run store cannot be read. %1").arg(runs.error().message);
        check.fix = LocalMachineText::tr("Stop the engine and put the newest copy from %1/backups in the place of "
                                         "store.db.")
                        .arg(m_places.data);
    } else if (m_journal.isDegraded()) {
        check.state = State::Error;
        check.message =
            LocalMachineText::tr("The run store in %1 cannot be written; nothing new is started.").arg(m_places.data);
        check.fix = LocalMachineText::tr("Make room on its disk, or see in the engine's log what the disk says; the "
                                         "engine goes on by itself.");
    } else {
        check.message = LocalMachineText::tr("%1 holds the history (runs: %2, backups: %3) and can be written.")
                            .arg(m_places.data)
                            .arg(runs->total)
                            .arg(m_journal.backups().size());
    }
    return check;
}

SetupCheck LocalMachine::clockCheck() const
{
    SetupCheck check{.id = QStringLiteral("clock"),
                     .state = State::Ok,
                     .title = LocalMachineText::tr("Clock"),
                     .message = {},
                     .fix = LocalMachineText::tr("Set the clock and switch on its synchronisation (\"timedatectl "
                                                 "set-ntp true\").")};
    const Instant now = m_clock.now();
    const Result<QList<RunRecord>> newest = m_journal.runs({.limit = 1});
    const Millis moved = (now - m_startedAt) - (m_clock.boot() - m_startedBoot);
    if (now < earliestSane || now > latestSane) {
        check.state = State::Error;
        check.message =
            LocalMachineText::tr("The clock says %1, which cannot be; triggers fire at wrong times.").arg(toIso(now));
    } else if (newest && !newest->isEmpty() && newest->first().queuedAt > now + clockTolerance) {
        check.state = State::Error;
        check.message = LocalMachineText::tr("The clock says %1, but the latest run is of %2: one of the two times was "
                                             "wrong.")
                            .arg(toIso(now), toIso(newest->first().queuedAt));
    } else if (std::chrono::abs(moved) > jumpTolerance) {
        check.state = State::Warning;
        check.message = LocalMachineText::tr("The clock was moved by %n minute(s) since the engine started.",
                                             nullptr,
                                             int(std::chrono::duration_cast<std::chrono::minutes>(moved).count()));
    } else {
        check.message = LocalMachineText::tr("The clock says %1 and runs evenly.").arg(toIso(now));
        check.fix.clear();
    }
    return check;
}

} // namespace engine
