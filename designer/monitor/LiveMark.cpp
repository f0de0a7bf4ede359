#include "designer/monitor/LiveMark.h"

#include "designer/monitor/Now.h"
#include "designer/shell/Workbench.h"
#include "designer/widgets/Format.h"

#include <QHBoxLayout>
#include <QLocale>

namespace designer {

using namespace engine;

LiveMark::LiveMark(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_pill(new StatusPill)
{
    setObjectName(QStringLiteral("liveMark"));
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_pill);
    const EngineConnection &engine = workbench.engine();
    connect(&engine, &EngineConnection::stateChanged, this, &LiveMark::showState);
    connect(&engine, &EngineConnection::caughtUp, this, &LiveMark::showState);
    connect(&workbench, &Workbench::zoneChanged, this, &LiveMark::showState);
    showState();
}

void LiveMark::showState()
{
    const EngineConnection &engine = m_workbench.engine();
    const bool isLive = engine.isRunning() || engine.state() == EngineConnection::State::OtherBuild;
    if (isLive)
        m_staleSince.reset();
    else if (!m_staleSince)
        m_staleSince = now();
    const QString since =
        isLive ? QString() : QLocale().toString(inZone(*m_staleSince, m_workbench.zone()), QStringLiteral("HH:mm:ss"));
    switch (engine.state()) {
    case EngineConnection::State::Running:
    case EngineConnection::State::OtherBuild:
        say({tr("Live"), QStringLiteral("radio"), IconRole::Ok}, tr("What happens in the engine is shown at once."));
        break;
    case EngineConnection::State::Connecting:
        say({tr("Stale since %1").arg(since), QStringLiteral("unplug"), IconRole::Warn},
            tr("The connection to the engine is being made again; what happened since is shown then."));
        break;
    case EngineConnection::State::Stopped:
        say({tr("Engine stopped at %1").arg(since), QStringLiteral("power-off"), IconRole::Idle},
            tr("You stopped the engine. Start it in Manage › Engine."));
        break;
    case EngineConnection::State::Failed:
        say({tr("Engine not running"), QStringLiteral("circle-alert"), IconRole::Bad}, engine.error().message);
        break;
    }
}

void LiveMark::say(const StatusLook &look, const QString &toolTip)
{
    m_pill->setLook(look);
    m_pill->setToolTip(toolTip);
    setAccessibleName(look.word);
    setAccessibleDescription(toolTip);
}

} // namespace designer

#include "moc_LiveMark.cpp"
