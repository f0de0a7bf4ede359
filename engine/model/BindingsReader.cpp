#include "engine/model/ActivityReader.h"
#include "engine/model/Bindings.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>

#include <algorithm>

namespace engine {

namespace {

QString bindingsTr(const char *text) { return QCoreApplication::translate("engine::Bindings", text); }

// "4 GiB", "512 MB", "1073741824"; nothing for another form.
std::optional<qint64> readSize(const Json &json)
{
    if (json.is_number_integer())
        return json.get<qint64>() >= 0 ? std::optional(json.get<qint64>()) : std::nullopt;
    if (!json.is_string())
        return std::nullopt;
    static const QRegularExpression form(
        QStringLiteral("\\A\\s*([0-9]{1,15}(?:\\.[0-9]{1,6})?)\\s*([KMGT]?)(i?)B?\\s*\\z"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = form.match(toQString(json.get_ref<const std::string &>()));
    if (!match.hasMatch() || (match.capturedLength(3) > 0 && match.capturedLength(2) == 0))
        return std::nullopt;
    double size = match.captured(1).toDouble();
    const qsizetype power = QStringLiteral("KMGT").indexOf(match.captured(2).toUpper());
    if (match.capturedLength(2) > 0) {
        for (qsizetype i = 0; i <= power; ++i)
            size *= match.capturedLength(3) > 0 ? 1024 : 1000;
    }
    return size < 9e18 ? std::optional(qint64(size)) : std::nullopt;
}

// Reads one entry of "linkedServices".
class EntryReader
{
public:
    EntryReader(const Json &json, QString where, bool isLocal)
        : m_json(json)
        , m_where(std::move(where))
        , m_isLocal(isLocal)
    {
    }

    QList<Problem> problems;

    std::optional<Binding> read()
    {
        const QString store = stringAt(m_json, "store").toLower();
        const QString compute = stringAt(m_json, "compute").toLower();
        if (store == u"folder")
            return keep(readFolder());
        if (store == u"sqlite")
            return keep(readSqlite());
        if (store == u"postgresql" || store == u"postgres")
            return keep(readPostgres());
        if (compute == u"kernel")
            return keep(readKernel());
        if (!store.isEmpty() || !compute.isEmpty())
            error("UnknownBinding",
                  store.isEmpty() ? "compute" : "store",
                  bindingsTr("\"%1\" is no kind of binding.").arg(store.isEmpty() ? compute : store),
                  kinds());
        else
            error("UnknownBinding", {}, bindingsTr("The binding says neither \"store\" nor \"compute\"."), kinds());
        return std::nullopt;
    }

private:
    static QString kinds()
    {
        return bindingsTr("Write \"store\": \"folder\", \"sqlite\" or \"postgresql\", or \"compute\": \"kernel\".");
    }

    std::optional<Binding> keep(Binding binding) const { return m_isRefused ? std::nullopt : std::optional(binding); }

    FolderBinding readFolder()
    {
        know({"store", "root"});
        return {readPath("root")};
    }

    SqliteBinding readSqlite()
    {
        know({"store", "file", "schemas"});
        const QString schemas = stringAt(m_json, "schemas", QStringLiteral("ignore"));
        if (schemas != u"ignore" && schemas != u"keep")
            error("BadValue",
                  "schemas",
                  bindingsTr("\"%1\" is no way to treat schema names.").arg(schemas),
                  bindingsTr("Write \"ignore\" ([dbo].[t] means t) or \"keep\"."));
        return {readPath("file"), schemas != u"keep"};
    }

    PostgresBinding readPostgres()
    {
        know({"store", "host", "port", "database", "user", "sslMode", "password"});
        PostgresBinding postgres;
        postgres.host = required("host");
        postgres.database = required("database");
        postgres.user = stringAt(m_json, "user");
        postgres.sslMode = stringAt(m_json, "sslMode");
        static const QStringList sslModes = {QString(),
                                             QStringLiteral("disable"),
                                             QStringLiteral("allow"),
                                             QStringLiteral("prefer"),
                                             QStringLiteral("require"),
                                             QStringLiteral("verify-ca"),
                                             QStringLiteral("verify-full")};
        if (!sslModes.contains(postgres.sslMode))
            error("BadValue",
                  "sslMode",
                  bindingsTr("\"%1\" is no SSL mode of PostgreSQL.").arg(postgres.sslMode),
                  bindingsTr("Write one of: %1.").arg(sslModes.mid(1).join(QStringLiteral(", "))));
        const qint64 port = intAt(m_json, "port", m_json.contains("port") ? -1 : postgres.port);
        if (port < 1 || port > 65535)
            error("BadValue",
                  "port",
                  bindingsTr("The port is no number from 1 to 65535."),
                  bindingsTr("PostgreSQL's usual port is 5432."));
        else
            postgres.port = int(port);
        const Json &password = memberAt(m_json, "password");
        postgres.secret = stringAt(password, "secret");
        if (!password.is_null() && postgres.secret.isEmpty())
            error("SecretInBindings",
                  "password",
                  bindingsTr("A password must not be in this file."),
                  bindingsTr("Write \"password\": {\"secret\": \"scope/key\"} and keep the secret in the engine."));
        return postgres;
    }

    KernelBinding readKernel()
    {
        know({"compute", "kernel", "notebooks", "mounts", "connections", "limits"});
        KernelBinding kernel;
        kernel.kernel = stringAt(m_json, "kernel", kernel.kernel);
        if (m_json.contains("notebooks"))
            kernel.notebooks = readPath("notebooks");
        readMounts(kernel);
        if (const Json &connections = memberAt(m_json, "connections");
            !connections.is_null() && !connections.is_array())
            error("BadValue",
                  "connections",
                  bindingsTr("\"connections\" is no list."),
                  bindingsTr("Write the names of linked services between [ and ]."));
        else
            kernel.connections = readStrings(connections);
        const Json &limits = memberAt(m_json, "limits");
        if (const Json &memory = memberAt(limits, "memory"); !memory.is_null()) {
            const std::optional<qint64> size = readSize(memory);
            if (!size)
                error("BadValue",
                      "limits.memory",
                      bindingsTr("The memory limit is no size."),
                      bindingsTr("Write it like \"4 GiB\" or \"512 MiB\"."));
            kernel.memoryLimit = size.value_or(0);
        }
        kernel.network = boolAt(limits, "network");
        return kernel;
    }

    void readMounts(KernelBinding &kernel)
    {
        const Json &mounts = memberAt(m_json, "mounts");
        if (mounts.is_null())
            return;
        if (!mounts.is_object()) {
            error("BadValue", "mounts", bindingsTr("\"mounts\" is no object."), mountForm());
            return;
        }
        static const QStringList system = {QStringLiteral("/"),
                                           QStringLiteral("/bin"),
                                           QStringLiteral("/dev"),
                                           QStringLiteral("/etc"),
                                           QStringLiteral("/lib"),
                                           QStringLiteral("/lib64"),
                                           QStringLiteral("/proc"),
                                           QStringLiteral("/sbin"),
                                           QStringLiteral("/sys"),
                                           QStringLiteral("/usr")};
        for (const auto &[key, entry] : mounts.items()) {
            const QString path = toQString(key);
            const QString property = QStringLiteral("mounts[\"%1\"]").arg(path);
            const Mount mount{stringAt(entry, "linkedService"), stringAt(entry, "container")};
            if (!path.startsWith(u'/') || path.contains(u"/../") || path.endsWith(u"/.."))
                error(
                    "BadMount", property, bindingsTr("The mount path \"%1\" is not absolute.").arg(path), mountForm());
            else if (system.contains(QDir::cleanPath(path)))
                error("BadMount",
                      property,
                      bindingsTr("\"%1\" belongs to the system and cannot be a mount.").arg(path),
                      mountForm());
            if (mount.linkedService.isEmpty())
                error("BadMount", property, bindingsTr("The mount names no linked service."), mountForm());
            if (QDir::isAbsolutePath(mount.container) || leadsOut(mount.container))
                error("BadMount",
                      property + u".container",
                      bindingsTr("The container \"%1\" is no folder below the linked service's root.")
                          .arg(mount.container),
                      mountForm());
            kernel.mounts.insert(path, mount);
        }
    }

    static QString mountForm()
    {
        return bindingsTr("Write \"mounts\": {\"/dbfs/mnt/x\": {\"linkedService\": \"Storage\", \"container\": "
                          "\"data\"}}.");
    }

    QString required(const char *key)
    {
        const QString value = stringAt(m_json, key);
        if (value.isEmpty())
            error("MissingProperty",
                  QString::fromLatin1(key),
                  bindingsTr("\"%1\" is missing.").arg(QString::fromLatin1(key)),
                  bindingsTr("Add it to the binding."));
        return value;
    }

    QString readPath(const char *key)
    {
        const QString path = required(key);
        if (m_isLocal)
            return path;
        const QString fix =
            bindingsTr("Write a path below the factory folder, or put the binding into %1.").arg(localBindingsFile());
        if (QDir::isAbsolutePath(path) || path.startsWith(u'~'))
            error("AbsolutePath",
                  QString::fromLatin1(key),
                  bindingsTr("\"%1\" is a path of one machine only, but this file is shared.").arg(path),
                  fix);
        else if (leadsOut(path))
            error("PathOutside",
                  QString::fromLatin1(key),
                  bindingsTr("\"%1\" leads out of the factory folder.").arg(path),
                  fix);
        return path;
    }

    static bool leadsOut(const QString &path)
    {
        const QString clean = QDir::cleanPath(path);
        return clean == u".." || clean.startsWith(u"../");
    }

    void know(std::initializer_list<const char *> keys)
    {
        for (const auto &[key, value] : m_json.items()) {
            const bool isKnown =
                std::any_of(keys.begin(), keys.end(), [&name = key](const char *known) { return name == known; });
            if (isKnown)
                continue;
            QStringList names;
            for (const char *known : keys)
                names.append(QString::fromLatin1(known));
            problems.append({Problem::Severity::Warning,
                             QStringLiteral("UnknownProperty"),
                             m_where + u'.' + toQString(key),
                             bindingsTr("A binding of this kind has no \"%1\".").arg(toQString(key)),
                             bindingsTr("It knows: %1.").arg(names.join(QStringLiteral(", ")))});
        }
    }

    void error(const char *code, const QString &property, const QString &message, const QString &fix)
    {
        m_isRefused = true;
        problems.append({Problem::Severity::Error,
                         QString::fromLatin1(code),
                         property.isEmpty() ? m_where : m_where + u'.' + property,
                         message,
                         fix});
    }
    void error(const char *code, const char *property, const QString &message, const QString &fix)
    {
        error(code, QString::fromLatin1(property), message, fix);
    }

    const Json &m_json;
    QString m_where;
    bool m_isLocal;
    bool m_isRefused = false;
};

// `changes` says neither "store" nor "compute": it changes members of the entry of the same name.
Json merged(const Json &changes, const Binding *existing)
{
    if (existing == nullptr || changes.contains("store") || changes.contains("compute"))
        return changes;
    Json all = toJson(*existing);
    for (const auto &[key, value] : changes.items())
        all[key] = value;
    return all;
}

} // namespace

void Bindings::readKeyVaults(const Json &json, const QString &file, QList<Problem> &problems)
{
    const QString fix = bindingsTr("Write \"keyVaults\": {\"VaultName\": {\"scope\": \"titanic\"}}.");
    if (!json.is_object()) {
        problems.append({Problem::Severity::Error,
                         QStringLiteral("BadValue"),
                         file + u": keyVaults",
                         bindingsTr("\"keyVaults\" is no object."),
                         fix});
        return;
    }
    for (const auto &[name, vault] : json.items()) {
        if (stringAt(vault, "scope").isEmpty())
            problems.append({Problem::Severity::Error,
                             QStringLiteral("MissingProperty"),
                             file + u": keyVaults." + toQString(name),
                             bindingsTr("The Key Vault \"%1\" names no scope of secrets.").arg(toQString(name)),
                             fix});
        else
            m_others["keyVaults"][name] = vault;
    }
}

void Bindings::readWeb(const Json &json, const QString &file, QList<Problem> &problems)
{
    const Json &allow = memberAt(json, "allow");
    const bool isList = allow.is_array()
        && std::all_of(allow.begin(), allow.end(), [](const Json &entry) { return entry.is_string(); });
    if (!json.is_object() || (json.contains("allow") && !isList))
        problems.append({Problem::Severity::Error,
                         QStringLiteral("BadValue"),
                         file + u": web.allow",
                         bindingsTr("\"allow\" is no list of addresses."),
                         bindingsTr("Write \"web\": {\"allow\": [\"127.0.0.1:*\"]}.")});
    else if (const QString calls = stringAt(json, "calls", QStringLiteral("made"));
             calls != u"made" && calls != u"refused")
        problems.append({Problem::Severity::Error,
                         QStringLiteral("BadValue"),
                         file + u": web.calls",
                         bindingsTr("\"calls\" is \"%1\".").arg(calls),
                         bindingsTr("Write \"refused\" to let no web activity call anything, or leave it out.")});
    else
        m_others["web"] = json;
}

QList<Problem> Bindings::read(const QByteArray &text, const QString &file)
{
    const Result<Json> json = parseJson(text, file);
    if (!json)
        return {{Problem::Severity::Error,
                 QStringLiteral("InvalidJson"),
                 json.error().where,
                 json.error().message,
                 bindingsTr("Correct the file at this line and column.")}};
    const Json &services = memberAt(*json, "linkedServices");
    if (!json->is_object() || (!services.is_null() && !services.is_object()))
        return {
            {Problem::Severity::Error,
             QStringLiteral("BadValue"),
             file + (json->is_object() ? u": linkedServices"_qs : u":1:1"_qs),
             bindingsTr("The bindings are no JSON object."),
             bindingsTr("Write {\"linkedServices\": {\"Name\": {\"store\": \"folder\", \"root\": \"storage\"}}}.")}};

    QList<Problem> problems;
    const bool isLocal = file.startsWith(u".slipway/local/");
    for (const auto &[key, entry] : services.items()) {
        const QString name = toQString(key);
        const QString where = file + u": linkedServices." + name;
        if (!entry.is_object()) {
            problems.append({Problem::Severity::Error,
                             QStringLiteral("BadValue"),
                             where,
                             bindingsTr("The binding of \"%1\" is no JSON object.").arg(name),
                             bindingsTr("Write {\"store\": \"folder\", \"root\": \"storage\"}.")});
            continue;
        }
        const auto existing = m_entries.constFind(name);
        const Json whole = merged(entry, existing == m_entries.cend() ? nullptr : &*existing);
        EntryReader reader(whole, where, isLocal);
        if (const std::optional<Binding> binding = reader.read())
            m_entries.insert(name, *binding);
        problems += reader.problems;
    }
    for (const auto &[key, value] : json->items()) {
        if (key == "linkedServices")
            continue;
        if (key == "keyVaults")
            readKeyVaults(value, file, problems);
        else if (key == "web")
            readWeb(value, file, problems);
        else
            problems.append({Problem::Severity::Warning,
                             QStringLiteral("UnknownProperty"),
                             file + u": " + toQString(key),
                             bindingsTr("Bindings have no \"%1\".").arg(toQString(key)),
                             bindingsTr("They know: linkedServices, keyVaults, web.")});
    }
    sortProblems(problems);
    return problems;
}

} // namespace engine
