#pragma once

#include "designer/document/Draft.h"
#include "designer/document/EntityIndex.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/FolderWatch.h"
#include "designer/document/Journal.h"
#include "designer/document/SaveJob.h"
#include "designer/document/StepCommand.h"
#include "designer/document/WindowLock.h"
#include "designer/document/WorkThread.h"
#include "engine/model/EntityText.h"

#include <QSet>
#include <QTimer>

namespace designer {

// The parts of the document. GUI thread.
class FactoryDocument::Private final : public StepPlace
{
public:
    Private(FactoryDocument *owner, const Draft &draft);
    void start(const FileStamps &stamps);

    // --- the draft
    DraftFilePtr fileAt(const QString &path) const override; // read when it was not
    DraftFilePtr parsed(const QString &path, const QByteArray &content) const; // spares the parse of what was just made
    engine::TextStyle styleOfNew(const QString &path) const;
    DraftFilePtr written(const QString &path, const engine::Json &json) const;
    void put(const QString &path, const DraftFilePtr &file) override; // nullptr removes; told by announce()
    void noteRename(const EntityRename &rename) override { renames.append(rename); }
    void load(const QString &path); // keeps in memory what was read of the disk only when needed
    void push(const QString &title,
              const QList<FileChange> &changes,
              const QString &mergeKey,
              const std::optional<EntityRename> &rename = {});
    void announce(); // what put() changed since the last time
    void updateDirty(const QString &path);
    void tellDirty(); // when it changed
    QString newPath(const EntityRef &ref, const QString &like = {}) const; // `like`: a path of the same layout
    bool isFabric() const;
    QStringList partsOf(const QString &path) const;
    enum class Parts { Moved, Copied };
    QList<FileChange> movedParts(const QString &from, const QString &to, Parts how) const; // paths of entities
    // Layout and options of a pipeline under another name.
    QList<FileChange> movedCompanions(const QString &from, const QString &to, bool removes) const;

    // --- the journal
    Journal *openJournal(); // nullptr when another window has it
    CrashedSteps takeCrashed() { return std::exchange(crashed, {}); }
    QList<JournalStep> stepsAgain(const CrashedSteps &steps);

    // --- the worker
    void check();
    void save(QObject *context, std::function<void(const engine::Result<> &)> done);
    void saveNext();
    std::optional<engine::Error> whyNotSaved() const;
    void saved(const SaveOutcome &outcome, const QHash<QString, DraftFilePtr> &contents);
    void follow(const QString &path); // a file that is not in memory changed on disk
    void foundOnDisk(const QMap<QString, std::optional<QByteArray>> &contents);

    FactoryDocument *const q;
    const QString folder;
    bool isWritable = true;

    DraftFiles files; // the draft
    DraftFiles disk; // as it is on disk, as far as we know
    QSet<QString> dirty;
    QMap<QString, DraftFilePtr> theirs; // in conflict: what is on disk; nullptr = the file is gone
    EntityIndex index;
    mutable engine::Factory factory;
    mutable QSet<QString> unread; // changes `factory` has not seen
    QList<engine::Problem> problems;

    QUndoStack undoStack;
    bool isPushing = false;
    bool isPassingThrough = false; // what is put now matters only at the end
    QSet<QString> touched; // by put() since the last announce()
    bool isIndexOld = false;
    bool wasDirtyChanged = false;
    QList<EntityRename> renames;
    mutable QList<DraftFilePtr> justWritten; // the newest last

    bool isSaving = false;
    QList<std::function<void(const engine::Result<> &)>> savesToCome; // asked for while one is under way

    QTimer checkTimer;
    int checking = 0; // checks under way
    quint64 draftNumber = 0; // counts changes

    CrashedSteps crashed; // until the user decided
    mutable WindowLock lock;
    std::unique_ptr<Journal> journal;
    bool isLockTold = false;

    WorkThread worker{QStringLiteral("document")}; // last: its jobs end before the rest goes
};

} // namespace designer
