#pragma once

#include <QByteArray>
#include <QFileSystemWatcher>
#include <QHash>
#include <QMap>
#include <QTimer>

#include <functional>
#include <optional>

namespace designer {

// What tells one state of a file from another without reading it.
struct FileStamp
{
    qint64 size = -1;
    qint64 modified = 0; // ns
    quint64 number = 0; // inode: another file took its place
    bool operator==(const FileStamp &) const = default;
    static FileStamp of(const QString &path);
};
using FileStamps = QHash<QString, FileStamp>; // by path in the factory

// Notices what others do to the files of a factory. Lives on the thread that start() is called on.
class FolderWatch final : public QObject
{
    Q_OBJECT

public:
    using Found = std::function<void(const QMap<QString, std::optional<QByteArray>> &)>; // nothing = the file is gone

    using Gone = std::function<void(bool isGone)>; // the folder itself: moved, its disk taken away; or back again

    FolderWatch(QString folder, FileStamps stamps, Found found, Gone gone);

    void start(); // also tells what changed since the stamps were taken
    void look(); // at once

private:
    bool watch(const QStringList &files); // whether there are folders that were not watched before

    const QString m_folder;
    FileStamps m_stamps;
    const Found m_found;
    const Gone m_gone;
    bool m_isGone = false;
    QFileSystemWatcher *m_watcher = nullptr;
    QTimer *m_pause = nullptr; // others write in several steps
    QTimer *m_poll = nullptr; // when the system watches no more files
};

} // namespace designer
