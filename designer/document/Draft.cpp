#include "designer/document/Draft.h"

#include "designer/document/FactoryDocument.h"
#include "designer/document/Journal.h"
#include "designer/document/WindowLock.h"
#include "engine/model/ProblemPlace.h"
#include "engine/model/Validator.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace designer {

using namespace engine;

namespace {

struct DraftText
{
    Q_DECLARE_TR_FUNCTIONS(designer::Draft)
};

// What a crashed window left unsaved, as against what is on disk now.
CrashedSteps crashedSteps(const FolderTree &tree, const QString &folder)
{
    QFile file(folder + u'/' + Journal::file());
    if (!file.open(QIODevice::ReadOnly))
        return {};
    CrashedSteps crashed = readJournal(file.readAll());
    if (crashed.unsavedTitles().isEmpty())
        return {};
    for (auto content = crashed.contents.cbegin(); content != crashed.contents.cend(); ++content) {
        const Result<QByteArray> present = tree.read(content.key());
        if ((present ? std::optional(*present) : std::nullopt) != *content)
            return crashed;
    }
    return {}; // it was killed right after a save
}

} // namespace

Result<std::shared_ptr<const Draft>> FactoryDocument::readDraft(const QString &folder)
{
    const QFileInfo place(folder);
    if (!place.exists())
        return Error{
            ErrorCode::NotFound, DraftText::tr("There is no folder %1; it was moved or removed.").arg(folder), folder};
    if (!place.isDir() || !place.isReadable())
        return Error{
            ErrorCode::Io, DraftText::tr("%1 cannot be read; choose a folder you may open.").arg(folder), folder};
    auto draft = std::make_shared<Draft>();
    draft->folder = QDir::cleanPath(place.absoluteFilePath());
    if (findFactoryFolder(draft->folder) != draft->folder)
        return Error{ErrorCode::InvalidInput,
                     DraftText::tr("%1 is no factory: it has none of the folders pipeline, dataset, linkedService and "
                                   ".slipway. Choose the folder that holds them.")
                         .arg(draft->folder),
                     draft->folder};
    draft->isWritable = place.isWritable();
    draft->isOpenElsewhere = !WindowLock(draft->folder).take();
    const FolderTree tree(draft->folder);
    for (const QString &path : filesOf(tree)) {
        DraftFilePtr file;
        draft->stamps.insert(path, FileStamp::of(draft->folder + u'/' + path));
        if (isReadAtOnce(path)) {
            if (const Result<QByteArray> content = tree.read(path))
                file = DraftFile::fromContent(path, *content);
        }
        draft->files.insert(path, file);
    }
    const DraftTree read(draft->folder, draft->files);
    FactoryReading reading = readFactory(read);
    draft->problems = reading.problems + validate(reading.factory);
    sortProblems(draft->problems);
    locateProblems(draft->problems, read);
    draft->factory = std::move(reading.factory);
    if (!draft->isOpenElsewhere)
        draft->crashed = crashedSteps(tree, draft->folder);
    return std::shared_ptr<const Draft>(std::move(draft));
}

} // namespace designer
