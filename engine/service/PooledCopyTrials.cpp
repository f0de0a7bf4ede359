#include "engine/service/PooledCopyTrials.h"

#include "engine/base/PostTo.h"
#include "engine/copy/CopyTrial.h"
#include "engine/expression/Expression.h"
#include "engine/model/ActivityReader.h"
#include "engine/model/ResolvedEntities.h"
#include "engine/run/RunValues.h"

#include <QCoreApplication>

namespace engine {

namespace {

constexpr int threads = 2;

// The context of this file's texts for translators.
struct PooledCopyTrialsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PooledCopyTrials)
};

struct Place
{
    std::shared_ptr<const Factory> factory;
    QString folder;
};

// The activity with its expressions evaluated, as far as they ask for what is known before a run.
Result<CopyPlan> planOf(const Place &place, const CopyTrialWish &wish, Instant now)
{
    const Pipeline *const pipeline = entityNamed(place.factory->pipelines, wish.pipeline);
    if (!pipeline)
        return Error{ErrorCode::NotFound,
                     PooledCopyTrialsText::tr("There is no pipeline \"%1\".").arg(wish.pipeline),
                     QStringLiteral("pipeline")};
    const Activity *written = nullptr;
    QString path;
    visitActivities(*pipeline, [&](const Activity &activity, const QString &at) {
        if (activity.name == wish.activity) {
            written = &activity;
            path = at;
        }
    });
    if (!written)
        return Error{
            ErrorCode::NotFound,
            PooledCopyTrialsText::tr("The pipeline \"%1\" has no activity \"%2\".").arg(wish.pipeline, wish.activity),
            QStringLiteral("activity")};
    RunPlan run{.factory = place.factory, .files = {}, .folder = place.folder, .pipeline = pipeline->name};
    for (auto parameter = pipeline->parameters.constBegin(); parameter != pipeline->parameters.constEnd(); ++parameter)
        run.parameters[toStdString(parameter.key())] = parameter->defaultValue;
    for (const auto &given : wish.parameters.items())
        run.parameters[given.key()] = given.value();
    RunRecord record;
    record.pipeline = pipeline->name;
    record.queuedAt = now;
    const RunValues values(record, run);
    const QList<Activity> nothingBefore;
    const ActivityScope scope(nothingBefore, {}, pipeline->name, {});
    ActivityValues known(values, scope, now);
    const auto evaluated = evaluateAll(
        written->json,
        known,
        QStringLiteral("%1: %2").arg(pipeline->file, path),
        {QStringLiteral("name"), QStringLiteral("type"), QStringLiteral("description"), QStringLiteral("dependsOn")});
    if (!evaluated)
        return Error{ErrorCode::InvalidInput, evaluated.error().message, evaluated.error().where};
    return planCopy(*place.factory, *pipeline, readActivity(*evaluated, Content::Evaluated), place.folder, now);
}

} // namespace

PooledCopyTrials::PooledCopyTrials(PublishedVersions &versions,
                                   Clock &clock,
                                   std::shared_ptr<const SecretSource> secrets)
    : m_versions(versions)
    , m_clock(clock)
    , m_secrets(std::move(secrets))
{
    m_pool.setMaxThreadCount(threads);
}

PooledCopyTrials::~PooledCopyTrials()
{
    for (const CancelToken &cancel : std::as_const(m_underWay))
        cancel.cancel();
    m_pool.waitForDone();
}

template <typename T>
void PooledCopyTrials::ask(const CopyTrialWish &wish,
                           const CancelToken &cancel,
                           std::function<Result<T>(const CopyPlan &)> work,
                           const Answer<T> &answer)
{
    Place place;
    if (!wish.factory.isEmpty()) {
        const auto record = m_versions.factory(wish.factory);
        if (!record)
            return answer(record.error());
        const auto published = m_versions.load(record->id, wish.version);
        if (!published)
            return answer(published.error());
        place = {published->factory, published->record.path};
    }
    m_underWay.removeIf([](const CancelToken &token) { return token.isCancelled(); });
    m_underWay.append(cancel);
    m_pool.start([this, place, wish, work = std::move(work), answer, cancel, now = m_clock.now(), secrets = m_secrets] {
        Place from = place;
        if (!from.factory) {
            const FolderTree saved(wish.folder);
            FactoryReading reading = readFactory(OverlaidTree(saved, wish.files));
            reading.factory.bindings.setSecrets(secrets);
            from = {std::make_shared<const Factory>(std::move(reading.factory)), wish.folder};
        }
        const Result<CopyPlan> plan = planOf(from, wish, now);
        const Result<T> result = plan ? work(*plan) : Result<T>(plan.error());
        postTo(&m_home, [answer, result, cancel] {
            if (!cancel.isCancelled())
                answer(result);
            cancel.cancel();
        });
    });
}

void PooledCopyTrials::conversion(const CopyTrialWish &wish,
                                  const CancelToken &cancel,
                                  Answer<ConversionPreview> answer)
{
    ask<ConversionPreview>(
        wish,
        cancel,
        [rows = wish.rows, cancel](const CopyPlan &plan) { return previewConversion(plan, rows, cancel); },
        answer);
}

void PooledCopyTrials::script(const CopyTrialWish &wish, const CancelToken &cancel, Answer<ScriptTrial> answer)
{
    ask<ScriptTrial>(
        wish, cancel, [cancel](const CopyPlan &plan) { return tryScript(plan, cancel); }, answer);
}

} // namespace engine
