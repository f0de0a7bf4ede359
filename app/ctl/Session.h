#pragma once

#include "engine/base/Json.h"
#include "engine/base/Places.h"
#include "engine/client/EngineClient.h"

#include <QString>

#include <memory>

namespace ctl {

class StandaloneEngine;

// What every command needs: the factory folder, the engine, and two ways to print. Blocks its caller while it waits.
class Session
{
public:
    Session(QString factoryOption, bool json);
    ~Session();

    bool isJson() const { return m_json; }

    // Text goes to stdout, and nowhere when --json is set; JSON the other way round.
    void say(const QString &line) const;
    void print(const engine::Json &json) const; // one line
    // Prints an error for a person on stderr (or as JSON on stdout) and returns the exit code that fits.
    int fail(const engine::Error &error, const engine::Json &details = {}) const;
    int failUsage(const QString &message) const;

    engine::Result<QString> factoryFolder() const; // absolute
    engine::Result<QString> factory(); // its id; the engine gets to know the folder
    QString factoryPath(); // "/subscriptions/local/…/factories/<id>"; factory() must have succeeded

    static QString engineProgram(); // slipwayd beside this program
    // From now on an engine inside this program is asked, with a store in a temporary folder: that folder, which goes
    // with the session.
    engine::Result<QString> startStandalone();
    bool isStandalone() const { return m_standalone != nullptr; }
    enum class Start { IfNeeded, Never };
    engine::Result<engine::Json> engine(Start start = Start::IfNeeded); // hello
    engine::Result<engine::Json>
    call(const QByteArray &method, const QString &pathAndQuery, const engine::Json &body = {});
    const engine::Json &errorDetails() const { return m_client->errorDetails(); }
    engine::LocalEngineClient &client() { return *m_client; }
    const engine::Places &places() const { return m_places; }

    // A whole id from the beginning of one, or from "last": the newest that was not started by another run. NotFound,
    // or Conflict when several begin so.
    engine::Result<QString> runId(const QString &beginning);

private:
    engine::Result<QString> lastRunId();

    QString m_factoryOption;
    bool m_json;
    engine::Places m_places;
    std::unique_ptr<StandaloneEngine> m_standalone;
    std::unique_ptr<engine::LocalEngineClient> m_client;
    QString m_factory;
    bool m_noEngine = false; // the last attempt to reach one failed
};

// What comes from a file, on one line and without what a terminal would obey: a line break is \\n, others are \\u001b.
QString printable(const QString &text);
QString number(qint64 value); // "1,309"
QString duration(qint64 milliseconds); // "0.8 s", "2:03 min"
// Columns aligned; numbers stay as they are given.
QString table(const QStringList &head, const QList<QStringList> &rows);

} // namespace ctl
