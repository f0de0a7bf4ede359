#include "designer/shell/Workbench.h"

#include "designer/document/FactoryDocument.h"

#include <QSettings>

namespace designer {

using namespace engine;

namespace {

const QString zoneKey = QStringLiteral("view/timeZone");

} // namespace

Workbench::Workbench(EngineConnection &engine, QSettings &settings, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_settings(settings)
    , m_zone(settings.value(zoneKey).toByteArray())
{
    if (!m_zone.isValid())
        m_zone = QTimeZone::systemTimeZone();
    connect(&engine, &EngineConnection::caughtUp, this, &Workbench::registerFactory);
}

Workbench::~Workbench() = default;

FactoryDocument *Workbench::document() const { return m_document.get(); }

void Workbench::setDocument(std::unique_ptr<FactoryDocument> document)
{
    emit documentAboutToChange();
    const std::unique_ptr<FactoryDocument> before = std::exchange(m_document, std::move(document));
    m_factory = {};
    m_publishedVersion = 0;
    emit documentChanged();
    emit factoryChanged();
    registerFactory();
}

void Workbench::setZone(const QTimeZone &zone)
{
    m_zone = zone;
    m_settings.setValue(zoneKey, zone.id());
    emit zoneChanged();
}

void Workbench::go(const Link &link) { emit went(link); }

void Workbench::tell(const Message &message) { emit told(message); }

void Workbench::withdraw(const QString &about) { emit withdrawn(about); }

void Workbench::registerFactory()
{
    if (!m_document)
        return;
    const Json body{{"path", toStdString(m_document->folder())}};
    m_engine.post(QStringLiteral("/slipway/v1/factories"), body, m_document.get(), [this](const Result<Json> &factory) {
        if (!factory) {
            if (m_engine.isRunning())
                tell({.level = Message::Level::Error,
                      .text = factory.error().message,
                      .about = QStringLiteral("factory")});
            return;
        }
        m_factory = FactoryId(stringAt(*factory, "factory"));
        m_publishedVersion = int(intAt(*factory, "publishedVersion"));
        emit factoryChanged();
    });
}

} // namespace designer

#include "moc_Workbench.cpp"
