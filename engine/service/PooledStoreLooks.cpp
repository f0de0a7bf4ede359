#include "engine/service/PooledStoreLooks.h"

#include "engine/model/ResolvedEntities.h"

#include "engine/base/PostTo.h"
#include "engine/copy/Endpoints.h"
#include "engine/model/DatasetReader.h"
#include "engine/model/LinkedServiceReader.h"
#include "engine/notebook/KernelSpecs.h"

#include <QCoreApplication>

#include <algorithm>

namespace engine {

namespace {

constexpr int threads = 4;

// The context of this file's texts for translators.
struct PooledStoreLooksText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PooledStoreLooks)
};

Error invalid(const QString &where, const QString &message) { return {ErrorCode::InvalidInput, message, where}; }

// A draft as a factory of its own: one linked service and how it is bound.
struct DraftFactory
{
    Factory factory;
    QString service;
    Binding binding;
};

QString placeOfBinding(const QString &service)
{
    return QStringLiteral("%1: linkedServices.%2").arg(bindingsFile(), service);
}

// What is wrong in the bindings with this linked service's own entry; without one, with the files as a whole.
std::optional<Error> firstError(const QList<Problem> &problems, const QString &service, bool isBound)
{
    for (const Problem &problem : problems) {
        const qsizetype entry = problem.where.indexOf(u": linkedServices.");
        const bool isOwn = problem.where.endsWith(u": linkedServices." + service)
            || problem.where.contains(u": linkedServices." + service + u'.');
        if (problem.severity != Problem::Severity::Error || (!isOwn && (isBound || entry >= 0)))
            continue;
        QString where = problem.where;
        if (isOwn) // a draft is in neither file yet
            where.replace(localBindingsFile(), bindingsFile());
        return invalid(where, QString(problem.message + u' ' + problem.fix).trimmed());
    }
    return std::nullopt;
}

Result<DraftFactory> factoryOf(const StoreDraft &store, const PooledStoreLooks::Secrets &secrets)
{
    const QString name = stringAt(store.linkedService, "name");
    DraftFactory draft;
    draft.service = name;
    draft.factory.linkedServices.insert(
        name, readLinkedService(store.linkedService, name, QStringLiteral("linkedService/%1.json").arg(name)));
    BindingsReading reading = readBindings(FolderTree(store.folder));
    if (!store.binding.is_null()) {
        reading.problems.clear();
        Json file = Json::object();
        file["linkedServices"][toStdString(name)] = store.binding;
        reading.problems = reading.bindings.read(toCompact(file), localBindingsFile());
    }
    reading.bindings.setSecrets(secrets);
    const std::optional<Binding> binding = reading.bindings.find(name);
    if (const std::optional<Error> error = firstError(reading.problems, name, binding.has_value()))
        return *error;
    if (!binding)
        return invalid(
            placeOfBinding(name),
            PooledStoreLooksText::tr("The linked service “%1” is not bound to anything on this machine: give "
                                     "it an entry in .slipway/bindings.json.")
                .arg(name));
    draft.factory.bindings = reading.bindings;
    draft.binding = *binding;
    return draft;
}

Error placed(Error error, const QString &service, const QString &dataset)
{
    if (error.where.startsWith(bindingProperty))
        error.where = placeOfBinding(service) + u'.' + error.where.mid(bindingProperty.size());
    else if (error.where.startsWith(datasetProperty))
        error.where =
            QStringLiteral("dataset/%1.json: typeProperties.%2").arg(dataset, error.where.mid(datasetProperty.size()));
    return error;
}

Result<std::unique_ptr<Store>> storeOf(const DraftFactory &draft, const QString &folder, const CancelToken &cancel)
{
    const Result<StorePlan> plan = planStore(draft.service, draft.binding, folder);
    if (!plan)
        return plan.error();
    return makeStore(*plan, cancel);
}

Result<QString> testKernel(const KernelBinding &binding,
                           const QString &notebooks,
                           const NotebookEnvironment &environment,
                           const CancelToken &cancel)
{
    const QMap<QString, KernelSpec> installed = findKernelSpecs(environment);
    const Result<KernelChoice> choice = chooseKernel(installed, binding.kernel, {}, {});
    if (!choice)
        return Error{choice.error().code, choice.error().message, bindingProperty + QStringLiteral("kernel")};
    const QString path = qEnvironmentVariable("PATH");
    if (const Result<QStringList> command = kernelCommand(choice->spec, environment, {}, path); !command)
        return Error{command.error().code, command.error().message, bindingProperty + QStringLiteral("kernel")};
    if (cancel.isCancelled())
        return Error{ErrorCode::Cancelled, {}, {}};
    return PooledStoreLooksText::tr("Kernel %1 (%2); %3").arg(choice->spec.name, choice->spec.displayName, notebooks);
}

Result<std::unique_ptr<StoredRows>> rowsOf(const StoreDraft &store,
                                           const PooledStoreLooks::Secrets &secrets,
                                           const DatasetDraft &wanted,
                                           Instant now,
                                           const CancelToken &cancel)
{
    const Result<DraftFactory> draft = factoryOf(store, secrets);
    if (!draft)
        return draft.error();
    const QString name = stringAt(wanted.entity, "name");
    Dataset dataset = readDataset(wanted.entity, name, QStringLiteral("dataset/%1.json").arg(name));
    if (dataset.linkedService.compare(draft->service, Qt::CaseInsensitive) != 0)
        return invalid(dataset.file + QStringLiteral(": linkedServiceName"),
                       dataset.linkedService.isEmpty()
                           ? PooledStoreLooksText::tr("The dataset “%1” names no linked service.").arg(name)
                           : PooledStoreLooksText::tr("The dataset “%1” is in the linked service “%2”, not in “%3”.")
                                 .arg(name, dataset.linkedService, draft->service));
    dataset.linkedService = draft->service;
    const Result<Dataset> literal = resolveDataset(dataset, wanted.parameters, now);
    if (!literal)
        return literal.error();
    const Result<DatasetPlan> plan = planDataset(draft->factory, *literal, store.folder);
    if (!plan)
        return plan.error();
    return makeStoredRows(*plan, cancel);
}

} // namespace

PooledStoreLooks::PooledStoreLooks(NotebookEnvironment environment, Clock &clock, Millis limit)
    : m_environment(std::move(environment))
    , m_clock(clock)
    , m_limit(limit)
{
    m_pool.setMaxThreadCount(threads);
}

PooledStoreLooks::~PooledStoreLooks()
{
    for (const CancelToken &cancel : std::as_const(m_underWay))
        cancel.cancel();
    m_pool.waitForDone();
}

template <typename T>
void PooledStoreLooks::ask(const QString &name,
                           const CancelToken &cancel,
                           std::function<Result<T>()> work,
                           const Answer<T> &answer)
{
    struct Question
    {
        Answer<T> answer;
        Clock::TimerId timer = 0;
    };
    const auto question = std::make_shared<Question>(Question{answer, 0});
    // Finished tokens are recognised by being cancelled: nobody polls them any more.
    m_underWay.removeIf([](const CancelToken &token) { return token.isCancelled(); });
    m_underWay.append(cancel);
    const auto settle = [question, cancel](const Result<T> &result) {
        cancel.cancel();
        if (const Answer<T> waiting = std::exchange(question->answer, nullptr))
            waiting(result);
    };
    question->timer = m_clock.after(m_limit, &m_home, [this, settle, name] {
        settle(Error{ErrorCode::Timeout,
                     PooledStoreLooksText::tr("“%1” gave no answer within %2 seconds: is what it is bound to within "
                                              "reach?")
                         .arg(name)
                         .arg(double(m_limit.count()) / 1000),
                     placeOfBinding(name)});
    });
    m_pool.start([this, work = std::move(work), settle, question] {
        const Result<T> result = work();
        postTo(&m_home, [this, settle, question, result] {
            m_clock.cancel(question->timer);
            settle(result);
        });
    });
}

void PooledStoreLooks::test(const StoreDraft &store, const CancelToken &cancel, Answer<QString> answer)
{
    const QString name = stringAt(store.linkedService, "name");
    const auto work = [store, cancel, name, environment = m_environment, secrets = m_secrets]() -> Result<QString> {
        const Result<DraftFactory> draft = factoryOf(store, secrets);
        if (!draft)
            return draft.error();
        const auto opened = storeOf(*draft, store.folder, cancel);
        if (!opened)
            return opened.error();
        Result<QString> said = (*opened)->test();
        if (const auto *kernel = std::get_if<KernelBinding>(&draft->binding); said && kernel)
            said = testKernel(*kernel, *said, environment, cancel);
        return said ? said : placed(said.error(), name, {});
    };
    ask<QString>(name, cancel, work, answer);
}

void PooledStoreLooks::browse(const StoreDraft &store,
                              const QString &path,
                              const CancelToken &cancel,
                              Answer<StoreListing> answer)
{
    const QString name = stringAt(store.linkedService, "name");
    const auto work = [store, path, cancel, name, secrets = m_secrets]() -> Result<StoreListing> {
        const Result<DraftFactory> draft = factoryOf(store, secrets);
        if (!draft)
            return draft.error();
        const auto opened = storeOf(*draft, store.folder, cancel);
        if (!opened)
            return opened.error();
        const Result<StoreListing> listing = (*opened)->browse(path);
        return listing ? listing : placed(listing.error(), name, {});
    };
    ask<StoreListing>(name, cancel, work, answer);
}

void PooledStoreLooks::schema(const StoreDraft &store,
                              const DatasetDraft &dataset,
                              const CancelToken &cancel,
                              Answer<QList<StoreColumn>> answer)
{
    const QString name = stringAt(store.linkedService, "name");
    const auto work =
        [store, dataset, cancel, name, now = m_clock.now(), secrets = m_secrets]() -> Result<QList<StoreColumn>> {
        const auto rows = rowsOf(store, secrets, dataset, now, cancel);
        if (!rows)
            return rows.error();
        const Result<QList<StoreColumn>> columns = (*rows)->schema();
        return columns ? columns : placed(columns.error(), name, stringAt(dataset.entity, "name"));
    };
    ask<QList<StoreColumn>>(name, cancel, work, answer);
}

void PooledStoreLooks::preview(const StoreDraft &store,
                               const DatasetDraft &dataset,
                               int rows,
                               const CancelToken &cancel,
                               Answer<StorePreview> answer)
{
    const QString name = stringAt(store.linkedService, "name");
    const auto work =
        [store, dataset, rows, cancel, name, now = m_clock.now(), secrets = m_secrets]() -> Result<StorePreview> {
        const auto stored = rowsOf(store, secrets, dataset, now, cancel);
        if (!stored)
            return stored.error();
        const Result<StorePreview> preview = (*stored)->preview(rows);
        return preview ? preview : placed(preview.error(), name, stringAt(dataset.entity, "name"));
    };
    ask<StorePreview>(name, cancel, work, answer);
}

} // namespace engine
