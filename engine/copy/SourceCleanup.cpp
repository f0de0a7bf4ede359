#include "engine/copy/SourceCleanup.h"

#include "engine/connectors/files/BoundFolder.h"
#include "engine/connectors/files/FileBytes.h"

#include <QCoreApplication>

#include <unistd.h>

namespace engine {
namespace {

struct SourceCleanupText
{
    Q_DECLARE_TR_FUNCTIONS(engine::SourceCleanup)
};

// Whether the file is the one that was read: what its fingerprint says, and not what has its name by now.
Result<bool> isAsRead(const BoundFolder &folder, const QString &path, const Json &file)
{
    const Result<int> opened = folder.openFile(path);
    if (!opened)
        return opened.error();
    const std::optional<FileStamp> stamp = stampOf(*opened);
    ::close(*opened);
    if (!stamp)
        return false;
    const Json now = toJson(*stamp);
    for (const auto &[key, value] : now.items()) {
        if (memberAt(file, key.c_str()) != value)
            return false;
    }
    return true;
}

} // namespace

SourceCleanup deleteReadFiles(const QString &storeRoot, const Json &fingerprint)
{
    SourceCleanup done;
    const Result<BoundFolder> folder = BoundFolder::open(storeRoot);
    if (!folder) {
        done.warnings += folder.error().message;
        return done;
    }
    const QString beginning = storeRoot.endsWith(u'/') ? storeRoot : QString(storeRoot + u'/');
    for (const Json &file : memberAt(fingerprint, "files")) {
        const QString absolute = stringAt(file, "path");
        if (!absolute.startsWith(beginning))
            continue;
        const QString path = absolute.mid(beginning.size());
        const Result<bool> same = isAsRead(*folder, path, file);
        if (!same) {
            done.warnings += same.error().message;
        } else if (!*same) {
            done.warnings += SourceCleanupText::tr("“%1” has changed since it was read: it is not deleted.").arg(path);
        } else if (const Result<> removed = folder->removeFile(path); !removed) {
            done.warnings += removed.error().message;
        } else {
            ++done.deleted;
        }
    }
    return done;
}

} // namespace engine
