#pragma once

#include "engine/base/Clock.h"
#include "engine/base/SecretSource.h"
#include "engine/secrets/Redactor.h"
#include "engine/secrets/SealedFile.h"

#include <QList>

#include <mutex>

namespace engine {

// What may be told of a secret: never its value.
struct SecretRecord
{
    QString scope;
    QString name;
    int version = 1; // counts the values it has had
    Instant changed;
    bool operator==(const SecretRecord &) const = default;
};

Json toJson(const SecretRecord &record);

// The secrets of one engine: `secrets.sealed` in its data folder. Nothing is made until the first secret is set. A file
// that cannot be read is left as it is; everything asked of the store then says why. Any thread; calls read or write a
// small file.
class SecretStore final : public SecretSource
{
public:
    static constexpr qsizetype longestValue = 64 * 1024; // bytes

    explicit SecretStore(QString folder);

    Result<QList<SecretRecord>> list() const; // by scope and name
    Result<QString> secret(const QString &scope, const QString &name) const override;

    // Errors: InvalidInput (a name, or a value that is empty or too long; `where` is the member), Io.
    Result<SecretRecord> set(const QString &scope, const QString &name, const QString &value, Instant now);
    Result<> remove(const QString &scope, const QString &name); // NotFound

    // Of the values there are now.
    std::shared_ptr<const Redactor> redactor() const;

private:
    struct Entry
    {
        SecretRecord record;
        QByteArray sealed;
    };

    QString file() const;
    Result<> load() const;
    Result<SecretKey> findKey(bool make) const;
    Result<> save(const QList<Entry> &entries);
    std::optional<QString> unsealed(const Entry &entry) const;

    QString m_folder;
    mutable std::mutex m_mutex; // of what follows
    mutable bool m_isLoaded = false;
    mutable qint64 m_generation = 0;
    mutable SecretKey m_key;
    mutable QList<Entry> m_entries;
    mutable std::shared_ptr<const Redactor> m_redactor;
};

} // namespace engine
