#include "designer/shell/StatusStrip.h"

#include "designer/author/UnpublishedChanges.h"
#include "designer/document/FactoryDocument.h"
#include "designer/shell/Theme.h"
#include "designer/widgets/Build.h"
#include "designer/widgets/Format.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>

#include <chrono>

namespace designer {

namespace {

engine::Instant now()
{
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

// Words alone, or with an icon that is set later.
QToolButton *plainButton(const QString &objectName, const QString &toolTip)
{
    QToolButton *const button = toolButton(objectName, {}, QStringLiteral("check"), toolTip);
    button->setIcon({});
    return button;
}

} // namespace

StatusStrip::StatusStrip(Workbench &workbench, UnpublishedChanges &changes, QWidget *parent)
    : QFrame(parent)
    , m_workbench(workbench)
    , m_changes(changes)
    , m_engine(
          toolButton(QStringLiteral("statusEngine"), {}, QStringLiteral("circle-check"), tr("State of the engine")))
    , m_problems(plainButton(QStringLiteral("statusProblems"), tr("Show the list of problems (F7)")))
    , m_published(plainButton(QStringLiteral("statusPublished"), tr("Publish (Ctrl+Shift+Enter)")))
    , m_zone(plainButton(QStringLiteral("statusZone"), tr("The time zone times are shown in: choose another")))
{
    setObjectName(QStringLiteral("statusStrip"));
    designer::setLook(this, "statusbar");
    setFixedHeight(qMax(measure::statusBar + 1, fontMetrics().height() + 8));
    auto *const row = new QHBoxLayout(this);
    row->setContentsMargins(6, 1, 6, 1);
    row->setSpacing(4);
    for (QToolButton *const button : {m_engine, m_problems, m_published, m_zone}) {
        button->setFont(themeFont(TypeSize::Label));
        button->setIconSize({scaled(14) + 4, scaled(14)}); // with room before the words
        row->addWidget(button);
        if (button == m_problems)
            row->addStretch(1);
    }
    connect(m_engine, &QToolButton::clicked, this, [this] {
        Link link;
        link.kind = Link::Kind::Manage;
        link.detail = QStringLiteral("engine");
        m_workbench.go(link);
    });
    connect(m_problems, &QToolButton::clicked, this, &StatusStrip::problemsRequested);
    connect(m_published, &QToolButton::clicked, this, &StatusStrip::publishRequested);
    connect(m_zone, &QToolButton::clicked, this, &StatusStrip::chooseZone);
    connect(&workbench.engine(), &EngineConnection::stateChanged, this, &StatusStrip::showEngine);
    connect(&workbench, &Workbench::zoneChanged, this, &StatusStrip::showZone);
    connect(&workbench, &Workbench::factoryChanged, this, &StatusStrip::showFactory);
    connect(&changes, &UnpublishedChanges::changed, this, &StatusStrip::showFactory);
    connect(&workbench, &Workbench::documentChanged, this, [this] {
        if (FactoryDocument *const document = m_workbench.document()) {
            connect(document, &FactoryDocument::problemsChanged, this, &StatusStrip::showFactory);
            connect(document, &FactoryDocument::dirtyChanged, this, &StatusStrip::showFactory);
        }
        showFactory();
    });
    showEngine();
    showFactory();
    showZone();
}

void StatusStrip::showEngine()
{
    const EngineConnection &engine = m_workbench.engine();
    switch (engine.state()) {
    case EngineConnection::State::Connecting:
        m_engine->setText(tr("Connecting to the engine…"));
        m_engine->setIcon(icon(QStringLiteral("loader-circle"), IconRole::Run));
        break;
    case EngineConnection::State::Running:
        m_engine->setText(tr("Engine running"));
        m_engine->setIcon(icon(QStringLiteral("circle-check"), IconRole::Ok));
        break;
    case EngineConnection::State::OtherBuild:
        m_engine->setText(tr("Engine of another build"));
        m_engine->setIcon(icon(QStringLiteral("triangle-alert"), IconRole::Warn));
        break;
    case EngineConnection::State::Stopped:
        m_engine->setText(tr("Engine stopped"));
        m_engine->setIcon(icon(QStringLiteral("power-off"), IconRole::Idle));
        break;
    case EngineConnection::State::Failed:
        m_engine->setText(tr("No engine"));
        m_engine->setIcon(icon(QStringLiteral("circle-x"), IconRole::Bad));
        break;
    }
    m_engine->setAccessibleName(m_engine->text());
    m_engine->setToolTip(engine.error().message.isEmpty() ? tr("State of the engine") : engine.error().message);
}

void StatusStrip::showFactory()
{
    const FactoryDocument *const document = m_workbench.document();
    m_problems->setVisible(document != nullptr);
    m_published->setVisible(document != nullptr);
    if (!document)
        return;
    const int problems = int(document->problems().size());
    m_problems->setText(tr("%n problem(s)", nullptr, problems));
    m_problems->setIcon(engine::hasErrors(document->problems()) ? icon(QStringLiteral("circle-x"), IconRole::Bad)
                            : problems > 0                      ? icon(QStringLiteral("triangle-alert"), IconRole::Warn)
                                                                : QIcon());
    m_problems->setAccessibleName(m_problems->text());
    const int version = m_workbench.publishedVersion();
    QString text = version > 0 ? tr("Published v%1").arg(version) : tr("Never published");
    if (m_changes.isKnown())
        text += QStringLiteral(" · ") + tr("%n unpublished change(s)", nullptr, int(m_changes.changes().size()));
    m_published->setText(text);
    m_published->setAccessibleName(text);
}

void StatusStrip::showZone()
{
    m_zone->setText(zoneText(m_workbench.zone(), now()));
    m_zone->setAccessibleName(tr("Time zone %1").arg(m_zone->text()));
}

void StatusStrip::chooseZone()
{
    QMenu menu;
    const QTimeZone system = QTimeZone::systemTimeZone();
    const auto add = [this, &menu](const QTimeZone &zone, const QString &name) {
        QAction *const action = menu.addAction(name);
        action->setCheckable(true);
        action->setChecked(zone.id() == m_workbench.zone().id());
        connect(action, &QAction::triggered, this, [this, zone] { m_workbench.setZone(zone); });
    };
    add(system, tr("This computer: %1").arg(zoneText(system, now())));
    add(QTimeZone::utc(), tr("UTC"));
    QStringList zones; // those of the factory's triggers
    if (const FactoryDocument *const document = m_workbench.document()) {
        for (const engine::Trigger &trigger : document->factory().triggers) {
            const QString zone =
                engine::stringAt(engine::memberAt(trigger.typeProperties, "recurrence"), "timeZone").trimmed();
            QByteArray id = QTimeZone::windowsIdToDefaultIanaId(zone.toUtf8());
            if (id.isEmpty())
                id = zone.toUtf8();
            if (QTimeZone::isTimeZoneIdAvailable(id) && !zones.contains(QString::fromUtf8(id)))
                zones += QString::fromUtf8(id);
        }
    }
    for (const QString &zone : std::as_const(zones))
        add(QTimeZone(zone.toUtf8()), tr("Of a trigger: %1").arg(zoneText(QTimeZone(zone.toUtf8()), now())));
    menu.exec(m_zone->mapToGlobal(QPoint(0, -menu.sizeHint().height())));
}

} // namespace designer

#include "moc_StatusStrip.cpp"
