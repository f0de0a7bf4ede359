#include "engine/model/Bindings.h"

#include "engine/model/ActivityReader.h"

#include <QCoreApplication>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct BindingsText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Bindings)
};

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
    if (best.isNull())
        return std::nullopt;
    Binding binding = m_entries.value(best);
    if (auto *postgres = std::get_if<PostgresBinding>(&binding))
        postgres->secrets = m_secrets;
    return binding;
}

Result<QString> secretAt(const SecretSourceRef &secrets, const QString &scopeAndName)
{
    const qsizetype slash = scopeAndName.indexOf(u'/');
    if (slash < 1 || slash + 1 == scopeAndName.size())
        return Error{
            ErrorCode::InvalidInput, BindingsText::tr("“%1” names no secret: write scope/name.").arg(scopeAndName), {}};
    if (!secrets.source)
        return Error{ErrorCode::Unsupported,
                     BindingsText::tr("The secret %1 is only known to the engine.").arg(scopeAndName),
                     {}};
    return secrets.source->secret(scopeAndName.left(slash), scopeAndName.mid(slash + 1));
}

Result<QString> Bindings::secretOfVault(const QString &keyVault, const QString &name) const
{
    const std::optional<QString> scope = secretScope(keyVault);
    if (!scope)
        return Error{ErrorCode::NotFound,
                     BindingsText::tr("The Key Vault “%1” is not bound to a scope of secrets: write \"keyVaults\": "
                                      "{\"%1\": {\"scope\": \"…\"}} into the bindings.")
                         .arg(keyVault),
                     bindingsFile() + QStringLiteral(": keyVaults.") + keyVault};
    return secretAt(m_secrets, *scope + u'/' + name);
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
