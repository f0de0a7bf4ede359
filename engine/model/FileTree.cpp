#include "engine/model/FileTree.h"

#include "engine/model/Bindings.h"
#include "engine/model/EntityFile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace engine {

namespace {

constexpr int deepest = 20;

QString treeTr(const char *text) { return QCoreApplication::translate("engine::FileTree", text); }

bool isInside(const QString &path, const QString &folder) { return path == folder || path.startsWith(folder + u'/'); }

// Lists files below one folder of a factory.
class Listing
{
public:
    explicit Listing(const QString &root) : m_root(root), m_canonicalRoot(QFileInfo(root).canonicalFilePath()) { }

    QStringList files;

    void add(const QString &folder, const QStringList &suffixes)
    {
        const QFileInfo info(m_root + u'/' + folder);
        if (info.isDir() && isOurs(info))
            walk(folder, suffixes, {info.canonicalFilePath()});
    }

    void addAtRoot(const QStringList &names)
    {
        for (const QString &name : names) {
            const QFileInfo info(m_root + u'/' + name);
            if (info.isFile() && isOurs(info))
                files.append(name);
        }
    }

    // <name>.DataPipeline/ and <name>.Notebook/ with what they are, in .platform what Fabric calls it, and what else it
    // keeps beside them.
    void addFabricItems()
    {
        const QFileInfoList folders =
            QDir(m_root).entryInfoList({fabricFolderOf(QStringLiteral("*")), QStringLiteral("*.Notebook")},
                                       QDir::Dirs | QDir::NoDotAndDotDot,
                                       QDir::Name);
        for (const QFileInfo &folder : folders) {
            if (!isOurs(folder))
                continue;
            const QDir inside(folder.filePath());
            for (const QFileInfo &file : inside.entryInfoList(QDir::Files | QDir::Hidden | QDir::NoSymLinks))
                files.append(folder.fileName() + u'/' + file.fileName());
        }
    }

private:
    // What a link points to must be in the factory, and in none of the folders that are left out.
    bool isOurs(const QFileInfo &info) const
    {
        const QString canonical = info.canonicalFilePath();
        if (canonical.isEmpty() || m_canonicalRoot.isEmpty() || !isInside(canonical, m_canonicalRoot))
            return false;
        const QString relative = canonical.mid(m_canonicalRoot.size() + 1);
        if (isInside(relative, QStringLiteral(".slipway/local")))
            return false;
        const QStringList parts = relative.split(u'/', Qt::SkipEmptyParts);
        for (qsizetype i = 0; i < parts.size(); ++i) {
            if (parts[i].startsWith(u'.') && !(i == 0 && parts[i] == u".slipway"))
                return false;
            if (parts[i] == u"node_modules")
                return false;
        }
        return true;
    }

    void walk(const QString &folder, const QStringList &suffixes, const QStringList &above)
    {
        if (above.size() > deepest)
            return;
        const QFileInfoList entries =
            QDir(m_root + u'/' + folder).entryInfoList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (const QFileInfo &entry : entries) {
            const QString path = folder + u'/' + entry.fileName();
            if (entry.fileName() == u"node_modules" || path == u".slipway/local")
                continue;
            if (entry.isSymLink() && !isOurs(entry))
                continue;
            if (entry.isDir()) {
                const QString canonical = entry.canonicalFilePath();
                const bool isAbove = isInside(above.last(), canonical); // a link back up has no end
                if (!isAbove && !above.contains(canonical))
                    walk(path, suffixes, above + QStringList{canonical});
            } else if (suffixes.isEmpty() || suffixes.contains(entry.suffix().toLower())) {
                files.append(path);
            }
        }
    }

    QString m_root;
    QString m_canonicalRoot;
};

// Folders that a kernel binding names instead of "notebooks".
QStringList boundNotebookFolders(const FileTree &tree)
{
    Bindings bindings;
    for (const QString &file : {bindingsFile(), localBindingsFile()}) {
        if (const Result<QByteArray> text = tree.read(file))
            bindings.read(*text, file);
    }
    QStringList folders;
    for (const Binding &binding : bindings.entries()) {
        const auto *kernel = std::get_if<KernelBinding>(&binding);
        if (kernel == nullptr)
            continue;
        const QString folder = QDir::cleanPath(kernel->notebooks);
        if (QDir::isRelativePath(folder) && folder != u"." && !folder.startsWith(u"..") && folder != u"notebooks")
            folders.append(folder);
    }
    return folders;
}

} // namespace

FileTree::~FileTree() = default;

std::shared_ptr<const Json> FileTree::parsed(const QString & /*path*/) const { return nullptr; }

FolderTree::FolderTree(QString folder) : m_folder(QDir::cleanPath(QDir(folder).absolutePath())) { }

QStringList FolderTree::files() const
{
    Listing listing(m_folder);
    for (const QString &folder :
         entityFolders() + QStringList{QStringLiteral("factory"), QStringLiteral("globalParameters")})
        listing.add(folder, {QStringLiteral("json")});
    listing.addAtRoot(
        {QStringLiteral("publish_config.json"), QStringLiteral("arm-template-parameters-definition.json")});
    listing.addFabricItems();
    listing.add(QStringLiteral("notebooks"), {});
    listing.add(QStringLiteral(".slipway"), {});
    for (const QString &folder : boundNotebookFolders(*this))
        listing.add(folder, notebookSuffixes());
    std::sort(listing.files.begin(), listing.files.end());
    listing.files.erase(std::unique(listing.files.begin(), listing.files.end()), listing.files.end());
    return listing.files;
}

Result<QByteArray> FolderTree::read(const QString &path) const
{
    const QStringList parts = path.split(u'/');
    const bool isPlain = !path.isEmpty() && !path.contains(QChar(u'\0'))
        && std::none_of(parts.cbegin(), parts.cend(), [](const QString &part) {
               return part.isEmpty() || part == u"." || part == u"..";
           });
    if (!isPlain)
        return Error{ErrorCode::InvalidInput,
                     treeTr("\"%1\" is no path inside the factory folder; give one without \"..\" and not from the "
                            "root.")
                         .arg(path),
                     path};
    const QFileInfo info(m_folder + u'/' + path);
    if (!info.exists())
        return Error{
            ErrorCode::NotFound, treeTr("There is no file \"%1\" in the factory folder %2.").arg(path, m_folder), path};
    if (!isInside(info.canonicalFilePath(), QFileInfo(m_folder).canonicalFilePath()))
        return Error{ErrorCode::InvalidInput,
                     treeTr("\"%1\" is a link to %2, outside the factory folder; put the file itself there.")
                         .arg(path, info.canonicalFilePath()),
                     path};
    if (!info.isFile())
        return Error{ErrorCode::Io, treeTr("\"%1\" is no regular file.").arg(path), path};
    QFile file(info.filePath());
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, treeTr("Cannot read \"%1\": %2.").arg(path, file.errorString()), path};
    QByteArray content = file.readAll();
    if (file.error() != QFileDevice::NoError)
        return Error{ErrorCode::Io, treeTr("Cannot read \"%1\": %2.").arg(path, file.errorString()), path};
    return content;
}

QStringList OverlaidTree::files() const
{
    QStringList all = m_below.files() + m_above.keys();
    all.sort();
    all.removeDuplicates();
    return all;
}

Result<QByteArray> OverlaidTree::read(const QString &path) const
{
    const auto found = m_above.constFind(path);
    if (found != m_above.constEnd())
        return *found;
    return m_below.read(path);
}

} // namespace engine
