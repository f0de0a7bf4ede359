#include "engine/notebook/InstalledKernels.h"

namespace engine {

InstalledKernels::InstalledKernels(NotebookEnvironment environment) : m_environment(std::move(environment)) { }

QStringList InstalledKernels::names() const
{
    const QMutexLocker lock(&m_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (!m_lookedAt || now - *m_lookedAt > std::chrono::seconds(1)) {
        m_names = findKernelSpecs(m_environment).keys();
        m_lookedAt = now;
    }
    return m_names;
}

} // namespace engine
