#include "engine/connectors/files/FolderStore.h"

#include "engine/connectors/NearNames.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include <algorithm>

namespace engine {
namespace {

struct FolderStoreText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FolderStore)
};

bool isNotebook(const QString &name)
{
    return name.endsWith(u".ipynb", Qt::CaseInsensitive) || name.endsWith(u".py", Qt::CaseInsensitive)
        || name.endsWith(u".sql", Qt::CaseInsensitive);
}

bool comesBefore(const StoreEntry &a, const StoreEntry &b)
{
    const bool isFolder = a.kind == StoreEntry::Kind::Folder;
    if (isFolder != (b.kind == StoreEntry::Kind::Folder))
        return isFolder;
    const int order = a.name.compare(b.name, Qt::CaseInsensitive);
    return order != 0 ? order < 0 : a.name < b.name;
}

} // namespace

FolderStore::FolderStore(QString root, Content content, CancelToken cancel)
    : m_root(QDir::cleanPath(root))
    , m_content(content)
    , m_cancel(std::move(cancel))
{
}

Result<> FolderStore::checkRoot() const
{
    const QString where = bindingProperty + QStringLiteral("root");
    const QFileInfo info(m_root);
    if (!info.exists())
        return missingPath(m_root, where);
    if (!info.isDir())
        return Error{ErrorCode::InvalidInput, FolderStoreText::tr("%1 is a file: name a folder.").arg(m_root), where};
    if (!info.isReadable() || !info.isExecutable())
        return Error{ErrorCode::Io,
                     FolderStoreText::tr("The folder %1 cannot be read: give yourself the permission.").arg(m_root),
                     where};
    return {};
}

Result<QString> FolderStore::test()
{
    if (const Result<> checked = checkRoot(); !checked)
        return checked.error();
    return QFileInfo(m_root).isWritable() ? FolderStoreText::tr("Folder %1, readable and writable").arg(m_root)
                                          : FolderStoreText::tr("Folder %1, read-only").arg(m_root);
}

Result<StoreListing> FolderStore::browse(const QString &path)
{
    if (const Result<> checked = checkRoot(); !checked)
        return checked.error();
    const QString below = QDir::cleanPath(path.isEmpty() ? QStringLiteral(".") : path);
    if (QDir::isAbsolutePath(below) || below == u".." || below.startsWith(u"../"))
        return Error{ErrorCode::InvalidInput,
                     FolderStoreText::tr("“%1” leads out of the folder of its store.").arg(path),
                     QStringLiteral("path")};
    const QString folder = QDir::cleanPath(m_root + u'/' + below);
    if (!QFileInfo::exists(folder))
        return missingPath(folder, QStringLiteral("path"));
    if (!QFileInfo(folder).isDir())
        return Error{ErrorCode::InvalidInput, FolderStoreText::tr("“%1” is a file.").arg(path), QStringLiteral("path")};
    if (!QFileInfo(folder).isReadable())
        return Error{ErrorCode::Io,
                     FolderStoreText::tr("The folder %1 cannot be read: give yourself the permission.").arg(folder),
                     QStringLiteral("path")};
    StoreListing listing;
    QDirIterator entries(folder, QDir::Dirs | QDir::Files | QDir::NoDotAndDotDot);
    while (entries.hasNext()) {
        if (m_cancel.isCancelled())
            return Error{ErrorCode::Cancelled, FolderStoreText::tr("Looking into %1 was stopped.").arg(folder), {}};
        if (listing.entries.size() == maximumEntries) {
            listing.truncated = true;
            break;
        }
        entries.next();
        const QFileInfo info = entries.fileInfo();
        StoreEntry entry;
        entry.name = info.fileName();
        entry.path = below == u"." ? entry.name : QString(below + u'/' + entry.name);
        entry.modified = Instant(Millis(info.lastModified().toMSecsSinceEpoch()));
        if (info.isDir()) {
            entry.kind = StoreEntry::Kind::Folder;
        } else {
            entry.kind = m_content == Content::Notebooks && isNotebook(entry.name) ? StoreEntry::Kind::Notebook
                                                                                   : StoreEntry::Kind::File;
            entry.size = info.size();
        }
        listing.entries.append(entry);
    }
    std::sort(listing.entries.begin(), listing.entries.end(), comesBefore);
    return listing;
}

} // namespace engine
