#include "designer/document/FactoryDocument.h"
#include "designer/document/FactoryDocument_p.h"
#include "designer/document/JournalText.h"

namespace designer {

using namespace engine;

namespace {

QByteArray hashOfFile(const DraftFilePtr &file)
{
    return file != nullptr ? designer::hashOf(file->content) : QByteArray();
}

// Without what it says: most contents of a long list of steps are only passed through.
DraftFilePtr unparsed(const std::optional<QByteArray> &content)
{
    if (!content)
        return nullptr;
    auto file = std::make_shared<DraftFile>();
    file->content = *content;
    file->isParsed = false;
    return file;
}

} // namespace

std::optional<FactoryDocument::Recovery> FactoryDocument::recovery() const
{
    const CrashedSteps &crashed = d->crashed;
    if (crashed.isEmpty())
        return std::nullopt;
    Recovery recovery;
    recovery.titles = crashed.unsavedTitles();
    recovery.steps = int(recovery.titles.size());
    recovery.last = Instant(Millis(crashed.last));
    for (auto content = crashed.contents.cbegin(); content != crashed.contents.cend(); ++content) {
        d->load(content.key());
        const DraftFilePtr present = d->disk.value(content.key());
        const bool isAsLeft = (present != nullptr ? std::optional(present->content) : std::nullopt) == *content;
        const QByteArray hash = hashOfFile(present);
        // It may have been killed while it saved.
        const bool isOurs = hash == crashed.disk.value(content.key()) || crashed.saving.contains(content.key(), hash);
        if (!isAsLeft && !isOurs)
            recovery.changedSince.append(content.key());
    }
    return recovery;
}

// Brings the draft to where the first of the steps began, and gives them as steps of this window.
QList<JournalStep> FactoryDocument::Private::stepsAgain(const CrashedSteps &steps)
{
    const auto before = steps.contentsBefore();
    QSet<QString> inSteps;
    for (const CrashedStep &step : steps.steps) {
        for (const CrashedStep::Change &change : step.changes)
            inSteps.insert(change.path);
    }
    // What was done here before the old steps came back is what undoing them leads to.
    const bool hasOwn = undoStack.index() > 0;
    QList<FileStep> bridge;
    for (auto content = before.cbegin(); content != before.cend(); ++content) {
        const QString &path = content.key();
        const DraftFilePtr then = unparsed(*content);
        if (!hasOwn)
            put(path, then);
        else if (!inSteps.contains(path))
            bridge.append({path, files.value(path), then});
    }
    QList<JournalStep> list;
    if (!bridge.isEmpty())
        list.append({tr("Undo of what was saved"), {}, bridge, {}});
    QSet<QString> seen;
    for (const CrashedStep &step : steps.steps) {
        QList<FileStep> changes;
        for (const CrashedStep::Change &change : step.changes) {
            const bool continuesOwn = hasOwn && !seen.contains(change.path);
            seen.insert(change.path);
            changes.append({change.path,
                            continuesOwn ? files.value(change.path) : unparsed(change.before),
                            unparsed(change.after)});
        }
        list.append({step.title, {}, changes, step.rename});
    }
    return list;
}

void FactoryDocument::recover()
{
    if (d->crashed.isEmpty())
        return;
    const QStringList changedSince = recovery()->changedSince;
    const CrashedSteps crashed = d->takeCrashed();
    d->isPushing = true;
    d->isPassingThrough = true;
    const int base = d->undoStack.index();
    const QList<JournalStep> steps = d->stepsAgain(crashed);
    for (const JournalStep &step : steps) {
        auto *command = new StepCommand(*d, step.title, step.files, {});
        if (step.rename)
            command->setRename(*step.rename);
        d->undoStack.push(command);
    }
    const int index = crashed.index + int(steps.size() - crashed.steps.size());
    d->undoStack.setIndex(base + index);
    d->isPassingThrough = false;
    d->isPushing = false;
    d->renames.clear(); // the list of all that ever happened says nothing about now and then

    QHash<QString, DraftFilePtr> disk;
    QHash<QString, DraftFilePtr> contents;
    for (auto content = crashed.contents.cbegin(); content != crashed.contents.cend(); ++content) {
        const QString &path = content.key();
        if (const DraftFilePtr file = d->files.value(path)) // now it matters what it says
            d->put(path, file);
        const DraftFilePtr present = d->disk.value(path);
        disk.insert(path, present);
        contents.insert(path, d->files.value(path));
        if (changedSince.contains(path) && d->dirty.contains(path))
            d->theirs.insert(path, present);
    }
    if (Journal *open = d->openJournal())
        open->recovered(steps, index, disk, contents);
    d->announce();
    if (!d->theirs.isEmpty())
        emit conflictsChanged();
}

void FactoryDocument::discardRecovery()
{
    d->crashed = {};
    d->journal->discardEarlier();
}

} // namespace designer
