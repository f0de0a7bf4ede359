#pragma once

#include "engine/base/Places.h"
#include "engine/base/Result.h"

#include <QTemporaryDir>

#include <memory>

namespace engine {
class EngineService;
}

namespace ctl {

// An engine inside this program, with its store in a temporary folder: nothing outlives it. It works while its owner's
// event loop does. Settings are the user's: what "python3" means, the proxies.
class StandaloneEngine
{
public:
    StandaloneEngine();
    ~StandaloneEngine();
    Q_DISABLE_COPY_MOVE(StandaloneEngine)

    engine::Result<> start(); // once
    const engine::Places &places() const { return m_places; }
    QString folder() const { return m_folder.path(); } // for what shall go with it

private:
    QTemporaryDir m_folder;
    engine::Places m_places;
    std::unique_ptr<engine::EngineService> m_engine;
};

} // namespace ctl
