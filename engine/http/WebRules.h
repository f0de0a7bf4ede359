#pragma once

#include "engine/base/Json.h"
#include "engine/base/Result.h"

#include <QList>
#include <QString>

#include <array>
#include <optional>

struct sockaddr;

namespace engine {

// An address of the internet, IPv4 ones as IPv6 writes them (::ffff:1.2.3.4).
struct InternetAddress
{
    std::array<quint8, 16> bytes{};
    bool isV4() const;
    bool isPublic() const; // neither this machine, nor its network, nor anything with a special meaning
    QString text() const;
    bool operator==(const InternetAddress &) const = default;

    static std::optional<InternetAddress> fromText(const QString &text);
    static std::optional<InternetAddress> fromSocket(const sockaddr *address); // nothing for other families
};

// What a web activity may reach: every public address, and what the bindings allow besides. The engine itself, other
// programs of this machine and devices of its network stay out of reach of a pipeline that somebody sent (security.md).
class WebRules
{
public:
    // {"allow": ["127.0.0.1:*", "[::1]:8080", "10.0.0.0/8:443", "intranet.example:443", "*.intranet.example:*"]}; null
    // allows nothing more. A host without a port stands for all its ports. InvalidInput, `where` is "web.allow[1]".
    static Result<WebRules> read(const Json &web);

    // `host` as the request names it, `address` as it was resolved for the connection that is about to be made.
    bool allows(const QString &host, const InternetAddress &address, quint16 port) const;

private:
    struct Entry
    {
        QString host; // a name, "*.…" for those below it; empty = addresses
        InternetAddress network;
        int prefix = 128; // bits of `network` that count
        int port = 0; // 0 = all
    };
    static std::optional<Entry> readEntry(QString text);

    QList<Entry> m_entries;
};

} // namespace engine
