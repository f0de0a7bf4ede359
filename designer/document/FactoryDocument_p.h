#pragma once

#include "designer/document/Draft.h"
#include "designer/document/EntityIndex.h"
#include "designer/document/FactoryDocument.h"
#include "designer/document/SaveJob.h"
#include "designer/document/StepCommand.h"
#include "designer/document/WorkThread.h"

#include <QSet>
#include <QTimer>

namespace designer {

// The parts of the document. GUI thread.
class FactoryDocument::Private
{
public:
    Private(FactoryDocument *owner, const Draft &draft);

    // --- the draft
    DraftFilePtr file(const QString &path) const; // read when it was not; nullptr when it is not there
    DraftFilePtr parsed(const QString &path, const QByteArray &content) const; // spares the parse of what was just made
    DraftFilePtr written(const QString &path, const engine::Json &json) const;
    void put(const QString &path, const DraftFilePtr &file); // nullptr removes; told by announce()
    void push(const QString &title,
              const QList<FileChange> &changes,
              const QString &mergeKey,
              const std::optional<StepCommand::Rename> &rename = {});
    void announce(); // what put() changed since the last time
    void updateDirty(const QString &path);
    QString newPath(const EntityRef &ref) const;
    // Layout and options of a pipeline under another name.
    QList<FileChange> movedCompanions(const QString &from, const QString &to, bool removes) const;
    void start(); // connects, checks

    // --- the worker
    void check();
    void save(QObject *context, std::function<void(const engine::Result<> &)> done);
    void saved(const SaveOutcome &outcome, const DraftFiles &contents);
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
    QSet<QString> touched; // by put() since the last announce()
    bool isIndexOld = false;
    bool wasDirtyChanged = false;
    QList<StepCommand::Rename> renames;
    mutable QList<DraftFilePtr> justWritten; // the newest last

    QTimer checkTimer;
    int checking = 0; // checks under way
    quint64 draftNumber = 0; // counts changes

    WorkThread worker{QStringLiteral("document")}; // last: its jobs end before the rest goes
};

} // namespace designer
