#include "designer/document/FolderWatch.h"

#include "designer/document/DraftFile.h"
#include "engine/model/EntityFile.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <sys/stat.h>

namespace designer {

using namespace engine;

namespace {

constexpr int pauseMs = 150;
constexpr int pollMs = 3000;
constexpr int mostRounds = 10; // of new folders in new folders

} // namespace

FileStamp FileStamp::of(const QString &path)
{
    struct stat info
    {
    };
    if (::stat(QFile::encodeName(path).constData(), &info) != 0)
        return {};
    return {qint64(info.st_size),
            qint64(info.st_mtim.tv_sec) * 1'000'000'000 + qint64(info.st_mtim.tv_nsec),
            quint64(info.st_ino)};
}

FolderWatch::FolderWatch(QString folder, FileStamps stamps, Found found, Gone gone)
    : m_folder(std::move(folder))
    , m_stamps(std::move(stamps))
    , m_found(std::move(found))
    , m_gone(std::move(gone))
{
}

void FolderWatch::start()
{
    m_watcher = new QFileSystemWatcher(this);
    m_pause = new QTimer(this);
    m_pause->setSingleShot(true);
    m_pause->setInterval(pauseMs);
    connect(m_pause, &QTimer::timeout, this, &FolderWatch::look);
    const auto soon = [this] {
        if (!m_pause->isActive()) // a program that writes all the time does not put it off for ever
            m_pause->start();
    };
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, this, soon);
    connect(m_watcher, &QFileSystemWatcher::fileChanged, this, soon);
    auto *const presence = new QTimer(this); // nobody tells of a folder that is moved as a whole
    connect(presence, &QTimer::timeout, this, [this] {
        if (QFileInfo(m_folder).isDir() == m_isGone)
            look();
    });
    presence->start(pollMs);
    look();
}

void FolderWatch::look()
{
    const bool isGone = !QFileInfo(m_folder).isDir();
    if (isGone != m_isGone) {
        m_gone(m_isGone = isGone);
        const QStringList watched = m_watcher->files() + m_watcher->directories();
        if (!watched.isEmpty())
            m_watcher->removePaths(watched); // they are elsewhere; what comes back may be another folder
    }
    if (isGone)
        return; // perhaps for a moment: nothing was removed
    const FolderTree tree(m_folder);
    QStringList files = filesOf(tree);
    for (int round = 0; watch(files) && round < mostRounds; ++round) // first: what changes while we look is noticed,
        files = filesOf(tree); // and so is what came into a new folder before it was watched
    QMap<QString, std::optional<QByteArray>> found;
    QSet<QString> gone;
    for (auto stamp = m_stamps.cbegin(); stamp != m_stamps.cend(); ++stamp)
        gone.insert(stamp.key());
    for (const QString &path : files) {
        gone.remove(path);
        const FileStamp now = FileStamp::of(m_folder + u'/' + path);
        if (m_stamps.value(path) == now)
            continue;
        const Result<QByteArray> content = tree.read(path);
        if (!content)
            continue; // it goes at this moment, or may not be read; looked at again the next time
        m_stamps.insert(path, now);
        found.insert(path, *content);
    }
    for (const QString &path : std::as_const(gone)) {
        m_stamps.remove(path);
        found.insert(path, std::nullopt);
    }
    if (!found.isEmpty())
        m_found(found);
}

// A file that is replaced by another is watched no more by Qt; new folders are to be watched too, empty ones as well.
bool FolderWatch::watch(const QStringList &files)
{
    QSet<QString> wanted{m_folder};
    const QStringList fabric =
        QDir(m_folder).entryList({fabricFolderOf(QStringLiteral("*"))}, QDir::Dirs | QDir::NoSymLinks);
    const QStringList others{QStringLiteral("notebooks"), QStringLiteral("factory"), QStringLiteral(".slipway")};
    for (const QString &name : entityFolders() + others + fabric) {
        const QString root = m_folder + u'/' + name;
        wanted.insert(root);
        QDirIterator each(root, QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDirIterator::Subdirectories);
        while (each.hasNext())
            wanted.insert(each.next());
    }
    for (const QString &file : files)
        wanted.insert(m_folder + u'/' + file);
    wanted.remove(m_folder + QStringLiteral("/.slipway/local")); // the journal of this window is in there
    for (const QStringList &watched : {m_watcher->files(), m_watcher->directories()}) {
        for (const QString &path : watched)
            wanted.remove(path);
    }
    QStringList missing;
    for (const QString &path : std::as_const(wanted)) {
        if (QFileInfo::exists(path))
            missing.append(path);
    }
    if (missing.isEmpty())
        return false;
    const qsizetype folders = m_watcher->directories().size();
    if (!m_watcher->addPaths(missing).isEmpty() && m_poll == nullptr) {
        m_poll = new QTimer(this);
        connect(m_poll, &QTimer::timeout, this, &FolderWatch::look);
        m_poll->start(pollMs);
    }
    return m_watcher->directories().size() > folders;
}

} // namespace designer

#include "moc_FolderWatch.cpp"
