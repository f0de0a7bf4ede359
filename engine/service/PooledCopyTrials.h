#pragma once

#include "engine/api/CopyTrials.h"
#include "engine/base/Clock.h"
#include "engine/copy/CopyPlan.h"
#include "engine/run/PublishedVersions.h"

#include <QObject>
#include <QThreadPool>

namespace engine {

// Tries copies on threads of its own, with the plan that a run would make.
class PooledCopyTrials final : public CopyTrials
{
public:
    PooledCopyTrials(PublishedVersions &versions, Clock &clock, std::shared_ptr<const SecretSource> secrets);
    ~PooledCopyTrials() override; // ends what is under way

    void conversion(const CopyTrialWish &wish, const CancelToken &cancel, Answer<ConversionPreview> answer) override;
    void script(const CopyTrialWish &wish, const CancelToken &cancel, Answer<ScriptTrial> answer) override;

private:
    template <typename T>
    void ask(const CopyTrialWish &wish,
             const CancelToken &cancel,
             std::function<Result<T>(const CopyPlan &)> work,
             const Answer<T> &answer);

    PublishedVersions &m_versions;
    Clock &m_clock;
    std::shared_ptr<const SecretSource> m_secrets;
    QList<CancelToken> m_underWay;
    QThreadPool m_pool;
    QObject m_home; // where answers arrive
};

} // namespace engine
