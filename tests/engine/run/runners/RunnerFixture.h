#pragma once

#include "engine/run/ActivityRunner.h"
#include "engine/run/runners/PooledRunner.h"
#include "engine/run/Slots.h"
#include "engine/sqlite/Database.h"

#include <QTemporaryDir>
#include <QThreadPool>

namespace tests {

// A factory folder with the linked services Files (folder "storage"), Base (SQLite "b.db"), Warehouse (PostgreSQL, when
// a socket folder is given) and Nowhere (not bound), and what runners need. Runs one activity at a time, for real.
class RunnerFixture
{
public:
    RunnerFixture();
    ~RunnerFixture();

    void bindPostgres(const QString &socketFolder, int port, const QString &user);
    void writeBindings(const QByteArray &web = "null") const; // "web" as bindings.json has it
    void write(const QString &relative, const QByteArray &content) const; // below the factory folder
    QByteArray read(const QString &relative) const;
    bool exists(const QString &relative) const; // also of a link that leads nowhere
    void dataset(const QString &name,
                 const QString &type,
                 const QString &linkedService,
                 const QByteArray &typeProperties) const;
    void linkedService(const QString &name, const QString &type, const QByteArray &typeProperties) const;
    engine::Result<> sql(const QByteArray &statements) const; // in b.db

    engine::RunnerParts parts() { return {places, pool, clock}; }
    // `activity`: its members but for the name, which is "A".
    engine::ActivityTask task(const QByteArray &activity);
    engine::ActivityOutcome run(engine::ActivityRunner &runner, const QByteArray &activity);
    engine::ActivityOutcome run(engine::ActivityRunner &runner, const engine::ActivityTask &task);
    std::unique_ptr<engine::ActivityExecution> start(engine::ActivityRunner &runner, const engine::ActivityTask &task);
    std::optional<engine::ActivityOutcome> ended; // of the last one started

    QTemporaryDir folder;
    QString factoryFolder;
    engine::SystemClock clock;
    QThreadPool pool;
    engine::Slots places{8, QStringLiteral("waiting (%1 of %2)")};
    int attempt = 1;

private:
    QByteArray m_postgres;
};

// The output but for what says how and where it ran.
QByteArray outputOf(const engine::ActivityOutcome &outcome);

} // namespace tests
