#include "engine/copy/rejects/RejectReload.h"

#include "engine/base/CrashPoint.h"
#include "engine/copy/CopyRun.h"
#include "engine/copy/Endpoints.h"
#include "engine/copy/rejects/RejectSource.h"

#include <QCoreApplication>
#include <QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct RejectReloadText
{
    Q_DECLARE_TR_FUNCTIONS(engine::RejectReload)
};

constexpr int mostTries = 200; // of a sink that refuses one row each time

RunError runError(const Error &error)
{
    return {QStringLiteral("ReloadFailed"), error.message, QStringLiteral("UserError"), {}, Json::object()};
}

// Marks the rows that are refused again, before the others are committed.
class RefusalMarks final : public RejectKeeper
{
public:
    RefusalMarks(RejectFile &store, int reload) : m_store(store), m_reload(reload) { }

    void begin(const RejectHead &) override { m_refusals.clear(); }
    Result<> add(const RowProblem &problem) override
    {
        const Result<qint64> id = idOf(problem.row);
        if (!id)
            return id.error();
        m_refusals.append({*id, {problem.column, problem.value, problem.message}, problem.code});
        return {};
    }
    Result<> finish(qint64) override { return m_store.refuse(m_reload, m_refusals); }
    void end(End) override { }
    qint64 kept() const override { return m_refusals.size(); }

    Result<qint64> idOf(qint64 row)
    {
        return row >= RejectSource::firstMadeNumber ? Result<qint64>(row - RejectSource::firstMadeNumber)
                                                    : m_store.loadingRow(m_reload, row);
    }

private:
    RejectFile &m_store;
    int m_reload;
    QList<RejectFile::Refusal> m_refusals;
};

// The copy's own plan, with the rows of the store in place of its source and no script.
CopyPlan reloadPlan(const CopyPlan &copy, const RejectHead &head)
{
    CopyPlan plan;
    plan.source = CsvFileSource{};
    plan.sink = copy.sink;
    plan.sinkService = copy.sinkService;
    plan.allowEmptySource = true;
    plan.skip.isOn = true;
    int ordinal = 0;
    for (const RejectHead::Target &target : head.targets) {
        ColumnMapping mapping;
        mapping.sourceOrdinal = ++ordinal;
        mapping.sinkName = target.sink;
        mapping.sinkType = target.type;
        plan.mappings.append(mapping);
    }
    return plan;
}

// The row that made the load fail, when the sink has told which.
Result<bool> noteRefusal(RejectFile &store, RefusalMarks &marks, int reload, const RunError &error)
{
    const qint64 row = intAt(error.details, "row");
    if (row <= 0)
        return false;
    const Result<qint64> id = marks.idOf(row);
    if (!id || *id == 0)
        return id ? Result<bool>(false) : id.error();
    const Result<> noted = store.refuse(
        reload,
        {{*id, {stringAt(error.details, "column"), stringAt(error.details, "value"), error.message}, error.errorCode}});
    if (!noted)
        return noted.error();
    return true;
}

} // namespace

QString RejectLock::pathOf(const QString &file) { return file + QStringLiteral(".lock"); }

std::optional<RejectLock> RejectLock::take(const QString &file)
{
    const QString path = pathOf(file);
    const QByteArray name = QFile::encodeName(path);
    while (true) {
        const int descriptor = ::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor < 0)
            return {};
        if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor);
            return {};
        }
        // Its last holder may have taken the name away meanwhile.
        struct stat held
        {
        };
        struct stat named
        {
        };
        if (::fstat(descriptor, &held) == 0 && ::stat(name.constData(), &named) == 0 && held.st_ino == named.st_ino
            && held.st_dev == named.st_dev)
            return RejectLock(path, descriptor);
        ::close(descriptor);
    }
}

RejectLock::RejectLock(RejectLock &&other) noexcept
    : m_path(std::move(other.m_path))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

RejectLock::~RejectLock()
{
    if (m_descriptor < 0)
        return;
    QFile::remove(m_path);
    ::close(m_descriptor);
}

Result<std::optional<ReloadRecord>> settleReload(const RejectReload &reload)
{
    auto store = RejectFile::open(reload.file);
    if (!store)
        return store.error();
    const auto open = store->openReload();
    if (!open)
        return open.error();
    if (!*open)
        return std::optional<ReloadRecord>();
    const Result<LoadLookup> found = lookUpLoad(reload.plan.sink, (*open)->load);
    if (!found)
        return found.error();
    const auto ended = store->endReload(
        (*open)->record.number,
        found->committed,
        reload.now(),
        runError({ErrorCode::Io, RejectReloadText::tr("It was cut off; nothing of it is in the sink."), {}}));
    if (!ended)
        return ended.error();
    return std::optional(*ended);
}

Result<ReloadRecord> runReload(const RejectReload &reload, const RejectFile::Reload &begun)
{
    auto store = RejectFile::open(reload.file);
    if (!store)
        return store.error();
    const int number = begun.record.number;
    const CopyPlan plan = reloadPlan(reload.plan, store->head());
    crashPoint(CrashPoint::reloadRecorded);
    CopyOutcome outcome;
    for (int attempt = 1; attempt <= mostTries; ++attempt) {
        const auto marks = std::make_shared<RefusalMarks>(*store, number);
        const LoadIdentity identity{.load = begun.load,
                                    .run = store->head().run,
                                    .activity = store->head().activity,
                                    .attempt = attempt,
                                    .activityRun = store->head().activityRun};
        CopyHooks hooks;
        hooks.rejects = marks;
        CopyRun run(std::make_unique<RejectSource>(reload.file, number),
                    makeSink(plan.sink),
                    plan,
                    identity,
                    hooks,
                    reload.cancel);
        outcome = run.execute();
        if (outcome.status != CopyOutcome::Status::Failed)
            break;
        const Result<bool> isNoted = noteRefusal(*store, *marks, number, outcome.error);
        if (!isNoted)
            return isNoted.error();
        if (!*isNoted)
            break;
    }
    if (outcome.status == CopyOutcome::Status::OutcomeUnknown)
        return store->setUnknown(number, outcome.error);
    const bool isLoaded = outcome.status == CopyOutcome::Status::Succeeded;
    crashPoint(CrashPoint::reloadCommitted);
    return store->endReload(number, isLoaded, reload.now(), outcome.error);
}

} // namespace engine
