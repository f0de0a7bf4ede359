#include "engine/connectors/files/Archive.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <cerrno>

#include <archive.h>
#include <archive_entry.h>

namespace engine {
namespace {

// The context of this file's texts for translators.
struct ArchiveText
{
    Q_DECLARE_TR_FUNCTIONS(engine::Archive)
};

QString nameOf(Archive::Form form)
{
    switch (form) {
    case Archive::Form::Zip:
        return QStringLiteral("zip");
    case Archive::Form::Tar:
        return QStringLiteral("tar");
    case Archive::Form::Bzip2:
        return QStringLiteral("bzip2");
    case Archive::Form::Zstandard:
        return QStringLiteral("zstd");
    case Archive::Form::Lz4:
        return QStringLiteral("lz4");
    }
    Q_UNREACHABLE();
}

bool holdsMembers(Archive::Form form) { return form == Archive::Form::Zip || form == Archive::Form::Tar; }

int filterOf(Archive::Form form)
{
    if (form == Archive::Form::Bzip2)
        return ARCHIVE_FILTER_BZIP2;
    return form == Archive::Form::Zstandard ? ARCHIVE_FILTER_ZSTD : ARCHIVE_FILTER_LZ4;
}

QString pathOf(archive_entry *entry)
{
    const char *const path = archive_entry_pathname_utf8(entry);
    return QString::fromUtf8(path ? path : archive_entry_pathname(entry));
}

bool leadsOut(const QString &path)
{
    const QString slashed = QString(path).replace(u'\\', u'/');
    const bool hasDrive = slashed.size() > 1 && slashed.at(0).isLetter() && slashed.at(1) == u':';
    return slashed.startsWith(u'/') || hasDrive || slashed.split(u'/').contains(QStringLiteral(".."));
}

} // namespace

struct Archive::State
{
    std::unique_ptr<ByteStream> packed;
    Form form;
    QString displayPath;
    Hidden hidden = Hidden::PassedOver;
    archive *reader = nullptr;
    std::optional<Error> error; // of the bytes below
    std::array<char, size_t(64) * 1024> buffer{};

    ~State()
    {
        if (reader)
            archive_read_free(reader);
    }

    static la_ssize_t readPacked(archive *reader, void *self, const void **bytes)
    {
        auto *const state = static_cast<State *>(self);
        const Result<size_t> got = state->packed->read(state->buffer.data(), state->buffer.size());
        if (!got) {
            state->error = got.error();
            archive_set_error(reader, EIO, "read");
            return ARCHIVE_FATAL;
        }
        *bytes = state->buffer.data();
        return la_ssize_t(*got);
    }

    static la_int64_t seekPacked(archive * /*reader*/, void *self, la_int64_t offset, int whence)
    {
        const auto position = static_cast<State *>(self)->packed->seek(offset, whence);
        return position ? *position : la_int64_t(ARCHIVE_FATAL);
    }
};

Archive::Archive(std::unique_ptr<ByteStream> packed, Form form, QString displayPath, Hidden hidden)
    : m_state(std::make_unique<State>())
{
    m_state->packed = std::move(packed);
    m_state->form = form;
    m_state->displayPath = std::move(displayPath);
    m_state->hidden = hidden;
}

Archive::~Archive() = default;

Error Archive::refused(const QString &message) const
{
    return {ErrorCode::InvalidInput, message, m_state->displayPath};
}

Error Archive::failure() const
{
    if (m_state->error)
        return *m_state->error;
    const char *const reason = archive_error_string(m_state->reader);
    return refused(
        ArchiveText::tr("%1 cannot be unpacked (%2): %3.")
            .arg(m_state->displayPath, nameOf(m_state->form), QString::fromUtf8(reason ? reason : "damaged")));
}

Result<> Archive::open()
{
    archive *const reader = m_state->reader = archive_read_new();
    if (!reader)
        return Error{ErrorCode::Io,
                     ArchiveText::tr("There is no memory to unpack %1.").arg(m_state->displayPath),
                     m_state->displayPath};
    switch (m_state->form) {
    case Form::Zip:
        archive_read_support_format_zip_seekable(reader);
        break;
    case Form::Tar:
        archive_read_support_format_tar(reader);
        break;
    case Form::Bzip2:
    case Form::Zstandard:
    case Form::Lz4:
        archive_read_support_filter_by_code(reader, filterOf(m_state->form));
        archive_read_support_format_raw(reader);
        break;
    }
    archive_read_set_callback_data(reader, m_state.get());
    archive_read_set_read_callback(reader, &State::readPacked);
    if (m_state->form == Form::Zip)
        archive_read_set_seek_callback(reader, &State::seekPacked);
    if (archive_read_open1(reader) != ARCHIVE_OK)
        return failure();
    // Packed once by what it is said to be packed by: anything else would be taken for plain text.
    if (!holdsMembers(m_state->form)
        && (archive_filter_count(reader) != 2 || archive_filter_code(reader, 0) != filterOf(m_state->form)))
        return refused(ArchiveText::tr("%1 is not packed by %2: choose the compression it has in its dataset.")
                           .arg(m_state->displayPath, nameOf(m_state->form)));
    return {};
}

Result<std::optional<QString>> Archive::next()
{
    if (!m_state->reader) {
        if (const Result<> opened = open(); !opened)
            return opened.error();
    }
    while (true) {
        archive_entry *entry = nullptr;
        const int found = archive_read_next_header(m_state->reader, &entry);
        if (found == ARCHIVE_EOF) {
            if (const Result<> ended = readToEnd(); !ended)
                return ended.error();
            return std::optional<QString>();
        }
        if (found == ARCHIVE_RETRY)
            continue;
        if (found != ARCHIVE_OK && found != ARCHIVE_WARN)
            return failure();
        if (!holdsMembers(m_state->form))
            return std::optional<QString>(QString());
        const QString path = pathOf(entry);
        if (leadsOut(path))
            return refused(ArchiveText::tr("%1 holds “%2”, whose name leads out of the archive: it is not read.")
                               .arg(m_state->displayPath, path));
        const auto kind = archive_entry_filetype(entry);
        if (kind == AE_IFDIR)
            continue;
        if (kind != AE_IFREG || archive_entry_hardlink(entry))
            return refused(ArchiveText::tr("%1 holds “%2”, which is a link or a device and no file: it is not read.")
                               .arg(m_state->displayPath, path));
        QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
        parts.removeAll(QStringLiteral("."));
        const bool isHidden = std::any_of(parts.begin(), parts.end(), [](const QString &part) {
            return part.startsWith(u'.') || part.startsWith(u'_');
        });
        if (isHidden && m_state->hidden == Hidden::PassedOver)
            continue;
        if (archive_entry_is_encrypted(entry))
            return refused(
                ArchiveText::tr("%1 is protected by a password: unpack it first.").arg(m_state->displayPath));
        return std::optional<QString>(parts.join(u'/'));
    }
}

// A tar archive says where it ends; what packs it is only known to be whole when it has ended too.
Result<> Archive::readToEnd()
{
    if (m_state->form != Form::Tar)
        return {};
    while (true) {
        const Result<size_t> got = m_state->packed->read(m_state->buffer.data(), m_state->buffer.size());
        if (!got)
            return got.error();
        if (*got == 0)
            return {};
    }
}

Result<size_t> Archive::read(char *to, size_t size)
{
    la_ssize_t got = ARCHIVE_RETRY;
    while (got == ARCHIVE_RETRY)
        got = archive_read_data(m_state->reader, to, size);
    if (got < 0)
        return failure();
    return size_t(got);
}

} // namespace engine
