#include "designer/document/SaveJob.h"

#include "engine/model/EntityFile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QSet>

#include <fcntl.h>
#include <unistd.h>

namespace designer {

using namespace engine;

namespace {

struct SaveText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Save)
};

Error cannotWrite(const QString &path, const QString &why)
{
    return {ErrorCode::Io,
            SaveText::tr("Cannot write %1: %2. Nothing of it is lost here; make room or give the right to write, and "
                         "save again.")
                .arg(path, why),
            path};
}

std::optional<QByteArray> onDisk(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return file.readAll();
}

// A new name is for good only when its folder is.
void syncFolder(const QString &folder)
{
    const int descriptor = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);
    ::close(descriptor);
}

Result<> saveFile(const QString &folder, const FileToSave &file)
{
    const QString path = folder + u'/' + file.path;
    if (!file.content) {
        QFile old(path);
        if (!old.remove() && old.exists())
            return cannotWrite(file.path, old.errorString());
        // Fabric's folder of a pipeline would be one without a pipeline.
        if (const QString place = QFileInfo(path).path(); place.endsWith(fabricFolderOf({})))
            QDir().rmdir(place);
        return {};
    }
    if (!QDir().mkpath(QFileInfo(path).path()))
        return cannotWrite(file.path, SaveText::tr("its folder cannot be made"));
    QSaveFile target(path); // its commit() does not tell what flush() does: that the disk is full
    if (!target.open(QIODevice::WriteOnly) || target.write(*file.content) != file.content->size() || !target.flush()
        || !target.commit())
        return cannotWrite(file.path, target.errorString());
    return {};
}

} // namespace

SaveOutcome saveFiles(const QString &folder, const QList<FileToSave> &files)
{
    SaveOutcome outcome;
    if (!QFileInfo(folder).isDir()) { // no file was deleted by anybody, and none is to be left where the folder was
        outcome.result =
            Error{ErrorCode::NotFound,
                  SaveText::tr("The folder %1 is not there: it was moved or deleted, or its disk is away. Nothing is "
                               "lost here; bring it back and save again.")
                      .arg(folder),
                  folder};
        return outcome;
    }
    for (const FileToSave &file : files) {
        const std::optional<QByteArray> present = onDisk(folder + u'/' + file.path);
        if (present != file.expected && present != file.content)
            outcome.others.insert(file.path, present);
    }
    if (!outcome.others.isEmpty()) {
        const QString first = outcome.others.firstKey();
        outcome.result = Error{ErrorCode::Conflict,
                               SaveText::tr("%n file(s) changed on disk since they were read (%1); nothing was saved. "
                                            "Keep yours or take theirs, then save again.",
                                            nullptr,
                                            int(outcome.others.size()))
                                   .arg(first),
                               first};
        return outcome;
    }
    QSet<QString> folders;
    for (const FileToSave &file : files) {
        if (const Result<> saved = saveFile(folder, file); !saved) {
            outcome.result = saved;
            break;
        }
        outcome.saved.append(file.path);
        folders.insert(QFileInfo(folder + u'/' + file.path).path());
    }
    for (const QString &changed : std::as_const(folders))
        syncFolder(changed);
    return outcome;
}

} // namespace designer
