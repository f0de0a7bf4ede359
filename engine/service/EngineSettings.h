#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QMap>
#include <QString>

namespace engine {

// Settings of one engine: `<settings>/engine.json`, every member optional. They are read when the engine starts. A
// value; reading and changing block on the file and may be done on any thread.
struct EngineSettings
{
    // What notebooks find as http_proxy, https_proxy and no_proxy; empty ones are not set.
    struct Proxies
    {
        QString http; // "http://host:port"
        QString https;
        QString except; // hosts and domains, divided by commas: "localhost,.intern"

        bool operator==(const Proxies &) const = default;
        QMap<QString, QString> variables() const;
    };

    int kernels = 2; // notebook kernels at once
    int copies = 2; // copies at once
    int rejectedRows = 100'000; // kept of one copy, to be seen and loaded again; the others are only counted
    QString python = QStringLiteral("/usr/bin/python3"); // what "python3" in a kernelspec means
    Proxies proxies;

    bool operator==(const EngineSettings &) const = default;

    static Result<EngineSettings> read(const QString &folder); // InvalidInput names file and property
    // Reads the file, takes over the members of `changes` (others stay, also those this build does not know) and writes
    // it, atomically. InvalidInput names the property ("proxies.http"), and nothing is written; Io.
    static Result<EngineSettings> change(const QString &folder, const Json &changes);
};

// {"kernels":2,"copies":2,"rejectedRows":100000,"python":"/usr/bin/python3","proxies":{"http":"","https":"","except":""}}
Json toJson(const EngineSettings &settings);

} // namespace engine
