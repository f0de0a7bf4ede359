#include "engine/connectors/files/FileSet.h"

#include <QStringList>

#include <algorithm>

namespace engine {
namespace {

bool isHidden(const QString &path)
{
    const QStringList parts = path.split(u'/', Qt::SkipEmptyParts);
    return std::any_of(
        parts.begin(), parts.end(), [](const QString &part) { return part.startsWith(u'.') || part.startsWith(u'_'); });
}

} // namespace

Result<QList<BoundFolder::Entry>> filesIn(const BoundFolder &folder, const FileSet &set, const CancelToken &cancel)
{
    FileChoice choice = set.choice;
    if (choice.fileList.isEmpty() && choice.wildcardFolder.isEmpty() && choice.wildcardName.isEmpty()
        && choice.prefix.isEmpty()) {
        const auto found = folder.find(set.path);
        if (!found)
            return found.error();
        if (*found && !(*found)->isFolder) {
            const BoundFolder::Entry &file = **found;
            const bool isMeant = (!choice.modifiedFrom || file.modified >= *choice.modifiedFrom)
                && (!choice.modifiedBefore || file.modified < *choice.modifiedBefore);
            return isMeant ? QList<BoundFolder::Entry>{file} : QList<BoundFolder::Entry>();
        }
        choice.folder = set.path;
    }
    auto files = findFiles(folder, choice, cancel);
    if (!files)
        return files.error();
    if (choice.wildcardName.isEmpty() && choice.fileList.isEmpty())
        files->removeIf([&choice](const auto &file) { return isHidden(file.path.mid(choice.folder.size())); });
    return files;
}

} // namespace engine
