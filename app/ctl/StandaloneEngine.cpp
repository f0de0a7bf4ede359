#include "app/ctl/StandaloneEngine.h"

#include "engine/service/EngineService.h"

#include <QCoreApplication>
#include <QDir>
#include <QLoggingCategory>

using namespace engine;

namespace ctl {

namespace {

// The context of this file's texts for translators.
struct StandaloneEngineText
{
    Q_DECLARE_TR_FUNCTIONS(ctl::StandaloneEngine)
};

// Sockets are made below it, and their paths must not be longer than about a hundred bytes.
QString folderTemplate()
{
    const QString usual = QDir::tempPath();
    return (usual.toUtf8().size() < 50 ? usual : QStringLiteral("/tmp")) + QStringLiteral("/slipway-XXXXXX");
}

} // namespace

StandaloneEngine::StandaloneEngine() : m_folder(folderTemplate()) { }

StandaloneEngine::~StandaloneEngine() = default;

Result<> StandaloneEngine::start()
{
    if (!m_folder.isValid())
        return Error{ErrorCode::Io,
                     StandaloneEngineText::tr("Cannot make a temporary folder: %1").arg(m_folder.errorString()),
                     QDir::tempPath()};
    const Result<EngineSettings> settings = EngineSettings::read(Places::standard().settings);
    if (!settings)
        return settings.error();
    // What an engine tells about itself belongs into a log; here is the terminal of somebody else.
    QLoggingCategory::setFilterRules(QStringLiteral("slipway.*.info=false"));
    m_places.data = m_folder.filePath(QStringLiteral("data"));
    m_places.settings = m_folder.filePath(QStringLiteral("settings"));
    m_places.runtime = m_folder.filePath(QStringLiteral("run"));
    m_places.socket = m_places.runtime + QStringLiteral("/engine.sock");
    m_places.kernels = m_places.runtime + QStringLiteral("/k");
    m_places.log = m_places.data + QStringLiteral("/engine.log");
    m_engine = std::make_unique<EngineService>(EngineOptions{.places = m_places, .settings = *settings});
    return m_engine->start();
}

} // namespace ctl
