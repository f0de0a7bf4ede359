#include "engine/http/WebRules.h"

#include <QCoreApplication>

#include <algorithm>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace engine {

namespace {

struct WebRulesText
{
    Q_DECLARE_TR_FUNCTIONS(engine::WebRules)
};

constexpr int v4Prefix = 96; // bits before an IPv4 address

bool isWithin(const InternetAddress &address, const InternetAddress &network, int prefix)
{
    for (int bit = 0; bit < prefix; bit += 8) {
        const int rest = std::min(8, prefix - bit);
        const quint8 mask = quint8(0xff << (8 - rest));
        if ((address.bytes[size_t(bit / 8)] & mask) != (network.bytes[size_t(bit / 8)] & mask))
            return false;
    }
    return true;
}

struct Network
{
    const char *text;
    int prefix;
};

bool isWithinAny(const InternetAddress &address, std::initializer_list<Network> networks)
{
    return std::any_of(networks.begin(), networks.end(), [&address](const Network &network) {
        return isWithin(address, *InternetAddress::fromText(QString::fromLatin1(network.text)), network.prefix);
    });
}

InternetAddress embeddedV4(const InternetAddress &address, size_t at)
{
    InternetAddress inner = *InternetAddress::fromText(QStringLiteral("0.0.0.0"));
    std::copy_n(address.bytes.begin() + at, 4, inner.bytes.begin() + 12);
    return inner;
}

} // namespace

bool InternetAddress::isV4() const
{
    return std::all_of(bytes.begin(), bytes.begin() + 10, [](quint8 byte) { return byte == 0; }) && bytes[10] == 0xff
        && bytes[11] == 0xff;
}

QString InternetAddress::text() const
{
    char buffer[INET6_ADDRSTRLEN]{};
    const bool v4 = isV4();
    ::inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data() + (v4 ? 12 : 0), buffer, sizeof buffer);
    return QString::fromLatin1(buffer);
}

std::optional<InternetAddress> InternetAddress::fromText(const QString &text)
{
    InternetAddress address;
    const QByteArray latin = text.toLatin1();
    if (::inet_pton(AF_INET6, latin.constData(), address.bytes.data()) == 1)
        return address;
    if (::inet_pton(AF_INET, latin.constData(), address.bytes.data() + 12) != 1)
        return std::nullopt;
    address.bytes[10] = address.bytes[11] = 0xff;
    return address;
}

std::optional<InternetAddress> InternetAddress::fromSocket(const sockaddr *address)
{
    InternetAddress result;
    if (address->sa_family == AF_INET6) {
        const auto *v6 = reinterpret_cast<const sockaddr_in6 *>(address);
        std::copy_n(v6->sin6_addr.s6_addr, 16, result.bytes.begin());
        return result;
    }
    if (address->sa_family != AF_INET)
        return std::nullopt;
    const auto *v4 = reinterpret_cast<const sockaddr_in *>(address);
    result.bytes[10] = result.bytes[11] = 0xff;
    std::copy_n(reinterpret_cast<const quint8 *>(&v4->sin_addr), 4, result.bytes.begin() + 12);
    return result;
}

bool InternetAddress::isPublic() const
{
    if (isV4())
        return !isWithinAny(*this,
                            {{"0.0.0.0", v4Prefix + 8},
                             {"10.0.0.0", v4Prefix + 8},
                             {"100.64.0.0", v4Prefix + 10},
                             {"127.0.0.0", v4Prefix + 8},
                             {"169.254.0.0", v4Prefix + 16},
                             {"172.16.0.0", v4Prefix + 12},
                             {"192.0.0.0", v4Prefix + 24},
                             {"192.168.0.0", v4Prefix + 16},
                             {"198.18.0.0", v4Prefix + 15},
                             {"224.0.0.0", v4Prefix + 4},
                             {"240.0.0.0", v4Prefix + 4}});
    // Ways to write an IPv4 address that a router or the kernel turns into one.
    if (isWithinAny(*this, {{"64:ff9b::", 96}, {"::", 96}}))
        return isWithinAny(*this, {{"::", 127}}) ? false : embeddedV4(*this, 12).isPublic();
    if (isWithinAny(*this, {{"2002::", 16}}))
        return embeddedV4(*this, 2).isPublic();
    return !isWithinAny(
        *this, {{"64:ff9b:1::", 48}, {"100::", 64}, {"fc00::", 7}, {"fe80::", 10}, {"fec0::", 10}, {"ff00::", 8}});
}

std::optional<WebRules::Entry> WebRules::readEntry(QString text)
{
    Entry entry;
    text = text.trimmed();
    const qsizetype bracket = text.startsWith(u'[') ? text.indexOf(u']') : -1;
    const qsizetype colon = text.lastIndexOf(u':');
    const bool isBareV6 = bracket < 0 && text.count(u':') > 1;
    if (colon > bracket && !isBareV6) {
        const QString port = text.mid(colon + 1);
        bool isNumber = false;
        entry.port = port.toInt(&isNumber);
        if (port == u"*")
            entry.port = 0;
        else if (!isNumber || entry.port < 1 || entry.port > 65535)
            return std::nullopt;
        text.truncate(colon);
    }
    if (bracket >= 0) {
        if (!text.endsWith(u']'))
            return std::nullopt;
        text = text.mid(1, bracket - 1);
    }
    const QString host = text.section(u'/', 0, 0);
    if (const auto address = InternetAddress::fromText(host)) {
        entry.network = *address;
        if (!text.contains(u'/'))
            return entry;
        bool isNumber = false;
        const int bits = text.section(u'/', 1).toInt(&isNumber);
        const int most = address->isV4() ? 32 : 128;
        entry.prefix = bits + (128 - most);
        return isNumber && bits >= 0 && bits <= most ? std::optional(entry) : std::nullopt;
    }
    const auto isNameCharacter = [](QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'.' || c == u'_'; };
    const QString name = text.startsWith(u"*.") ? text.mid(2) : text;
    if (name.isEmpty() || !std::all_of(name.begin(), name.end(), isNameCharacter))
        return std::nullopt;
    entry.host = text;
    return entry;
}

Result<WebRules> WebRules::read(const Json &web)
{
    WebRules rules;
    const Json &allow = memberAt(web, "allow");
    if (!allow.is_null() && !allow.is_array())
        return Error{ErrorCode::InvalidInput,
                     WebRulesText::tr("\"allow\" is no list: write \"web\": {\"allow\": [\"127.0.0.1:*\"]}."),
                     QStringLiteral("web.allow")};
    for (size_t i = 0; i < allow.size(); ++i) {
        const QString text = allow[i].is_string() ? toQString(allow[i].get_ref<const std::string &>()) : QString();
        const auto entry = readEntry(text);
        if (!entry)
            return Error{ErrorCode::InvalidInput,
                         WebRulesText::tr("“%1” is no host with a port: write it like \"127.0.0.1:*\", \"[::1]:8080\", "
                                          "\"10.0.0.0/8:443\" or \"intranet.example:443\".")
                             .arg(text),
                         QStringLiteral("web.allow[%1]").arg(i)};
        rules.m_entries.append(*entry);
    }
    return rules;
}

bool WebRules::allows(const QString &host, const InternetAddress &address, quint16 port) const
{
    if (address.isPublic())
        return true;
    return std::any_of(m_entries.begin(), m_entries.end(), [&](const Entry &entry) {
        if (entry.port != 0 && entry.port != port)
            return false;
        if (entry.host.isEmpty())
            return isWithin(address, entry.network, entry.prefix);
        if (entry.host.startsWith(u"*."))
            return host.endsWith(QStringView(entry.host).mid(1), Qt::CaseInsensitive);
        return host.compare(entry.host, Qt::CaseInsensitive) == 0;
    });
}

} // namespace engine
