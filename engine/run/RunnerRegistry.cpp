#include "engine/run/ActivityRunner.h"

namespace engine {

ActivityExecution::~ActivityExecution() = default;

ActivityRunner::~ActivityRunner() = default;

void RunnerRegistry::add(const QString &type, std::shared_ptr<ActivityRunner> runner)
{
    m_runners.insert(type.toLower(), std::move(runner));
}

ActivityRunner *RunnerRegistry::find(const QString &type) const { return m_runners.value(type.toLower()).get(); }

} // namespace engine

#include "moc_ActivityRunner.cpp"
