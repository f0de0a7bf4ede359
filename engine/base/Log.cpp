#include "engine/base/Log.h"

namespace engine {

Q_LOGGING_CATEGORY(logEngine, "slipway.engine", QtInfoMsg)
Q_LOGGING_CATEGORY(logRun, "slipway.run", QtInfoMsg)
Q_LOGGING_CATEGORY(logNotebook, "slipway.notebook", QtInfoMsg)
Q_LOGGING_CATEGORY(logStore, "slipway.store", QtInfoMsg)
Q_LOGGING_CATEGORY(logScheduler, "slipway.scheduler", QtInfoMsg)
Q_LOGGING_CATEGORY(logApi, "slipway.api", QtInfoMsg)

} // namespace engine
