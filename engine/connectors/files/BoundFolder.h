#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Clock.h"
#include "engine/base/Result.h"

#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace engine {

// The folder that a linked service is bound to, and nothing outside of it: the kernel itself refuses every path and
// every symbolic link that leads out. Paths are relative to the root; "" is the root. Any thread; calls block.
//
// Errors: NotFound, Io, InvalidInput (a path that leads out), Cancelled. `where` is the path.
class BoundFolder
{
public:
    static Result<BoundFolder> open(const QString &root); // absolute

    struct Entry
    {
        QString name;
        QString path;
        bool isFolder = false;
        bool isLink = false; // to a folder or file inside; what follows is of what it leads to, where that is known
        qint64 size = 0;
        Instant modified;
        std::optional<Instant> created; // where the file system knows it
    };

    Result<std::optional<Entry>> find(const QString &path) const; // nothing when nothing is there
    Result<bool> isLink(const QString &path) const; // wherever it leads; false when nothing is there
    // By name. Special files are left out, and so are links that lead out or nowhere, unless all are asked for.
    enum class Links { Inside, All };
    Result<QList<Entry>> list(const QString &path, const CancelToken &cancel, Links links = Links::Inside) const;
    // A descriptor for reading, which the caller closes. Never waits for a writer: only regular files are opened.
    Result<int> openFile(const QString &path) const;

    Result<> removeFile(const QString &path) const; // of a link: the link
    Result<> removeFolder(const QString &path) const; // an empty one
    Result<> makeFolder(const QString &path) const; // with those above it
    Result<int>
    createFile(const QString &path) const; // new, for writing; the caller closes it; Conflict when it is there
    Result<> writeFile(const QString &path, const QByteArray &content) const; // new; Conflict when it is there

    // A file's new name; what has that name is replaced, at once for everybody. A link is renamed, not followed.
    Result<> rename(const QString &from, const QString &to) const;
    // For reading and writing, made when it is missing; the caller closes it. Never through a link.
    Result<int> openOwnFile(const QString &path) const;
    Result<> syncFolder(const QString &path) const; // the names in it are on the disk

    const QString &root() const { return m_root; }

private:
    BoundFolder(QString root, int descriptor);
    Result<int> openBelow(const QString &path, quint64 flags, quint64 mode = 0) const;
    Result<std::optional<Entry>> entryOf(int descriptor, const QString &path) const;
    Error failure(const QString &path, int code, const QString &what) const;

    QString m_root;
    std::shared_ptr<const int> m_descriptor;
};

// Which files below a folder are meant, in Data Factory's words (format.md §2.4, store settings).
struct FileChoice
{
    QString folder = {}; // where to look
    QString wildcardFolder = {}; // below `folder`: "2024/*"; empty = the folder itself
    QString wildcardName = {}; // empty = every file
    QString prefix = {}; // of the path below `folder`
    // A text file below the root: one file a line, as a path below `folder`. Nothing else chooses then.
    QString fileList = {};
    enum class Missing { Refused, LeftOut } missing = Missing::Refused; // what the list names and is not there
    bool recursive = true;
    std::optional<Instant> modifiedFrom = {}; // inclusive
    std::optional<Instant> modifiedBefore = {}; // exclusive
    bool isFiltered() const
    {
        return !fileList.isEmpty() || !wildcardFolder.isEmpty() || !wildcardName.isEmpty() || !prefix.isEmpty()
            || modifiedFrom || modifiedBefore;
    }
};

// "*" and "?" for anything but "/", "^" before a character that means itself. Upper and lower case count.
bool matchesWildcard(const QString &pattern, const QString &name);

// Every file that is meant, in the order of paths. Links to folders are not followed. InvalidInput for a list of files
// that is too long (16 MiB) or names something outside of the folder.
Result<QList<BoundFolder::Entry>>
findFiles(const BoundFolder &folder, const FileChoice &choice, const CancelToken &cancel);

} // namespace engine
