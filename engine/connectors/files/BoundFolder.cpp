#include "engine/connectors/files/BoundFolder.h"

#include "engine/connectors/NearNames.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QMap>
#include <QRegularExpression>

#include <algorithm>
#include <cerrno>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace engine {

namespace {

struct BoundFolderText
{
    Q_DECLARE_TR_FUNCTIONS(engine::BoundFolder)
};

// Closes itself.
class Descriptor
{
public:
    explicit Descriptor(int number) : m_number(number) { }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    int get() const { return m_number; }
    int release() { return std::exchange(m_number, -1); }

private:
    int m_number;
};

Instant instantOf(qint64 seconds, qint64 nanoseconds)
{
    return Instant(Millis(seconds * 1000 + nanoseconds / 1'000'000));
}

QString cleanPath(const QString &path)
{
    const QString clean = QDir::cleanPath(path.isEmpty() ? QStringLiteral(".") : path);
    return clean == u"." ? QString() : clean;
}

QString parentOf(const QString &path) { return path.contains(u'/') ? path.section(u'/', 0, -2) : QString(); }

Error stopped(const QString &path)
{
    return {ErrorCode::Cancelled, BoundFolderText::tr("Looking into %1 was stopped.").arg(path), path};
}

} // namespace

BoundFolder::BoundFolder(QString root, int descriptor)
    : m_root(std::move(root))
    , m_descriptor(new int(descriptor), [](const int *number) {
        ::close(*number);
        delete number;
    })
{
}

Result<BoundFolder> BoundFolder::open(const QString &root)
{
    const int descriptor = ::open(QFile::encodeName(root).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0)
        return BoundFolder(root, descriptor);
    const int code = errno;
    if (code == ENOENT)
        return missingPath(root, root);
    return Error{ErrorCode::Io,
                 BoundFolderText::tr("The folder %1 cannot be opened: %2.").arg(root, qt_error_string(code)),
                 root};
}

Error BoundFolder::failure(const QString &path, int code, const QString &what) const
{
    if (code == ENOENT || code == ENOTDIR) {
        const Error missing = missingPath(QDir(m_root).filePath(path), path);
        return {ErrorCode::NotFound, missing.message, path};
    }
    if (code == EXDEV || code == ELOOP)
        return {ErrorCode::InvalidInput,
                BoundFolderText::tr("“%1” leads out of the folder %2 that its linked service is bound to: nothing "
                                    "outside of it is touched.")
                    .arg(path, m_root),
                path};
    return {ErrorCode::Io, QStringLiteral("%1: %2.").arg(what, qt_error_string(code)), path};
}

Result<int> BoundFolder::openBelow(const QString &path, quint64 flags, quint64 mode) const
{
    open_how how{};
    how.flags = flags | O_CLOEXEC;
    how.mode = mode;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const QString clean = cleanPath(path);
    const QByteArray name = clean.isEmpty() ? QByteArray(".") : QFile::encodeName(clean);
    long descriptor = -1;
    do {
        descriptor = ::syscall(SYS_openat2, *m_descriptor, name.constData(), &how, sizeof how);
    } while (descriptor < 0 && (errno == EINTR || errno == EAGAIN)); // EAGAIN: something was renamed meanwhile
    if (descriptor < 0) {
        const int code = errno;
        return failure(path, code, BoundFolderText::tr("“%1” cannot be opened").arg(clean.isEmpty() ? m_root : path));
    }
    return int(descriptor);
}

Result<std::optional<BoundFolder::Entry>> BoundFolder::entryOf(int descriptor, const QString &path) const
{
    struct statx known
    {
    };
    const unsigned wanted = STATX_TYPE | STATX_SIZE | STATX_MTIME | STATX_BTIME;
    if (::statx(descriptor, "", AT_EMPTY_PATH, wanted, &known) != 0)
        return failure(path, errno, BoundFolderText::tr("“%1” cannot be read").arg(path));
    if (!S_ISDIR(known.stx_mode) && !S_ISREG(known.stx_mode))
        return std::optional<Entry>();
    Entry entry;
    entry.path = cleanPath(path);
    entry.name = entry.path.section(u'/', -1);
    entry.isFolder = S_ISDIR(known.stx_mode);
    entry.size = entry.isFolder ? 0 : qint64(known.stx_size);
    entry.modified = instantOf(known.stx_mtime.tv_sec, known.stx_mtime.tv_nsec);
    if (known.stx_mask & STATX_BTIME)
        entry.created = instantOf(known.stx_btime.tv_sec, known.stx_btime.tv_nsec);
    return std::optional<Entry>(std::move(entry));
}

Result<std::optional<BoundFolder::Entry>> BoundFolder::find(const QString &path) const
{
    const Result<int> opened = openBelow(path, O_PATH);
    if (!opened && opened.error().code == ErrorCode::NotFound)
        return std::optional<Entry>();
    if (!opened)
        return opened.error();
    const Descriptor descriptor(*opened);
    return entryOf(descriptor.get(), path);
}

Result<bool> BoundFolder::isLink(const QString &path) const
{
    const QString clean = cleanPath(path);
    if (clean.isEmpty())
        return false;
    const Result<int> parent = openBelow(parentOf(clean), O_PATH | O_DIRECTORY);
    if (!parent && parent.error().code == ErrorCode::NotFound)
        return false;
    if (!parent)
        return parent.error();
    const Descriptor descriptor(*parent);
    struct stat known
    {
    };
    const QByteArray name = QFile::encodeName(clean.section(u'/', -1));
    return ::fstatat(descriptor.get(), name.constData(), &known, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(known.st_mode);
}

Result<QList<BoundFolder::Entry>> BoundFolder::list(const QString &path, const CancelToken &cancel, Links links) const
{
    const Result<int> opened = openBelow(path, O_RDONLY | O_DIRECTORY);
    if (!opened)
        return opened.error();
    DIR *const folder = ::fdopendir(*opened);
    if (!folder) {
        ::close(*opened);
        return failure(path, errno, BoundFolderText::tr("“%1” cannot be read").arg(path));
    }
    const std::unique_ptr<DIR, int (*)(DIR *)> closed(folder, &::closedir);
    const QString clean = cleanPath(path);
    const auto isLinkAt = [this](const QString &below) {
        const Result<bool> link = isLink(below);
        return link && *link;
    };
    QList<Entry> entries;
    while (const dirent *found = ::readdir(folder)) {
        if (cancel.isCancelled())
            return stopped(path);
        const QString name = QFile::decodeName(found->d_name);
        if (name == u"." || name == u"..")
            continue;
        const QString below = clean.isEmpty() ? name : QString(clean + u'/' + name);
        const Result<std::optional<Entry>> entry = find(below);
        const bool isKnown = entry && *entry;
        const bool isLinkHere = found->d_type == DT_LNK || (found->d_type == DT_UNKNOWN && isLinkAt(below));
        if (!isKnown && !(isLinkHere && links == Links::All))
            continue; // gone meanwhile, no file, or a link that leads out
        Entry known = isKnown ? **entry : Entry();
        known.name = name;
        known.path = below;
        known.isLink = isLinkHere;
        entries.append(known);
    }
    std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.name < b.name; });
    return entries;
}

Result<int> BoundFolder::openFile(const QString &path) const
{
    const Result<int> opened = openBelow(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!opened)
        return opened.error();
    Descriptor descriptor(*opened);
    struct stat known
    {
    };
    if (::fstat(descriptor.get(), &known) != 0 || !S_ISREG(known.st_mode))
        return Error{ErrorCode::InvalidInput, BoundFolderText::tr("“%1” is no file.").arg(path), path};
    return descriptor.release();
}

Result<> BoundFolder::removeFile(const QString &path) const
{
    const QString clean = cleanPath(path);
    const Result<int> parent = openBelow(parentOf(clean), O_PATH | O_DIRECTORY);
    if (!parent)
        return parent.error();
    const Descriptor descriptor(*parent);
    if (::unlinkat(descriptor.get(), QFile::encodeName(clean.section(u'/', -1)).constData(), 0) == 0)
        return {};
    return failure(path, errno, BoundFolderText::tr("“%1” cannot be deleted").arg(path));
}

Result<> BoundFolder::removeFolder(const QString &path) const
{
    const QString clean = cleanPath(path);
    const Result<int> parent = openBelow(parentOf(clean), O_PATH | O_DIRECTORY);
    if (!parent)
        return parent.error();
    const Descriptor descriptor(*parent);
    const QByteArray name = QFile::encodeName(clean.section(u'/', -1));
    if (!clean.isEmpty() && ::unlinkat(descriptor.get(), name.constData(), AT_REMOVEDIR) == 0)
        return {};
    return failure(
        path, clean.isEmpty() ? EBUSY : errno, BoundFolderText::tr("The folder “%1” cannot be deleted").arg(path));
}

Result<> BoundFolder::makeFolder(const QString &path) const
{
    QString made;
    const QStringList parts = cleanPath(path).split(u'/', Qt::SkipEmptyParts);
    for (const QString &part : parts) {
        const Result<int> parent = openBelow(made, O_PATH | O_DIRECTORY);
        if (!parent)
            return parent.error();
        const Descriptor descriptor(*parent);
        made += made.isEmpty() ? part : QString(u'/' + part);
        constexpr mode_t rights = 0777; // less the umask
        if (::mkdirat(descriptor.get(), QFile::encodeName(part).constData(), rights) != 0 && errno != EEXIST)
            return failure(path, errno, BoundFolderText::tr("The folder “%1” cannot be made").arg(made));
    }
    return {};
}

Result<int> BoundFolder::createFile(const QString &path) const
{
    constexpr quint64 rights = 0666; // less the umask
    return openBelow(path, O_WRONLY | O_CREAT | O_EXCL, rights);
}

Result<> BoundFolder::writeFile(const QString &path, const QByteArray &content) const
{
    const Result<int> opened = createFile(path);
    if (!opened)
        return opened.error();
    const Descriptor descriptor(*opened);
    QFile file;
    if (!file.open(descriptor.get(), QIODevice::WriteOnly) || file.write(content) != content.size() || !file.flush())
        return Error{
            ErrorCode::Io, BoundFolderText::tr("“%1” cannot be written: %2.").arg(path, file.errorString()), path};
    return {};
}

Result<> BoundFolder::rename(const QString &from, const QString &to) const
{
    const QString source = cleanPath(from);
    const QString target = cleanPath(to);
    const Result<int> sourceFolder = openBelow(parentOf(source), O_PATH | O_DIRECTORY);
    if (!sourceFolder)
        return sourceFolder.error();
    const Descriptor below(*sourceFolder);
    const Result<int> targetFolder = openBelow(parentOf(target), O_PATH | O_DIRECTORY);
    if (!targetFolder)
        return targetFolder.error();
    const Descriptor above(*targetFolder);
    const QByteArray oldName = QFile::encodeName(source.section(u'/', -1));
    const QByteArray newName = QFile::encodeName(target.section(u'/', -1));
    if (::renameat(below.get(), oldName.constData(), above.get(), newName.constData()) == 0)
        return {};
    return failure(to, errno, BoundFolderText::tr("“%1” cannot be put in its place").arg(to));
}

Result<int> BoundFolder::openOwnFile(const QString &path) const
{
    constexpr quint64 rights = 0666; // less the umask
    return openBelow(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, rights);
}

Result<> BoundFolder::syncFolder(const QString &path) const
{
    const Result<int> opened = openBelow(path, O_RDONLY | O_DIRECTORY);
    if (!opened)
        return opened.error();
    const Descriptor descriptor(*opened);
    if (::fsync(descriptor.get()) == 0 || errno == EINVAL) // some file systems have nothing to do there
        return {};
    return failure(path, errno, BoundFolderText::tr("“%1” cannot be written to the disk").arg(path));
}

bool matchesWildcard(const QString &pattern, const QString &name)
{
    QString expression;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QChar c = pattern.at(i);
        if (c == u'*')
            expression += QStringLiteral("[^/]*");
        else if (c == u'?')
            expression += QStringLiteral("[^/]");
        else if (c == u'^' && i + 1 < pattern.size())
            expression += QRegularExpression::escape(QString(pattern.at(++i)));
        else
            expression += QRegularExpression::escape(QString(c));
    }
    return QRegularExpression(QRegularExpression::anchoredPattern(expression)).match(name).hasMatch();
}

namespace {

QString below(const QString &path, const QString &folder)
{
    return folder.isEmpty() ? path : path.mid(folder.size() + 1);
}

bool isMeant(const BoundFolder::Entry &entry, const FileChoice &choice, const QString &base)
{
    const QString relative = below(entry.path, base);
    const QString folder = parentOf(relative);
    if (!choice.wildcardName.isEmpty() && !matchesWildcard(choice.wildcardName, entry.name))
        return false;
    if (!relative.startsWith(choice.prefix))
        return false;
    if ((choice.modifiedFrom && entry.modified < *choice.modifiedFrom)
        || (choice.modifiedBefore && entry.modified >= *choice.modifiedBefore))
        return false;
    if (choice.wildcardFolder.isEmpty())
        return true;
    if (matchesWildcard(choice.wildcardFolder, folder))
        return true;
    // The files of folders below one that is meant are meant too.
    const int depth = int(choice.wildcardFolder.count(u'/')) + 1;
    return choice.recursive && matchesWildcard(choice.wildcardFolder, folder.section(u'/', 0, depth - 1));
}

// What a list of files names, each once, in the order of paths.
Result<QList<BoundFolder::Entry>>
listedFiles(const BoundFolder &folder, const FileChoice &choice, const CancelToken &cancel)
{
    constexpr qint64 mostBytes = 16 * 1024 * 1024;
    const Result<int> opened = folder.openFile(choice.fileList);
    if (!opened)
        return opened.error();
    QFile file;
    if (!file.open(*opened, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        return Error{ErrorCode::Io, file.errorString(), choice.fileList};
    if (file.size() > mostBytes)
        return Error{ErrorCode::InvalidInput,
                     BoundFolderText::tr("The list of files “%1” is larger than %2 MiB: divide it.")
                         .arg(choice.fileList)
                         .arg(mostBytes / 1024 / 1024),
                     choice.fileList};
    const QString base = cleanPath(choice.folder);
    QMap<QString, BoundFolder::Entry> files;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    for (const QString &line : lines) {
        if (cancel.isCancelled())
            return stopped(choice.fileList);
        QString name = line.trimmed();
        if (name.startsWith(QChar(0xfeff)))
            name.remove(0, 1);
        while (name.startsWith(u'/'))
            name.remove(0, 1);
        if (name.isEmpty())
            continue;
        const QString clean = cleanPath(name);
        if (clean.isEmpty() || clean == u".." || clean.startsWith(u"../"))
            return Error{ErrorCode::InvalidInput,
                         BoundFolderText::tr("“%1” in the list “%2” is no file below the folder “%3”.")
                             .arg(name, choice.fileList, base),
                         choice.fileList};
        const QString path = base.isEmpty() ? clean : QString(base + u'/' + clean);
        const auto found = folder.find(path);
        if (!found)
            return found.error();
        if (*found && !(*found)->isFolder)
            files.insert(path, **found);
        else if (choice.missing == FileChoice::Missing::Refused)
            return Error{
                ErrorCode::NotFound,
                BoundFolderText::tr("There is no file “%1”, which the list “%2” names.").arg(path, choice.fileList),
                path};
    }
    return files.values();
}

} // namespace

Result<QList<BoundFolder::Entry>>
findFiles(const BoundFolder &folder, const FileChoice &choice, const CancelToken &cancel)
{
    if (!choice.fileList.isEmpty())
        return listedFiles(folder, choice, cancel);
    QList<BoundFolder::Entry> files;
    const QString base = cleanPath(choice.folder);
    const bool goesDown = choice.recursive || !choice.wildcardFolder.isEmpty();
    QStringList waiting{base};
    while (!waiting.isEmpty()) {
        const QString path = waiting.takeFirst();
        const auto entries = folder.list(path, cancel);
        if (!entries)
            return entries.error();
        for (const BoundFolder::Entry &entry : *entries) {
            if (!entry.isFolder && isMeant(entry, choice, base))
                files.append(entry);
            else if (entry.isFolder && !entry.isLink && goesDown)
                waiting.append(entry.path);
        }
    }
    std::sort(files.begin(), files.end(), [](const auto &a, const auto &b) { return a.path < b.path; });
    return files;
}

} // namespace engine
