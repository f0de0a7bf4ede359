#include "designer/document/FactoryDocument.h"
#include "designer/document/FactoryDocument_p.h"
#include "engine/model/EntityText.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>

namespace designer {

using namespace engine;

namespace {

struct SavingText
{
    Q_DECLARE_TR_FUNCTIONS(designer::FactoryDocument)
};

std::optional<QByteArray> contentOf(const DraftFiles &files, const QString &path)
{
    const DraftFilePtr file = files.value(path);
    return file != nullptr ? std::optional(file->content) : std::nullopt;
}

bool isSame(const DraftFilePtr &a, const DraftFilePtr &b)
{
    return a == b || (a != nullptr && b != nullptr && a->content == b->content);
}

Result<> writeNew(const QString &folder, const QString &path, const QByteArray &content)
{
    if (!QDir(folder).mkpath(QFileInfo(path).path()))
        return Error{ErrorCode::Io,
                     SavingText::tr("Cannot make a folder in %1; choose one that you may write to.").arg(folder),
                     folder};
    QSaveFile file(folder + u'/' + path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.flush() || !file.commit())
        return Error{
            ErrorCode::Io,
            SavingText::tr("Cannot write %1: %2. Choose a folder that you may write to.").arg(path, file.errorString()),
            path};
    return {};
}

} // namespace

Result<> FactoryDocument::makeFactory(const QString &folder, const QString &name)
{
    QDir place(folder);
    if (place.exists() && !place.isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
        if (place.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
            != QStringList{QStringLiteral(".git")}) // a new repository is as good as empty
            return Error{ErrorCode::Conflict,
                         tr("%1 is not empty. Choose an empty folder, or open it if it is a factory.").arg(folder),
                         folder};
    }
    if (!QDir().mkpath(folder))
        return Error{ErrorCode::Io, tr("Cannot make %1; choose a folder that you may write to.").arg(folder), folder};
    for (const EntityKind kind : madeKinds) {
        if (!place.mkpath(folderOf(kind)))
            return Error{
                ErrorCode::Io, tr("Cannot make a folder in %1; choose one that you may write to.").arg(folder), folder};
    }
    const Json factory = {{"name", toStdString(name)}, {"properties", Json::object()}};
    QString file = name;
    file.replace(u'/', u'_');
    if (const Result<> made = writeNew(folder, QStringLiteral(".gitignore"), ".slipway/local/\n"); !made)
        return made;
    return writeNew(folder, QStringLiteral("factory/%1.json").arg(file), writeEntity(factory));
}

// --- Saving --------------------------------------------------------------------------------------------------------

void FactoryDocument::Private::save(QObject *context, std::function<void(const Result<> &)> done)
{
    undoStack.setClean(); // typing after this is a step of its own
    journal->beginSave();
    savesToCome.append([receiver = QPointer<QObject>(context), done = std::move(done)](const Result<> &result) {
        if (receiver != nullptr && done)
            done(result);
    });
    if (!isSaving)
        saveNext();
}

std::optional<Error> FactoryDocument::Private::whyNotSaved() const
{
    if (q->isReadOnly())
        return Error{isWritable ? ErrorCode::Conflict : ErrorCode::Io, q->readOnlyReason(), folder};
    for (auto file = theirs.cbegin(); file != theirs.cend(); ++file) {
        if (dirty.contains(file.key()))
            return Error{ErrorCode::Conflict,
                         SavingText::tr("%1 changed on disk while you changed it here; nothing was saved. Keep yours "
                                        "or take theirs, then save again.")
                             .arg(file.key()),
                         file.key()};
    }
    return std::nullopt;
}

// One after the other: only the end of a save tells what is on disk. What was asked for meanwhile is one save.
void FactoryDocument::Private::saveNext()
{
    const auto answer = [calls = std::exchange(savesToCome, {})](const Result<> &result) {
        for (const auto &call : calls)
            call(result);
    };
    if (const std::optional<Error> error = whyNotSaved()) {
        postTo(q, [answer, error] { answer(*error); });
        return;
    }
    QList<FileToSave> jobs;
    QHash<QString, DraftFilePtr> contents; // nullptr = removed
    for (const QString &path : std::as_const(dirty)) {
        contents.insert(path, files.value(path));
        jobs.append({path, contentOf(disk, path), contentOf(files, path)});
    }
    std::sort(jobs.begin(), jobs.end(), [](const FileToSave &a, const FileToSave &b) { return a.path < b.path; });
    isSaving = true;
    journal->saving(contents);
    worker.post([this, document = q, place = folder, jobs, contents, answer] {
        SaveOutcome outcome = saveFiles(place, jobs);
        postTo(document, [this, outcome = std::move(outcome), contents, answer] {
            saved(outcome, contents);
            isSaving = false;
            if (!savesToCome.isEmpty())
                saveNext();
            answer(outcome.result); // last: the document may be gone after it
        });
    });
}

void FactoryDocument::Private::saved(const SaveOutcome &outcome, const QHash<QString, DraftFilePtr> &contents)
{
    QHash<QString, DraftFilePtr> known;
    for (const QString &path : outcome.saved) {
        const DraftFilePtr content = contents.value(path);
        if (content != nullptr)
            disk.insert(path, content);
        else
            disk.remove(path);
        updateDirty(path);
        known.insert(path, content);
    }
    journal->saved(known, outcome.result.ok());
    foundOnDisk(outcome.others);
    tellDirty();
}

// --- Files changed by others ---------------------------------------------------------------------------------------

// A file that is not in memory: there is no content to compare or to give back.
void FactoryDocument::Private::follow(const QString &path)
{
    const bool isThere = QFileInfo::exists(folder + u'/' + path);
    isIndexOld = isIndexOld || isThere != files.contains(path);
    if (isThere) {
        files.insert(path, nullptr);
        disk.insert(path, nullptr);
    } else {
        files.remove(path);
        disk.remove(path);
    }
    touched.insert(path);
    unread.insert(path);
}

// Clean files follow; dirty ones are in conflict.
void FactoryDocument::Private::foundOnDisk(const QMap<QString, std::optional<QByteArray>> &contents)
{
    const QStringList before = theirs.keys();
    QList<FileChange> followed;
    QHash<QString, DraftFilePtr> known;
    for (auto found = contents.cbegin(); found != contents.cend(); ++found) {
        const QString &path = found.key();
        const bool isInMemory = files.value(path) != nullptr || disk.value(path) != nullptr;
        if (!isReadAtOnce(path) && !isInMemory) {
            follow(path);
            continue;
        }
        const DraftFilePtr now = *found ? DraftFile::fromContent(path, **found) : nullptr;
        if (disk.contains(path) == (now != nullptr) && isSame(disk.value(path), now)) {
            theirs.remove(path); // back to what it was
            continue;
        }
        if (isSame(files.value(path), now)) {
            theirs.remove(path); // somebody else wrote the same
        } else if (dirty.contains(path)) {
            theirs.insert(path, now);
            continue;
        } else {
            followed.append({path, *found});
        }
        known.insert(path, now);
        if (now != nullptr)
            disk.insert(path, now);
        else
            disk.remove(path);
        updateDirty(path);
    }
    push(SavingText::tr("Change on disk"), followed, QStringLiteral("disk"));
    if (!known.isEmpty())
        journal->disk(known);
    announce(); // what only follow() touched
    if (theirs.keys() != before)
        emit q->conflictsChanged();
    tellDirty();
}

QStringList FactoryDocument::conflicts() const { return d->theirs.keys(); }

void FactoryDocument::takeTheirs(const QString &path)
{
    if (!d->theirs.contains(path))
        return;
    const DraftFilePtr theirs = d->theirs.value(path);
    keepMine(path); // what is theirs is what is on disk: then it is taken over
    edit(tr("Take %1 from disk").arg(path),
         {{path, theirs != nullptr ? std::optional(theirs->content) : std::nullopt}});
}

void FactoryDocument::keepMine(const QString &path)
{
    if (!d->theirs.contains(path))
        return;
    const DraftFilePtr theirs = d->theirs.take(path);
    if (theirs != nullptr)
        d->disk.insert(path, theirs);
    else
        d->disk.remove(path);
    d->updateDirty(path);
    d->journal->disk({{path, theirs}});
    d->tellDirty();
    emit conflictsChanged();
}

} // namespace designer
