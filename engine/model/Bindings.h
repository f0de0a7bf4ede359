#pragma once

#include "engine/base/Json.h"
#include "engine/base/SecretSource.h"
#include "engine/model/Problem.h"

#include <QMap>
#include <QStringList>

#include <optional>
#include <variant>

namespace engine {

// How the linked services of a factory resolve on this machine: `.slipway/bindings.json`, overridden by
// `.slipway/local/bindings.json`. Names may be patterns ("Azure*"); the most specific wins. Relative paths start at the
// factory folder. Holds no secret.
struct FolderBinding
{
    QString root; // as written
    bool operator==(const FolderBinding &) const = default;
};

struct SqliteBinding
{
    QString file; // as written
    bool ignoreSchemas = true; // "schemas": "ignore": [dbo].[t] means t
    bool operator==(const SqliteBinding &) const = default;
};

struct PostgresBinding
{
    QString host; // name, address, or the folder of a Unix socket
    int port = 5432;
    QString database;
    QString user;
    QString sslMode; // libpq's; empty = its default for a local host, verify-full for others
    QString secret; // "scope/key" of the password; empty = libpq's own means (.pgpass, peer)
    SecretSourceRef secrets = {}; // who knows it; not written
    bool operator==(const PostgresBinding &) const = default;
};

struct Mount
{
    QString linkedService; // of a folder binding
    QString container; // a folder below its root
    bool operator==(const Mount &) const = default;
};

struct KernelBinding
{
    QString kernel = QStringLiteral("python3"); // kernelspec name
    QString notebooks = QStringLiteral("notebooks");
    QMap<QString, Mount> mounts; // by the literal path the notebook uses
    QStringList connections; // linked services a notebook may connect to
    qint64 memoryLimit = 0; // bytes; 0 = none
    bool network = false;
    bool operator==(const KernelBinding &) const = default;
};

using Binding = std::variant<FolderBinding, SqliteBinding, PostgresBinding, KernelBinding>;

QString bindingsFile(); // ".slipway/bindings.json"
QString localBindingsFile(); // ".slipway/local/bindings.json"

class Bindings
{
public:
    Bindings() = default;

    // Reads one file's text on top of what is there: an entry replaces the one of the same name, or, when it says
    // neither "store" nor "compute", changes the members it has. Problems name file and property. Absolute paths and
    // paths out of the factory folder are accepted from files below .slipway/local/ only.
    QList<Problem> read(const QByteArray &text, const QString &file);

    // By name or the most specific pattern; upper and lower case are the same, as in Data Factory.
    std::optional<Binding> find(const QString &linkedService) const;
    // Of a Key Vault, by name or the most specific pattern of "keyVaults"; nothing when it is not bound.
    std::optional<QString> secretScope(const QString &keyVault) const;
    // Who knows the values of secrets; not written. Bindings that find() gives out know it too.
    void setSecrets(std::shared_ptr<const SecretSource> source) { m_secrets.source = std::move(source); }
    // Of the scope the Key Vault is bound to. Errors: NotFound, Io, Unsupported (nobody here knows secrets).
    Result<QString> secretOfVault(const QString &keyVault, const QString &name) const;
    // What web activities may reach though it is of this machine or network: "web": {"allow": ["127.0.0.1:*"]}.
    QStringList webAllow() const;
    bool isEmpty() const { return m_entries.isEmpty(); }
    QMap<QString, Binding> entries() const { return m_entries; } // by name or pattern

    // What web activities may reach, {"allow": ["127.0.0.1:*"]}, and addresses that stand for linked services,
    // {"addresses": {"name": "http://…"}}; null when the files say nothing.
    Json web() const { return memberAt(m_others, "web"); }

    // All of it as one file, which read() gives back unchanged. It may hold absolute paths, so a published version
    // keeps it as .slipway/local/bindings.json.
    QByteArray toJson() const;

    bool operator==(const Bindings &) const = default;

private:
    QMap<QString, Binding> m_entries; // by name or pattern
    void readKeyVaults(const Json &json, const QString &file, QList<Problem> &problems);
    void readWeb(const Json &json, const QString &file, QList<Problem> &problems);

    SecretSourceRef m_secrets;
    Json m_others = Json::object(); // the other members of the file: keyVaults, web
};

// Of a "scope/name". Errors as Bindings::secretOfVault, and InvalidInput for another spelling.
Result<QString> secretAt(const SecretSourceRef &secrets, const QString &scopeAndName);

QString kindOf(const Binding &binding); // folder | sqlite | postgresql | kernel
Json toJson(const Binding &binding); // as bindings.json writes it

} // namespace engine
