#pragma once

#include "designer/document/ContentDelta.h"
#include "designer/document/DraftFile.h"
#include "designer/document/Entity.h"

#include <QUndoCommand>

#include <optional>

namespace designer {

// What a step does to one file; nullptr = it is not there.
struct FileStep
{
    QString path;
    DraftFilePtr before;
    DraftFilePtr after;
};

struct EntityRename
{
    EntityRef from;
    EntityRef to;
};

// Where steps are done: the draft.
class StepPlace
{
public:
    virtual ~StepPlace() = default;
    virtual DraftFilePtr fileAt(const QString &path) const = 0; // nullptr: it is not there
    virtual void put(const QString &path, const DraftFilePtr &file) = 0;
    virtual void noteRename(const EntityRename &rename) = 0;
};

// One step of the draft, and the only command there is: what every file was before and is after, so that undo gives
// back the same bytes whatever the edit was. Keeps of both only where they differ. Holds the draft, nothing that is
// shown.
class StepCommand final : public QUndoCommand
{
public:
    // `place` outlives the command.
    StepCommand(StepPlace &place, const QString &title, const QList<FileStep> &files, QString mergeKey);
    void setRename(const EntityRename &rename) { m_rename = rename; }

    void undo() override;
    void redo() override;
    int id() const override { return m_mergeKey.isEmpty() ? -1 : 1; }
    bool mergeWith(const QUndoCommand *other) override;

private:
    struct Part
    {
        QString path;
        bool wasThere = false;
        bool isThere = false;
        ContentDelta delta; // from nothing, or to nothing, when it was or is not there
        std::weak_ptr<const DraftFile> before; // spares making and parsing them as long as somebody has them
        std::weak_ptr<const DraftFile> after;
    };
    static Part part(const FileStep &file);
    DraftFilePtr before(const Part &part, const DraftFilePtr &after) const;
    DraftFilePtr after(const Part &part, const DraftFilePtr &before) const;

    StepPlace &m_place;
    QList<Part> m_parts;
    QString m_mergeKey;
    std::optional<EntityRename> m_rename;
};

} // namespace designer
