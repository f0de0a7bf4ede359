#pragma once

#include "designer/shell/EngineConnection.h"
#include "designer/shell/Link.h"
#include "engine/base/Ids.h"

#include <QObject>
#include <QTimeZone>

#include <functional>

class QSettings;

namespace designer {

class FactoryDocument;

// Something to tell the user, shown in the window's message bar until it is closed or made void by `about`.
struct Message
{
    enum class Level { Hint, Done, Warning, Error };

    Level level = Level::Hint;
    QString text = {}; // one sentence: what happened, what to do
    QString detail = {}; // shown on demand, copied with the text
    QString action = {}; // the words of a button; empty = none
    std::function<void()> act = {};
    QString about = {}; // a later message about the same thing takes its place
};

// What every page of the window works with: the engine, the open factory, settings, the zone times are shown in, and
// the way to other places. Made by the shell, outlives the pages. GUI thread.
class Workbench final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Workbench)

public:
    Workbench(EngineConnection &engine, QSettings &settings, QObject *parent = nullptr);
    ~Workbench() override;

    EngineConnection &engine() { return m_engine; }
    QSettings &settings() { return m_settings; }

    FactoryDocument *document() const; // nullptr: no factory is open
    void setDocument(std::unique_ptr<FactoryDocument> document); // nullptr closes
    // The engine's id of the open factory; empty until the engine has heard of its folder.
    const engine::FactoryId &factory() const { return m_factory; }
    int publishedVersion() const { return m_publishedVersion; } // 0 = never published

    QTimeZone zone() const { return m_zone; }
    void setZone(const QTimeZone &zone); // kept in the settings

    void go(const Link &link); // answered by the window
    void tell(const Message &message);
    void withdraw(const QString &about); // what was told about it is void

    void resetLayout() { emit layoutReset(); } // what was kept of it is forgotten already

    void registerFactory(); // asks the engine for factory() and publishedVersion() again

signals:
    void documentAboutToChange();
    void documentChanged();
    void factoryChanged(); // id or published version
    void zoneChanged();
    void layoutReset(); // who shows panels takes the first sizes
    void went(const designer::Link &link);
    void told(const designer::Message &message);
    void withdrawn(const QString &about);

private:
    EngineConnection &m_engine;
    QSettings &m_settings;
    std::unique_ptr<FactoryDocument> m_document;
    engine::FactoryId m_factory;
    int m_publishedVersion = 0;
    QTimeZone m_zone;
};

} // namespace designer
