#pragma once

#include "engine/base/CancelToken.h"
#include "engine/base/Json.h"
#include "engine/connectors/files/FileBytes.h"
#include "engine/connectors/files/FileSet.h"

#include <QString>

#include <optional>

namespace engine {

// The files that one source reads, in the order of paths, and their state when each was opened. One thread at a time.
class ChosenFiles
{
public:
    struct Place
    {
        QString path; // absolute: one file, or a folder whose files are read
        QString displayPath; // for messages: "data/finoutput"
        // Where the files are in a store: which of them are read, and nothing outside of its root is. Without it `path`
        // is all, and may be anywhere.
        std::optional<FileSet> files;
    };
    struct File
    {
        QString path; // absolute
        QString displayPath; // below the root of the store
        QString below; // its path in the folder, when there is one
        FileStamp stamp;
    };

    explicit ChosenFiles(Place place) : m_place(std::move(place)) { }

    // Errors: NotFound (none is chosen), Io, InvalidInput, Cancelled.
    Result<> find(const CancelToken &cancel);
    const QList<File> &files() const { return m_files; }
    const QString &displayPath() const { return m_place.displayPath; }

    // The file's stamp is that of its first opening: what another opening finds changed is a Conflict.
    Result<std::unique_ptr<FileBytes>> open(qsizetype file, std::atomic<qint64> &bytesRead);

    qint64 size() const; // of those that were opened
    Json fingerprint() const; // {"files": […]}: path, device, inode, size, mtime, ctime
    Result<> verifyUnchanged() const; // Conflict: a file changed, came or went since it was opened
    Error changed(const QString &what) const;

private:
    Result<QList<File>> list(const CancelToken &cancel) const;
    std::optional<FileStamp> stampAt(const File &file) const;

    Place m_place;
    std::optional<BoundFolder> m_folder;
    QList<File> m_files;
};

} // namespace engine
