#include "engine/connectors/files/PackedFile.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <zlib.h>

#include <array>
#include <cerrno>
#include <ctime>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

namespace engine {
namespace {

// The context of this file's texts for translators.
struct PackedFileText
{
    Q_DECLARE_TR_FUNCTIONS(engine::PackedFile)
};

constexpr size_t bufferBytes = size_t(256) * 1024;
constexpr mode_t memberRights = 0644;

class PlainFile final : public PackedFile
{
public:
    explicit PlainFile(const RowWriter::File &file) : PackedFile(file) { }
    Result<> write(std::string_view bytes) override { return writeRaw(bytes.data(), bytes.size()); }
    Result<> finish() override { return {}; }
};

// gzip, or a bare deflate stream as .NET's DeflateStream makes it.
class DeflatedFile final : public PackedFile
{
public:
    DeflatedFile(const RowWriter::File &file, const Packing &packing) : PackedFile(file), m_out(bufferBytes)
    {
        constexpr int withGzipHeader = 16;
        constexpr int memoryLevel = 8; // zlib's default
        const int level = packing.level == Packing::Level::Fastest ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION;
        const int window = packing.compression == FileCompression::Gzip ? MAX_WBITS + withGzipHeader : -MAX_WBITS;
        m_isMade = ::deflateInit2(&m_stream, level, Z_DEFLATED, window, memoryLevel, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~DeflatedFile() override
    {
        if (m_isMade)
            ::deflateEnd(&m_stream);
    }
    Q_DISABLE_COPY_MOVE(DeflatedFile)

    Result<> write(std::string_view bytes) override
    {
        while (!bytes.empty()) {
            const size_t part = std::min(bytes.size(), size_t(1) << 30);
            if (const Result<> done = pack(bytes.substr(0, part), Z_NO_FLUSH); !done)
                return done;
            bytes.remove_prefix(part);
        }
        return {};
    }
    Result<> finish() override { return pack({}, Z_FINISH); }

private:
    Result<> pack(std::string_view bytes, int flush)
    {
        if (!m_isMade)
            return failure(ENOMEM);
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data())); // zlib does not write there
        m_stream.avail_in = uInt(bytes.size());
        int state = Z_OK;
        do {
            m_stream.next_out = reinterpret_cast<Bytef *>(m_out.data());
            m_stream.avail_out = uInt(m_out.size());
            state = ::deflate(&m_stream, flush);
            const size_t made = m_out.size() - m_stream.avail_out;
            if (const Result<> written = writeRaw(m_out.data(), made); !written)
                return written;
        } while (m_stream.avail_in > 0 || m_stream.avail_out == 0 || (flush == Z_FINISH && state == Z_OK));
        return {};
    }

    z_stream m_stream{};
    bool m_isMade = false;
    std::vector<char> m_out;
};

// What libarchive packs: one text by a filter, or one member in an archive.
class ArchivedFile final : public PackedFile
{
public:
    ArchivedFile(const RowWriter::File &file, const Packing &packing)
        : PackedFile(file)
        , m_packing(packing)
        , m_archive(::archive_write_new())
    {
    }
    ~ArchivedFile() override
    {
        if (m_archive) {
            m_isAbandoned = true; // closing writes nothing any more
            ::archive_write_free(m_archive);
        }
        if (m_entry)
            ::archive_entry_free(m_entry);
        if (m_spool >= 0)
            ::close(m_spool);
    }
    Q_DISABLE_COPY_MOVE(ArchivedFile)

    Result<> open();

    Result<> write(std::string_view bytes) override { return m_spool >= 0 ? spool(bytes) : pack(bytes); }

    Result<> finish() override
    {
        if (m_spool >= 0) {
            if (const Result<> packed = packSpool(); !packed)
                return packed;
        }
        if (::archive_write_finish_entry(m_archive) != ARCHIVE_OK || ::archive_write_close(m_archive) != ARCHIVE_OK)
            return packingFailure();
        return {};
    }

private:
    static la_ssize_t writePacked(archive *writer, void *self, const void *bytes, size_t size)
    {
        auto *const file = static_cast<ArchivedFile *>(self);
        if (file->m_isAbandoned)
            return la_ssize_t(size);
        if (const Result<> written = file->writeRaw(static_cast<const char *>(bytes), size); !written) {
            file->m_writeError = written.error();
            ::archive_set_error(writer, EIO, "write");
            return -1;
        }
        return la_ssize_t(size);
    }

    bool isTar() const
    {
        return m_packing.compression == FileCompression::Tar || m_packing.compression == FileCompression::TarGzip;
    }

    bool choose() // false: libarchive cannot
    {
        switch (m_packing.compression) {
        case FileCompression::Bzip2:
            return addFilter(ARCHIVE_FILTER_BZIP2, "1", "9");
        case FileCompression::Zstandard:
            return addFilter(ARCHIVE_FILTER_ZSTD, "1", "3");
        case FileCompression::Lz4:
            return addFilter(ARCHIVE_FILTER_LZ4, "1", "9");
        case FileCompression::TarGzip:
            if (!addFilter(ARCHIVE_FILTER_GZIP, "1", "6", false))
                return false;
            [[fallthrough]];
        case FileCompression::Tar:
            return ::archive_write_set_format_pax_restricted(m_archive) == ARCHIVE_OK;
        default:
            break;
        }
        const bool isFast = m_packing.level == Packing::Level::Fastest;
        return ::archive_write_set_format_zip(m_archive) == ARCHIVE_OK
            && ::archive_write_set_format_option(m_archive, "zip", "compression-level", isFast ? "1" : "6")
            == ARCHIVE_OK;
    }

    bool addFilter(int filter, const char *fastest, const char *optimal, bool isRaw = true)
    {
        if (::archive_write_add_filter(m_archive, filter) != ARCHIVE_OK)
            return false;
        const char *const level = m_packing.level == Packing::Level::Fastest ? fastest : optimal;
        if (::archive_write_set_filter_option(m_archive, nullptr, "compression-level", level) != ARCHIVE_OK)
            return false;
        return !isRaw || ::archive_write_set_format_raw(m_archive) == ARCHIVE_OK;
    }

    QByteArray memberName() const
    {
        QString name = m_file.name;
        const QString extension = extensionOf(m_packing.compression);
        if (name.endsWith(extension, Qt::CaseInsensitive) && name.size() > extension.size())
            name.chop(extension.size());
        else if (name.endsWith(u".tgz", Qt::CaseInsensitive))
            name.chop(4);
        return name.toUtf8();
    }

    Result<> makeSpool();
    Result<> spool(std::string_view bytes);
    Result<> packSpool();

    Result<> writeHeader(int64_t size) // -1 = not known
    {
        m_entry = ::archive_entry_new();
        const QByteArray name = memberName();
        ::archive_entry_set_pathname_utf8(m_entry, name.constData());
        ::archive_entry_update_pathname_utf8(m_entry, name.constData());
        ::archive_entry_set_filetype(m_entry, AE_IFREG);
        ::archive_entry_set_perm(m_entry, memberRights);
        ::archive_entry_set_mtime(m_entry, ::time(nullptr), 0);
        if (size >= 0)
            ::archive_entry_set_size(m_entry, size);
        if (::archive_write_header(m_archive, m_entry) < ARCHIVE_WARN)
            return packingFailure();
        return {};
    }

    Result<> pack(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const la_ssize_t done = ::archive_write_data(m_archive, bytes.data(), bytes.size());
            if (done <= 0)
                return packingFailure();
            bytes.remove_prefix(size_t(done));
        }
        return {};
    }

    Error packingFailure()
    {
        if (m_writeError)
            return *m_writeError;
        const char *const reason = ::archive_error_string(m_archive);
        return failure(QString::fromUtf8(reason ? reason : "libarchive"));
    }

    Packing m_packing;
    archive *m_archive;
    archive_entry *m_entry = nullptr;
    std::optional<Error> m_writeError;
    bool m_isAbandoned = false;
    int m_spool = -1; // the text of a tar's member
    int64_t m_spooled = 0;
};

Result<> ArchivedFile::open()
{
    if (!choose())
        return packingFailure();
    ::archive_write_set_bytes_per_block(m_archive, bufferBytes);
    ::archive_write_set_bytes_in_last_block(m_archive, 1); // no padding
    if (::archive_write_open(m_archive, this, nullptr, &ArchivedFile::writePacked, nullptr) != ARCHIVE_OK)
        return packingFailure();
    return isTar() ? makeSpool() : writeHeader(-1);
}

// A file without a name, so that nobody needs to remove it.
Result<> ArchivedFile::makeSpool()
{
    constexpr mode_t ownRights = 0600;
    const QByteArray folder = QFile::encodeName(QFileInfo(m_file.path).path());
    m_spool = ::open(folder.constData(), O_TMPFILE | O_RDWR | O_CLOEXEC, ownRights);
    if (m_spool >= 0)
        return {};
    // Not every file system has such files: one whose name is gone at once.
    QByteArray name = folder + "/.slipway-spool-XXXXXX";
    m_spool = ::mkostemp(name.data(), O_CLOEXEC);
    if (m_spool < 0)
        return failure(errno);
    ::unlink(name.constData());
    return {};
}

Result<> ArchivedFile::spool(std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(m_spool, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failure(errno);
        bytes.remove_prefix(size_t(written));
        m_spooled += written;
    }
    return {};
}

Result<> ArchivedFile::packSpool()
{
    if (const Result<> begun = writeHeader(m_spooled); !begun)
        return begun;
    std::vector<char> buffer(bufferBytes);
    int64_t position = 0;
    while (position < m_spooled) {
        const ssize_t got = ::pread(m_spool, buffer.data(), buffer.size(), position);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return failure(got < 0 ? errno : EIO);
        if (const Result<> packed = pack({buffer.data(), size_t(got)}); !packed)
            return packed;
        position += got;
    }
    return {};
}

} // namespace

QString extensionOf(FileCompression compression)
{
    switch (compression) {
    case FileCompression::None:
        return {};
    case FileCompression::Gzip:
        return QStringLiteral(".gz");
    case FileCompression::Bzip2:
        return QStringLiteral(".bz2");
    case FileCompression::Deflate:
        return QStringLiteral(".deflate");
    case FileCompression::Zstandard:
        return QStringLiteral(".zst");
    case FileCompression::Lz4:
        return QStringLiteral(".lz4");
    case FileCompression::ZipDeflate:
        return QStringLiteral(".zip");
    case FileCompression::Tar:
        return QStringLiteral(".tar");
    case FileCompression::TarGzip:
        return QStringLiteral(".tar.gz");
    }
    Q_UNREACHABLE();
}

PackedFile::~PackedFile() = default;

Error PackedFile::failure(int reason)
{
    m_systemError = reason;
    return failure(qt_error_string(reason));
}

Error PackedFile::failure(const QString &reason)
{
    return {ErrorCode::Io, PackedFileText::tr("“%1” cannot be written: %2.").arg(m_file.name, reason), m_file.name};
}

Result<> PackedFile::writeRaw(const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = ::write(m_file.descriptor, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failure(errno);
        bytes += written;
        size -= size_t(written);
    }
    return {};
}

Result<std::unique_ptr<PackedFile>> PackedFile::make(const RowWriter::File &file, const Packing &packing)
{
    if (packing.compression == FileCompression::None)
        return std::unique_ptr<PackedFile>(std::make_unique<PlainFile>(file));
    if (packing.compression == FileCompression::Gzip || packing.compression == FileCompression::Deflate)
        return std::unique_ptr<PackedFile>(std::make_unique<DeflatedFile>(file, packing));
    auto archived = std::make_unique<ArchivedFile>(file, packing);
    if (const Result<> opened = archived->open(); !opened)
        return opened.error();
    return std::unique_ptr<PackedFile>(std::move(archived));
}

} // namespace engine
