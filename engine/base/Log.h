#pragma once

#include <QLoggingCategory>

namespace engine {

Q_DECLARE_LOGGING_CATEGORY(logEngine)
Q_DECLARE_LOGGING_CATEGORY(logRun)
Q_DECLARE_LOGGING_CATEGORY(logNotebook)
Q_DECLARE_LOGGING_CATEGORY(logStore)
Q_DECLARE_LOGGING_CATEGORY(logScheduler)
Q_DECLARE_LOGGING_CATEGORY(logApi)

} // namespace engine
