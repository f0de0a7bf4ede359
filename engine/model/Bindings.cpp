#include "engine/model/Bindings.h"

#include "engine/model/ActivityReader.h"

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

// The one of `patterns` that means `name`: itself, or the most specific; null when none does.
QString bestPattern(const QStringList &patterns, const QString &name)
{
    if (patterns.contains(name))
        return name;
    QString best;
    for (const QString &pattern : patterns) {
        if (matchesPattern(pattern, name) && (best.isNull() || specificity(pattern) > specificity(best)))
            best = pattern;
    }
    return best;
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
    const QString best = bestPattern(m_entries.keys(), linkedService);
    return best.isNull() ? std::nullopt : std::optional(m_entries.value(best));
}

std::optional<QString> Bindings::secretScope(const QString &keyVault) const
{
    const Json &vaults = memberAt(m_others, "keyVaults");
    if (!vaults.is_object())
        return std::nullopt;
    QStringList patterns;
    for (const auto &[name, vault] : vaults.items())
        patterns.append(toQString(name));
    const QString best = bestPattern(patterns, keyVault);
    const QString scope = stringAt(memberAt(vaults, best.toUtf8().constData()), "scope");
    return scope.isEmpty() ? std::nullopt : std::optional(scope);
}

QStringList Bindings::webAllow() const { return readStrings(memberAt(memberAt(m_others, "web"), "allow")); }

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
