#include "engine/secrets/SealedFile.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace engine {

namespace {

// The context of this file's texts for translators.
struct SealedFileText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SealedFile)
};

constexpr char fileFormat[] = "slipway-secrets-1";
constexpr char keyContext[crypto_kdf_CONTEXTBYTES + 1] = "slipkeys";
enum SubKey : uint64_t { Sealing = 1, Listing = 2, Naming = 3 };

static_assert(SecretKey::size == crypto_kdf_KEYBYTES);
static_assert(SecretKey::size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

bool isReady()
{
    static const bool ready = ::sodium_init() >= 0;
    return ready;
}

std::shared_ptr<unsigned char> lockedMemory()
{
    if (!isReady())
        return nullptr;
    auto *memory = static_cast<unsigned char *>(::sodium_malloc(SecretKey::size));
    return {memory, [](unsigned char *bytes) { ::sodium_free(bytes); }};
}

std::shared_ptr<unsigned char> derived(const SecretKey &key, SubKey use)
{
    auto bytes = lockedMemory();
    ::crypto_kdf_derive_from_key(bytes.get(), SecretKey::size, use, keyContext, key.bytes());
    return bytes;
}

const unsigned char *bytesOf(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

unsigned char *bytesOf(QByteArray &bytes) { return reinterpret_cast<unsigned char *>(bytes.data()); }

QByteArray listSeal(Json content, const SecretKey &key)
{
    content.erase("seal");
    const QByteArray text = toCompact(content);
    QByteArray seal(crypto_generichash_BYTES, '\0');
    ::crypto_generichash(bytesOf(seal),
                         size_t(seal.size()),
                         bytesOf(text),
                         size_t(text.size()),
                         derived(key, Listing).get(),
                         SecretKey::size);
    return seal.toBase64();
}

Error ioError(const QString &path, const QString &message)
{
    return {ErrorCode::Io, message.arg(path, QString::fromLocal8Bit(std::strerror(errno))), path};
}

} // namespace

void wipe(QByteArray &bytes)
{
    if (!bytes.isEmpty())
        ::sodium_memzero(bytes.data(), size_t(bytes.size()));
    bytes.clear();
}

SecretKey SecretKey::random()
{
    SecretKey key;
    key.m_bytes = lockedMemory();
    if (key.m_bytes)
        ::randombytes_buf(key.m_bytes.get(), size);
    return key;
}

SecretKey SecretKey::taken(QByteArray &bytes)
{
    SecretKey key;
    if (bytes.size() == size) {
        key.m_bytes = lockedMemory();
        if (key.m_bytes)
            std::memcpy(key.m_bytes.get(), bytes.constData(), size);
    }
    wipe(bytes);
    return key;
}

QByteArray SecretKey::id() const
{
    const auto name = derived(*this, Naming);
    return QByteArray(reinterpret_cast<const char *>(name.get()), 8).toHex();
}

QByteArray SealedFile::seal(const QByteArray &value, const QByteArray &boundTo, const SecretKey &key)
{
    constexpr int nonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    QByteArray sealed(nonceSize + value.size() + int(crypto_aead_xchacha20poly1305_ietf_ABYTES), '\0');
    ::randombytes_buf(sealed.data(), nonceSize);
    ::crypto_aead_xchacha20poly1305_ietf_encrypt(bytesOf(sealed) + nonceSize,
                                                 nullptr,
                                                 bytesOf(value),
                                                 size_t(value.size()),
                                                 bytesOf(boundTo),
                                                 size_t(boundTo.size()),
                                                 nullptr,
                                                 bytesOf(std::as_const(sealed)),
                                                 derived(key, Sealing).get());
    return sealed.toBase64();
}

std::optional<QByteArray> SealedFile::unseal(const QByteArray &text, const QByteArray &boundTo, const SecretKey &key)
{
    constexpr int nonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr int tagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    const QByteArray sealed = QByteArray::fromBase64(text);
    if (sealed.size() < nonceSize + tagSize)
        return std::nullopt;
    QByteArray value(sealed.size() - nonceSize - tagSize, '\0');
    const int answer = ::crypto_aead_xchacha20poly1305_ietf_decrypt(bytesOf(value),
                                                                    nullptr,
                                                                    nullptr,
                                                                    bytesOf(sealed) + nonceSize,
                                                                    size_t(sealed.size() - nonceSize),
                                                                    bytesOf(boundTo),
                                                                    size_t(boundTo.size()),
                                                                    bytesOf(sealed),
                                                                    derived(key, Sealing).get());
    if (answer != 0)
        return std::nullopt;
    return value;
}

Result<Json> SealedFile::read(const QString &path, const SecretKey &key)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, SealedFileText::tr("Cannot read the secrets: %1").arg(file.errorString()), path};
    const Result<Json> content = parseJson(file.readAll(), path);
    if (!content || stringAt(*content, "format") != QLatin1String(fileFormat))
        return Error{ErrorCode::InvalidInput,
                     SealedFileText::tr("This is no file of sealed secrets of this version: put it aside."),
                     path};
    if (stringAt(*content, "key").toLatin1() != key.id())
        return Error{ErrorCode::Conflict,
                     SealedFileText::tr("The secrets are sealed with another key: put that key back, or put this file "
                                        "aside and set the secrets again."),
                     path};
    if (stringAt(*content, "seal").toLatin1() != listSeal(*content, key))
        return Error{ErrorCode::InvalidInput,
                     SealedFileText::tr("The file of secrets was changed by something else than Slipway: put it aside, "
                                        "or put a copy of it back."),
                     path};
    return content;
}

Result<> writePrivateFile(const QString &path, const QByteArray &bytes)
{
    const QByteArray target = QFile::encodeName(path);
    const QByteArray fresh = target + ".new";
    ::unlink(fresh.constData());
    const int descriptor = ::open(fresh.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool isWritten = descriptor >= 0;
    for (qsizetype done = 0; isWritten && done < bytes.size();) {
        const ssize_t count = ::write(descriptor, bytes.constData() + done, size_t(bytes.size() - done));
        isWritten = count > 0 || errno == EINTR;
        done += std::max<ssize_t>(count, 0);
    }
    isWritten = isWritten && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    if (isWritten && std::rename(fresh.constData(), target.constData()) == 0)
        return {};
    const Error error = ioError(path, SealedFileText::tr("Cannot write %1: %2"));
    ::unlink(fresh.constData());
    return error;
}

Result<> SealedFile::write(const QString &path, Json content, const SecretKey &key)
{
    content["format"] = fileFormat;
    content["key"] = key.id().toStdString();
    content["generation"] = intAt(content, "generation") + 1;
    content["seal"] = listSeal(content, key).toStdString();
    return writePrivateFile(path, toPretty(content));
}

} // namespace engine
