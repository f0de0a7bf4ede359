#include "engine/copy/FileSetPlan.h"

#include <QCoreApplication>
#include <QDir>

namespace engine {
namespace {

struct FileSetPlanText
{
    Q_DECLARE_TR_FUNCTIONS(engine::FileSetPlan)
};

Result<FileSet> chosenFromList(FileSet set, const QString &list, const QString &where)
{
    const auto invalid = [&where](const QString &message) {
        return Error{ErrorCode::InvalidInput, message, where + QStringLiteral(".fileListPath")};
    };
    QString clean = QDir::cleanPath(list);
    while (clean.startsWith(u'/'))
        clean.remove(0, 1);
    if (clean.isEmpty() || clean == u".." || clean.startsWith(u"../"))
        return invalid(FileSetPlanText::tr("“%1” leads out of the folder of its store.").arg(list));
    if (!set.fileName.isEmpty())
        return invalid(FileSetPlanText::tr("The dataset names the file “%1” already: with a list of files it names "
                                           "their folder.")
                           .arg(set.fileName));
    set.choice.fileList = clean;
    set.choice.folder = set.path;
    return set;
}

} // namespace

Result<FileSet> chosenFrom(FileSet set, const Json &storeSettings, const QString &where)
{
    FileChoice &choice = set.choice = {};
    if (const QString list = stringAt(storeSettings, "fileListPath"); !list.isEmpty())
        return chosenFromList(std::move(set), list, where);
    choice.wildcardFolder = stringAt(storeSettings, "wildcardFolderPath");
    choice.wildcardName = stringAt(storeSettings, "wildcardFileName");
    if (choice.wildcardName.isEmpty())
        choice.wildcardName = stringAt(storeSettings, "fileFilter"); // the same, done by a file server
    choice.prefix = stringAt(storeSettings, "prefix");
    choice.recursive = boolAt(storeSettings, "recursive", true);
    const bool hasNamePattern = set.fileName.contains(u'*') || set.fileName.contains(u'?');
    choice.folder = set.path;
    if (!choice.wildcardFolder.isEmpty() || !choice.prefix.isEmpty())
        choice.folder = set.container; // Data Factory's folders of the dataset do not count then
    else if (!set.fileName.isEmpty() && (!choice.wildcardName.isEmpty() || hasNamePattern))
        choice.folder = set.path.contains(u'/') ? set.path.section(u'/', 0, -2) : QString();
    if (choice.wildcardName.isEmpty() && hasNamePattern)
        choice.wildcardName = set.fileName;
    for (const char *key : {"modifiedDatetimeStart", "modifiedDatetimeEnd"}) {
        const QString text = stringAt(storeSettings, key);
        if (text.isEmpty())
            continue;
        const auto instant = instantFromIso(text);
        if (!instant)
            return Error{ErrorCode::InvalidInput,
                         FileSetPlanText::tr("“%1” is no date and time: write it like 2024-01-31T12:00:00Z.").arg(text),
                         where + u'.' + QString::fromLatin1(key)};
        (key == std::string_view("modifiedDatetimeStart") ? choice.modifiedFrom : choice.modifiedBefore) = instant;
    }
    return set;
}

QString certainFolderOf(const FileSet &set)
{
    const auto parentOf = [](const QString &path) {
        return path.contains(u'/') ? path.section(u'/', 0, -2) : QString();
    };
    const FileChoice &choice = set.choice;
    QStringList certain = choice.folder.split(u'/', Qt::SkipEmptyParts);
    if (!choice.fileList.isEmpty())
        return set.path;
    if (!choice.wildcardFolder.isEmpty()) {
        const QStringList parts = choice.wildcardFolder.split(u'/', Qt::SkipEmptyParts);
        for (const QString &part : parts) {
            if (part.contains(u'*') || part.contains(u'?'))
                break;
            certain += part;
        }
        return certain.join(u'/');
    }
    if (!choice.prefix.isEmpty())
        return (certain + parentOf(choice.prefix).split(u'/', Qt::SkipEmptyParts)).join(u'/');
    return set.fileName.isEmpty() ? set.path : parentOf(set.path);
}

} // namespace engine
