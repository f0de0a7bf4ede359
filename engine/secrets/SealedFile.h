#pragma once

#include "engine/base/Json.h"

#include <QByteArray>

#include <memory>

namespace engine {

// 32 random bytes of locked memory that no core dump and no swap holds.
class SecretKey
{
public:
    static constexpr int size = 32;

    static SecretKey random();
    // Exactly `size` bytes, which are wiped where they were. Nothing when there are more or fewer.
    static SecretKey taken(QByteArray &bytes);

    bool isNull() const { return m_bytes == nullptr; }
    const unsigned char *bytes() const { return m_bytes.get(); }
    QByteArray id() const; // of 8 bytes, tells keys apart and tells nothing else

private:
    std::shared_ptr<unsigned char> m_bytes;
};

// Values sealed each for itself by XChaCha20-Poly1305 with what they are bound to ("scope\0name\0version"), so that
// none can be given for another; the list of them by a keyed hash, so that none can be taken away. libsodium's formats.
// Any thread.
class SealedFile
{
public:
    // base64 of nonce and sealed bytes.
    static QByteArray seal(const QByteArray &value, const QByteArray &boundTo, const SecretKey &key);
    // Nothing when the key or the binding is another, or a byte was changed.
    static std::optional<QByteArray> unseal(const QByteArray &sealed, const QByteArray &boundTo, const SecretKey &key);

    // The whole file: {"format", "key", "generation", "secrets": […], "seal"}. Errors: InvalidInput (no such file, or
    // changed by somebody else), Conflict (sealed with another key), Io.
    static Result<Json> read(const QString &path, const SecretKey &key);
    // Through a new file, synchronised and read again before it takes the old one's place. Mode 0600.
    static Result<> write(const QString &path, Json content, const SecretKey &key);
};

// Mode 0600, whole or not at all. Errors: Io.
Result<> writePrivateFile(const QString &path, const QByteArray &bytes);

void wipe(QByteArray &bytes);

} // namespace engine
