#include "tests/engine/run/RunStage.h"

#include "engine/model/PipelineReader.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSignalSpy>

using namespace engine;

namespace tests {

namespace {

class NoFiles final : public FileTree
{
public:
    QStringList files() const override { return {}; }
    Result<QByteArray> read(const QString &path) const override
    {
        return Error{ErrorCode::NotFound, QStringLiteral("none"), path};
    }
};

constexpr int longest = 30000; // ms of real time for one run
constexpr int quietTime = 80; // ms without news: longer than a commit takes

} // namespace

RunStage::RunStage()
    : runner(std::make_shared<ScriptedRunner>())
    , m_clock(std::make_unique<FakeClock>(*instantFromIso(QStringLiteral("2026-01-31T22:00:00Z"))))
{
    m_runners.add(QStringLiteral("Copy"), runner);
    record.id = RunId::create();
    record.group = RunGroupId(record.id.text());
    record.factory = FactoryId::create();
    record.pipeline = QStringLiteral("P");
    record.queuedAt = m_clock->now();
    open();
}

RunStage::~RunStage() { m_run.reset(); }

void RunStage::open()
{
    m_journal = *RunJournal::open(m_folder.path(), *m_clock);
    m_telemetry = *TelemetryLog::open(m_folder.path());
    QObject::connect(
        m_journal.get(), &RunJournal::recorded, m_journal.get(), [this](const RunEvent &event) { note(event); });
}

void RunStage::note(const RunEvent &event)
{
    if (const auto *run = std::get_if<RunRecord>(&event.body)) {
        if (!isTerminal(run->status))
            return;
        QString line = QStringLiteral("run ") + toString(run->status);
        if (!run->message.isEmpty())
            line += QStringLiteral(": ") + run->message;
        else if (run->failedActivities)
            line += QStringLiteral(" with failed activities");
        log.append(line);
        return;
    }
    const auto *activity = std::get_if<ActivityRecord>(&event.body);
    if (!activity || activity->status == ActivityStatus::Pending
        || m_known.value(activity->path, ActivityStatus::Pending) == activity->status)
        return;
    const bool began = m_known.value(activity->path, ActivityStatus::Pending) != ActivityStatus::InProgress;
    m_known.insert(activity->path, activity->status);
    QString line = activity->path + u' ' + toString(activity->status);
    const bool isControl = isContainer(activity->type) || activity->type == u"Filter" || activity->type == u"Fail";
    const bool showsInput = activity->status == ActivityStatus::InProgress
        || (began && activity->status == ActivityStatus::Succeeded && !activity->isMocked);
    if (showsInput && !isControl && !activity->input.empty() && !activity->input.contains("activity"))
        line += u' ' + QString::fromUtf8(toCompact(activity->input));
    if (activity->status == ActivityStatus::Failed && (activity->type != u"Copy" || began))
        line += QStringLiteral(": ") + activity->error.message;
    log.append(line);
}

bool RunStage::plan(const Json &properties, const Json &parameters)
{
    Factory factory;
    factory.name = QStringLiteral("Works");
    factory.pipelines.insert(record.pipeline,
                             readPipeline(Json{{"name", "P"}, {"properties", properties}},
                                          record.pipeline,
                                          QStringLiteral("pipeline/P.json")));
    RunPlan made{.factory = std::make_shared<const Factory>(factory),
                 .files = std::make_shared<NoFiles>(),
                 .folder = m_folder.path(),
                 .pipeline = record.pipeline,
                 .parameters = parameters,
                 .selection = {}};
    if (record.debug && !record.debug->until.isEmpty()) {
        const Result<QList<Activity>> selected = activitiesUntil(made.definition(), record.debug->until);
        if (!selected) {
            failure = selected.error().message;
            return false;
        }
        made.selection = *selected;
    }
    m_plan = std::make_shared<const RunPlan>(std::move(made));
    return true;
}

PipelineRun &RunStage::make()
{
    m_run = std::make_unique<PipelineRun>(
        record, m_plan, PipelineRun::Parts{m_runners, *m_journal, *m_telemetry, *m_clock});
    return *m_run;
}

PipelineRun &RunStage::restart()
{
    m_run.reset();
    m_telemetry.reset();
    m_journal.reset();
    open();
    record = **m_journal->run(record.id);
    PipelineRun &resumed = make();
    resumed.resume({*m_journal->activities(record.id),
                    *m_journal->attempts(record.id),
                    *m_journal->cells(record.id),
                    *m_journal->hidden(record.id)});
    return resumed;
}

bool RunStage::start()
{
    make().start();
    return finish();
}

bool RunStage::finish(Time time)
{
    const QSignalSpy finished(m_run.get(), &PipelineRun::finished);
    QElapsedTimer passed;
    passed.start();
    QElapsedTimer quiet;
    quiet.start();
    while (finished.isEmpty() && passed.elapsed() < longest) {
        const qsizetype before = log.size();
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
        if (log.size() != before)
            quiet.restart();
        const std::optional<Millis> next = m_clock->untilNext();
        if (time == Time::Passes && next && quiet.elapsed() > quietTime) { // everybody waits: let virtual time pass
            m_clock->advance(*next);
            quiet.restart();
        }
    }
    return !finished.isEmpty();
}

QList<ActivityRecord> RunStage::activities() const { return *m_journal->activities(record.id); }

ActivityRecord RunStage::activity(const QString &path) const
{
    for (const ActivityRecord &activity : activities()) {
        if (activity.path == path)
            return activity;
    }
    return {};
}

} // namespace tests
