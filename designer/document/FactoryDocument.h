#pragma once

#include "designer/document/Entity.h"
#include "engine/base/Clock.h"
#include "engine/base/Json.h"
#include "engine/model/Factory.h"
#include "engine/model/Problem.h"

#include <QObject>
#include <QPointF>
#include <QUndoStack>

#include <functional>
#include <memory>
#include <optional>

namespace designer {

// What was read of a factory folder, and what a crash left unsaved. A value; made on any thread by readDraft().
struct Draft;

// One file of the draft with a new content; nothing = removed. Paths are relative to the folder, with "/".
struct FileChange
{
    QString path;
    std::optional<QByteArray> content;
};

// A use of an entity by another: `where` is a property of `user` ("activities[1].inputs[0].referenceName").
struct EntityUse
{
    EntityRef user; // empty for .slipway/bindings.json
    QString where;
};

// The open factory: the draft of its files in memory, with undo for everything, a journal that survives a crash, and
// the checks of the Validator. All hold the document, never each other. GUI thread; reading, saving, checking and
// journal writes are done on a thread of its own. Every view shows what is here and edits through here.
class FactoryDocument final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FactoryDocument)

public:
    // Reads the folder. Blocks: call it on a pool thread. Files that cannot be read become problems. Errors: NotFound,
    // Io, InvalidInput (the folder is no factory). Writes nothing.
    static engine::Result<std::shared_ptr<const Draft>> readDraft(const QString &folder);
    // An empty folder becomes a factory: its folders, factory/<name>.json, a .gitignore. Errors: Conflict, Io.
    static engine::Result<> makeFactory(const QString &folder, const QString &name);

    explicit FactoryDocument(std::shared_ptr<const Draft> draft, QObject *parent = nullptr);
    ~FactoryDocument() override;

    QString folder() const; // absolute
    QString name() const; // of factory/<name>.json, else the folder's
    // The folder cannot be written, or another window has it open: everything can be looked at and run, nothing saved.
    bool isReadOnly() const;
    QString readOnlyReason() const; // a sentence with what to do; empty when it can be written

    // --- What is there -----------------------------------------------------------------------------------------
    const engine::Factory &factory() const; // the draft as the engine would read it; new after every change
    QList<EntityRef> entities(EntityKind kind) const; // by name
    bool contains(const EntityRef &ref) const;
    QString path(const EntityRef &ref) const; // of its file; for one that is not there: where a new one would be
    std::optional<EntityRef> entityAt(const QString &path) const; // the other way round
    engine::Json json(const EntityRef &ref) const; // the whole file; null when it is no JSON or not there
    QByteArray content(const QString &path) const; // any file of the draft; read from disk when it is not in memory
    engine::Json fileJson(const QString &path) const; // null when absent
    const QList<engine::Problem> &problems() const; // of the last check; by file and property
    bool isChecking() const;

    // Positions of the activities of a pipeline, by name; absent ones are laid out automatically.
    QHash<QString, QPointF> layout(const QString &pipeline) const;

    // --- Changes: each is one step of undoStack() ---------------------------------------------------------------
    // To be undone, redone and shown; steps come by edit() alone.
    QUndoStack &undoStack();
    // All changes or none. Steps with the same non-empty `mergeKey` that follow each other become one (a drag, typing).
    void edit(const QString &title, const QList<FileChange> &changes, const QString &mergeKey = {});
    // The file of `json` as it would be written: indentation, line ends and final newline of the file that is there.
    FileChange changed(const EntityRef &ref, const engine::Json &json) const;
    FileChange changedFile(const QString &path, const engine::Json &json) const;
    void setJson(const EntityRef &ref, const engine::Json &json, const QString &title, const QString &mergeKey = {});
    FileChange changedLayout(const QString &pipeline, const QHash<QString, QPointF> &positions) const;

    // Names Data Factory forbids, and names that are taken (in any case).
    engine::Result<> checkName(const EntityRef &ref) const;
    QString freeName(EntityKind kind, const QString &wish) const; // "Copy of X", "Pipeline2" …
    engine::Result<EntityRef> create(const EntityRef &ref, const engine::Json &json);
    QList<FileChange> added(const EntityRef &ref, const engine::Json &json) const; // what create() would change
    engine::Result<EntityRef> rename(const EntityRef &ref, const QString &name); // with every reference to it
    engine::Result<EntityRef> clone(const EntityRef &ref);
    void remove(const QList<EntityRef> &refs); // whatever uses them; see usedBy()
    QList<EntityUse> usedBy(const EntityRef &ref) const;

    // --- Saving -------------------------------------------------------------------------------------------------
    bool isDirty() const; // by content, not by flags
    bool isDirty(const EntityRef &ref) const;
    QStringList dirtyPaths() const;
    // Writes what differs, file by file, atomically. `done` on the GUI thread: Conflict when a file was changed by
    // somebody else since it was read (nothing is written; see takeTheirs, keepMine), Io.
    void save(QObject *context, std::function<void(const engine::Result<> &)> done);
    void checkNow(); // validates at once instead of after the next pause

    // --- Files changed by others --------------------------------------------------------------------------------
    // Clean files follow the disk by themselves (one undo step). Dirty ones are in conflict until one is chosen.
    QStringList conflicts() const;
    void takeTheirs(const QString &path); // one undo step
    void keepMine(const QString &path); // the next save overwrites

    // --- After a crash ------------------------------------------------------------------------------------------
    struct Recovery
    {
        int steps = 0;
        engine::Instant last; // of the last step
        QStringList titles; // of the steps, oldest first
        QStringList changedSince; // files somebody changed on disk meanwhile
    };
    std::optional<Recovery> recovery() const; // what the journal of a crashed window holds
    void recover(); // the steps are back, in the undo list too
    void discardRecovery();

signals:
    void filesChanged(const QStringList &paths); // after an edit, undo, redo, recovery or a change on disk; once
    void entityAdded(const designer::EntityRef &ref);
    void entityRemoved(const designer::EntityRef &ref);
    void entityRenamed(const designer::EntityRef &from, const designer::EntityRef &to);
    void entityChanged(const designer::EntityRef &ref);
    void layoutChanged(const QString &pipeline);
    void dirtyChanged();
    void problemsChanged();
    void conflictsChanged();
    void folderGone(bool isGone); // moved, deleted, its disk taken away; or there again
    void journalFailed(const engine::Error &error); // unsaved steps would not survive a crash

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace designer
