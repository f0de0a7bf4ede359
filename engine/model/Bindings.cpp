#include "engine/model/Bindings.h"

namespace engine {

namespace {

// "*" stands for any text, "?" for one character. Iterative, so that no pattern takes more than length² steps.
bool matchesPattern(QStringView pattern, QStringView text)
{
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype star = -1;
    qsizetype resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == u'?' || pattern[p].toCaseFolded() == text[t].toCaseFolded())) {
            ++p;
            ++t;
        } else if (star >= 0) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

// More literal characters are more specific; among equals, fewer "*".
int specificity(const QString &pattern)
{
    const qsizetype stars = pattern.count(u'*');
    const qsizetype literal = pattern.size() - stars - pattern.count(u'?');
    return int(literal * 1000 - stars);
}

Json toJson(const FolderBinding &folder) { return {{"store", "folder"}, {"root", toStdString(folder.root)}}; }

Json toJson(const SqliteBinding &sqlite)
{
    return {
        {"store", "sqlite"}, {"file", toStdString(sqlite.file)}, {"schemas", sqlite.ignoreSchemas ? "ignore" : "keep"}};
}

Json toJson(const PostgresBinding &postgres)
{
    Json json = {{"store", "postgresql"},
                 {"host", toStdString(postgres.host)},
                 {"port", postgres.port},
                 {"database", toStdString(postgres.database)}};
    if (!postgres.user.isEmpty())
        json["user"] = toStdString(postgres.user);
    if (!postgres.sslMode.isEmpty())
        json["sslMode"] = toStdString(postgres.sslMode);
    if (!postgres.secret.isEmpty())
        json["password"] = {{"secret", toStdString(postgres.secret)}};
    return json;
}

Json toJson(const KernelBinding &kernel)
{
    Json json = {
        {"compute", "kernel"}, {"kernel", toStdString(kernel.kernel)}, {"notebooks", toStdString(kernel.notebooks)}};
    Json mounts = Json::object();
    for (auto mount = kernel.mounts.cbegin(); mount != kernel.mounts.cend(); ++mount) {
        mounts[toStdString(mount.key())] = {{"linkedService", toStdString(mount->linkedService)},
                                            {"container", toStdString(mount->container)}};
    }
    json["mounts"] = mounts;
    Json connections = Json::array();
    for (const QString &connection : kernel.connections)
        connections.push_back(toStdString(connection));
    json["connections"] = connections;
    json["limits"] = {{"memory", kernel.memoryLimit}, {"network", kernel.network}};
    return json;
}

} // namespace

QString bindingsFile() { return QStringLiteral(".slipway/bindings.json"); }

QString localBindingsFile() { return QStringLiteral(".slipway/local/bindings.json"); }

QString kindOf(const Binding &binding)
{
    static const char16_t *const names[] = {u"folder", u"sqlite", u"postgresql", u"kernel"};
    return QString::fromUtf16(names[binding.index()]);
}

Json toJson(const Binding &binding)
{
    return std::visit([](const auto &kind) { return toJson(kind); }, binding);
}

std::optional<Binding> Bindings::find(const QString &linkedService) const
{
    if (const auto exact = m_entries.constFind(linkedService); exact != m_entries.cend())
        return *exact;
    auto best = m_entries.cend();
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry) {
        if (!matchesPattern(entry.key(), linkedService))
            continue;
        if (best == m_entries.cend() || specificity(entry.key()) > specificity(best.key()))
            best = entry;
    }
    return best == m_entries.cend() ? std::nullopt : std::optional(*best);
}

QByteArray Bindings::toJson() const
{
    Json services = Json::object();
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry)
        services[toStdString(entry.key())] = engine::toJson(*entry);
    Json json;
    json["linkedServices"] = services;
    for (const auto &[key, value] : m_others.items())
        json[key] = value;
    return toPretty(json);
}

} // namespace engine
