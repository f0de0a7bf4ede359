#include "engine/connectors/files/StoredText.h"

#include "engine/connectors/files/Archive.h"
#include "engine/connectors/files/InflatedBytes.h"
#include "engine/connectors/files/Transcoder.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace engine {
namespace {

// The context of this file's texts for translators.
struct StoredTextText
{
    Q_DECLARE_TR_FUNCTIONS(engine::StoredText)
};

// Bytes that another one owns.
class BorrowedBytes final : public ByteStream
{
public:
    explicit BorrowedBytes(ByteStream &bytes) : m_bytes(bytes) { }
    Result<size_t> read(char *to, size_t size) override { return m_bytes.read(to, size); }
    std::optional<int64_t> seek(int64_t offset, int whence) override { return m_bytes.seek(offset, whence); }

private:
    ByteStream &m_bytes;
};

class MemberBytes final : public ByteStream
{
public:
    explicit MemberBytes(Archive &archive) : m_archive(archive) { }
    Result<size_t> read(char *to, size_t size) override { return m_archive.read(to, size); }

private:
    Archive &m_archive;
};

// What was read already, and then the rest.
class ResumedBytes final : public ByteStream
{
public:
    ResumedBytes(QByteArray begun, std::unique_ptr<ByteStream> rest)
        : m_begun(std::move(begun))
        , m_rest(std::move(rest))
    {
    }
    Result<size_t> read(char *to, size_t size) override
    {
        if (m_begun.isEmpty())
            return m_rest->read(to, size);
        const size_t got = std::min(size, size_t(m_begun.size()));
        std::memcpy(to, m_begun.constData(), got);
        m_begun.remove(0, qsizetype(got));
        return got;
    }

private:
    QByteArray m_begun;
    std::unique_ptr<ByteStream> m_rest;
};

// Stops what unpacks to far more than it is.
class BoundedBytes final : public ByteStream
{
public:
    BoundedBytes(std::unique_ptr<ByteStream> bytes,
                 const FileBytes &file,
                 const UnpackingBounds &bounds,
                 int64_t &unpacked, // of all members of the file
                 QString displayPath)
        : m_bytes(std::move(bytes))
        , m_file(file)
        , m_bounds(bounds)
        , m_unpacked(unpacked)
        , m_displayPath(std::move(displayPath))
    {
    }
    Result<size_t> read(char *to, size_t size) override
    {
        const Result<size_t> got = m_bytes->read(to, size);
        if (!got)
            return got;
        m_unpacked += int64_t(*got);
        if (m_unpacked > m_bounds.most)
            return Error{ErrorCode::InvalidInput,
                         StoredTextText::tr("%1 unpacks to more than %2 bytes, the most that is read of one file.")
                             .arg(m_displayPath)
                             .arg(m_bounds.most),
                         m_displayPath};
        if (m_unpacked > m_bounds.free && m_unpacked / m_bounds.ratio > m_file.taken())
            return Error{ErrorCode::InvalidInput,
                         StoredTextText::tr("%1 unpacks to more than %2 times its size, as no honest text does: unpack "
                                            "it yourself when you trust it.")
                             .arg(m_displayPath)
                             .arg(m_bounds.ratio),
                         m_displayPath};
        return got;
    }

private:
    std::unique_ptr<ByteStream> m_bytes;
    const FileBytes &m_file;
    UnpackingBounds m_bounds;
    int64_t &m_unpacked;
    QString m_displayPath;
};

struct Mark
{
    std::string_view bytes;
    const char *codec;
};

// The one of UTF-32 begins with the one of UTF-16.
constexpr std::array<Mark, 5> marks{{
    {std::string_view("\xFF\xFE\0\0", 4), "UTF-32LE"},
    {std::string_view("\0\0\xFE\xFF", 4), "UTF-32BE"},
    {std::string_view("\xEF\xBB\xBF", 3), "UTF-8"},
    {std::string_view("\xFF\xFE", 2), "UTF-16LE"},
    {std::string_view("\xFE\xFF", 2), "UTF-16BE"},
}};

std::optional<Archive::Form> archiveFormOf(FileCompression compression)
{
    switch (compression) {
    case FileCompression::ZipDeflate:
        return Archive::Form::Zip;
    case FileCompression::Tar:
    case FileCompression::TarGzip:
        return Archive::Form::Tar;
    case FileCompression::Bzip2:
        return Archive::Form::Bzip2;
    case FileCompression::Zstandard:
        return Archive::Form::Zstandard;
    case FileCompression::Lz4:
        return Archive::Form::Lz4;
    case FileCompression::None:
    case FileCompression::Gzip:
    case FileCompression::Deflate:
        return std::nullopt;
    }
    Q_UNREACHABLE();
}

} // namespace

StoredText::StoredText(std::unique_ptr<FileBytes> file,
                       QString displayPath,
                       FileCompression compression,
                       QByteArray codec,
                       UnpackingBounds bounds)
    : m_file(std::move(file))
    , m_displayPath(std::move(displayPath))
    , m_compression(compression)
    , m_codec(std::move(codec))
    , m_bounds(bounds)
{
}

StoredText::~StoredText() = default;

Result<std::unique_ptr<ByteStream>> StoredText::decoded(std::unique_ptr<ByteStream> text,
                                                        const QString &displayPath) const
{
    if (m_codec.isEmpty())
        return text;
    constexpr size_t longestMark = 4;
    std::array<char, longestMark> begun;
    size_t size = 0;
    while (size < begun.size()) {
        const Result<size_t> got = text->read(begun.data() + size, begun.size() - size);
        if (!got)
            return got.error();
        if (*got == 0)
            break;
        size += *got;
    }
    const std::string_view start(begun.data(), size);
    const auto mark =
        std::find_if(marks.begin(), marks.end(), [start](const Mark &each) { return start.starts_with(each.bytes); });
    const size_t passedOver = mark == marks.end() ? 0 : mark->bytes.size();
    const QByteArray codec = mark == marks.end() ? m_codec : QByteArray(mark->codec);
    const QByteArray kept(begun.data() + passedOver, qsizetype(size - passedOver));
    std::unique_ptr<ByteStream> resumed = std::make_unique<ResumedBytes>(kept, std::move(text));
    if (codec == "UTF-8")
        return resumed;
    return std::unique_ptr<ByteStream>(std::make_unique<Transcoder>(std::move(resumed), codec, displayPath));
}

Result<std::optional<StoredText::Member>> StoredText::nextOfArchive()
{
    const Result<std::optional<QString>> found = m_archive->next();
    if (!found)
        return found.error();
    if (!*found && !m_isStarted)
        return Error{
            ErrorCode::InvalidInput, StoredTextText::tr("%1 holds no file.").arg(m_displayPath), m_displayPath};
    m_isStarted = true;
    if (!*found)
        return std::optional<Member>();
    Member member;
    member.displayPath = (*found)->isEmpty() ? m_displayPath : QString(m_displayPath + u'/' + **found);
    auto text = decoded(std::make_unique<BoundedBytes>(
                            std::make_unique<MemberBytes>(*m_archive), *m_file, m_bounds, m_unpacked, m_displayPath),
                        member.displayPath);
    if (!text)
        return text.error();
    member.text = std::move(*text);
    return std::optional<Member>(std::move(member));
}

Result<std::optional<StoredText::Member>> StoredText::next()
{
    if (m_archive)
        return nextOfArchive();
    if (m_isStarted)
        return std::optional<Member>();
    std::unique_ptr<ByteStream> bytes = std::make_unique<BorrowedBytes>(*m_file);
    const bool isInflated = m_compression == FileCompression::Gzip || m_compression == FileCompression::TarGzip
        || m_compression == FileCompression::Deflate;
    if (isInflated)
        bytes = std::make_unique<InflatedBytes>(std::move(bytes),
                                                m_compression == FileCompression::Deflate ? InflatedBytes::Form::Deflate
                                                                                          : InflatedBytes::Form::Gzip,
                                                m_displayPath);
    if (m_compression == FileCompression::TarGzip) // what is passed over in the archive counts too
        bytes = std::make_unique<BoundedBytes>(std::move(bytes), *m_file, m_bounds, m_unpackedArchive, m_displayPath);
    if (const auto form = archiveFormOf(m_compression)) {
        m_archive = std::make_unique<Archive>(std::move(bytes),
                                              *form,
                                              m_displayPath,
                                              m_codec.isEmpty() ? Archive::Hidden::Given : Archive::Hidden::PassedOver);
        return nextOfArchive();
    }
    m_isStarted = true;
    if (isInflated)
        bytes = std::make_unique<BoundedBytes>(std::move(bytes), *m_file, m_bounds, m_unpacked, m_displayPath);
    auto text = decoded(std::move(bytes), m_displayPath);
    if (!text)
        return text.error();
    return std::optional<Member>(Member{std::move(*text), m_displayPath});
}

} // namespace engine
