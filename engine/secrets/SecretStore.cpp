#include "engine/secrets/SecretStore.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>
#include <sys/stat.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct SecretStoreText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SecretStore)
};

QByteArray boundTo(const SecretRecord &record)
{
    return record.scope.toUtf8() + '\0' + record.name.toUtf8() + '\0' + QByteArray::number(record.version);
}

Result<> checkName(const QString &name, const QString &where)
{
    static const QRegularExpression pattern(QStringLiteral("\\A[A-Za-z0-9._@-]{1,128}\\z"));
    if (pattern.match(name).hasMatch())
        return {};
    return Error{ErrorCode::InvalidInput,
                 SecretStoreText::tr("“%1” cannot name a secret or a scope: use up to 128 letters, digits and . _ - @.")
                     .arg(name),
                 where};
}

bool isSame(const SecretRecord &record, const QString &scope, const QString &name)
{
    return record.scope.compare(scope, Qt::CaseInsensitive) == 0 && record.name.compare(name, Qt::CaseInsensitive) == 0;
}

} // namespace

Json toJson(const SecretRecord &record)
{
    return {{"scope", toStdString(record.scope)},
            {"name", toStdString(record.name)},
            {"version", record.version},
            {"changed", toStdString(toIso(record.changed))}};
}

SecretStore::SecretStore(QString folder) : m_folder(std::move(folder)), m_redactor(std::make_shared<Redactor>()) { }

QString SecretStore::file() const { return m_folder + QStringLiteral("/secrets.sealed"); }

// What systemd hands over (LoadCredential=slipway.key:…), else the file beside the secrets. Never one instead of the
// other once secrets are sealed: the file says which key it wants.
Result<SecretKey> SecretStore::findKey(bool make) const
{
    const QString credentials = qEnvironmentVariable("CREDENTIALS_DIRECTORY");
    const QString given = credentials + QStringLiteral("/slipway.key");
    const bool isGiven = !credentials.isEmpty() && QFileInfo::exists(given);
    const QString path = isGiven ? given : m_folder + QStringLiteral("/secrets.key");
    QFile keyFile(path);
    if (!isGiven && make && !keyFile.exists()) {
        SecretKey key = SecretKey::random();
        if (key.isNull())
            return Error{ErrorCode::Internal, SecretStoreText::tr("libsodium does not start on this machine."), {}};
        QByteArray bytes(reinterpret_cast<const char *>(key.bytes()), SecretKey::size);
        const Result<> written = writePrivateFile(path, bytes);
        wipe(bytes);
        if (!written)
            return written.error();
        return key;
    }
    struct stat state = {};
    if (!isGiven && ::stat(QFile::encodeName(path).constData(), &state) == 0 && (state.st_mode & 077) != 0)
        return Error{ErrorCode::Io,
                     SecretStoreText::tr("Others can read the key of the secrets: take their rights away (chmod 600)."),
                     path};
    if (!keyFile.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     SecretStoreText::tr("The key of the secrets cannot be read: %1").arg(keyFile.errorString()),
                     path};
    QByteArray bytes = keyFile.readAll();
    SecretKey key = SecretKey::taken(bytes);
    if (key.isNull())
        return Error{ErrorCode::InvalidInput,
                     SecretStoreText::tr("The key of the secrets must be %1 bytes long.").arg(int(SecretKey::size)),
                     path};
    return key;
}

Result<> SecretStore::load() const
{
    if (m_isLoaded)
        return {};
    if (!QFileInfo::exists(file())) {
        m_isLoaded = true;
        return {};
    }
    const Result<SecretKey> key = findKey(false);
    if (!key)
        return key.error();
    const Result<Json> content = SealedFile::read(file(), *key);
    if (!content)
        return content.error();
    QList<Entry> entries;
    for (const Json &json : memberAt(*content, "secrets")) {
        Entry entry;
        entry.record.scope = stringAt(json, "scope");
        entry.record.name = stringAt(json, "name");
        entry.record.version = int(intAt(json, "version"));
        entry.record.changed = instantFromIso(stringAt(json, "changed")).value_or(Instant());
        entry.sealed = stringAt(json, "sealed").toLatin1();
        entries.append(entry);
    }
    m_key = *key;
    m_entries = entries;
    m_generation = intAt(*content, "generation");
    m_isLoaded = true;
    QList<QByteArray> values;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (const auto value = unsealed(entry))
            values.append(value->toUtf8());
    }
    m_redactor = std::make_shared<Redactor>(values);
    return {};
}

std::optional<QString> SecretStore::unsealed(const Entry &entry) const
{
    const auto value = SealedFile::unseal(entry.sealed, boundTo(entry.record), m_key);
    return value ? std::optional(QString::fromUtf8(*value)) : std::nullopt;
}

Result<QList<SecretRecord>> SecretStore::list() const
{
    const std::lock_guard lock(m_mutex);
    if (const Result<> loaded = load(); !loaded)
        return loaded.error();
    QList<SecretRecord> records;
    for (const Entry &entry : std::as_const(m_entries))
        records.append(entry.record);
    return records;
}

Result<QString> SecretStore::secret(const QString &scope, const QString &name) const
{
    const std::lock_guard lock(m_mutex);
    if (const Result<> loaded = load(); !loaded)
        return loaded.error();
    QStringList names;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (isSame(entry.record, scope, name)) {
            if (const auto value = unsealed(entry))
                return *value;
            return Error{ErrorCode::Io,
                         SecretStoreText::tr("The secret %1/%2 cannot be unsealed: set it again.").arg(scope, name),
                         file()};
        }
        if (entry.record.scope.compare(scope, Qt::CaseInsensitive) == 0)
            names += entry.record.name;
    }
    const QString set = SecretStoreText::tr("Set it: slipwayctl secret set %1/%2").arg(scope, name);
    if (names.isEmpty())
        return Error{
            ErrorCode::NotFound,
            SecretStoreText::tr("There is no secret “%1” in the scope “%2”, which is empty. %3").arg(name, scope, set),
            scope + u'/' + name};
    return Error{ErrorCode::NotFound,
                 SecretStoreText::tr("There is no secret “%1” in the scope “%2”, which holds: %3. %4")
                     .arg(name, scope, names.join(QStringLiteral(", ")), set),
                 scope + u'/' + name};
}

Result<> SecretStore::save(const QList<Entry> &entries)
{
    Json content = {{"generation", m_generation}, {"secrets", Json::array()}};
    for (const Entry &entry : entries) {
        Json json = toJson(entry.record);
        json["sealed"] = entry.sealed.toStdString();
        content["secrets"].push_back(json);
    }
    if (const Result<> written = SealedFile::write(file(), content, m_key); !written)
        return written;
    m_isLoaded = false; // what counts is what the file says now
    return load();
}

Result<SecretRecord> SecretStore::set(const QString &scope, const QString &name, const QString &value, Instant now)
{
    for (const auto &[text, where] : {std::pair(scope, QStringLiteral("scope")), {name, QStringLiteral("name")}}) {
        if (const Result<> checked = checkName(text, where); !checked)
            return checked.error();
    }
    QByteArray bytes = value.toUtf8();
    if (bytes.isEmpty() || bytes.size() > longestValue || bytes.contains('\0'))
        return Error{ErrorCode::InvalidInput,
                     SecretStoreText::tr("The value of a secret is a text of 1 to %1 bytes.").arg(longestValue),
                     QStringLiteral("value")};
    const std::lock_guard lock(m_mutex);
    if (const Result<> loaded = load(); !loaded)
        return loaded.error();
    if (m_key.isNull()) {
        const Result<SecretKey> key = findKey(true);
        if (!key)
            return key.error();
        m_key = *key;
    }
    QList<Entry> entries = m_entries;
    auto place = std::find_if(
        entries.begin(), entries.end(), [&](const Entry &entry) { return isSame(entry.record, scope, name); });
    if (place == entries.end()) {
        place = std::find_if(entries.begin(), entries.end(), [&](const Entry &entry) {
            return std::pair(entry.record.scope, entry.record.name) > std::pair(scope, name);
        });
        place = entries.insert(place, Entry{{scope, name, 0, {}}, {}});
    }
    place->record.version += 1;
    place->record.changed = now;
    place->sealed = SealedFile::seal(bytes, boundTo(place->record), m_key);
    const SecretRecord record = place->record;
    wipe(bytes);
    if (const Result<> saved = save(entries); !saved)
        return saved.error();
    return record;
}

Result<> SecretStore::remove(const QString &scope, const QString &name)
{
    const std::lock_guard lock(m_mutex);
    if (const Result<> loaded = load(); !loaded)
        return loaded;
    QList<Entry> entries = m_entries;
    if (entries.removeIf([&](const Entry &entry) { return isSame(entry.record, scope, name); }) == 0)
        return Error{ErrorCode::NotFound,
                     SecretStoreText::tr("There is no secret “%1” in the scope “%2”.").arg(name, scope),
                     scope + u'/' + name};
    return save(entries);
}

std::shared_ptr<const Redactor> SecretStore::redactor() const
{
    const std::lock_guard lock(m_mutex);
    (void)load(); // what cannot be read was given to nobody
    return m_redactor;
}

} // namespace engine
