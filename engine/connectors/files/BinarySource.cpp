#include "engine/connectors/files/BinarySource.h"

#include <QCoreApplication>
#include <QUuid>

#include <algorithm>

#include <unistd.h>

namespace engine {
namespace {

struct BinarySourceText
{
    Q_DECLARE_TR_FUNCTIONS(engine::BinarySource)
};

QString folderOf(const QString &path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

QString below(const QString &folder, const QString &name)
{
    return folder.isEmpty() ? name : QString(folder + u'/' + name);
}

// What Slipway keeps beside the files it writes.
bool isOurs(const QString &path)
{
    const QStringList parts = path.split(u'/');
    return std::any_of(parts.begin(), parts.end(), [](const QString &part) { return part.startsWith(u".slipway"); });
}

bool holdsMembers(FileCompression compression)
{
    return compression == FileCompression::ZipDeflate || compression == FileCompression::Tar
        || compression == FileCompression::TarGzip;
}

// "a.csv.gz" is "a.csv" when it is unpacked.
QString unpackedName(const QString &path)
{
    for (const char *extension : {".gz", ".gzip", ".bz2", ".bzip2", ".deflate", ".zst", ".zstd", ".lz4", ".zz"}) {
        const QString end = QString::fromLatin1(extension);
        if (path.endsWith(end, Qt::CaseInsensitive) && path.section(u'/', -1).size() > end.size())
            return path.chopped(end.size());
    }
    return path;
}

// The one file, or all that the choice means.
Result<QList<BoundFolder::Entry>> meantFiles(const BoundFolder &folder, const FileSet &set, const CancelToken &cancel)
{
    const FileChoice &choice = set.choice;
    const bool isChosen = !choice.fileList.isEmpty() || !choice.wildcardFolder.isEmpty()
        || !choice.wildcardName.isEmpty() || !choice.prefix.isEmpty();
    if (!isChosen) {
        const auto found = folder.find(set.path);
        if (!found)
            return found.error();
        if (*found && !(*found)->isFolder)
            return filesIn(folder, set, cancel);
    }
    auto files = findFiles(folder, choice, cancel);
    if (files)
        files->removeIf([](const auto &file) { return isOurs(file.path); });
    return files;
}

} // namespace

BinarySource::BinarySource(BinaryFileSource source, CancelToken cancel, UnpackingBounds bounds)
    : m_source(std::move(source))
    , m_cancel(std::move(cancel))
    , m_bounds(bounds)
{
}

BinarySource::~BinarySource() = default;

Result<QList<SourceColumn>> BinarySource::open()
{
    Result<BoundFolder> folder = BoundFolder::open(m_source.files.root);
    if (!folder)
        return folder.error();
    m_folder = *std::move(folder);
    const auto entries = meantFiles(*m_folder, m_source.files, m_cancel);
    if (!entries)
        return entries.error();
    for (const BoundFolder::Entry &entry : *entries) {
        if (m_cancel.isCancelled())
            return Error{
                ErrorCode::Cancelled, BinarySourceText::tr("Opening %1 was stopped.").arg(m_source.displayPath), {}};
        File file{entry.path, {}, false};
        const Result<int> descriptor = m_folder->openFile(entry.path);
        if (!descriptor && !mayBeLeftOut(descriptor.error()))
            return descriptor.error();
        file.isSkipped = !descriptor;
        if (descriptor) {
            file.stamp = stampOf(*descriptor).value_or(FileStamp());
            ::close(*descriptor);
        }
        m_files.append(file);
    }
    if (m_files.isEmpty())
        return Error{ErrorCode::NotFound,
                     m_source.files.choice.isFiltered()
                         ? BinarySourceText::tr("No file of %1 is chosen: look at the wildcards, the prefix and the "
                                                "times.")
                               .arg(m_source.displayPath)
                         : BinarySourceText::tr("The folder %1 holds no file.").arg(m_source.displayPath),
                     m_source.displayPath};
    return QList<SourceColumn>{{QStringLiteral("content"), InterimType::Binary}};
}

Result<> BinarySource::project(const QList<ProjectedColumn> &columns)
{
    m_isProjected = !columns.isEmpty();
    if (columns.size() > 1 || (m_isProjected && columns.constFirst().type != InterimType::Binary))
        return Error{ErrorCode::InvalidInput,
                     BinarySourceText::tr("Files that are copied as they are have no columns to map: remove the "
                                          "mapping."),
                     {}};
    return {};
}

bool BinarySource::mayBeLeftOut(const Error &error) const
{
    return (error.code == ErrorCode::NotFound && m_source.skipsMissing)
        || (error.code == ErrorCode::Io && m_source.skipsForbidden);
}

bool BinarySource::leavesOut(File &file)
{
    if (!m_source.skipsInconsistent || m_stored->stampNow() == file.stamp)
        return false;
    if (!file.isSkipped)
        m_withdrawn = m_targets;
    file.isSkipped = file.isChanged = true;
    return true;
}

QString BinarySource::targetOf(const File &file, const QString &member) const
{
    QString path = file.path;
    if (holdsMembers(m_source.compression)) {
        const QString folder = m_source.keepsArchiveName ? file.path : folderOf(file.path);
        path = below(folder, member.mid(file.path.size() + 1));
    } else if (m_source.compression != FileCompression::None) {
        path = unpackedName(path);
    }
    if (m_source.isFlattened) {
        const QString name = path.section(u'/', -1);
        const QString extension = name.lastIndexOf(u'.') > 0 ? name.mid(name.lastIndexOf(u'.')) : QString();
        path = QStringLiteral("data_%1%2").arg(QUuid::createUuid().toString(QUuid::WithoutBraces), extension);
    }
    return path + m_source.addedExtension;
}

Result<bool> BinarySource::openFile(File &file)
{
    m_member.reset();
    m_stored.reset();
    const Result<int> descriptor = m_folder->openFile(file.path);
    if (!descriptor) {
        file.isSkipped = mayBeLeftOut(descriptor.error());
        return file.isSkipped ? Result<bool>(false) : Result<bool>(descriptor.error());
    }
    auto bytes = std::make_unique<FileBytes>(*descriptor, file.path, m_bytesRead);
    if (bytes->stamp() != file.stamp && m_source.skipsInconsistent) {
        file.isSkipped = file.isChanged = true;
        return false;
    }
    if (bytes->stamp() != file.stamp)
        return Error{ErrorCode::Conflict,
                     BinarySourceText::tr("%1 changed while it was read: run the copy again when nobody writes to it.")
                         .arg(file.path),
                     file.path};
    m_stored = std::make_unique<StoredText>(std::move(bytes), file.path, m_source.compression, QByteArray(), m_bounds);
    return true;
}

Result<bool> BinarySource::openNext()
{
    while (true) {
        if (m_stored) {
            m_member.reset();
            auto member = m_stored->next();
            if (!member && !leavesOut(m_files[m_next - 1]))
                return member.error();
            if (member && *member) {
                m_member = std::move(**member);
                m_target = targetOf(m_files.at(m_next - 1), m_member->displayPath);
                m_targets += m_target;
                m_isBegun = false;
                return true;
            }
            (void)leavesOut(m_files[m_next - 1]);
            m_stored.reset();
            if (!m_withdrawn.isEmpty())
                return true;
        }
        if (m_next == m_files.size())
            return false;
        m_targets.clear();
        File &file = m_files[m_next++];
        if (file.isSkipped)
            continue;
        if (const Result<bool> opened = openFile(file); !opened)
            return opened;
    }
}

Result<bool> BinarySource::nextPiece(RowBatch &batch)
{
    while (true) {
        if (!m_withdrawn.isEmpty()) {
            batch.withdrawn = std::exchange(m_withdrawn, {});
            return true;
        }
        if (!m_member) {
            const Result<bool> opened = openNext();
            if (!m_withdrawn.isEmpty())
                continue;
            if (!opened || !*opened)
                return opened;
        }
        char *const room = batch.arena.allocate(pieceBytes);
        size_t size = 0;
        while (size < pieceBytes) {
            const Result<size_t> got = m_member->text->read(room + size, pieceBytes - size);
            if (!got && leavesOut(m_files[m_next - 1])) {
                m_member.reset();
                m_stored.reset();
                break;
            }
            if (!got)
                return got.error();
            if (*got == 0)
                break;
            size += *got;
        }
        if (!m_stored)
            continue;
        const bool isEnd = size < pieceBytes;
        const bool isGiven = size > 0 || !m_isBegun;
        if (isGiven) {
            batch.file = m_target;
            batch.rows = 1;
            batch.rowNumbers = {1};
            if (m_isProjected) {
                batch.columns.resize(1);
                batch.columns[0].type = InterimType::Binary;
                batch.columns[0].resize(1);
                batch.columns[0].bytes[0] = {room, size};
                batch.columns[0].valid[0] = 1;
            }
        }
        m_isBegun = true;
        if (isEnd)
            m_member.reset();
        if (isGiven)
            return true;
        batch.clear();
    }
}

std::variant<bool, Source::ReadError> BinarySource::read(RowBatch &batch)
{
    batch.clear();
    const Result<bool> more = nextPiece(batch);
    if (!more) {
        batch.clear();
        return ReadError{more.error()};
    }
    return *more;
}

qint64 BinarySource::size() const
{
    qint64 sum = 0;
    for (const File &file : m_files)
        sum += file.stamp.size;
    return sum;
}

Json BinarySource::fingerprint() const
{
    Json files = Json::array();
    Json skipped = Json::array();
    Json changed = Json::array();
    for (const File &file : m_files) {
        if (file.isSkipped) {
            (file.isChanged ? changed : skipped).push_back(toStdString(file.path));
            continue;
        }
        Json entry = {{"path", toStdString(m_folder->root() + u'/' + file.path)}};
        entry.update(toJson(file.stamp));
        files.push_back(std::move(entry));
    }
    Json all = {{"files", std::move(files)}};
    if (!skipped.empty())
        all["skipped"] = std::move(skipped);
    if (!changed.empty())
        all["changed"] = std::move(changed);
    return all;
}

Result<> BinarySource::verifyUnchanged() const
{
    for (const File &file : m_files) {
        if (file.isSkipped)
            continue;
        const Result<int> descriptor = m_folder->openFile(file.path);
        const std::optional<FileStamp> now = descriptor ? stampOf(*descriptor) : std::nullopt;
        if (descriptor)
            ::close(*descriptor);
        if (now != file.stamp)
            return Error{
                ErrorCode::Conflict,
                BinarySourceText::tr("%1 changed while it was read: run the copy again when nobody writes to it.")
                    .arg(file.path),
                file.path};
    }
    return {};
}

} // namespace engine
