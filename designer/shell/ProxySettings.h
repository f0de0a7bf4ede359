#pragma once

#include "engine/base/Json.h"

#include <QString>

#include <utility>

class QSettings;

namespace designer {

// How this window and the notebooks of its engine reach the network. A value; GUI thread.
struct ProxySettings
{
    enum class Mode { System, None, Manual };

    Mode mode = Mode::System;
    QString http; // "host:port", of Manual
    QString https;
    QString except; // hosts and domains without a proxy: "localhost,.intern"

    bool operator==(const ProxySettings &) const = default;

    static ProxySettings read(const QSettings &settings);
    void write(QSettings &settings) const;
    void apply() const; // to this application
    // The engine's setting "proxies" for it: of System, what this window's environment says.
    engine::Json forEngine() const;
};

// "host:3128" or "http://host:3128" as host and port; port 0 when it is no address.
std::pair<QString, quint16> proxyAddress(const QString &text);
bool isExcepted(const QString &host, const QString &except); // "a.intern" is, of "localhost,.intern"

} // namespace designer
