#pragma once

#include "engine/api/StoreLooks.h"
#include "engine/base/Clock.h"
#include "engine/base/SecretSource.h"
#include "engine/notebook/NotebookJob.h"

#include <QList>
#include <QObject>
#include <QThreadPool>

namespace engine {

// Looks into stores on threads of its own, so that one that does not answer holds up neither copies nor the engine
// loop. A linked service and its dataset become a store as a copy makes them (engine/copy/DatasetPlan.h).
class PooledStoreLooks final : public StoreLooks
{
public:
    static constexpr Millis usualLimit{15000};

    // `environment`: where kernels are looked for, of a linked service that is bound to one.
    PooledStoreLooks(NotebookEnvironment environment, Clock &clock, Millis limit = usualLimit);
    ~PooledStoreLooks() override; // stops what is under way; nobody is answered any more
    Q_DISABLE_COPY_MOVE(PooledStoreLooks)

    using Secrets = std::shared_ptr<const SecretSource>;
    void setSecrets(Secrets secrets) { m_secrets = std::move(secrets); } // those that bindings name

    void test(const StoreDraft &store, const CancelToken &cancel, Answer<QString> answer) override;
    void browse(const StoreDraft &store,
                const QString &path,
                const CancelToken &cancel,
                Answer<StoreListing> answer) override;
    void schema(const StoreDraft &store,
                const DatasetDraft &dataset,
                const CancelToken &cancel,
                Answer<QList<StoreColumn>> answer) override;
    void preview(const StoreDraft &store,
                 const DatasetDraft &dataset,
                 int rows,
                 const CancelToken &cancel,
                 Answer<StorePreview> answer) override;

private:
    template <typename T>
    void ask(const QString &name, const CancelToken &cancel, std::function<Result<T>()> work, const Answer<T> &answer);

    NotebookEnvironment m_environment;
    Secrets m_secrets;
    Clock &m_clock;
    Millis m_limit;
    QList<CancelToken> m_underWay;
    QThreadPool m_pool;
    QObject m_home; // where answers arrive
};

} // namespace engine
